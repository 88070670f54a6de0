"""Words down to devices and commissioning sheets over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation.incident import Refused
from protocols.orders import Commission
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse, annas_alarm, api_house

EMERGENCY = str(56 + 56)


@pytest.fixture
async def house(database_dsn: str) -> AsyncIterator[ApiHouse]:
    async with api_house(database_dsn) as made:
        yield made


async def devices(house: ApiHouse, incident: UUID, login: str = "operator.care") -> Any:
    async with house.browser(login) as browser:
        return (await browser.get(f"/api/incidents/{incident}/devices")).json()


async def told(house: ApiHouse, device: str, incident: UUID | None, **values: Any) -> None:
    await house.town.insert(
        "downlinks",
        organisation_id=house.town.organisation,
        committee_id=house.care,
        id=house.town.new_id(),
        device_id=UUID(device),
        protocol="watch",
        account="8660",
        incident_id=incident,
        language="sv",
        filed_at=NOON,
        expires_at=NOON + timedelta(minutes=15),
        **{"silent": False, **values},
    )


async def test_an_operator_sees_what_the_devices_of_an_incident_were_told(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    (watch,) = await devices(house, incident)
    assert (watch["protocol"], watch["locate_refused"], watch["call_back_refused"], watch["words"]) == (
        "watch",
        None,
        None,
        [],
    )
    await told(
        house,
        watch["device_id"],
        incident,
        kind="call_back",
        content='{"number": "0303174060"}',
        asked_by=house.users["operator.care"],
    )
    await told(
        house,
        watch["device_id"],
        incident,
        kind="locate",
        sent_at=NOON,
        frames=1,
        replies=1,
        answered_at=NOON,
        answer="CR",
        placed_at=NOON,
    )
    (watch,) = await devices(house, incident)
    assert [one["placed_at"] is not None for one in watch["words"] if one["kind"] == "locate"] == [True]
    found = {one["kind"]: (one["state"], one["number"], one["answer"], one["by"]) for one in watch["words"]}
    assert found == {
        "call_back": ("waiting", "0303174060", None, "Operator.Care"),
        "locate": ("answered", None, "CR", None),
    }


async def test_it_is_said_why_a_silent_or_an_ended_incidents_device_cannot_be_asked(house: ApiHouse) -> None:
    incident = await annas_alarm(house, silent=True)
    (silent,) = await devices(house, incident)
    assert (silent["locate_refused"], silent["call_back_refused"]) == ("locate_may_show", "silent_incident")
    await house.town.insert(
        "commissioning_sheets",
        organisation_id=house.town.organisation,
        committee_id=house.care,
        device_id=UUID(silent["device_id"]),
        settings="{}",
        quiet_locate=True,
        changed_at=NOON,
        changed_by=house.users["operator.care"],
    )
    (tried,) = await devices(house, incident)
    assert (tried["locate_refused"], tried["call_back_refused"]) == (None, "silent_incident")
    over = await devices(house, await annas_alarm(house, state="stood_down"))
    assert {(one["locate_refused"], one["call_back_refused"]) for one in over} == {("stood_down", "stood_down")}


async def test_an_operator_asks_where_a_device_is_and_has_it_ring(house: ApiHouse) -> None:
    incident, orders = await annas_alarm(house), house.known.orders
    device = house.town.new_id()
    async with house.browser("operator.care") as browser:
        asked = await browser.post(f"/api/incidents/{incident}/devices/{device}/locate")
        rung = await browser.post(
            f"/api/incidents/{incident}/devices/{device}/call-back", json={"number": "0303-174 060"}
        )
    assert (asked.status_code, rung.status_code) == (201, 201)
    assert asked.json() == {"order_id": str(house.known.ids["order"])}
    assert [(what[0], *what[1:-1]) for what in orders.asked] == [
        ("locate", incident, device),
        ("call_back", incident, device, "0303174060"),
    ]


@pytest.mark.parametrize(
    ("number", "fault"),
    [(EMERGENCY, "emergency_number"), (f"+46{EMERGENCY}", "emergency_number"), ("x", "not_a_number")],
)
async def test_an_emergency_number_is_refused_by_name(house: ApiHouse, number: str, fault: str) -> None:
    device = house.town.new_id()
    async with house.browser("operator.care") as browser:
        refused = await browser.post(f"/api/incidents/{house.anna}/devices/{device}/call-back", json={"number": number})
    assert (refused.status_code, refused.json()["fields"]) == (422, {"number": fault})
    async with house.browser("manager.care") as browser:
        refused = await browser.put(f"/api/devices/{device}/commissioning", json={"sos_numbers": [number]})
    assert (refused.status_code, refused.json()["fields"]) == (422, {"sos_numbers": fault})
    assert house.known.orders.asked == []


async def test_a_rule_that_says_no_is_told_in_its_own_word(house: ApiHouse) -> None:
    house.known.orders.failure = Refused("locate_may_show")
    async with house.browser("operator.care") as browser:
        refused = await browser.post(f"/api/incidents/{house.anna}/devices/{house.anna}/locate")
    assert (refused.status_code, refused.json()["reason"]) == (409, "locate_may_show")


async def test_a_manager_writes_a_sheet_and_sends_it(house: ApiHouse) -> None:
    device, orders = house.town.new_id(), house.known.orders
    by = house.users["manager.care"]
    async with house.browser("manager.care") as browser:
        written = await browser.put(
            f"/api/devices/{device}/commissioning",
            json={
                "sos_numbers": ["0303174060"],
                "fall_detection": True,
                "note": " laddas varje kväll ",
                "quiet_locate": True,
            },
        )
        sent = await browser.post(f"/api/devices/{device}/commissioning/send", json={"good_for_h": 24})
        too_many = await browser.put(f"/api/devices/{device}/commissioning", json={"sos_numbers": ["0303174060"] * 4})
    assert (written.status_code, sent.status_code, too_many.status_code) == (204, 201, 422)
    settings = Commission(sos_numbers=("0303174060",), fall_detection=True)
    assert orders.asked == [
        ("keep_sheet", device, settings, "laddas varje kväll", by, True),
        ("send_sheet", device, by, timedelta(hours=24)),
    ]


async def test_a_sheet_says_what_was_said_and_what_has_to_be_set_by_hand(house: ApiHouse) -> None:
    device = await house.town.device(house.care, "8669999999")
    async with house.browser("manager.care") as browser:
        empty = (await browser.get(f"/api/devices/{device}/commissioning")).json()
        assert (empty["changed_at"], empty["by_hand"], empty["said"]) == (None, [], [])
        assert empty["can"] == ["fall_calls", "fall_detection", "report_every_s", "sos_numbers"]
        await house.town.insert(
            "commissioning_sheets",
            organisation_id=house.town.organisation,
            committee_id=house.care,
            device_id=device,
            settings='{"sos_numbers": ["0303174060"], "in_utc": true}',
            note="laddas varje kväll",
            changed_at=NOON,
            changed_by=house.users["manager.care"],
        )
        await told(
            house, str(device), None, kind="commission", content='{"sos_numbers": ["0303174060"]}', unsaid="expired"
        )
        sheet = (await browser.get(f"/api/devices/{device}/commissioning")).json()
        assert (await browser.get(f"/api/devices/{house.town.new_id()}/commissioning")).status_code == 404
    assert (sheet["sos_numbers"], sheet["in_utc"], sheet["fall_detection"]) == (["0303174060"], True, None)
    assert (sheet["note"], sheet["changed_by"], sheet["by_hand"]) == ("laddas varje kväll", "Manager.Care", ["in_utc"])
    assert [(one["state"], one["unsaid"]) for one in sheet["said"]] == [("unsaid", "expired")]
