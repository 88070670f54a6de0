"""What intake does around the transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from escalation.alarm import AlarmKind
from larmcentral.domain.outbox import DeviceState
from protocols.signal import Position, SignalKind
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.world import ANNA


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def test_what_telemetry_leads_to_is_sent_at_once_by_the_process_that_filed_it(world: World) -> None:
    world.start_session(minutes=30)
    world.run(seconds=35 * 60 + 1)
    world.forget_calls()
    world.press(kind=SignalKind.CHECK_IN)
    world.run(seconds=1)
    assert world.state == "stood_down"
    assert "bo" in world.called, "who was told of the alarm is told that it is over"


def test_a_fix_from_the_future_is_as_old_as_the_word_that_brought_it(world: World) -> None:
    world.do(world.server.lone_work.on_shift(ANNA, world.clock.now() + timedelta(hours=8), None))
    world.heartbeat(position=Position(lat=59.38, lon=13.5, fix_at=world.clock.now() + timedelta(days=300)))
    world.run(seconds=1)
    fix_at = world.store.tables.presences[ANNA].fix_at
    assert fix_at is not None
    assert fix_at <= world.clock.now()


def test_a_place_outside_an_incident_is_not_stored_with_a_check_in(world: World) -> None:
    world.start_session(minutes=30)
    world.press(kind=SignalKind.CHECK_IN, position=Position(lat=59.38, lon=13.5))
    world.run(seconds=1)
    (row,) = world.store.tables.signals.values()
    assert (row.new.signal.position, row.new.raw) == (None, b"")


def spoil_vigil(world: World, **what: Any) -> None:
    """The rules cannot decide about the one vigil any more."""
    (vigil,) = world.store.tables.vigils.values()
    world.store.tables.vigils[vigil.id] = replace(vigil, core=replace(cast(Any, vigil.core), **what))


def test_a_fall_whose_countdown_cannot_be_read_is_an_alarm_at_once(world: World) -> None:
    world.fall()
    world.run(seconds=1)
    assert not world.store.tables.incidents
    spoil_vigil(world, kind=None)
    world.fall()
    world.run(seconds=1)
    assert (world.incident.kind, world.state) == (AlarmKind.FALL, "open")
    assert world.acked == ["press 1", "press 2"]


def test_a_check_in_to_a_session_that_cannot_be_read_is_kept_and_keeps_no_alarm(world: World) -> None:
    world.start_session(minutes=30)
    spoil_vigil(world, check_in_every="?")
    world.press(kind=SignalKind.CHECK_IN)
    world.press()
    world.run(seconds=2)
    assert sorted(world.acked) == ["press 1", "press 2"]
    assert world.incident.kind is AlarmKind.PANIC


@pytest.mark.parametrize(("silent", "kind"), [(True, SignalKind.PANIC), (False, SignalKind.DURESS)])
def test_what_came_with_a_silent_alarm_is_marked_so_that_its_wearers_phone_shows_nothing_of_it(
    new_world: NewWorld, silent: bool, kind: SignalKind
) -> None:
    world = new_world()
    folded: list[DeviceState] = []
    fold = world.store.fold_telemetry

    async def folding(states: Sequence[DeviceState], *, now: datetime | None = None) -> None:
        folded.extend(states)
        await fold(states, now=now)

    world.store.fold_telemetry = folding  # type: ignore[method-assign]
    world.press(battery_pct=50)
    world.press(kind=kind, silent=silent, battery_pct=50)
    world.run(seconds=2)
    assert [state.covert for state in folded] == [False, True]


def test_a_repeat_whose_first_copy_still_waits_is_answered_with_it_and_not_filed_behind_it(world: World) -> None:
    world.store.available = False
    world.press()
    for _ in range(3):
        world.run(seconds=5)
        world.press(again=True)
    assert not world.acked
    world.store.available = True
    world.run(seconds=2)
    assert world.acked == ["press 1"] * 4
    (row,) = world.store.tables.signals.values()
    assert row.attempts == 1, "what an impatient device repeats costs the database nothing"
    world.press(again=True)
    world.run(seconds=1)
    assert world.store.tables.signals[row.new.id].attempts == 2


def test_a_repeat_waits_no_longer_than_its_first_copy(world: World) -> None:
    world.press()
    world.press(again=True)
    world.press(account="8660000002", again=True)
    world.run(seconds=1)
    assert sorted(world.acked) == ["press 1"] * 3
    assert len(world.store.tables.signals) == 2, "the same key of another device is another alarm"
