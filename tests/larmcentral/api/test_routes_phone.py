"""The phone app's own pages, each about whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from escalation.ids import PersonId
from escalation.incident import Refused
from larmcentral.api import shapes_phone
from larmcentral.store.access import look_id
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse, annas_alarm


async def test_a_worker_sees_her_devices_her_colleagues_and_who_looked(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    operator = house.users["operator.care"]
    await house.town.insert(
        "access_log",
        organisation_id=house.town.organisation,
        committee_id=house.care,
        id=look_id(operator, incident, NOON),  # type: ignore[arg-type]  # tests hand plain UUIDs
        at=NOON,
        user_id=operator,
        action="position_shown",
        person_id=house.anna,
        incident_id=incident,
        ground="incident",
    )
    async with house.browser("worker.care") as browser:
        [device] = (await browser.get("/api/me/devices")).json()
        [read] = (await browser.get("/api/me/reads")).json()
        [colleague] = (await browser.get("/api/me/colleagues")).json()
    assert shapes_phone.OwnDevice.model_validate(device).protocol == "watch"
    assert shapes_phone.OwnRead.model_validate(read).by == "Operator.Care"
    assert shapes_phone.Colleague.model_validate(colleague).id == house.bo
    async with house.browser("worker.social") as browser:
        for what in ("devices", "reads", "colleagues", "messages"):
            assert (await browser.get(f"/api/me/{what}")).json() == []


async def test_words_of_the_desk_reach_whoever_was_told(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    by = {"kind": "operator", "user_id": str(house.users["operator.care"])}
    await house.town.line(incident, "message_sent", by=by, to="responders", text="Portkod 1947")
    async with house.browser("responder.care") as browser:
        [message] = (await browser.get("/api/me/messages")).json()
    assert shapes_phone.OwnMessage.model_validate(message).text == "Portkod 1947"
    async with house.browser("worker.care") as browser:
        assert (await browser.get("/api/me/messages")).json() == []


async def test_a_place_is_shown_with_its_dangers_before_one_goes_there(house: ApiHouse) -> None:
    place = house.known.ids["place"]
    async with house.browser("worker.care") as browser:
        warning = shapes_phone.PlaceWarning.model_validate((await browser.get(f"/api/me/places/{place}")).json())
    assert (warning.risk, warning.two_persons, warning.door_code, warning.notes) == ("evident", True, "1947", "hund")
    async with house.browser("worker.social") as browser:
        assert (await browser.get(f"/api/me/places/{place}")).status_code == 404
    async with house.browser("operator.care") as browser:
        assert (await browser.get(f"/api/me/places/{place}")).status_code == 403


async def test_a_memo_is_written_by_its_worker_with_its_own_time(house: ApiHouse) -> None:
    made_at, anna = datetime(2026, 11, 22, 11, 58, tzinfo=UTC), PersonId(house.anna)
    async with house.browser("worker.care") as browser:
        for body in ({"memo": "  hund "}, {"memo": "katt", "made_at": "2026-11-22T12:58:00+01:00"}):
            done = await browser.put("/api/me/session/memo", json=body)
            assert (done.status_code, done.content) == (204, b"")
        empty = await browser.put("/api/me/session/memo", json={"memo": " "})
        house.known.lone_work.failure = Refused("no_session")
        refused = await browser.put("/api/me/session/memo", json={"memo": "hund"})
    assert (empty.status_code, refused.status_code, refused.json()["reason"]) == (422, 409, "no_session")
    assert house.known.lone_work.asked[:2] == [("write_memo", anna, "hund"), ("write_memo", anna, "katt", made_at)]
    assert made_at == NOON - timedelta(minutes=2)
