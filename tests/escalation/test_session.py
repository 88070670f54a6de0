from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.awaited import Awaited
from escalation.plan import SafetyPlan
from escalation.session import Cause, Progress, Raised, Session, Stage, Welfare, progress
from tests.escalation.cast import ANNA

TWO = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""14:00, when the check-in is due."""
BEGAN = TWO - timedelta(minutes=60)
SESSION = Session(
    person_id=ANNA,
    started_at=BEGAN,
    plan=SafetyPlan(),
    purpose="home visit",
    check_in_every=timedelta(minutes=60),
    check_in=Awaited(TWO, BEGAN),
)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_it_is_due_at_its_first_reminder() -> None:
    assert SESSION.due_at == TWO - minutes(2)


def test_it_is_due_ten_minutes_after_a_check_in_that_all_reminders_did_not_bring() -> None:
    assert replace(SESSION, check_in=Awaited(TWO, BEGAN, 4)).due_at == TWO + minutes(10)


def test_once_missed_only_the_worker_can_move_it() -> None:
    missed = replace(SESSION, raised=(Raised(Cause.CHECK_IN, TWO + minutes(10)),))
    assert missed.due_at is None
    assert missed.missed_at == TWO + minutes(10)
    assert missed.alarmed


def test_the_earliest_of_what_it_waits_for_is_due() -> None:
    ending = replace(SESSION, end=Awaited(TWO + minutes(1), BEGAN))
    assert ending.due_at == TWO - minutes(4)
    asked = replace(ending, welfare=Welfare(TWO - minutes(7), TWO - minutes(5)))
    assert asked.due_at == TWO - minutes(5)


def test_it_still_waits_for_the_end_when_a_check_in_is_missed() -> None:
    missed = replace(SESSION, end=Awaited(TWO + minutes(30), BEGAN), raised=(Raised(Cause.CHECK_IN, TWO),))
    assert missed.due_at == TWO + minutes(25)


def test_one_that_has_ended_waits_for_nothing() -> None:
    assert replace(SESSION, ended_at=TWO).due_at is None


@pytest.mark.parametrize(
    ("cause", "kind", "why"),
    [
        (Cause.CHECK_IN, AlarmKind.MISSED_CHECK_IN, "check_in"),
        (Cause.OVERDUE, AlarmKind.OVERDUE, "overdue"),
        (Cause.WELFARE, AlarmKind.MISSED_CHECK_IN, "welfare"),
        (Cause.WELFARE_NO, AlarmKind.UNSPECIFIED_ALARM, "welfare_no"),
        (Cause.CONTACT, AlarmKind.LOST_CONTACT, "silence"),
    ],
)
def test_each_cause_has_its_kind_of_alarm(cause: Cause, kind: AlarmKind, why: str) -> None:
    assert (cause.kind, cause.value) == (kind, why)


@pytest.mark.parametrize(
    ("session", "at", "stage"),
    [
        (SESSION, TWO - minutes(2.1), Stage.RUNNING),
        (SESSION, TWO - minutes(2), Stage.REMINDED),
        (replace(SESSION, check_in=Awaited(TWO, BEGAN, 1)), TWO - minutes(2), Stage.REMINDED),
        (SESSION, TWO + minutes(10), Stage.MISSED),
        (replace(SESSION, raised=(Raised(Cause.WELFARE, BEGAN),)), BEGAN, Stage.MISSED),
        (replace(SESSION, end=Awaited(BEGAN + minutes(20), BEGAN)), BEGAN + minutes(15), Stage.REMINDED),
        (replace(SESSION, end=Awaited(BEGAN + minutes(20), BEGAN)), BEGAN + minutes(25), Stage.OVERDUE),
        (replace(SESSION, end=Awaited(BEGAN + minutes(20), BEGAN)), TWO + minutes(10), Stage.MISSED),
        (replace(SESSION, welfare=Welfare(BEGAN, BEGAN + minutes(2))), BEGAN, Stage.WELFARE),
        (replace(SESSION, lost_contact_at=BEGAN), BEGAN, Stage.LOST_CONTACT),
        (replace(SESSION, raised=(Raised(Cause.WELFARE_NO, BEGAN),)), BEGAN, Stage.RUNNING),
        (replace(SESSION, ended_at=TWO), TWO + minutes(10), Stage.ENDED),
    ],
)
def test_where_it_stands_is_one_word(session: Session, at: datetime, stage: Stage) -> None:
    assert progress(session, at).stage is stage


def test_progress_says_what_is_owed_and_when() -> None:
    session = replace(SESSION, end=Awaited(TWO + minutes(30), BEGAN), welfare=Welfare(BEGAN, BEGAN + minutes(2)))
    assert progress(session, BEGAN) == Progress(Stage.WELFARE, TWO, TWO + minutes(30), BEGAN + minutes(2))
