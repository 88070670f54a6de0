"""A drill is begun by a person, about a person, of something that a person could raise."""

from __future__ import annotations

import pytest

from escalation.alarm import AlarmKind
from escalation.ids import PersonId
from escalation.incident import Refused
from escalation.purpose import Purpose
from larmcentral.domain.errors import NotFound, StoreUnavailable
from tests.stories.world import KARIN, SIGHT, World
from tests.world import ANNA, BO, SOCIAL, an_id

DRILLED = [kind for kind in AlarmKind if not kind.technical]


def drill(world: World, kind: AlarmKind, about: PersonId = ANNA) -> None:
    world.do(world.server.escalate.start_drill(about, kind, KARIN, SIGHT))


@pytest.mark.parametrize("kind", sorted(set(AlarmKind) - set(DRILLED), key=lambda kind: kind.value))
def test_there_is_no_drill_of_what_nobody_raises(world: World, kind: AlarmKind) -> None:
    with pytest.raises(Refused, match="no_drill_of_that"):
        drill(world, kind)
    assert not world.store.tables.incidents


@pytest.mark.parametrize("kind", DRILLED)
def test_whatever_a_worker_can_raise_can_be_drilled(world: World, kind: AlarmKind) -> None:
    drill(world, kind)
    (record,) = world.incidents(Purpose.DRILL)
    assert (record.incident.kind, record.incident.subject) == (kind, ANNA)
    assert [dict(line.entry.detail) for line in world.lines if line.entry.kind.value == "drill"] == [
        {"kind": kind.value}
    ]


def test_a_drill_stands_beside_a_real_alarm_of_the_same_person_and_joins_neither_way(world: World) -> None:
    world.press()
    world.run(seconds=1)
    drill(world, AlarmKind.PANIC)
    world.press()
    assert (len(world.incidents()), len(world.incidents(Purpose.DRILL))) == (1, 1)
    assert "alarm_joined" not in world.story, "the newest is the drill"


def test_two_who_begin_one_at_the_same_moment_make_one(world: World) -> None:
    drill(world, AlarmKind.PANIC)
    with pytest.raises(Refused, match="drill_open"):
        drill(world, AlarmKind.FALL)
    drill(world, AlarmKind.FALL, BO)
    assert [record.incident.subject for record in world.incidents(Purpose.DRILL)] == [ANNA, BO]


def test_of_whom_one_may_not_see_there_is_no_drill(world: World) -> None:
    with pytest.raises(NotFound):
        drill(world, AlarmKind.PANIC, PersonId(an_id("nobody")))
    with pytest.raises(NotFound):
        world.do(world.server.escalate.start_drill(ANNA, AlarmKind.PANIC, KARIN, frozenset({SOCIAL})))
    assert not world.store.tables.incidents


def test_without_a_store_nothing_rings(world: World) -> None:
    world.store.available = False
    with pytest.raises(StoreUnavailable):
        drill(world, AlarmKind.PANIC)
    world.store.available = True
    world.run(seconds=60)
    assert not world.called
