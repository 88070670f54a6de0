"""A worker's phone: he starts, checks in, extends and ends; each command carries himself and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from escalation.alarm import AlarmKind
from escalation.events import Wearer
from escalation.ids import PersonId, PlaceId
from escalation.incident import Refused
from larmcentral.api import shapes_work
from larmcentral.domain.errors import RefusedByRule, StoreUnavailable
from larmcentral.domain.session_start import SessionStart
from tests.larmcentral.api.house import ApiHouse

EIGHT = datetime(2026, 11, 22, 20, tzinfo=UTC)


async def test_a_session_starts_with_all_that_was_said(house: ApiHouse) -> None:
    place = house.known.ids["place"]
    body = {
        "purpose": "  hembesök ",
        "place_id": str(place),
        "ends_at": "2026-11-22T21:00:00+01:00",
        "check_in_every_s": 1200,
        "companions": [str(house.bo), str(house.bo)],
        "memo": "går in bakvägen",
        "recording": "audio/ogg",
    }
    async with house.browser("worker.care") as browser:
        started = await browser.post("/api/me/session", json=body)
    assert (started.status_code, started.json()) == (201, {"session_id": str(house.known.ids["session"])})
    start = SessionStart(
        person_id=PersonId(house.anna),
        purpose="hembesök",
        place_id=PlaceId(place),
        ends_at=EIGHT,
        check_in_every=timedelta(minutes=20),
        companions=(PersonId(house.bo),),
        memo="går in bakvägen",
        recording="audio/ogg",
    )
    assert house.known.lone_work.asked == [("start", start, Wearer(PersonId(house.anna)))]


async def test_a_flagged_place_is_refused_with_its_rule_and_what_is_offered(house: ApiHouse) -> None:
    said = {"rule": "AFS 2023:2", "ground": "hot i maj", "review_on": "2027-01-15", "offer": "linked_session"}
    house.known.lone_work.failure = RefusedByRule("two_person_rule", said)
    async with house.browser("worker.care") as browser:
        refused = await browser.post("/api/me/session", json={"purpose": "hembesök"})
    assert refused.status_code == 409
    assert refused.json() == {"reason": "two_person_rule", "detail": "", "fields": said}


async def test_each_command_is_about_whoever_asks(house: ApiHouse) -> None:
    anna, by = PersonId(house.anna), Wearer(PersonId(house.anna))
    until = EIGHT.isoformat()
    async with house.browser("worker.care") as browser:
        for method, path, body in (
            ("POST", "session/check-in", {}),
            ("POST", "session/extend", {"until": until}),
            ("POST", "session/end", {}),
            ("POST", "welfare", {"fine": False}),
            ("POST", "pre-alarm", {"kind": "man_down", "event_at": until, "silent": True}),
            ("POST", "pre-alarm/confirm", None),
            ("POST", "shift", {"until": until}),
            ("DELETE", "shift", None),
        ):
            done = await browser.request(method, f"/api/me/{path}", json=body)
            assert (done.status_code, done.content) == (204, b""), path
    assert house.known.lone_work.asked == [
        ("check_in", anna, "app", False),
        ("extend", anna, EIGHT, by),
        ("end", anna, by, "app", False),
        ("answer_welfare", anna, False, False),
        ("begin_pre_alarm", anna, AlarmKind.MAN_DOWN, EIGHT, True),
        ("confirm_pre_alarm", anna),
        ("on_shift", anna, EIGHT, None),
        ("off_shift", anna),
    ]


async def test_what_had_to_wait_carries_its_own_time(house: ApiHouse) -> None:
    anna, by, made = PersonId(house.anna), Wearer(PersonId(house.anna)), "2026-11-22T20:58:00+01:00"
    made_at = EIGHT - timedelta(minutes=2)
    async with house.browser("worker.care") as browser:
        for path, body in (
            ("session/check-in", {"pin": None}),
            ("session/extend", {"until": EIGHT.isoformat()}),
            ("session/end", {}),
            ("welfare", {"fine": True}),
        ):
            done = await browser.post(f"/api/me/{path}", json={**body, "made_at": made})
            assert done.status_code == 204, path
        started = await browser.post("/api/me/session", json={"purpose": "hembesök", "made_at": made})
    assert started.status_code == 201
    assert house.known.lone_work.asked == [
        ("check_in", anna, "app", False, made_at),
        ("extend", anna, EIGHT, by, made_at),
        ("end", anna, by, "app", False, made_at),
        ("answer_welfare", anna, True, False, made_at),
        ("start", SessionStart(person_id=anna, purpose="hembesök", made_at=made_at), by),
    ]


async def test_the_phone_sees_its_own_work_and_no_other_does(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        work = shapes_work.OwnWork.model_validate_json((await browser.get("/api/me/work")).content)
    assert work.session is not None
    assert (work.session.place, work.alarms[0].stage, work.pin_set) == ("Storgatan 1", "taken", True)
    async with house.browser("responder.care") as browser:
        other = shapes_work.OwnWork.model_validate_json((await browser.get("/api/me/work")).content)
    assert (other.session, other.alarms) == (None, [])


async def test_what_is_refused_names_its_reason_and_an_unknown_end_asks_to_be_repeated(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        house.known.lone_work.failure = Refused("session_ended")
        refused = await browser.post("/api/me/session/end", json={})
        assert (refused.status_code, refused.json()["reason"]) == (409, "session_ended")
        house.known.lone_work.failure = StoreUnavailable("away")
        unknown = await browser.post("/api/me/session/end", json={})
        assert (unknown.status_code, unknown.headers["Retry-After"]) == (503, "1")


async def test_a_time_without_an_offset_or_beyond_the_calendar_is_invalid(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        for until in ("2026-11-22T20:00:00", "9999-12-31T23:59:59-10:00", "tomorrow"):
            assert (await browser.post("/api/me/session/extend", json={"until": until})).status_code == 422
    assert house.known.lone_work.asked == []
