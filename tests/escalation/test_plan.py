from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from escalation.alarm import AlarmKind
from escalation.plan import SafetyPlan, countdown_of, faults_of

PLAN = SafetyPlan()


def test_the_plan_that_nobody_has_changed_can_be_lived_with() -> None:
    assert faults_of(PLAN) == ()


@pytest.mark.parametrize("kind", AlarmKind)
def test_only_a_fall_and_stillness_can_be_cancelled(kind: AlarmKind) -> None:
    seconds = {AlarmKind.FALL: 30, AlarmKind.MAN_DOWN: 30, AlarmKind.NO_MOTION: 60}
    assert countdown_of(PLAN, kind) == timedelta(seconds=seconds.get(kind, 0))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("check_in_reminders", (timedelta(minutes=10),)),
        ("check_in_reminders", tuple(timedelta(seconds=-number) for number in range(11))),
        ("end_reminders", (timedelta(minutes=5),)),
        ("missed_after", timedelta(hours=2)),
        ("overdue_after", timedelta(hours=2)),
        ("shortest_check_in", timedelta(seconds=59)),
        ("longest_check_in", timedelta(hours=11)),
        ("usual_check_in", timedelta(0)),
        ("no_coverage_interval", timedelta(seconds=10)),
        ("fall_countdown", timedelta(seconds=301)),
        ("man_down_countdown", timedelta(seconds=-1)),
        ("no_motion_countdown", timedelta(minutes=6)),
        ("welfare_within", timedelta(seconds=29)),
        ("wearable_window", timedelta(seconds=179)),
        ("session_window", timedelta(seconds=19)),
        ("pool_test_age", timedelta(hours=23)),
        ("pool_manager_after", timedelta(0)),
        ("pool_battery_pct", 101),
        ("training_months", 0),
        ("handover_within", timedelta(0)),
    ],
)
def test_a_setting_that_cannot_be_lived_with_is_named(name: str, value: Any) -> None:
    assert faults_of(replace(PLAN, **{name: value})) == (name,)


def test_alarm_without_grace_is_a_fault_and_so_are_the_reminders_it_overtakes() -> None:
    assert faults_of(replace(PLAN, overdue_after=timedelta(0))) == ("end_reminders", "overdue_after")


def test_a_countdown_of_nothing_is_allowed() -> None:
    assert faults_of(replace(PLAN, fall_countdown=timedelta(0))) == ()
