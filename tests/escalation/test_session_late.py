"""What was done without coverage and comes later: 13:58 on the phone, 14:03 with us."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.awaited import Awaited
from escalation.incident import Refused
from escalation.plan import SafetyPlan
from escalation.session import Cause, Session
from escalation.session_course import decide_session, start_session
from escalation.session_events import CheckedIn, Ended, Extended, MemoGiven, SessionEvent, WelfareAsked, WelfareRefused
from escalation.session_late import KEPT_ACTS, STARTED, act_of, done_at
from escalation.session_rules import Allowed, StartRequest
from escalation.vigil import DURESS_CALL, CallForHelp, Due, ReportSafe
from tests.escalation.cast import ANNA, FIA
from tests.escalation.lone_work import HOUR, ME, ONE, OVERDUE, TWO, Watch, minutes

HALF = minutes(30)


def seen(made_at: datetime, duress: bool = False) -> CheckedIn:
    return CheckedIn(ME, "app", duress, made_at)


def test_a_phone_whose_clock_runs_ahead_did_it_now() -> None:
    assert done_at(TWO, ONE) == ONE == done_at(None, ONE)
    assert done_at(ONE, TWO) == ONE


def test_a_check_in_counts_from_when_it_was_made() -> None:
    watch = Watch(every=HOUR)
    assert watch.happens(seen(TWO - minutes(2)), TWO + minutes(3)) == ()
    assert watch.session.check_in == Awaited(TWO - minutes(2) + HOUR, TWO - minutes(2))
    assert dict(watch.log[-1].detail) == {"how": "app", "made_at": (TWO - minutes(2)).isoformat()}


def test_one_that_is_to_come_counts_as_now() -> None:
    watch = Watch(every=HOUR)
    watch.happens(seen(TWO), ONE + minutes(10))
    assert watch.session.check_in_due == ONE + minutes(70)


def test_the_next_one_is_never_owed_in_the_past_so_that_a_reminder_comes_before_the_alarm() -> None:
    watch = Watch(every=minutes(15))
    watch.runs(ONE + minutes(16))
    watch.happens(seen(ONE + minutes(1)), ONE + minutes(16.5))
    assert watch.session.check_in_due == ONE + minutes(16.5)
    due_at = watch.session.due_at
    assert due_at is not None
    assert due_at <= ONE + minutes(16.5) + SafetyPlan().missed_after
    watch.runs(ONE + minutes(30))
    assert watch.session.alarmed


@pytest.mark.parametrize("made_at", [ONE - minutes(1), ONE, ONE + minutes(20), ONE + minutes(30)])
def test_one_that_is_older_than_what_we_know_is_taken_down_and_moves_nothing(made_at: datetime) -> None:
    watch = Watch(every=HOUR)
    watch.happens(CheckedIn(ME, "app"), ONE + minutes(30))
    before = watch.session
    assert watch.happens(seen(made_at), ONE + minutes(40)) == ()
    assert replace(watch.session, acts=()) == before
    assert watch.log[-1].kind == "late_checked_in"


def test_a_sign_of_life_from_before_the_alarm_does_not_end_it() -> None:
    watch = Watch(every=HOUR)
    watch.runs(TWO + minutes(10))
    assert watch.session.alarmed
    called_at = watch.session.newest_call_at
    assert called_at is not None
    for made_at in (called_at - minutes(1), called_at):
        assert watch.happens(seen(made_at), TWO + minutes(11)) == ()
        assert watch.session.alarmed
    assert watch.happens(seen(called_at + timedelta(seconds=1)), TWO + minutes(11)) == (ReportSafe("app"),)
    assert not watch.session.alarmed


def test_between_two_calls_for_help_it_does_not_end_them_either() -> None:
    watch = Watch(every=HOUR, ends_at=TWO + minutes(20))
    watch.runs(TWO + HOUR)
    first, second = (raised.at for raised in watch.session.raised)
    assert watch.happens(seen(first + (second - first) / 2), TWO + HOUR) == ()
    assert len(watch.session.raised) == 2


def test_a_question_is_not_answered_by_what_was_said_before_it() -> None:
    watch = Watch(every=HOUR)
    watch.happens(WelfareAsked(FIA), ONE + minutes(30))
    watch.happens(seen(ONE + minutes(20)), ONE + minutes(31))
    assert watch.session.welfare is not None
    assert watch.session.check_in_due == ONE + minutes(80)
    watch.happens(seen(ONE + minutes(30.5)), ONE + minutes(31))
    assert watch.session.welfare is None


def test_a_no_that_had_to_wait_calls_for_help_and_says_how_old_it_is() -> None:
    watch = Watch()
    watch.happens(WelfareAsked(FIA), ONE + minutes(5))
    [call] = watch.happens(WelfareRefused(ME, ONE + minutes(6)), ONE + minutes(9))
    assert call == CallForHelp(Cause.WELFARE_NO.kind, Cause.WELFARE_NO.value, event_at=ONE + minutes(6))


def test_an_end_from_before_the_alarm_ends_the_session_and_not_the_alarm() -> None:
    watch = Watch(every=None, ends_at=TWO)
    watch.runs(TWO + HALF)
    assert watch.session.alarmed
    assert watch.happens(Ended(ME, "app", made_at=TWO - minutes(1)), TWO + HALF) == ()
    assert watch.session.ended_at == TWO + HALF
    other = Watch(every=None, ends_at=TWO)
    other.runs(TWO + HALF)
    assert other.happens(Ended(ME, "app", made_at=TWO + HALF), TWO + HALF) == (ReportSafe("app"),)


def test_an_end_of_the_session_before_does_not_end_this_one() -> None:
    watch = Watch()
    watch.happens(Ended(ME, "app", made_at=ONE - minutes(1)), ONE + minutes(1))
    assert watch.session.ended_at is None
    assert watch.log[-1].kind == "late_ended"


def waited(made_at: datetime, now: datetime, ends_at: datetime | None = None) -> Session:
    """A session that was asked for without coverage."""
    request = StartRequest(person_id=ANNA, purpose="visit", ends_at=ends_at, made_at=made_at)
    return start_session(request, Allowed(check_in_every=HOUR), SafetyPlan(), now).core


def test_a_start_that_had_to_wait_begins_now_and_says_when_it_was_made() -> None:
    session = waited(ONE, TWO)
    assert (session.started_at, session.made_at, session.began_at) == (TWO, ONE, ONE)
    assert session.check_in_due == TWO + HOUR
    assert session.acts == ((STARTED, ONE),)
    ahead = waited(TWO, ONE)
    assert (ahead.made_at, ahead.began_at) == (ONE, ONE)


def test_what_follows_in_the_same_queue_counts_though_it_is_older_than_our_start() -> None:
    extended = decide_session(
        waited(ONE, TWO, TWO + HALF), Extended(ME, TWO + HOUR, ONE + minutes(5)), TWO + minutes(1)
    )
    assert extended.core.ends_at == TWO + HOUR
    ended = decide_session(extended.core, Ended(ME, "app", made_at=ONE + minutes(40)), TWO + minutes(1))
    assert ended.core.ended_at == TWO + minutes(1)


def test_an_older_extension_does_not_take_back_a_newer_one() -> None:
    watch = Watch(ends_at=TWO)
    watch.happens(Extended(FIA, TWO + HOUR), ONE + minutes(30))
    watch.happens(Extended(ME, TWO + HALF, ONE + minutes(20)), ONE + minutes(40))
    assert watch.session.ends_at == TWO + HOUR
    assert watch.log[-1].kind == "late_extended"


def test_an_extension_from_before_the_alarm_does_not_end_it() -> None:
    watch = Watch(every=None, ends_at=TWO)
    watch.runs(TWO + HALF)
    assert OVERDUE in [effect for _, effect in watch.done]
    assert watch.happens(Extended(ME, TWO + HOUR, TWO - minutes(1)), TWO + HALF) == ()
    assert watch.session.alarmed
    assert watch.happens(Extended(ME, TWO + HOUR, TWO + HALF), TWO + HALF) == (ReportSafe("extended"),)


@pytest.mark.parametrize(
    "event",
    [
        seen(ONE + minutes(10)),
        seen(ONE + minutes(10), duress=True),
        Extended(ME, TWO + HALF, ONE + minutes(10)),
        MemoGiven(ME, "14:10 dog", ONE + minutes(10)),
        WelfareRefused(ME, ONE + minutes(10)),
        Ended(ME, "app", made_at=ONE + minutes(10)),
        Ended(ME, "app", True, ONE + minutes(10)),
    ],
)
def test_an_act_that_is_sent_again_is_done_once_and_not_refused(event: SessionEvent) -> None:
    watch = Watch(every=HOUR, ends_at=TWO)
    watch.happens(event, ONE + minutes(11))
    after, log, done = watch.session, list(watch.log), list(watch.done)
    watch.happens(event, ONE + minutes(50))
    assert (watch.session, watch.log, watch.done) == (after, log, done)


def test_a_shift_of_acts_is_known_again_and_not_more() -> None:
    watch = Watch(every=HOUR)
    acts = [seen(ONE + timedelta(seconds=number + 1)) for number in range(KEPT_ACTS + 1)]
    for act in acts:
        watch.happens(act, ONE + minutes(5))
    assert watch.session.acts == tuple(act_of(act) for act in acts[1:])


def test_a_duress_pin_that_had_to_wait_calls_for_help_with_its_age_whatever_else_it_comes_too_late_for() -> None:
    made_at = ONE + minutes(20)
    watch = Watch(every=HOUR)
    watch.happens(CheckedIn(ME, "app"), ONE + minutes(30))
    assert watch.happens(seen(made_at, duress=True), ONE + minutes(40)) == (replace(DURESS_CALL, event_at=made_at),)
    assert watch.log[-1].kind == "duress"


@given(st.integers(0, 90), st.integers(0, 90), st.booleans())
def test_late_or_not_the_next_deadline_is_always_ahead(made: int, came: int, ended: bool) -> None:
    watch = Watch(every=HALF, ends_at=TWO if ended else None)
    watch.runs(ONE + minutes(came))
    watch.happens(seen(ONE + minutes(made)), ONE + minutes(came))
    watch.happens(Due(), ONE + minutes(came))
    assert watch.session.due_at is None or watch.session.due_at > ONE + minutes(came)
    assert watch.session.due_at is not None or watch.session.alarmed


def test_after_the_end_what_was_done_before_it_is_not_refused_and_what_was_done_after_it_is() -> None:
    watch = Watch()
    watch.happens(Ended(FIA, "phone"), ONE + minutes(30))
    ended = watch.session
    for event in (seen(ONE + minutes(20)), Ended(ME, "app", made_at=ONE + minutes(25))):
        assert watch.happens(event, ONE + HOUR) == ()
    assert replace(watch.session, acts=()) == ended
    with pytest.raises(Refused, match="session_ended"):
        decide_session(watch.session, seen(ONE + minutes(31)), ONE + HOUR)
