"""Journey 7: two operators take it together, and the winner goes idle."""

from __future__ import annotations

import asyncio

import pytest

from escalation.effects import About, EntryKind
from escalation.events import Operator
from escalation.ids import UnitId, UserId
from escalation.incident import Refused, State
from protocols.signal import SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import KARIN, LARS, SIGHT, World
from tests.world import DAVID, HOME, UNIT, an_id

MONA = Operator(UserId(an_id("mona")))


def owner_of(world: World) -> Operator | None:
    return world.incident.owner


def test_two_who_take_it_at_one_moment_make_one_owner_and_the_other_is_told_why(world: World) -> None:
    world.press()
    before = world.clock.now()

    async def both() -> list[BaseException | None]:
        take = world.server.escalate.acknowledge
        asked = [take(world.incident_id, who, SIGHT) for who in (KARIN, LARS)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    won, lost = world.do(both())
    assert won is None
    assert isinstance(lost, Refused)
    assert lost.reason == "taken"
    assert owner_of(world) == KARIN
    assert world.story.count("acknowledged") == 1
    assert (world.clock.now() - before).total_seconds() <= 0.2


def test_an_owner_who_does_nothing_for_a_minute_is_known_to_the_supervisor(world: World) -> None:
    world.do(MemoryRegister(world.store).managers(HOME, UnitId(UNIT), [DAVID]))
    world.press()
    world.acknowledge(KARIN)
    world.run(seconds=59)
    assert not world.news(About.OWNER_IDLE)
    world.run(seconds=1)
    assert set(world.news(About.OWNER_IDLE)) == {DAVID}
    assert "owner_idle" in {fault for _, fault, _, _ in world.store.tables.faults}
    assert world.state == "acknowledged"


def test_an_owner_who_works_is_left_in_peace(world: World) -> None:
    world.do(MemoryRegister(world.store).managers(HOME, UnitId(UNIT), [DAVID]))
    world.press()
    world.acknowledge(KARIN)
    world.run(seconds=50)
    world.do(world.server.escalate.note(world.incident_id, KARIN, "ringer tillbaka", SIGHT))
    world.run(seconds=65)
    assert not world.news(About.OWNER_IDLE)


def test_who_logs_off_leaves_his_incidents_to_whoever_has_least_in_hand(world: World) -> None:
    for operator, name in ((KARIN, "Karin"), (LARS, "Lars"), (MONA, "Mona")):
        world.sits_down(operator, name)
    world.press("8660000002")
    world.acknowledge(LARS)
    world.run(seconds=1)
    world.press()
    world.acknowledge(KARIN)
    world.logs_off(KARIN)
    assert owner_of(world) == MONA
    assert world.state == "acknowledged"
    assert world.story[-3:].count("owner_left") == 1


def test_a_screen_that_falls_silent_for_a_minute_is_an_operator_who_is_gone(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.sits_down(LARS, "Lars")
    world.press()
    world.acknowledge(KARIN)
    world.run(seconds=45)
    world.screen_falls_silent(KARIN)
    world.run(seconds=30)
    assert owner_of(world) == KARIN
    world.run(seconds=33)
    assert owner_of(world) == LARS


def test_with_nobody_else_at_the_desk_it_opens_again_and_the_chain_goes_on(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.press()
    world.acknowledge(KARIN)
    world.forget_calls()
    world.logs_off(KARIN)
    assert world.state == "open"
    assert {"david", "desk"} <= set(world.called)


def test_a_graver_alarm_may_come_first_and_the_other_case_returns_to_the_queue(world: World) -> None:
    world.sits_down(KARIN, "Karin")
    world.press("8660000002", SignalKind.NO_MOTION)
    lesser = world.incident_id
    world.acknowledge(KARIN)
    world.run(seconds=5)
    world.press()
    world.puts_back(KARIN, lesser)
    world.acknowledge(KARIN)
    lines = world.store.tables.timeline[lesser]
    assert world.store.tables.incidents[lesser].incident.state is State.OPEN
    assert EntryKind.PUT_BACK in {line.entry.kind for line in lines}
    assert owner_of(world) == KARIN


def test_an_operator_hands_it_to_another_who_is_there(world: World) -> None:
    world.sits_down(LARS, "Lars")
    world.press()
    world.acknowledge(KARIN)
    world.hands_over(KARIN, LARS)
    assert owner_of(world) == LARS
    with pytest.raises(Refused, match="not_at_desk"):
        world.hands_over(LARS, MONA)
    assert owner_of(world) == LARS
