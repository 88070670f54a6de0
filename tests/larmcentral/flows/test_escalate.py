"""What people make an incident do, beside what the stories tell."""

from __future__ import annotations

import pytest

from escalation.chain import PersonTarget
from escalation.effects import About
from escalation.events import MessageTo, Operator
from escalation.ids import IncidentId, UserId
from escalation.incident import Refused, State
from larmcentral.domain.errors import NotFound
from tests.stories.world import KARIN, LARS, SIGHT, World
from tests.world import ANNA, BO, CECILIA, DAVID, SOCIAL, an_id


def test_an_operator_jumps_to_a_step(world: World) -> None:
    world.press()
    world.jumps(KARIN, 2)
    assert "guard" in world.called
    assert "david" not in world.called
    with pytest.raises(Refused, match="no_such_step"):
        world.jumps(KARIN, 3)


def test_people_who_are_added_are_told_at_once(world: World) -> None:
    world.press()
    world.acknowledge()
    world.forget_calls()
    world.adds(KARIN, PersonTarget(DAVID))
    assert world.called == ["david"]
    assert world.state == "acknowledged"


def test_a_hold_keeps_the_next_step_waiting_and_no_longer_than_ten_minutes_in_all(world: World) -> None:
    world.press()
    world.holds(KARIN, seconds=60)
    world.run(seconds=89)
    assert "david" not in world.called
    world.run(seconds=1)
    assert "david" in world.called
    with pytest.raises(Refused, match="held_enough"):
        world.holds(KARIN, seconds=541)


def test_the_first_who_goes_is_seen_by_those_who_were_told(world: World) -> None:
    world.press()
    world.going(BO)
    world.run(seconds=1)
    assert CECILIA in {*world.news(About.GOING), *world.news(About.RELEASED)}
    assert ANNA not in {*world.news(About.GOING), *world.news(About.RELEASED)}


def test_who_goes_there_is_told_that_it_is_over_although_the_incident_has_ended(world: World) -> None:
    world.press()
    world.going(BO)
    world.stand_down()
    world.run(seconds=1)
    assert world.news(About.OVER) == [BO]


def test_a_case_that_was_put_back_rings_on(world: World) -> None:
    world.press()
    world.acknowledge()
    world.forget_calls()
    world.puts_back(KARIN)
    assert world.incident.state is State.OPEN
    assert "david" in world.called
    with pytest.raises(Refused, match="not_owner"):
        world.puts_back(LARS)


def test_what_a_person_may_not_see_he_cannot_command(world: World) -> None:
    world.press()
    elsewhere, nobody = frozenset({SOCIAL}), Operator(UserId(an_id("nobody")))
    commands = world.server.escalate
    for incident_id, sight in ((world.incident_id, elsewhere), (IncidentId(an_id("none")), SIGHT)):
        for work in (
            commands.acknowledge(incident_id, nobody, sight),
            commands.jump(incident_id, nobody, 1, sight),
            commands.stamp(incident_id, nobody, "dialled", "", sight),
            commands.shown(incident_id, nobody, sight),
        ):
            with pytest.raises(NotFound):
                world.do(work)
    assert world.story.count("acknowledged") == 0


def test_a_drill_says_who_began_it_and_there_is_one_at_a_time(world: World) -> None:
    world.drill(ANNA)
    lines = world.store.tables.timeline[world.incident_id]
    assert [line.entry.by for line in lines if line.entry.kind.value == "drill"] == [KARIN]
    with pytest.raises(Refused, match="drill_open"):
        world.drill(ANNA)


def test_words_of_the_desk_reach_those_who_go_there_and_the_wearer(world: World) -> None:
    world.press()
    world.going(BO)
    commands = world.server.escalate
    world.do(commands.send_message(world.incident_id, KARIN, MessageTo.RESPONDERS, "Porten är öppen", SIGHT))
    world.do(commands.send_message(world.incident_id, KARIN, MessageTo.WEARER, "Bo kommer", SIGHT))
    world.run(seconds=1)
    told = world.news(About.MESSAGE)
    assert BO in told
    assert ANNA in told
    assert world.story.count("message_sent") == 2
