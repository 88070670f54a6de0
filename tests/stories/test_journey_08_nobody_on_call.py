"""Journey 8: the rota knows weekdays only, and the alarm comes on a Saturday at two in the morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from escalation.chain import Medium, OnCallTarget, Step
from escalation.ids import RotaId
from escalation.rota import Layer, Rota
from tests.fakes.memory_register import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.world import CARE, DAVID, HOME, T0, an_id, chain

ROTA = RotaId(an_id("rota"))
STOCKHOLM = ZoneInfo("Europe/Stockholm")
GAP = datetime(2026, 3, 7, tzinfo=STOCKHOLM).astimezone(UTC)
"""Friday ends, and with it the last window that names anybody."""
MONDAY = datetime(2026, 3, 9, tzinfo=STOCKHOLM).astimezone(UTC)
SATURDAY = GAP + timedelta(hours=2)


def weekdays_only() -> Rota:
    layer = Layer(name="Vardag", persons=(DAVID,), starts_on=date(2026, 1, 5), weekdays=frozenset(range(5)))
    return Rota(id=ROTA, name="Beredskap", layers=(layer,))


def a_night(new_world: NewWorld, begins: datetime) -> World:
    """The chain begins with whoever is on call, then the team and the desk."""
    usual = chain()
    first = Step(targets=(OnCallTarget(ROTA),), media=(Medium.PUSH,), wait=timedelta(seconds=60))
    world = new_world(replace(usual, steps=(first, *usual.steps)), begins=begins, hours=True)
    world.do(MemoryRegister(world.store).rota(HOME, weekdays_only(), T0))
    return world


def faults(world: World) -> set[str]:
    """The system alarms that stand and that no incident is behind."""
    return {fault for _, fault, incident, _ in world.store.tables.faults if incident is None}


def test_the_empty_step_is_skipped_within_a_second_and_the_next_level_told_within_three(new_world: NewWorld) -> None:
    world = a_night(new_world, SATURDAY)
    pressed_at = world.clock.now()
    world.press()
    assert world.called == ["bo", "cecilia", "desk"]
    told = [sent.at for channel in world.channels.values() for sent in channel.sent]
    assert max(told) - pressed_at < timedelta(seconds=1)


def test_the_roster_fault_is_logged_and_raised_with_the_incident(new_world: NewWorld) -> None:
    world = a_night(new_world, SATURDAY)
    world.press()
    assert "roster_fault" in world.story
    assert (CARE, "nobody_to_reach", world.incident_id, 0) in world.store.tables.faults


def test_on_a_weekday_the_same_chain_rings_whoever_is_on_call(new_world: NewWorld) -> None:
    world = a_night(new_world, SATURDAY - timedelta(days=1))
    world.press()
    assert world.called == ["david"]
    assert "roster_fault" not in world.story


def test_the_gap_is_warned_of_seventy_two_hours_ahead(new_world: NewWorld) -> None:
    world = a_night(new_world, GAP - timedelta(hours=72, minutes=30))
    world.do(world.house.assurance.look_at_rotas())
    assert "rota_gap" not in faults(world)
    world.run(seconds=3700)
    assert "rota_gap" in faults(world)


def test_the_check_every_ten_minutes_says_that_nobody_can_be_reached_and_when_somebody_can_again(
    new_world: NewWorld,
) -> None:
    world = a_night(new_world, GAP - timedelta(minutes=5))
    world.do(world.house.assurance.look_at_chains())
    assert "nobody_reachable" not in faults(world)
    world.run(seconds=601)
    assert "nobody_reachable" in faults(world)

    monday = a_night(new_world, MONDAY - timedelta(minutes=5))
    monday.do(monday.house.assurance.look_at_chains())
    assert "nobody_reachable" in faults(monday)
    monday.run(seconds=601)
    assert "nobody_reachable" not in faults(monday)
