"""Deadlines, beside what the stories tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from escalation.effects import EntryKind
from larmcentral.flows.timekeeper import Timekeeper
from tests.stories.world import World


class WrongClock:
    """ports.Clock of a machine whose wall clock is wrong; what never steps is right."""

    def __init__(self, world: World, wrong_by: timedelta) -> None:
        self._clock, self._wrong_by = world.clock, wrong_by

    def now(self) -> datetime:
        return self._clock.now() + self._wrong_by

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_process_whose_clock_is_an_hour_wrong_fires_at_the_stores_time(world: World, hours: int) -> None:
    wrong = WrongClock(world, timedelta(hours=hours))
    keeper = Timekeeper(replace(world.server.means, clock=wrong))

    async def take_over() -> None:
        await world.server.timekeeper.stop()
        keeper.start()

    world.press()
    world.do(take_over())
    world.run(seconds=29)
    assert "david" not in world.called
    world.run(seconds=1)
    assert "david" in world.called
    world.do(keeper.stop())


def test_what_is_late_is_told_once_an_incident_with_the_longest_delay(world: World) -> None:
    world.press()
    world.run(seconds=31)  # David's next medium and the third step both wait now
    world.crash()
    world.run(seconds=100)
    world.restart()
    world.run(seconds=1)
    late = [
        dict(line.entry.detail)
        for line in world.store.tables.timeline[world.incident_id]
        if line.entry.kind is EntryKind.FIRED_LATE
    ]
    assert [one["what"] for one in late] == ["next_medium"]
    assert 79 < float(late[0]["late_s"]) < 83


def test_an_ordinary_delay_is_not_told(world: World) -> None:
    world.press()
    world.run(seconds=120)
    assert "fired_late" not in world.story
