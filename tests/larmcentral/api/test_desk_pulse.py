"""Operators whose feeds are open count as being there; one that cannot be written down does not stop the others."""

from __future__ import annotations

from uuid import UUID

import pytest

from escalation.ids import UserId
from larmcentral.api.desk_pulse import PULSE_S, DeskPulse
from larmcentral.domain.errors import StoreUnavailable
from tests.fakes.house_commands import WrittenDesk
from tests.fakes.settable_clock import SettableClock
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

KARIN, OVE = UserId(UUID(int=1)), UserId(UUID(int=2))


@pytest.fixture
def desk() -> WrittenDesk:
    return WrittenDesk(UUID(int=7), UUID(int=8))


async def test_a_beat_says_once_of_each_that_he_is_there(desk: WrittenDesk) -> None:
    await DeskPulse(desk, lambda: {OVE, KARIN}, SettableClock()).beat()
    assert desk.asked == [("seen", KARIN), ("seen", OVE)]


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), RuntimeError("a bug")])
async def test_what_fails_is_tried_again_at_the_next_beat(desk: WrittenDesk, failure: Exception) -> None:
    pulse = DeskPulse(desk, lambda: {KARIN, OVE}, SettableClock())
    desk.failure = failure
    await pulse.beat()
    desk.failure = None
    await pulse.beat()
    assert desk.asked == [("seen", KARIN), ("seen", OVE)] * 2


def test_it_beats_until_it_is_stopped_and_may_be_started_again(desk: WrittenDesk) -> None:
    loop = VirtualLoop()
    clock = VirtualClock(loop)
    pulse = DeskPulse(desk, lambda: {KARIN}, clock)

    async def a_shift() -> list[int]:
        beats = []
        for _ in range(2):
            await pulse.start()
            await pulse.start()
            await clock.sleep(3 * PULSE_S + 1)
            beats.append(len(desk.asked))
            await pulse.stop()
            await pulse.stop()
            await clock.sleep(PULSE_S)
        return beats

    try:
        assert loop.run_until_complete(a_shift()) == [3, 6]
    finally:
        loop.close()
    assert len(desk.asked) == 6
