"""Who is on shift, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.incident import Refused
from protocols.signal import Position
from tests.stories.world import World
from tests.world import ANNA


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def test_a_session_begins_a_presence_and_takes_it_along_when_it_ends(world: World) -> None:
    world.start_session(minutes=30)
    presence = world.store.tables.presences[ANNA]
    assert presence.until - presence.since == timedelta(minutes=90)
    world.end_session()
    assert ANNA not in world.store.tables.presences


def test_a_session_without_an_end_lasts_a_long_shift_at_the_most(world: World) -> None:
    world.start_session()
    presence = world.store.tables.presences[ANNA]
    assert presence.until - presence.since == timedelta(hours=12)


def test_a_declared_shift_outlives_the_sessions_in_it(world: World) -> None:
    until = world.clock.now() + timedelta(hours=8)
    world.do(world.server.lone_work.on_shift(ANNA, until, None))
    world.run(seconds=60)
    world.start_session(minutes=30)
    world.end_session()
    assert world.store.tables.presences[ANNA].until == until
    world.do(world.server.lone_work.off_shift(ANNA))
    assert ANNA not in world.store.tables.presences


def test_a_shift_that_is_over_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="end"):
        world.do(world.server.lone_work.on_shift(ANNA, world.clock.now(), None))


def test_positions_are_kept_only_while_their_wearer_is_on_shift(world: World) -> None:
    here = Position(lat=59.38, lon=13.5)
    world.heartbeat(position=here)
    world.run(seconds=1)
    assert not world.store.tables.presences
    world.do(world.server.lone_work.on_shift(ANNA, world.clock.now() + timedelta(hours=8), None))
    world.heartbeat(position=here)
    world.run(seconds=1)
    assert (world.store.tables.presences[ANNA].lat, world.store.tables.presences[ANNA].lon) == (59.38, 13.5)


def test_a_position_that_is_nowhere_on_earth_is_dropped_and_the_heartbeat_stands(world: World) -> None:
    world.do(world.server.lone_work.on_shift(ANNA, world.clock.now() + timedelta(hours=8), None))
    world.heartbeat(position=Position(lat=159.38, lon=13.5))
    world.run(seconds=1)
    assert world.store.tables.presences[ANNA].lat is None
    assert world.store.tables.states
