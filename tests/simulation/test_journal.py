"""What counts as "everything worked for a while", since every bound hangs on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.simulation.journal import Calm

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIVE = timedelta(seconds=5)


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_where_nothing_is_broken_the_bound_counts_from_the_due_time() -> None:
    assert Calm([]).done_by(NOON, FIVE) == _at(5)


def test_a_trouble_that_begins_within_the_bound_puts_it_off_to_its_end() -> None:
    assert Calm([(_at(4), _at(60), "away")]).done_by(NOON, FIVE) == _at(65)


def test_troubles_one_after_another_leave_no_bound_between_them() -> None:
    troubles = [(_at(64), _at(90), "slow"), (_at(-10), _at(60), "away"), (_at(30), _at(61), "no server")]

    assert Calm(troubles).done_by(NOON, FIVE) == _at(95)


def test_a_trouble_that_is_over_or_far_ahead_counts_for_nothing() -> None:
    calm = Calm([(_at(-60), _at(-1), "away"), (_at(6), _at(9), "away")])

    assert calm.done_by(NOON, FIVE) == _at(5)
    assert calm.quiet(_at(-1), _at(5.5)) is False
    assert calm.quiet(_at(0), _at(5.5)) is True
    assert calm.quiet(_at(0), _at(7)) is False
