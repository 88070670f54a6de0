"""Who gives no sign of life for a minute is gone; the rest stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from escalation.events import Operator
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.flows.desk_watch import GONE_AFTER, DeskWatch
from tests.stories.world import KARIN, LARS, World
from tests.stories.world_desk import HEARTBEAT_S


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def watch(world: World) -> DeskWatch:
    """One that looks when it is told to; the process has another, which looks by itself."""
    return DeskWatch(world.server.means, world.house.desk)


def look_for_a_minute(world: World, *watches: DeskWatch) -> int:
    """Look every four seconds, and then once more; how many were gone."""
    gone = 0
    for _ in range(16):
        gone += sum(world.do(one.look()) for one in watches)
        world.run(seconds=4)
    return gone + sum(world.do(one.look()) for one in watches)


def here(world: World) -> set[Operator]:
    return {seat.operator for seat in world.store.tables.desk.values()}


def test_a_minute_of_silence_to_the_second(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.screen_falls_silent(KARIN)
    world.run(seconds=59)
    assert here(world) == {KARIN}
    world.run(seconds=3)
    assert here(world) == set()


def test_a_screen_that_beats_stays(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.run(seconds=600)
    assert here(world) == {KARIN}
    assert timedelta(seconds=HEARTBEAT_S) < GONE_AFTER / 2, "one lost sign of life is nobody's end"


def test_a_look_says_how_many_were_gone_and_finds_nobody_twice(world: World) -> None:
    looking = watch(world)
    world.do(world.server.house.parts[0].stop())
    for operator, name in ((KARIN, "Karin"), (LARS, "Lars")):
        world.sits_down(operator, name)
        world.screen_falls_silent(operator)
    world.press()
    world.acknowledge(KARIN)
    assert look_for_a_minute(world, looking) == 2
    assert world.do(looking.look()) == 0
    assert (here(world), world.incident.owner, world.state) == (set(), None, "open")


def test_two_who_watch_give_a_case_on_once(world: World) -> None:
    world.do(world.server.house.parts[0].stop())
    world.sits_down(KARIN, "Karin")
    world.sits_down(LARS, "Lars")
    world.press()
    world.acknowledge(KARIN)
    world.screen_falls_silent(KARIN)
    look_for_a_minute(world, watch(world), watch(world))
    assert world.story.count("owner_left") == 1
    assert world.incident.owner == LARS


def test_while_the_store_is_away_nobody_is_taken_for_gone(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.screen_falls_silent(KARIN)
    world.store.available = False
    with pytest.raises(StoreUnavailable):
        world.do(watch(world).look())
    world.run(seconds=120)
    world.store.available = True
    world.run(seconds=57)
    assert here(world) == {KARIN}, "it was we who could not hear him"
    world.run(seconds=5)
    assert here(world) == set(), "and afterwards the watch goes on by itself"


def test_an_outage_of_ours_takes_nobody_from_his_desk(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.run(seconds=30)
    world.crash()
    world.run(seconds=90)
    world.restart()
    world.run(seconds=30)  # feeds come back within seconds, signs of life with the next beat
    assert here(world) == {KARIN}


def test_whoever_came_back_between_the_look_and_the_leave_stays(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.press()
    world.acknowledge(KARIN)
    world.do(world.house.desk.leave(KARIN.user_id, if_silent_since=world.clock.now() - GONE_AFTER))
    assert (here(world), world.incident.owner) == ({KARIN}, KARIN)


def test_one_whose_cases_cannot_be_given_on_does_not_keep_the_next_one(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.sits_down(LARS, "Lars")
    world.press()
    world.acknowledge(KARIN)
    record = world.record
    world.store.tables.incidents[world.incident_id] = replace(
        record, incident=replace(record.incident, chain=cast(Any, None))
    )
    world.screen_falls_silent(KARIN)
    world.screen_falls_silent(LARS)
    world.run(seconds=63)
    assert here(world) == {KARIN}
