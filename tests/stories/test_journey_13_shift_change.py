"""Journey 13: a shift change at 22:00 with three open cases, and a drill on one chain."""

from __future__ import annotations

from typing import cast

import pytest

from escalation.chain import Channel
from escalation.effects import About, OutwardNotice
from escalation.events import Operator
from escalation.handover import Handover
from escalation.ids import ContactPointId, NoticeId, PersonId, UnitId, UserId, VigilId
from escalation.incident import Refused, State
from escalation.purpose import Purpose
from protocols.signal import SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import KARIN, LARS, World
from tests.world import ANNA, BO, DAVID, HOME, UNIT, an_id

BIRGIT = Operator(UserId(an_id("birgit")), PersonId(BO))


@pytest.fixture
def evening(world: World) -> World:
    """Three cases: a panic, a spare device, and a silent alarm; David answers for the unit."""
    world.do(MemoryRegister(world.store).managers(HOME, UnitId(UNIT), [DAVID]))
    world.press("8660000002", SignalKind.FALL)
    world.run(seconds=1)
    world.press()
    world.run(seconds=1)
    world.press(silent=True)
    world.run(seconds=1)
    return world


def listed(world: World, vigil_id: VigilId) -> Handover:
    return cast(Handover, world.store.tables.vigils[vigil_id].core)


def open_cases(world: World) -> int:
    return sum(record.incident.state is not State.STOOD_DOWN for record in world.store.tables.incidents.values())


def test_the_list_names_all_that_is_open_gravest_first_and_both_sign_it(evening: World) -> None:
    vigil_id = evening.lists_cases(KARIN, LARS)
    cases = listed(evening, vigil_id).cases
    assert {case.incident_id for case in cases} == set(evening.store.tables.incidents)
    assert [case.gravity for case in cases] == [1, 1, 2]
    evening.signs(vigil_id, KARIN)
    evening.run(seconds=300)
    evening.signs(vigil_id, LARS)
    assert listed(evening, vigil_id).ended_at is not None
    evening.run(seconds=900)
    assert not evening.news(About.HANDOVER_OPEN)


def test_unsigned_after_ten_minutes_the_supervisor_is_told(evening: World) -> None:
    vigil_id = evening.lists_cases(BIRGIT)
    evening.signs(vigil_id, BIRGIT)
    evening.run(seconds=599)
    assert not evening.news(About.HANDOVER_OPEN)
    evening.run(seconds=1)
    assert set(evening.news(About.HANDOVER_OPEN)) == {DAVID}
    assert "handover_open" in {fault for _, fault, _, _ in evening.store.tables.faults}
    evening.signs(vigil_id, LARS)
    assert "handover_open" not in {fault for _, fault, _, _ in evening.store.tables.faults}


def test_nobody_hands_over_to_himself_and_only_the_one_who_is_named_may_come(evening: World) -> None:
    vigil_id = evening.lists_cases(KARIN, LARS)
    evening.signs(vigil_id, KARIN)
    with pytest.raises(Refused, match="same_person"):
        evening.signs(vigil_id, KARIN)
    with pytest.raises(Refused, match="not_named"):
        evening.signs(vigil_id, BIRGIT)


def test_nothing_closes_by_itself(evening: World) -> None:
    vigil_id = evening.lists_cases(KARIN, LARS)
    evening.signs(vigil_id, KARIN)
    evening.signs(vigil_id, LARS)
    evening.run(seconds=3600)
    assert open_cases(evening) == 3


def test_a_drill_is_marked_in_every_message_and_measured_like_the_real_thing(world: World) -> None:
    world.drill(ANNA)
    world.run(seconds=300)
    sent = [one.notice for channel in world.channels.values() for one in channel.sent]
    assert sent
    assert {notice.purpose for notice in sent} == {Purpose.DRILL}
    assert "drill" in world.story
    assert "first_notice" in {told[0] for told in world.measures.told}


def test_nothing_of_a_drill_can_be_sent_out_of_the_house(world: World) -> None:
    world.drill(ANNA)
    world.run(seconds=900)
    assert not world.channels[Channel.SMS].sent
    assert "guard" not in world.called
    with pytest.raises(ValueError, match="cannot leave the house"):
        OutwardNotice(
            id=NoticeId(an_id("notice")),
            purpose=Purpose.DRILL,  # type: ignore[arg-type]  # that no drill fits the type is what is asserted
            channel=Channel.SMS,
            person_id=DAVID,
            point_id=ContactPointId(an_id("david sms")),
            round=1,
            step=0,
            attempt=1,
        )


def test_the_drill_is_on_the_list_of_the_shift_change_too(evening: World) -> None:
    drill = evening.drill(BO)
    vigil_id = evening.lists_cases(KARIN)
    assert drill in {case.incident_id for case in listed(evening, vigil_id).cases}
