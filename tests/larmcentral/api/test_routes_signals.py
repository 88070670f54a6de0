"""Signals of the worker's own phone: on disk before they are answered, and known again when they come twice."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from protocols.signal import AccountId, Position, Signal, SignalKind
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse

PRESS = UUID("01938a1c-0000-7000-8000-000000000001")


async def test_a_press_is_taken_in_as_a_signal_of_the_person(house: ApiHouse) -> None:
    body = {
        "id": str(PRESS),
        "kind": "panic",
        "event_at": "2026-11-22T12:59:58+01:00",
        "silent": True,
        "position": {"lat": 57.87, "lon": 11.98, "accuracy_m": 8, "fix_at": "2026-11-22T11:59:50Z"},
        "battery_pct": 41,
    }
    async with house.browser("worker.care") as browser:
        answered = await browser.post("/api/me/signals", json=body)
    assert (answered.status_code, answered.json()) == (202, {"received_at": "2026-11-22T12:00:00Z"})
    [arrival] = house.known.intake.stored
    assert (arrival.receiver.name, arrival.receiver.protocol, arrival.receiver.committee_id) == (
        "app",
        "app",
        house.care,
    )
    assert (arrival.received_at, arrival.authentic) == (NOON, True)
    assert b'"battery_pct"' in arrival.raw
    assert arrival.signals == (
        Signal(
            kind=SignalKind.PANIC,
            device=AccountId(str(house.anna)),
            repeat_key=str(PRESS),
            event_at=datetime(2026, 11, 22, 11, 59, 58, tzinfo=UTC),
            silent=True,
            position=Position(
                lat=57.87, lon=11.98, accuracy_m=8, fix_at=datetime(2026, 11, 22, 11, 59, 50, tzinfo=UTC)
            ),
            battery_pct=41,
        ),
    )


async def test_the_same_press_again_has_the_same_key_and_a_confirmed_fall_says_so(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        for _ in range(2):
            await browser.post("/api/me/signals", json={"id": str(PRESS), "kind": "fall", "confirmed": True})
    signals = [arrival.signals[0] for arrival in house.known.intake.stored]
    assert [one.repeat_key for one in signals] == [str(PRESS)] * 2
    assert signals[0].evidence == (("confirmed", "1"),)


async def test_what_was_not_taken_in_is_not_answered_for(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        house.known.intake.be_full()
        full = await browser.post("/api/me/signals", json={"id": str(PRESS), "kind": "panic"})
        assert (full.status_code, full.json()["reason"], full.headers["Retry-After"]) == (503, "lane_full", "1")
        house.known.intake.be_away()
        away = await browser.post("/api/me/signals", json={"id": str(PRESS), "kind": "panic"})
        assert (away.status_code, away.json()["reason"]) == (503, "database")


async def test_a_kind_that_no_phone_raises_and_an_absurd_place_are_invalid(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        for wrong in ({"kind": "session_start"}, {"kind": "panic", "position": {"lat": 91, "lon": 0}}):
            assert (await browser.post("/api/me/signals", json={"id": str(PRESS), **wrong})).status_code == 422
    assert house.known.intake.stored == []
