"""Whose clock decides what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from larmcentral.flows.store_time import GOOD_FOR_S, StoreTime
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

STORE = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_what_is_due_is_counted_from_the_stores_time_however_wrong_our_own_clock_is() -> None:
    loop = VirtualLoop()
    clock = VirtualClock(loop, epoch=STORE - timedelta(hours=1))
    time = StoreTime(clock)
    time.learn(STORE)
    loop.run_until_complete(clock.sleep(5))
    assert time.seconds_until(STORE + timedelta(seconds=20)) == 15
    loop.close()


def test_a_time_that_was_never_told_or_is_old_is_asked_for_at_once() -> None:
    loop = VirtualLoop()
    clock = VirtualClock(loop)
    time = StoreTime(clock)
    assert time.seconds_until(STORE) == 0
    time.learn(STORE)
    loop.run_until_complete(clock.sleep(GOOD_FOR_S + 1))
    assert time.seconds_until(STORE + timedelta(hours=1)) == 0
    loop.close()
