"""The list of a shift change: what stands on it, whose it is, and that one list is not another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from escalation.effects import About, SystemFault
from escalation.events import Operator
from escalation.handover import Handover
from escalation.ids import PersonId, UnitId, UserId, VigilId
from escalation.incident import Refused, State
from larmcentral.domain.errors import NotFound, StoreUnavailable
from larmcentral.domain.record import Subject
from protocols.signal import SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import KARIN, LARS, World
from tests.world import BO, CARE, DAVID, HOME, RECEIVER, SOCIAL, UNIT, an_id

BIRGIT = Operator(UserId(an_id("birgit")), PersonId(BO))
"""An operator who belongs to a unit, whose managers hear of what she leaves unsigned."""
TEN_MINUTES = 600


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def listed(world: World, vigil_id: VigilId) -> Handover:
    return cast(Handover, world.store.tables.vigils[vigil_id].core)


def subject_of(world: World, vigil_id: VigilId) -> Subject:
    return world.store.tables.vigils[vigil_id].subject


def faults(world: World) -> list[str]:
    return [fault for _, fault, _, _ in world.store.tables.faults]


def test_when_one_of_two_open_lists_is_signed_the_other_is_still_open(world: World) -> None:
    world.do(MemoryRegister(world.store).managers(HOME, UnitId(UNIT), [DAVID]))
    first, second = world.lists_cases(BIRGIT), world.lists_cases(BIRGIT)
    world.run(seconds=TEN_MINUTES)
    assert faults(world) == [SystemFault.HANDOVER_OPEN.value] * 2
    assert set(world.news(About.HANDOVER_OPEN)) == {DAVID}
    for vigil_id, left in ((first, 1), (second, 0)):
        world.signs(vigil_id, BIRGIT)
        world.signs(vigil_id, LARS)
        assert faults(world) == [SystemFault.HANDOVER_OPEN.value] * left


def test_an_empty_list_is_a_list_too_and_belongs_to_the_operators_own_house(world: World) -> None:
    vigil_id = world.lists_cases(BIRGIT)
    assert listed(world, vigil_id).cases == ()
    subject = subject_of(world, vigil_id)
    assert (subject.committee_id, subject.unit_id, subject.label) == (CARE, UNIT, "Omsorgsnämnden")
    assert subject_of(world, world.lists_cases(KARIN)).unit_id is None


def test_it_says_how_each_case_stood_and_how_old_it_was_when_it_was_made(world: World) -> None:
    world.press(kind=SignalKind.NO_MOTION)
    world.acknowledge(KARIN)
    world.run(seconds=90)
    world.press("8660000002")
    vigil_id = world.lists_cases(KARIN)
    world.stand_down()
    graver, lesser = listed(world, vigil_id).cases
    assert (graver.state, lesser.state) == (State.OPEN, State.ACKNOWLEDGED)
    assert timedelta(seconds=89) < lesser.age - graver.age < timedelta(seconds=91)
    assert len(listed(world, vigil_id).cases) == 2, "the list is what was seen, not what became of it"


def test_what_he_may_not_see_is_not_on_it(world: World) -> None:
    world.press()
    world.press("999", receiver=replace(RECEIVER, committee_id=SOCIAL))
    stranger = next(record for record in world.incidents() if record.subject.committee_id == SOCIAL)
    make = world.house.desk.make_handover
    vigil_id = world.do(make(KARIN, None, frozenset({SOCIAL})))
    assert [case.incident_id for case in listed(world, vigil_id).cases] == [stranger.incident.id]
    assert subject_of(world, vigil_id).committee_id == SOCIAL
    with pytest.raises(NotFound):
        world.do(world.house.desk.sign_handover(vigil_id, LARS, frozenset({CARE})))


def test_who_sees_no_committee_has_nothing_to_hand_over(world: World) -> None:
    with pytest.raises(NotFound):
        world.do(world.house.desk.make_handover(KARIN, None, frozenset()))
    assert not world.store.tables.vigils


def test_the_same_name_is_not_put_under_it_twice_by_the_one_who_comes(world: World) -> None:
    vigil_id = world.lists_cases(KARIN)
    world.signs(vigil_id, LARS)
    with pytest.raises(Refused, match="signed"):
        world.signs(vigil_id, LARS)
    assert listed(world, vigil_id).ended_at is None
    world.signs(vigil_id, KARIN)
    assert listed(world, vigil_id).ended_at == world.clock.now()


def test_one_person_with_two_names_is_still_one_person(world: World) -> None:
    vigil_id = world.lists_cases(BIRGIT)
    world.signs(vigil_id, BIRGIT)
    with pytest.raises(Refused, match="same_person"):
        world.signs(vigil_id, Operator(UserId(an_id("birgit again")), BIRGIT.person_id))
    assert listed(world, vigil_id).ended_at is None


def test_a_signature_without_a_store_is_none(world: World) -> None:
    vigil_id = world.lists_cases(KARIN)
    world.store.available = False
    with pytest.raises(StoreUnavailable):
        world.signs(vigil_id, KARIN)
    with pytest.raises(StoreUnavailable):
        world.lists_cases(KARIN)
    world.store.available = True
    assert listed(world, vigil_id).left_at is None
    assert len(world.store.tables.vigils) == 1
