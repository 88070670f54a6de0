"""The memory of what was heard a short while ago."""

from __future__ import annotations

from datetime import timedelta

from protocols.dc09.recent import WINDOW, Recent
from tests.protocols.dc09.support import NOON


def test_a_key_is_remembered_for_the_window_and_no_longer() -> None:
    recent = Recent()
    assert not recent.again("a", NOON)
    assert recent.again("a", NOON + WINDOW)
    assert not recent.again("a", NOON + WINDOW * 2 + timedelta(seconds=1))


def test_it_never_holds_more_than_its_limit() -> None:
    recent = Recent(limit=10)
    for number in range(1000):
        recent.again(str(number), NOON)
    assert len(recent) <= 11
    assert recent.again("999", NOON)
    assert not recent.again("1", NOON)


def test_a_clock_that_steps_back_forgets_nothing_too_early() -> None:
    recent = Recent()
    recent.again("a", NOON)
    assert recent.again("a", NOON - timedelta(hours=1))
