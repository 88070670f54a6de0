"""Centres before people: what they are told, who tries it with them, and who answers for it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.ids import OrganisationId
from larmcentral.api import shapes_forwarders as shapes
from larmcentral.domain.forwarding_tests import RowTest
from larmcentral.ports.forwarders import Beat
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse

ROW = "/api/forwarders/nord/rows/fall/open"
DRAFT = {"event_code": "FALL", "sia": "QA", "cid": "103", "section": "1", "detector": "7", "text": "{kind} {person}"}
IN_TWO_HOURS = (NOON + timedelta(hours=2)).isoformat()


async def rows(browser: Any) -> dict[tuple[str, bool], shapes.RowView]:
    read = (await browser.get("/api/forwarders/nord/rows")).json()
    found = [shapes.RowView.model_validate_json(json.dumps(one)) for one in read]
    return {(one.kind, one.silent): one for one in found}


async def test_a_centre_is_seen_with_its_paths_and_what_they_last_said(house: ApiHouse) -> None:
    beat = Beat(
        receiver="nord",
        path="dator",
        every=timedelta(seconds=30),
        tried_at=NOON,
        heard_at=NOON,
        missed=0,
        words="ACK",
    )
    await house.forwarders.keep_beat(OrganisationId(house.town.organisation), beat)
    async with house.browser("operator.care") as browser:
        [row] = (await browser.get("/api/forwarders")).json()
    assert (row["name"], row["label"], row["telephone"]) == ("nord", "Nordlarm", "+46101234567")
    assert [(path["name"], path["speaks"]) for path in row["paths"]] == [("dator", "dc09_sia"), ("jour", "number")]
    assert (row["paths"][0]["beat"]["missed"], row["paths"][1]["beat"]) == (0, None)
    assert (row["in_test"], row["unsigned"]) == (False, 2 * len(AlarmKind))


async def test_our_proposals_hold_until_a_row_is_agreed_and_hold_again_when_it_is_taken_away(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        before = await rows(browser)
        assert (before["fall", False].version, before["fall", False].cid) == (0, "103")
        assert (await browser.put(ROW, json=DRAFT)).json() == {"version": 1}
        assert (await browser.put(ROW, json={**DRAFT, "version": 1, "cid": "101"})).json() == {"version": 2}
        agreed = (await rows(browser))["fall", False]
        assert (agreed.version, agreed.event_code, agreed.cid, agreed.complaints) == (2, "FALL", "101", [])
        assert agreed.made_by == house.users["admin.care"]
        assert (await browser.delete(ROW)).status_code == 204
        assert await rows(browser) == before


async def test_two_who_change_a_row_at_once_do_not_overwrite_each_other(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        await browser.put(ROW, json=DRAFT)
        late = await browser.put(ROW, json=DRAFT)
    assert (late.status_code, late.json()["reason"]) == (409, "changed_meanwhile")


async def test_a_row_that_the_centre_cannot_read_is_not_kept_and_says_why(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        refused = await browser.put(ROW, json={**DRAFT, "sia": "Q", "section": "A", "text": "{password}"})
        assert (refused.status_code, refused.json()["reason"]) == (409, "complaints")
        assert refused.json()["fields"] == {
            "0.placeholder_unknown": "field=text placeholder=password",
            "1.code_form": "field=sia path=dator",
            "2.not_digits": "field=section path=dator",
        }
        assert (await rows(browser))["fall", False].version == 0
        for path in ("/api/forwarders/syd/rows/fall/open", "/api/forwarders/nord/rows/party/open"):
            assert (await browser.put(path, json=DRAFT)).status_code in {404, 422}


async def test_the_dry_run_shows_what_each_path_would_send_and_no_secret(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        standing = (await browser.get(f"{ROW}/dry-run")).json()
        draft = (await browser.post(f"{ROW}/dry-run?over=true", json={**DRAFT, "detector": "x"})).json()
    dc09, number = standing["paths"]
    assert '"SIA-DCS"0001R0L0#5678[#5678|NQA^PROV / TEST Prov Provsson^]' in dc09["text"]
    assert "goes out encrypted" in dc09["notes"]
    assert number["text"].startswith("LARM. Fallarm. PROV / TEST Prov Provsson.")
    assert "0123456789ABCDEF" not in str(standing)
    assert "#5678|Nri1/QR" in draft["paths"][0]["text"]
    assert draft["complaints"] == [{"fault": "not_digits", "field": "detector", "path": "dator", "fields": {}}]


async def test_a_test_state_lasts_four_hours_at_most_and_can_be_ended(house: ApiHouse) -> None:
    url = "/api/forwarders/nord/test-state"
    async with house.browser("admin.care") as browser:
        for until, reason in ((NOON + timedelta(hours=5), "test_state_too_long"), (NOON, "test_state_past")):
            refused = await browser.post(url, json={"until": until.isoformat()})
            assert (refused.status_code, refused.json()["reason"]) == (409, reason)
        assert (await browser.post(url, json={"until": IN_TWO_HOURS})).status_code == 204
        [row] = (await browser.get("/api/forwarders")).json()
        assert (row["in_test"], row["test_until"]) == (True, "2026-11-22T14:00:00Z")
        assert row["test_changed_by"] == str(house.users["admin.care"])
        house.clock.pass_by(timedelta(hours=2))
        assert (await browser.get("/api/forwarders")).json()[0]["in_test"] is False
        assert (await browser.post(url, json={"until": None})).status_code == 204


async def test_a_row_is_tried_only_while_the_centre_knows_of_it(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        refused = await browser.post(f"{ROW}/test")
        assert (refused.status_code, refused.json()["reason"]) == (409, "not_in_test_state")
        await browser.post("/api/forwarders/nord/test-state", json={"until": IN_TWO_HOURS})
        asked = await browser.post(f"{ROW}/test")
    assert asked.status_code == 201
    [(by, receiver, detail)] = house.row_tests.asked
    assert (by, receiver) == (house.users["admin.care"], "nord")
    assert (detail["kind"], detail["silent"], len(detail["fingerprint"])) == ("fall", "false", 32)


async def tried(house: ApiHouse, browser: Any, **changes: Any) -> UUID:
    """The row as it is now, tried with the centre; changes: what came of it."""
    await browser.post("/api/forwarders/nord/test-state", json={"until": IN_TWO_HOURS})
    test_id = UUID((await browser.post(f"{ROW}/test")).json()["message_id"])
    detail = house.row_tests.asked[-1][2]
    told: dict[str, Any] = {
        "id": test_id,
        "receiver": "nord",
        "kind": AlarmKind.FALL,
        "silent": False,
        "fingerprint": detail["fingerprint"],
        "state": "sent",
        "asked_at": NOON,
        "settled_at": NOON,
        "reason": "",
        "answer": "dator: ACK",
    }
    house.forwarders.tests[test_id] = RowTest(**told | changes)
    return test_id


async def test_a_row_that_the_centre_took_is_signed_and_a_changed_one_is_signed_no_more(house: ApiHouse) -> None:
    async with house.browser("admin.care") as browser:
        await browser.put(ROW, json=DRAFT)
        test_id = await tried(house, browser)
        for _ in range(2):
            signed = await browser.post(f"{ROW}/sign", json={"test_id": str(test_id), "note": "läst upp av Eva"})
            assert signed.status_code == 204
        signature = (await rows(browser))["fall", False].signed
        assert signature is not None
        assert (signature.path, signature.note, signature.signed_by) == (
            "dator",
            "läst upp av Eva",
            house.users["admin.care"],
        )
        [row] = (await browser.get("/api/forwarders")).json()
        assert row["unsigned"] == 2 * len(AlarmKind) - 1
        await browser.put(ROW, json={**DRAFT, "version": 1, "detector": "8"})
        assert (await rows(browser))["fall", False].signed is None
        late = await browser.post(f"{ROW}/sign", json={"test_id": str(test_id)})
        assert (late.status_code, late.json()["reason"]) == (409, "row_changed_since_test")


async def test_what_the_centre_did_not_take_cannot_be_signed(house: ApiHouse) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"state": "pending", "settled_at": None}, "test_not_taken"),
        ({"state": "refused"}, "test_not_taken"),
        ({"answer": ""}, "test_not_taken"),
        ({"kind": AlarmKind.PANIC}, "test_of_another_row"),
        ({"receiver": "syd"}, "test_of_another_row"),
        ({"settled_at": NOON - timedelta(hours=25)}, "test_too_old"),
    ]
    async with house.browser("admin.care") as browser:
        for changes, reason in cases:
            test_id = await tried(house, browser, **changes)
            refused = await browser.post(f"{ROW}/sign", json={"test_id": str(test_id)})
            assert (refused.status_code, refused.json()["reason"]) == (409, reason)
        unknown = await browser.post(f"{ROW}/sign", json={"test_id": str(UUID(int=9))})
        assert unknown.status_code == 404
