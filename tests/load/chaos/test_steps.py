"""When a step is late, when it is lost, and when nobody could have begun it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from load.chaos.steps import Judged, Outage, Walk, judge, latest_s

CASE = UUID(int=1)


def judged(
    *begun_s: float, now_s: float, quiet_s: float | None = None, outages: Sequence[Outage] = (), steps: int = 3
) -> Judged:
    return judge([Walk(CASE, begun_s, quiet_s)], outages, steps=steps, step_s=3, now_s=now_s)


def test_a_case_that_keeps_its_times_is_neither_late_nor_missing() -> None:
    assert judged(0, 3.1, 6.2, now_s=60) == Judged(begun=2, late_s=[], missing=[], early=0)


def test_a_step_past_its_grace_is_late_by_what_it_is_past_it() -> None:
    assert judged(0, 9, 12, now_s=60).late_s == [1]


def test_a_step_that_never_came_is_missing_once_its_grace_is_over() -> None:
    assert judged(0, now_s=7.9).missing == []
    assert judged(0, now_s=8.1).missing == [(CASE, 1)]


def test_only_the_first_step_that_did_not_come_is_missing_for_the_next_is_not_due_before_it() -> None:
    assert judged(0, 3, now_s=60).missing == [(CASE, 2)]


def test_a_case_without_its_first_step_is_held_against_nothing_here() -> None:
    assert judged(now_s=60) == Judged(begun=0, late_s=[], missing=[], early=0)


def test_who_was_taken_in_hand_before_the_grace_was_over_needs_no_further_step() -> None:
    assert judged(0, now_s=60, quiet_s=7).missing == []
    assert judged(0, now_s=60, quiet_s=9).missing == [(CASE, 1)]


def test_a_step_before_its_time_is_early() -> None:
    assert judged(0, 2, 5, now_s=60).early == 1


def test_an_outage_over_the_due_time_puts_it_off_until_the_server_serves_again() -> None:
    assert latest_s(10, [Outage(9, 14)]) == 19
    assert latest_s(10, [Outage(12, 14)]) == 19, "it may not have got to it before the kill"


def test_an_outage_that_was_over_or_came_too_late_excuses_nothing() -> None:
    assert latest_s(10, [Outage(2, 9)]) == 15
    assert latest_s(10, [Outage(16, 20)]) == 15


def test_one_outage_after_another_adds_up() -> None:
    assert latest_s(10, [Outage(9, 14), Outage(18, 21)]) == 26
