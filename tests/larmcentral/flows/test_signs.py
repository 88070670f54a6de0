"""What devices say beside calling for help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.session import Session
from escalation.vigil import VigilKind
from protocols.signal import SignalKind
from tests.stories.world import World
from tests.world import ANNA, WATCH


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def give_options(world: World, **options: str) -> None:
    """Anna's watch is enrolled with these."""
    home, device = world.store.tables.devices[("watch", WATCH)]
    world.store.tables.devices[("watch", WATCH)] = (home, replace(device, options=options))


def say(world: World, kind: SignalKind, **how: object) -> None:
    """The watch says it; telemetry waits a moment for company."""
    world.press(kind=kind, **how)  # type: ignore[arg-type]  # what press() takes
    world.run(seconds=1)


def running(world: World, kind: VigilKind) -> int:
    return sum(v.kind is kind and v.core.ended_at is None for v in world.store.tables.vigils.values())


def test_a_watch_begins_and_ends_a_session_with_its_own_interval(world: World) -> None:
    give_options(world, check_in_s="900")
    say(world, SignalKind.SESSION_START, text="Nattrond")
    session = world.session_of()
    assert (session.purpose, session.check_in_every) == ("Nattrond", timedelta(minutes=15))
    assert ANNA in world.store.tables.presences
    say(world, SignalKind.SESSION_START)
    assert running(world, VigilKind.SESSION) == 1
    say(world, SignalKind.SESSION_END)
    assert running(world, VigilKind.SESSION) == 0
    assert ANNA not in world.store.tables.presences


def test_a_check_in_from_the_watch_counts_once_however_often_it_is_sent(world: World) -> None:
    world.start_session(check_in_every=timedelta(hours=1))
    world.run(seconds=600)
    say(world, SignalKind.CHECK_IN)
    due_at = world.session_of().check_in_due
    world.run(seconds=60)
    say(world, SignalKind.CHECK_IN, again=True)
    assert world.session_of().check_in_due == due_at


def test_a_check_in_without_a_session_is_kept_and_changes_nothing(world: World) -> None:
    say(world, SignalKind.CHECK_IN)
    assert len(world.store.tables.signals) == 1
    assert not world.store.tables.vigils


def test_an_interval_that_cannot_be_read_is_the_plans_usual_one(world: World) -> None:
    give_options(world, check_in_s="ofta")
    say(world, SignalKind.SESSION_START)
    assert world.session_of().check_in_every == timedelta(hours=1)


def test_a_fall_is_counted_down_by_the_server_only_where_the_device_leaves_it_to_it(world: World) -> None:
    world.press(kind=SignalKind.FALL)
    assert world.incident.kind is AlarmKind.FALL
    world.stand_down()
    give_options(world, countdown="server")
    world.press(kind=SignalKind.FALL)
    assert running(world, VigilKind.PRE_ALARM) == 1
    assert len(world.incidents()) == 1
    world.run(seconds=31)
    assert len(world.incidents()) == 2


def test_a_second_fall_does_not_put_help_off(world: World) -> None:
    give_options(world, countdown="server")
    world.press(kind=SignalKind.FALL)
    world.run(seconds=20)
    world.press(kind=SignalKind.FALL)
    world.run(seconds=11)
    assert len(world.incidents()) == 1
    fallen = [row for row in world.store.tables.signals.values() if row.incident_id is not None]
    assert fallen, "the signal that began it belongs to the incident"


def test_what_a_person_pressed_is_never_counted_down(world: World) -> None:
    give_options(world, countdown="server")
    world.press(kind=SignalKind.PANIC)
    assert world.incident.kind is AlarmKind.PANIC


def test_the_cancel_button_ends_a_countdown_only_where_it_was_given_that_power(world: World) -> None:
    give_options(world, countdown="server")
    world.press(kind=SignalKind.FALL)
    say(world, SignalKind.CANCEL)
    assert running(world, VigilKind.PRE_ALARM) == 1
    give_options(world, countdown="server", cancel="button")
    say(world, SignalKind.CANCEL)
    assert running(world, VigilKind.PRE_ALARM) == 0
    world.run(seconds=60)
    assert not world.incidents()


def test_a_session_that_ended_in_the_same_batch_may_begin_anew(world: World) -> None:
    for kind in (SignalKind.SESSION_START, SignalKind.SESSION_END, SignalKind.SESSION_START, SignalKind.CHECK_IN):
        world.press(kind=kind)
    world.run(seconds=1)
    sessions = [v.core for v in world.store.tables.vigils.values() if isinstance(v.core, Session)]
    assert len(sessions) == 2
    assert running(world, VigilKind.SESSION) == 1
