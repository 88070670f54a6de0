"""Where everything stands at a second is a function of the steps."""

from __future__ import annotations

import pytest

from devices.scenario import (
    AnswerLate,
    Circumstances,
    Drain,
    Fall,
    LoseCoverage,
    Press,
    Reboot,
    Remember,
    Step,
    Walk,
    circumstances_at,
    due,
)

HOME = Circumstances(lat=57.93, lon=12.09, battery_pct=81.0)


def test_a_walk_north_moves_as_far_as_it_lasts_and_then_stands() -> None:
    steps = [Step(10, Walk(course_deg=0, speed_mps=1.5, for_s=100))]
    before, during, after = (circumstances_at(HOME, steps, at_s) for at_s in (9, 60, 1000))

    assert (before.lat, before.speed_mps) == (57.93, 0.0)
    assert (during.lat - 57.93) * 111_320 == pytest.approx(75.0)
    assert during.speed_mps == 1.5
    assert (after.lat - 57.93) * 111_320 == pytest.approx(150.0)
    assert (after.speed_mps, after.lon) == (0.0, pytest.approx(12.09))


def test_a_walk_east_over_the_date_line_stays_on_the_globe() -> None:
    there = circumstances_at(Circumstances(0.0, 179.9999, 50.0), [Step(0, Walk(90, 100.0, 10.0))], 10)

    assert there.lon == pytest.approx(-179.9911, abs=1e-4)


def test_coverage_and_power_come_back_when_their_time_is_over() -> None:
    steps = [Step(5, LoseCoverage(for_s=10)), Step(8, Reboot(down_s=4))]
    seen = [(now.covered, now.running) for now in (circumstances_at(HOME, steps, at_s) for at_s in (4, 5, 8, 12, 15))]

    assert seen == [(True, True), (False, True), (False, False), (False, True), (True, True)]


def test_a_late_device_is_late_for_a_while_and_memories_change_nothing() -> None:
    steps = [Step(5, AnswerLate(late_s=3, for_s=10)), Step(6, Remember(30, 60))]

    assert [circumstances_at(HOME, steps, at_s).late_s for at_s in (4, 5, 14.9, 15)] == [0.0, 3, 3, 0.0]
    assert circumstances_at(HOME, steps, 20).covered


def test_a_battery_drains_by_itself_and_at_once_but_never_below_nothing() -> None:
    assert circumstances_at(HOME, [], 3 * 24 * 3600).battery_pct == 0.0
    assert circumstances_at(HOME, [Step(10, Drain(5.0))], 10).battery_pct == 5.0
    assert circumstances_at(HOME, [Step(0, Drain(5.0))], 24 * 3600).battery_pct == 0.0


def test_steps_are_due_once() -> None:
    steps = [Step(0, Press()), Step(5, Fall()), Step(5, Press()), Step(9, Press())]

    assert due(steps, -1, 0) == steps[:1]
    assert due(steps, 0, 5) == steps[1:3]
    assert due(steps, 5, 8) == []
