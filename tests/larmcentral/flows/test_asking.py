"""What a decision about a stored incident asks the roster for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.alarm import AlarmKind
from escalation.chain import (
    Circumstances,
    DeskTarget,
    ManagerTarget,
    Medium,
    NearestTarget,
    PersonTarget,
    Roster,
    Step,
    TeamTarget,
)
from escalation.effects import About
from escalation.ids import ChainId
from larmcentral.domain.record import Record
from larmcentral.domain.register import ChainChoice
from larmcentral.flows.asking import ask_for, together
from protocols.signal import SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import BO, CECILIA, DAVID, GUARD, HOME, NIGHT, T0, an_id, chain


def near(record: Record) -> Record:
    """The same incident on a chain that asks for the nearest first."""
    steps = record.incident.chain.steps
    first: Step = replace(steps[0], targets=(NearestTarget(3, 2000), DeskTarget()))
    nearest = replace(record.incident.chain, steps=(first, *steps[1:]))
    return replace(record, incident=replace(record.incident, chain=nearest, queue=(GUARD,)))


def test_persons_and_teams_stand_for_themselves(world: World) -> None:
    world.press()
    ask = ask_for(world.record, ManagerTarget())
    assert ask.extra == (ManagerTarget(),)
    assert {TeamTarget(NIGHT), PersonTarget(DAVID), ManagerTarget()} <= ask.targets


def test_who_was_near_or_waits_for_his_turn_is_asked_for_wherever_he_is_now(world: World) -> None:
    world.press()
    ask = ask_for(near(world.record))
    assert set(ask.extra) == {PersonTarget(who) for who in (BO, CECILIA, GUARD)}


def test_whom_a_chain_told_that_a_graver_one_replaced_is_asked_for_all_the_same(world: World) -> None:
    alone = Step(targets=(PersonTarget(DAVID),), media=(Medium.PUSH,), wait=timedelta(seconds=30))
    attack = replace(chain(), id=ChainId(an_id("attack")), steps=(alone, alone))
    choice = ChainChoice(id=an_id("attack choice"), chain=attack, kind=AlarmKind.PANIC)
    world.do(MemoryRegister(world.store).chain(HOME, choice, T0))
    world.press(kind=SignalKind.FALL)
    world.press()
    assert world.incident.chain == attack
    world.run(seconds=2)
    world.forget_calls()
    world.run(seconds=30)
    assert world.called == ["bo", "cecilia", "david"], "who was told first rings on"
    world.going(BO)
    world.stand_down()
    world.run(seconds=1)
    assert world.news(About.OVER) == [BO], "or he drives on to where nobody needs him"


def test_two_rosters_are_known_together() -> None:
    here = Circumstances(local=T0.replace(tzinfo=None), holiday=False)
    one, other = Roster({PersonTarget(BO): ()}), Roster({PersonTarget(DAVID): ()}, here)
    both = together(one, other)
    assert set(both.contacts) == {PersonTarget(BO), PersonTarget(DAVID)}
    assert both.circumstances == here
