"""The pool at the start of a shift: a scan, and everything that stands against it at once."""

from __future__ import annotations

from datetime import UTC, datetime

from escalation.events import Operator, Wearer
from escalation.ids import PersonId, UserId
from larmcentral.api import shapes_desk
from larmcentral.domain.errors import RefusedByRule
from tests.larmcentral.api.house import ApiHouse

BACK = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


async def test_a_worker_takes_a_device_for_himself_and_the_house_for_anybody(house: ApiHouse) -> None:
    body = {"tag": " 14 ", "person_id": str(house.anna), "due_back": BACK.isoformat()}
    for login in ("worker.care", "manager.care"):
        async with house.browser(login) as browser:
            out = await browser.post("/api/pool/check-out", json=body)
            assert (out.status_code, out.json()) == (201, {"loan_id": str(house.known.ids["loan"])})
    async with house.browser("responder.care") as browser:
        assert (await browser.post("/api/pool/check-out", json=body)).json()["reason"] == "forbidden"
        assert (await browser.post("/api/pool/check-in", json={"tag": "14"})).status_code == 204
        prolonged = await browser.post("/api/pool/prolong", json={"tag": "14", "due_back": BACK.isoformat()})
        assert prolonged.status_code == 204
    anna, bo, manager = (
        Wearer(PersonId(house.anna)),
        Wearer(PersonId(house.bo)),
        Operator(UserId(house.users["manager.care"])),
    )
    assert house.known.pool.asked == [
        ("check_out", "14", house.anna, anna, BACK),
        ("check_out", "14", house.anna, manager, BACK),
        ("check_in", "14", bo),
        ("prolong", "14", BACK, bo),
    ]


async def test_all_refusals_come_at_once_with_their_figures(house: ApiHouse) -> None:
    against = {"battery_low": "percent=12 least=20", "test_old": "days=34 most=30", "training_missing": ""}
    house.known.pool.failure = RefusedByRule("gate", against)
    body = {"tag": "14", "person_id": str(house.anna), "due_back": BACK.isoformat()}
    async with house.browser("worker.care") as browser:
        refused = await browser.post("/api/pool/check-out", json=body)
    assert (refused.status_code, refused.json()["reason"], refused.json()["fields"]) == (409, "gate", against)


async def test_the_house_sees_loans_and_the_ledger_of_tests(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        [row] = (await browser.get("/api/pool")).json()
        [test] = (await browser.get("/api/tests")).json()
    loan = shapes_desk.PoolRow.model_validate(row).loan
    assert loan is not None
    assert loan.person == "Anna"
    assert shapes_desk.LedgerRow.model_validate(test).reached_desk_at is not None
