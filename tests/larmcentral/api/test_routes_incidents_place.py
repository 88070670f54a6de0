"""Where an incident is, to each who reads it: all that helps at the door, and no more to anybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse, annas_alarm

HOME: dict[str, Any] = {
    "address": "Ekgatan 3",
    "floor": "2 tr",
    "door_code": "4711",
    "notes": "Hund",
    "lat": 57.93,
    "lon": 12.53,
}


async def settled(house: ApiHouse, **incident: Any) -> tuple[UUID, UUID]:
    """Anna's alarm at a flagged place; returns both."""
    town, new = house.town, house.town.new_id()
    keys = {"organisation_id": town.organisation, "committee_id": house.care}
    await town.insert("places", **keys, id=new, name="Solgården", **HOME)
    await town.insert(
        "place_flags",
        **keys,
        id=town.new_id(),
        place_id=new,
        risk=2,
        owner_id=house.bo,
        ground="hot mot personal",
        set_at=NOON,
        review_on=(NOON + timedelta(days=30)).date(),
    )
    return await annas_alarm(house, place_id=new, **incident), new


async def read(house: ApiHouse, login: str, incident: UUID) -> dict[str, Any]:
    async with house.browser(login) as browser:
        response = await browser.get(f"/api/incidents/{incident}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.parametrize("login", ["operator.care", "responder.care", "manager.care", "admin.care"])
async def test_whoever_answers_for_an_open_alarm_reads_all_of_its_place(house: ApiHouse, login: str) -> None:
    incident, place = await settled(house)
    detail = await read(house, login, incident)
    assert detail["incident"]["place"] == "Solgården"
    assert detail["place"] == {
        "id": str(place),
        "name": "Solgården",
        **HOME,
        "risk": "evident",
        "ground": "hot mot personal",
        "plan_type": None,
        "plan_bounds": None,
    }
    shown = await house.town.connection.fetch("SELECT * FROM access_log WHERE action = 'place_shown'")
    assert [
        (row["user_id"], row["person_id"], row["incident_id"], row["place_id"], row["ground"]) for row in shown
    ] == [(house.users[login], house.anna, incident, place, "incident")]


@pytest.mark.parametrize(
    ("login", "reads"),
    [("operator.care", False), ("responder.care", False), ("manager.care", True), ("admin.care", True)],
)
async def test_when_it_is_over_only_managers_read_the_place(house: ApiHouse, login: str, reads: bool) -> None:
    incident, _ = await settled(house, state="stood_down")
    detail = await read(house, login, incident)
    assert (detail["place"] is not None) is reads
    assert detail["incident"]["place"] == "Solgården"
    assert await places_shown(house) == int(reads)


async def test_the_wearer_reads_where_it_is_but_nothing_of_the_danger(house: ApiHouse) -> None:
    incident, place = await settled(house)
    detail = await read(house, "worker.care", incident)
    assert detail["place"] == {
        "id": str(place),
        "name": "Solgården",
        **HOME,
        "notes": None,
        "risk": None,
        "ground": None,
        "plan_type": None,
        "plan_bounds": None,
    }
    assert await places_shown(house) == 0


async def test_reading_the_same_place_again_within_ten_minutes_is_one_reading(house: ApiHouse) -> None:
    incident, _ = await settled(house)
    for _ in range(2):
        await read(house, "operator.care", incident)
    assert await places_shown(house) == 1
    house.clock.pass_by(timedelta(minutes=10))
    await read(house, "operator.care", incident)
    assert await places_shown(house) == 2


async def test_an_incident_whose_place_nobody_knows_has_none(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    detail = await read(house, "operator.care", incident)
    assert (detail["place"], detail["incident"]["place"]) == (None, None)
    assert await places_shown(house) == 0


async def places_shown(house: ApiHouse) -> int:
    found: int = await house.town.connection.fetchval("SELECT count(*) FROM access_log WHERE action = 'place_shown'")
    return found


async def test_the_plan_of_the_place_comes_with_where_it_lies(house: ApiHouse) -> None:
    incident, place = await settled(house)
    edges = {"south": 57.92, "west": 12.52, "north": 57.94, "east": 12.54}
    await house.town.insert(
        "place_plans",
        organisation_id=house.town.organisation,
        committee_id=house.care,
        place_id=place,
        media_type="image/svg+xml",
        body=b"<svg/>",
        filed_at=NOON,
        **edges,
    )
    for login in ("operator.care", "responder.care"):
        detail = await read(house, login, incident)
        assert (detail["place"]["plan_type"], detail["place"]["plan_bounds"]) == ("image/svg+xml", edges)


HEARD = '[["signal", "20"], ["beacon", "AC:23:3F:00:00:01,-61,x"], ["beacon", "ac-23-3f-00-00-02,-40"]]'


async def heard(house: ApiHouse, incident: UUID, place: UUID) -> dict[str, Any]:
    """Anna's watch hears one of our beacons and a louder stranger; returns what that comes to."""
    await house.town.beacon(house.care, place, "ac233f000001", "3 tr, korridor B")
    at = NOON + timedelta(seconds=20)
    await house.town.signal(incident, house.care, at=at, evidence=HEARD, kind="heartbeat")
    return {
        "place_id": str(place),
        "place": "Solgården",
        "label": "3 tr, korridor B",
        "dbm": -61,
        "at": "2026-11-22T12:00:20Z",
    }


async def test_the_desk_and_responders_read_by_which_beacon_somebody_is(house: ApiHouse) -> None:
    incident, place = await settled(house)
    found = await heard(house, incident, place)
    for login in ("operator.care", "responder.care", "manager.care"):
        assert (await read(house, login, incident))["indoor"] == found


async def test_the_beacon_is_under_the_rule_of_the_place_and_never_for_the_wearer(house: ApiHouse) -> None:
    """Were it hers to read, a silent alarm that draws the later signals to itself would show by it."""
    incident, place = await settled(house)
    found = await heard(house, incident, place)
    assert (await read(house, "worker.care", incident))["indoor"] is None
    await house.town.connection.execute(
        "UPDATE incidents SET state = 'stood_down', stood_down_at = $2, outcome = 'other' WHERE id = $1", incident, NOON
    )
    reads = {login: (await read(house, f"{login}.care", incident))["indoor"] for login in ("operator", "manager")}
    assert reads == {"operator": None, "manager": found}


async def test_where_somebody_is_by_a_beacon_is_recorded_like_a_position(house: ApiHouse) -> None:
    town = house.town
    incident = await town.incident(house.care, person=house.anna)
    place = await town.place(house.care, "Solgården", owner=house.bo)
    await read(house, "operator.care", incident)
    assert await town.connection.fetchval("SELECT count(*) FROM access_log") == 0
    await heard(house, incident, place)
    detail = await read(house, "operator.care", incident)
    assert detail["incident"]["position"] is None
    assert detail["indoor"]["place"] == "Solgården"
    rows = await town.connection.fetch("SELECT action, person_id, incident_id FROM access_log")
    assert [tuple(row) for row in rows] == [("position_shown", house.anna, incident)]
