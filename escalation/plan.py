"""What a committee or unit has settled about time alone: how long anything may stay silent before help is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from escalation.alarm import AlarmKind

MOST_REMINDERS: Final = 10
"""More is noise, and each is a notice that somebody must be able to count."""
LONGEST_COUNTDOWN: Final = timedelta(seconds=300)
"""A person who lies on the floor waits for this."""
SHORTEST_CHECK_IN: Final = timedelta(minutes=1)
LONGEST_CHECK_IN: Final = timedelta(hours=10)
SHORTEST_WELFARE: Final = timedelta(seconds=30)
"""To find the phone and to answer."""
LONGEST_WELFARE: Final = timedelta(minutes=15)
LONGEST_GRACE: Final = timedelta(hours=1)
"""Later than this an alarm of a missed check-in is no help; a zero too many, more likely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPlan:
    """A session, a pre-alarm and a loan carry their own copy from the moment they begin.

    check_in_reminders, end_reminders: counted from the due time, negative before it, in any order.
    missed_after, overdue_after: how long after the due time the alarm is raised.
    shortest_check_in, longest_check_in: bounds of the interval. usual_check_in: the interval of a session that names
    neither interval nor end. no_coverage_interval: the longest one at a place where there was no signal.
    *_countdown: from the signal's arrival to the alarm; zero means at once. welfare_within: time to answer.
    wearable_window: how long a wearable may stay silent; session_window: three heartbeats of a minute, in a session.
    pool_*: of devices that are lent out; test_age is the age of the last test alarm.
    handover_within: time for both to sign a shift change.
    """

    check_in_reminders: tuple[timedelta, ...] = (
        timedelta(minutes=-2),
        timedelta(0),
        timedelta(minutes=2),
        timedelta(minutes=5),
    )
    missed_after: timedelta = timedelta(minutes=10)
    end_reminders: tuple[timedelta, ...] = (timedelta(minutes=-5), timedelta(0))
    overdue_after: timedelta = timedelta(minutes=5)
    shortest_check_in: timedelta = SHORTEST_CHECK_IN
    longest_check_in: timedelta = LONGEST_CHECK_IN
    usual_check_in: timedelta = timedelta(hours=1)
    no_coverage_interval: timedelta = timedelta(minutes=10)
    fall_countdown: timedelta = timedelta(seconds=30)
    man_down_countdown: timedelta = timedelta(seconds=30)
    no_motion_countdown: timedelta = timedelta(seconds=60)
    welfare_within: timedelta = timedelta(minutes=2)
    wearable_window: timedelta = timedelta(minutes=5)
    session_window: timedelta = timedelta(seconds=180)
    pool_battery_pct: int = 20
    pool_test_age: timedelta = timedelta(days=30)
    pool_manager_after: timedelta = timedelta(minutes=30)
    training_months: int = 24
    handover_within: timedelta = timedelta(minutes=10)


def countdown_of(plan: SafetyPlan, kind: AlarmKind) -> timedelta:
    """How long the worker may cancel an alarm of this kind before it goes out; zero for kinds that never wait."""
    if kind is AlarmKind.FALL:
        return plan.fall_countdown
    if kind is AlarmKind.MAN_DOWN:
        return plan.man_down_countdown
    if kind is AlarmKind.NO_MOTION:
        return plan.no_motion_countdown
    return timedelta(0)


def faults_of(plan: SafetyPlan) -> tuple[str, ...]:
    """Say which settings cannot be lived with, by their names; empty if all can."""
    return tuple(_faults(plan))


def _faults(plan: SafetyPlan) -> Iterator[str]:
    for name, reminders, grace in (
        ("check_in_reminders", plan.check_in_reminders, plan.missed_after),
        ("end_reminders", plan.end_reminders, plan.overdue_after),
    ):
        # A reminder at the alarm's own time or after it would never be given.
        if len(reminders) > MOST_REMINDERS or any(offset >= grace for offset in reminders):
            yield name
    second, day = timedelta(seconds=1), timedelta(days=1)
    for name, value, least, most in (
        ("missed_after", plan.missed_after, second, LONGEST_GRACE),
        ("overdue_after", plan.overdue_after, second, LONGEST_GRACE),
        ("shortest_check_in", plan.shortest_check_in, SHORTEST_CHECK_IN, LONGEST_CHECK_IN),
        ("longest_check_in", plan.longest_check_in, plan.shortest_check_in, LONGEST_CHECK_IN),
        ("usual_check_in", plan.usual_check_in, plan.shortest_check_in, plan.longest_check_in),
        ("no_coverage_interval", plan.no_coverage_interval, plan.shortest_check_in, plan.longest_check_in),
        ("fall_countdown", plan.fall_countdown, timedelta(0), LONGEST_COUNTDOWN),
        ("man_down_countdown", plan.man_down_countdown, timedelta(0), LONGEST_COUNTDOWN),
        ("no_motion_countdown", plan.no_motion_countdown, timedelta(0), LONGEST_COUNTDOWN),
        ("welfare_within", plan.welfare_within, SHORTEST_WELFARE, LONGEST_WELFARE),
        ("wearable_window", plan.wearable_window, plan.session_window, 2 * day),
        ("session_window", plan.session_window, 20 * second, LONGEST_GRACE),
        ("pool_test_age", plan.pool_test_age, day, 366 * day),
        ("pool_manager_after", plan.pool_manager_after, second, day),
        ("handover_within", plan.handover_within, second, LONGEST_GRACE),
    ):
        if not least <= value <= most:
            yield name
    if not 0 <= plan.pool_battery_pct <= 100:
        yield "pool_battery_pct"
    if not 1 <= plan.training_months <= 120:
        yield "training_months"
