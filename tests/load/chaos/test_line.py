"""What one drill says."""

from __future__ import annotations

from load.afterwards import Check
from load.chaos.line import Line, Wanted, seconds


def test_a_line_holds_if_each_fact_does_whatever_was_wanted() -> None:
    wanted = [Wanted("worst, s", 12.0, 6.0)]

    assert Line("slow", "", [Check("lost", 0, 0)], wanted).holds
    assert not Line("slow", "", [Check("lost", 0, 0), Check("late", 1, 0)], wanted).holds
    assert wanted[0].ratio == 2.0


def test_times_are_said_as_their_median_and_their_worst() -> None:
    assert seconds([0.1, 0.5, 4.0]) == "p50 0.50 s, worst 4.00 s"
    assert seconds([]) == "none"
