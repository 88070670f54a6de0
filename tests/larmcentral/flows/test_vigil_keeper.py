"""What falls due is acted on, once, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.vigil import VigilKind
from tests.stories.world import World
from tests.world import ANNA, BO, CECILIA, DAVID


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def words(world: World) -> list[str]:
    """The log of the newest session."""
    vigils = [v for v in world.store.tables.vigils.values() if v.kind is VigilKind.SESSION]
    return [entry.kind for entry in world.store.tables.vigil_log[vigils[-1].id]]


def test_an_alarm_that_fell_due_while_the_process_was_dead_is_raised_when_it_is_back_and_says_so(
    world: World,
) -> None:
    world.start_session(minutes=30)
    world.crash()
    world.run(seconds=3600)
    assert not world.incidents()
    world.restart()
    world.run(seconds=1)
    assert world.incident.kind is AlarmKind.OVERDUE
    assert words(world)[-2:] == ["overdue", "fired_late"]
    assert world.told(ANNA) == [], "reminders that were overtaken are not given"


def test_a_commit_that_fails_loses_nothing(world: World) -> None:
    world.start_session(minutes=30)
    world.run(seconds=34 * 60)
    world.store.available = False
    world.run(seconds=120)
    world.store.available = True
    world.run(seconds=2)
    assert len(world.incidents()) == 1


def test_a_lost_answer_raises_nothing_twice(world: World) -> None:
    world.start_session(minutes=30)
    world.run(seconds=34 * 60 + 59)
    world.store.lost_answers = 1
    world.run(seconds=60)
    (record,) = world.incidents()
    assert [line.entry.kind.value for line in world.lines].count("opened") == 1
    assert "alarm_joined" not in world.story
    assert record.incident.kind is AlarmKind.OVERDUE


def test_many_that_fall_due_in_one_moment_are_all_acted_on(world: World) -> None:
    for person_id in (ANNA, BO, CECILIA, DAVID):
        world.start_session(person_id, minutes=30)
    world.run(seconds=35 * 60 + 1)
    assert {record.incident.subject for record in world.incidents()} == {ANNA, BO, CECILIA, DAVID}


def test_an_alarm_is_neither_early_nor_late(world: World) -> None:
    world.start_session(minutes=30)
    end = world.session_of().ends_at
    assert end is not None
    world.run(seconds=35 * 60 - 1.5)
    assert not world.incidents()
    world.run(seconds=2)
    assert timedelta() <= world.incident.opened_at - end - timedelta(minutes=5) < timedelta(seconds=1)
