"""What a decision about a stored incident asks the roster for."""

from __future__ import annotations

from dataclasses import replace

from escalation.chain import (
    Circumstances,
    DeskTarget,
    ManagerTarget,
    NearestTarget,
    PersonTarget,
    Roster,
    Step,
    TeamTarget,
)
from larmcentral.domain.record import Record
from larmcentral.flows.asking import ask_for, together
from tests.stories.world import World
from tests.world import BO, CECILIA, DAVID, GUARD, NIGHT, T0


def near(record: Record) -> Record:
    """The same incident on a chain that asks for the nearest first."""
    steps = record.incident.chain.steps
    first: Step = replace(steps[0], targets=(NearestTarget(3, 2000), DeskTarget()))
    chain = replace(record.incident.chain, steps=(first, *steps[1:]))
    return replace(record, incident=replace(record.incident, chain=chain, queue=(GUARD,)))


def test_persons_and_teams_stand_for_themselves(world: World) -> None:
    world.press()
    ask = ask_for(world.record, ManagerTarget())
    assert ask.extra == (ManagerTarget(),)
    assert {TeamTarget(NIGHT), PersonTarget(DAVID), ManagerTarget()} <= ask.targets


def test_who_was_near_or_waits_for_his_turn_is_asked_for_wherever_he_is_now(world: World) -> None:
    world.press()
    ask = ask_for(near(world.record))
    assert set(ask.extra) == {PersonTarget(who) for who in (BO, CECILIA, GUARD)}


def test_two_rosters_are_known_together() -> None:
    here = Circumstances(local=T0.replace(tzinfo=None), holiday=False)
    one, other = Roster({PersonTarget(BO): ()}), Roster({PersonTarget(DAVID): ()}, here)
    both = together(one, other)
    assert set(both.contacts) == {PersonTarget(BO), PersonTarget(DAVID)}
    assert both.circumstances == here
