"""Contact points over HTTP: whose they are, what may be one, and what is shown of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from escalation.chain import Channel
from escalation.ids import ContactPointId, PersonId, UserId
from larmcentral.api import shapes_points
from larmcentral.domain.contact import PointAsker, PointDraft
from larmcentral.domain.errors import RefusedByRule
from larmcentral.domain.proof import AskedTooOften
from tests.larmcentral.api.house import ApiHouse

# Built, so that no file holds it as something to dial.
EMERGENCY = str(56 + 56)
APP = {"channel": "apns", "address": "AB" * 32}


def himself(house: ApiHouse, login: str, person: object) -> PointAsker:
    return PointAsker(user_id=UserId(house.users[login]), own=PersonId(person))  # type: ignore[arg-type]  # a UUID


def keeper(house: ApiHouse, login: str) -> PointAsker:
    return PointAsker(user_id=UserId(house.users[login]), sight=frozenset({house.care}))  # type: ignore[arg-type]  # a UUID


async def test_a_worker_adds_his_phone_and_a_manager_a_pager_for_him(house: ApiHouse) -> None:
    app, pager = house.town.new_id(), house.town.new_id()
    async with house.browser("worker.care") as browser:
        added = await browser.post("/api/me/points", json={"id": str(app), **APP, "label": " Min telefon "})
    assert (added.status_code, added.json()) == (201, {"id": str(app)})
    async with house.browser("manager.care") as browser:
        body = {"id": str(pager), "channel": "pager", "address": "4711"}
        assert (await browser.post(f"/api/persons/{house.anna}/points", json=body)).status_code == 201
    assert house.known.point_commands.asked == [
        (
            "add",
            house.anna,
            PointDraft(id=ContactPointId(app), channel=Channel.APNS, address="ab" * 32, label="Min telefon"),
            himself(house, "worker.care", house.anna),
        ),
        (
            "add",
            house.anna,
            PointDraft(id=ContactPointId(pager), channel=Channel.PAGER, address="4711"),
            keeper(house, "manager.care"),
        ),
    ]


@pytest.mark.parametrize(
    ("channel", "address", "fault"),
    [
        ("sms", EMERGENCY, "emergency_number"),
        ("sms", f"+46 {EMERGENCY}", "emergency_number"),
        ("voice", f"00{EMERGENCY}", "emergency_number"),
        ("mail", f"{EMERGENCY}@sms.example", "emergency_number"),
        ("sms", "070-174 06 05", "not_a_number"),
        ("sms", "+882 12 123 45 67", "country_not_allowed"),
        ("voice", "+1 900 555 01 23", "country_not_allowed"),
        ("mail", "eva", "not_a_mail_address"),
        ("web_push", "{}", "not_a_subscription"),
        ("fcm", "short", "not_a_token"),
    ],
)
async def test_what_is_no_address_is_refused_by_name_and_not_repeated(
    house: ApiHouse, channel: str, address: str, fault: str
) -> None:
    async with house.browser("worker.care") as browser:
        body = {"id": str(house.town.new_id()), "channel": channel, "address": address}
        refused = await browser.post("/api/me/points", json=body)
    assert (refused.status_code, refused.json()["fields"]) == (422, {"address": fault})
    assert address not in refused.text
    assert house.known.point_commands.asked == []


async def test_a_pager_is_not_ones_own_and_an_app_is_nobody_elses(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        own = await browser.post(
            "/api/me/points", json={"id": str(house.town.new_id()), "channel": "pager", "address": "4711"}
        )
    async with house.browser("manager.care") as browser:
        kept = await browser.post(f"/api/persons/{house.anna}/points", json={"id": str(house.town.new_id()), **APP})
    for refused in (own, kept):
        assert (refused.status_code, refused.json()["fields"]) == (422, {"channel": "nobodys_channel"})


async def test_who_is_no_person_of_the_house_has_no_points(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        assert (await browser.get("/api/me/points")).json() == []
        added = await browser.post("/api/me/points", json={"id": str(house.town.new_id()), **APP})
    assert (added.status_code, added.json()["reason"]) == (404, "not_found")


async def test_the_list_shows_health_and_no_apps_key(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        [mine] = (await browser.get("/api/me/points")).json()
    async with house.browser("operator.care") as browser:
        [of_bo] = (await browser.get(f"/api/persons/{house.bo}/points")).json()
        troubled = (await browser.get("/api/points")).json()
    assert shapes_points.PointView.model_validate_json(json.dumps(mine)).address is None
    assert shapes_points.PointView.model_validate_json(json.dumps(of_bo)).health == "reached"
    assert len(troubled) == 2


async def test_taking_the_last_one_away_is_allowed_and_said(house: ApiHouse) -> None:
    house.known.point_commands.left = 0
    async with house.browser("responder.care") as browser:
        removed = await browser.delete(f"/api/me/points/{house.known.ids['point']}")
    assert (removed.status_code, removed.json()) == (200, {"left": 0})


async def test_a_code_is_asked_for_and_given(house: ApiHouse) -> None:
    point = house.known.ids["point"]
    async with house.browser("responder.care") as browser:
        asked = await browser.post(f"/api/me/points/{point}/proof")
        assert (asked.status_code, asked.json()["by"]) == (201, "code")
        assert asked.json()["message_id"] == str(house.known.ids["message"])
        assert (await browser.put(f"/api/me/points/{point}/proof", json={"code": " 123456 "})).status_code == 204
        house.known.point_commands.failure = RefusedByRule("wrong_code", {"left": "4"})
        wrong = await browser.put(f"/api/me/points/{point}/proof", json={"code": "000000"})
    assert (wrong.status_code, wrong.json()["reason"], wrong.json()["fields"]) == (409, "wrong_code", {"left": "4"})
    asker = himself(house, "responder.care", house.bo)
    assert house.known.point_commands.asked[:2] == [
        ("ask_proof", point, asker),
        ("give_code", point, "123456", asker),
    ]


async def test_whoever_asks_too_often_is_told_how_long_to_wait(house: ApiHouse) -> None:
    house.known.point_commands.failure = AskedTooOften(timedelta(seconds=61.2))
    async with house.browser("worker.care") as browser:
        refused = await browser.post(f"/api/me/points/{house.known.ids['point']}/test")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "62")
    assert (refused.json()["reason"], refused.json()["fields"]) == ("too_many", {"seconds": "62"})


async def test_the_order_is_the_persons_own_or_his_keepers(house: ApiHouse) -> None:
    ids = [str(house.town.new_id()), str(house.town.new_id())]
    async with house.browser("worker.care") as browser:
        assert (await browser.put("/api/me/points/order", json={"ids": ids})).status_code == 204
    async with house.browser("manager.care") as browser:
        assert (await browser.put(f"/api/persons/{house.bo}/points/order", json={"ids": ids})).status_code == 204
    assert [(what, str(person)) for what, person, *_ in house.known.point_commands.asked] == [
        ("order", str(house.anna)),
        ("order", str(house.bo)),
    ]


async def test_who_saw_the_test_says_so_for_the_point(house: ApiHouse) -> None:
    point, message = house.known.ids["point"], house.known.ids["message"]
    async with house.browser("manager.care") as browser:
        body = {"message_id": str(message)}
        assert (await browser.post(f"/api/points/{point}/seen", json=body)).status_code == 204
    assert house.known.point_commands.asked == [("seen", point, message, keeper(house, "manager.care"))]
