"""The beginning of sessions: who may, with whom, and what is not begun by halves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.events import Wearer
from escalation.ids import PersonId, PlaceId
from escalation.incident import Refused
from escalation.session import Session
from larmcentral.domain.errors import NotFound, RefusedByRule, StoreUnavailable
from larmcentral.domain.place import Place
from larmcentral.domain.register import Home, Person
from larmcentral.domain.session_start import SessionStart
from larmcentral.flows.starting import MOST_LINKED
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import SIGHT, World
from tests.world import ANNA, BO, CECILIA, DAVID, HOME, ORGANISATION, SOCIAL, an_id

COTTAGE = PlaceId(an_id("cottage"))


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def sessions(world: World) -> list[Session]:
    return [vigil.core for vigil in world.store.tables.vigils.values() if isinstance(vigil.core, Session)]


def crowd(world: World, count: int) -> tuple[PersonId, ...]:
    """So many further colleagues."""
    everybody = tuple(PersonId(an_id(f"colleague {number}")) for number in range(count))
    for person_id in everybody:
        world.do(MemoryRegister(world.store).person(HOME, Person(id=person_id, name="Kollega")))
    return everybody


def test_linked_sessions_are_one_group_in_which_each_has_the_others_beside_him(world: World) -> None:
    world.start_session(minutes=30, linked=(BO, CECILIA), companions=(DAVID, BO))
    by_person = {core.person_id: core for core in sessions(world)}
    assert set(by_person) == {ANNA, BO, CECILIA}
    assert len({core.group for core in by_person.values()}) == 1
    assert by_person[ANNA].group is not None
    assert {person_id: set(core.companions) for person_id, core in by_person.items()} == {
        ANNA: {BO, CECILIA, DAVID},
        BO: {ANNA, CECILIA, DAVID},
        CECILIA: {ANNA, BO, DAVID},
    }
    assert {ANNA, BO, CECILIA} == set(world.store.tables.presences)


def test_of_linked_sessions_either_all_begin_or_none(world: World) -> None:
    world.start_session(CECILIA, minutes=60)
    with pytest.raises(RefusedByRule) as refused:
        world.start_session(minutes=30, linked=(BO, CECILIA))
    assert (refused.value.reason, refused.value.fields) == ("session_runs", {"person": str(CECILIA)})
    assert [core.person_id for core in sessions(world)] == [CECILIA]
    assert set(world.store.tables.presences) == {CECILIA}


@pytest.mark.parametrize("linked", [(ANNA,), (BO, BO)])
def test_nobody_is_linked_twice(world: World, linked: tuple[PersonId, ...]) -> None:
    with pytest.raises(Refused, match="linked_twice"):
        world.start_session(minutes=30, linked=linked)
    assert not sessions(world)


def test_a_task_force_is_not_a_department(world: World) -> None:
    everybody = crowd(world, MOST_LINKED + 1)
    with pytest.raises(Refused, match="linked_twice"):
        world.start_session(minutes=30, linked=everybody)
    world.start_session(minutes=30, linked=everybody[:MOST_LINKED])
    assert len(sessions(world)) == MOST_LINKED + 1


def test_two_starts_at_the_same_moment_make_one_session(world: World) -> None:
    start = SessionStart(person_id=ANNA, purpose="Hembesök", ends_at=world.clock.now() + timedelta(hours=1))
    world.do(world.server.lone_work.start(start, Wearer(ANNA), SIGHT))
    with pytest.raises(RefusedByRule, match="session_runs"):
        world.do(world.server.lone_work.start(start, Wearer(ANNA), SIGHT))
    assert len(sessions(world)) == 1


def test_a_start_whose_answer_was_lost_stands_and_its_repeat_says_so(world: World) -> None:
    world.store.lost_answers = 1
    with pytest.raises(StoreUnavailable):
        world.start_session(minutes=30)
    with pytest.raises(RefusedByRule, match="session_runs"):
        world.start_session(minutes=30)
    assert len(sessions(world)) == 1


def test_without_a_store_nobody_is_told_that_he_is_watched(world: World) -> None:
    world.store.available = False
    with pytest.raises(StoreUnavailable):
        world.start_session(minutes=30)
    world.store.available = True
    assert not sessions(world)
    assert not world.store.tables.presences


def test_nobody_begins_for_another_or_for_whom_he_may_not_see(world: World) -> None:
    start = SessionStart(person_id=BO, purpose="Hembesök")
    with pytest.raises(Refused, match="not_the_wearer"):
        world.do(world.server.lone_work.start(start, Wearer(ANNA), SIGHT))
    with pytest.raises(NotFound):
        world.do(world.server.lone_work.start(start, Wearer(BO), frozenset({SOCIAL})))
    with pytest.raises(NotFound):
        world.start_session(minutes=30, linked=(PersonId(an_id("nobody")),))
    assert not sessions(world)


def test_a_place_that_is_not_there_is_no_place_to_work_at(world: World) -> None:
    with pytest.raises(NotFound):
        world.start_session(minutes=30, place_id=COTTAGE)
    world.do(MemoryRegister(world.store).place(Home(ORGANISATION, SOCIAL), Place(id=COTTAGE, name="Stugan")))
    world.start_session(minutes=30, place_id=COTTAGE)
    assert world.session_of().place_id == COTTAGE, "another committee's place is a place all the same"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"purpose": "  "}, "purpose"),
        ({"check_in_every": timedelta(seconds=1)}, "interval"),
        ({"minutes": 0}, "end"),
        ({"minutes": 24 * 60 + 1}, "end"),
    ],
)
def test_what_the_rules_forbid_leaves_nothing_behind(world: World, how: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        world.start_session(**{"minutes": 30, **how})  # type: ignore[arg-type]
    assert not sessions(world)
    assert not world.store.tables.presences
