"""What is said of a push provider that failed, and of the one that did not."""

from __future__ import annotations

import dataclasses

import pytest

from load.chaos.push import FAULTS, Course, line_of, percentile
from tests.load.chaos.test_aftermath import aftermath, press

COURSE = Course(begun_s=0.0, from_s=3.0, to_s=27.0, raised_s=18.0, cleared_s=58.0, passed_over=0, tries=5, rest=True)
AFTER = aftermath(
    [press(0, 1.0, 1.1), press(1, 10.0, 10.1)],
    received={("fcm", 0): 1.1, ("fcm", 1): 10.2, ("apns", 1): 30.0},
)
SILENT = FAULTS[0]


def test_both_providers_are_said_apart_and_the_living_one_is_held_against_its_calm_seconds() -> None:
    line = line_of("push silent", SILENT, AFTER, COURSE)

    assert "fcm p50 0.20 p99 0.20 s (before p50 0.10 p99 0.10 s)" in line.figures
    assert "apns p50 20.00 p99 20.00 s, at most 5 tries" in line.figures
    assert "fault raised after 15.0 s, taken back 31.0 s after the end" in line.figures
    (wanted,) = line.wanted
    assert wanted.found == pytest.approx(0.2)
    assert wanted.limit == 1.5


@pytest.mark.parametrize(
    ("course", "broken"),
    [
        (COURSE, []),
        (dataclasses.replace(COURSE, raised_s=None, cleared_s=None), ["faults not raised"]),
        (dataclasses.replace(COURSE, cleared_s=None), ["faults not taken back"]),
    ],
)
def test_a_fault_that_is_not_raised_or_stays_does_not_hold(course: Course, broken: list[str]) -> None:
    line = line_of("push silent", SILENT, AFTER, course)

    assert [check.what for check in line.checks if not check.holds and check.what.startswith("faults")] == broken


def test_each_way_to_fail_leaves_the_other_provider_alone() -> None:
    assert {(one.peer, one.other) for one in FAULTS} == {("apns", "fcm"), ("fcm", "apns")}
    assert [one.name for one in FAULTS] == ["silent", "refusing", "cutting", "late", "throttling"]


def test_a_percentile_is_the_smallest_figure_that_so_many_do_not_exceed() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([float(n) for n in range(1, 201)], 99) == 198.0
    assert percentile([], 99) == 0.0
