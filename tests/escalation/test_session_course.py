from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from escalation.awaited import Awaited
from escalation.effects import About
from escalation.events import System
from escalation.ids import PlaceId
from escalation.incident import Refused
from escalation.plan import SafetyPlan
from escalation.session import Cause, Raised, Session
from escalation.session_course import start_session
from escalation.session_events import (
    CheckedIn,
    Extended,
)
from escalation.session_rules import Allowed, StartRequest
from escalation.vigil import CallForHelp, Due, ReportSafe, SendWord, VigilEntry
from tests.escalation.cast import ANNA, BO
from tests.escalation.lone_work import HOUR, ME, MISSED, ONE, OVERDUE, TWO, Watch, minutes, word


def test_a_session_begins_with_its_first_check_in_one_interval_ahead() -> None:
    request = StartRequest(
        person_id=ANNA,
        purpose=" home visit ",
        place_id=PlaceId(UUID(int=7)),
        ends_at=TWO,
        companions=(BO,),
        group=UUID(int=6),
        memo="cellar",
    )
    allowed = Allowed(check_in_every=minutes(10), shortened=True, memo_wanted=True, review_overdue=True)
    decision = start_session(request, allowed, SafetyPlan(), ONE)
    assert decision.core == Session(
        person_id=ANNA,
        started_at=ONE,
        plan=SafetyPlan(),
        purpose="home visit",
        place_id=PlaceId(UUID(int=7)),
        memo="cellar",
        companions=(BO,),
        group=UUID(int=6),
        check_in_every=minutes(10),
        shortened=True,
        check_in=Awaited(ONE + minutes(10), ONE),
        end=Awaited(TWO, ONE),
    )
    assert decision.effects == ()
    assert decision.entries == (
        VigilEntry(
            "started",
            ONE,
            ME,
            (
                ("place", str(UUID(int=7))),
                ("check_in_every_s", "600"),
                ("ends_at", TWO.isoformat()),
                ("companions", str(BO)),
                ("group", str(UUID(int=6))),
                ("shortened", "true"),
                ("review_overdue", "true"),
            ),
        ),
    )


# Journey 4: the missed check-in.


def test_reminders_at_13_58_14_00_14_02_and_14_05_then_the_alarm_at_14_10() -> None:
    watch = Watch()
    watch.runs(TWO + HOUR)
    assert watch.done == [
        (TWO - minutes(2), word(About.CHECK_IN_DUE, 1, TWO)),
        (TWO, word(About.CHECK_IN_DUE, 2, TWO)),
        (TWO + minutes(2), word(About.CHECK_IN_DUE, 3, TWO)),
        (TWO + minutes(5), word(About.CHECK_IN_DUE, 4, TWO, outward=True)),
        (TWO + minutes(10), MISSED),
    ]
    assert watch.session.missed_at == TWO + minutes(10)
    assert watch.session.due_at is None
    assert watch.log[-1] == VigilEntry("missed", TWO + minutes(10), System(), (("due_at", TWO.isoformat()),))


def test_a_check_in_at_14_16_stops_everything_and_begins_the_next_interval() -> None:
    watch = Watch()
    watch.runs(TWO + minutes(16))
    assert watch.happens(CheckedIn(ME, "app"), TWO + minutes(16)) == (ReportSafe("app"),)
    assert not watch.session.alarmed
    assert watch.session.check_in == Awaited(TWO + minutes(76), TWO + minutes(16))
    assert watch.session.due_at == TWO + minutes(74)


def test_a_process_that_was_away_over_the_deadline_raises_it_once_and_reminds_of_nothing() -> None:
    watch = Watch()
    watch.runs(TWO + minutes(5))
    back = TWO + minutes(10) + timedelta(seconds=3)
    assert watch.happens(Due(), back) == (MISSED,)
    assert watch.happens(Due(), back) == ()
    assert watch.session.words == 4


def test_after_an_outage_only_the_newest_reminder_is_sent() -> None:
    watch = Watch()
    assert watch.happens(Due(), TWO + minutes(3)) == (word(About.CHECK_IN_DUE, 1, TWO),)
    assert watch.happens(Due(), TWO + minutes(3)) == ()
    assert watch.session.due_at == TWO + minutes(5)


def test_a_clock_that_comes_early_changes_nothing() -> None:
    watch = Watch()
    before = watch.session
    assert watch.happens(Due(), TWO - minutes(2) - timedelta(microseconds=1)) == ()
    assert watch.session == before


def test_a_check_in_in_time_begins_the_interval_anew_from_now_and_tells_nobody() -> None:
    watch = Watch()
    watch.runs(TWO)
    assert watch.happens(CheckedIn(ME, "button"), TWO + minutes(1)) == ()
    assert watch.session.check_in == Awaited(TWO + minutes(61), TWO + minutes(1))
    assert watch.log[-1] == VigilEntry("checked_in", TWO + minutes(1), ME, (("how", "button"),))


def test_a_check_in_that_comes_after_the_deadline_but_before_the_clock_raises_nothing() -> None:
    watch = Watch()
    assert watch.happens(CheckedIn(ME, "app"), TWO + minutes(11)) == ()
    assert watch.session.check_in_due == TWO + minutes(71)


def test_an_interval_of_a_minute_reminds_of_nothing_before_it_began() -> None:
    watch = Watch(every=minutes(1))
    watch.runs(ONE + minutes(11))
    due = ONE + minutes(1)
    assert [at for at, _ in watch.done] == [due, due + minutes(2), due + minutes(5), due + minutes(10)]


# Journey 1: the visit that does not end.


def test_a_visit_of_twenty_minutes_is_overdue_five_minutes_after_its_end() -> None:
    end = ONE + minutes(20)
    watch = Watch(every=None, ends_at=end)
    watch.runs(TWO)
    assert watch.done == [
        (end - minutes(5), word(About.END_DUE, 1, end)),
        (end, word(About.END_DUE, 2, end, outward=True)),
        (end + minutes(5), OVERDUE),
    ]
    assert watch.session.overdue_at == end + minutes(5)
    assert watch.session.due_at is None


def test_an_outage_over_both_deadlines_raises_both_in_their_order_and_tells_companions_once() -> None:
    watch = Watch(every=HOUR, ends_at=TWO + minutes(1), companions=True)
    effects = watch.happens(Due(), TWO + minutes(30))
    assert [effect for effect in effects if isinstance(effect, CallForHelp)] == [OVERDUE, MISSED]
    assert [effect.about for effect in effects if isinstance(effect, SendWord)] == [About.COMPANION]
    assert watch.session.raised == (
        Raised(Cause.OVERDUE, TWO + minutes(30)),
        Raised(Cause.CHECK_IN, TWO + minutes(30)),
    )


def test_extending_an_overdue_session_reports_safe_and_waits_for_the_new_end() -> None:
    end = ONE + minutes(20)
    watch = Watch(every=None, ends_at=end)
    watch.runs(end + minutes(5))
    now = end + minutes(6)
    assert watch.happens(Extended(ME, now + HOUR), now) == (ReportSafe("extended"),)
    assert not watch.session.alarmed
    assert watch.session.end == Awaited(now + HOUR, now)


def test_extending_before_the_end_only_moves_it() -> None:
    watch = Watch(ends_at=ONE + minutes(20))
    assert watch.happens(Extended(ME, ONE + minutes(40)), ONE + minutes(10)) == ()
    assert watch.session.ends_at == ONE + minutes(40)
    assert watch.session.check_in_due == TWO


def test_extending_does_not_stand_for_a_check_in_that_was_missed() -> None:
    watch = Watch(ends_at=TWO + minutes(30))
    watch.runs(TWO + minutes(10))
    assert watch.happens(Extended(ME, TWO + HOUR), TWO + minutes(11)) == ()
    assert watch.session.missed_at == TWO + minutes(10)


def test_extending_what_was_overdue_and_missed_watches_over_both_again() -> None:
    watch = Watch(ends_at=TWO)
    watch.runs(TWO + minutes(10))
    now = TWO + minutes(11)
    assert watch.happens(Extended(ME, now + HOUR), now) == (ReportSafe("extended"),)
    assert watch.session.raised == ()
    assert watch.session.check_in_due == now + HOUR


@pytest.mark.parametrize("until", [ONE - minutes(1), ONE, ONE + 24 * HOUR + minutes(1)])
def test_an_end_in_the_past_or_beyond_a_day_is_refused(until: datetime) -> None:
    with pytest.raises(Refused, match="end"):
        Watch().happens(Extended(ME, until), ONE)


def test_a_check_in_after_the_end_leaves_no_session_that_nobody_waits_for() -> None:
    end = ONE + minutes(20)
    watch = Watch(every=None, ends_at=end)
    watch.runs(end + minutes(5))
    now = end + minutes(7)
    assert watch.happens(CheckedIn(ME, "app"), now) == (ReportSafe("app"),)
    assert watch.session.ends_at == now + minutes(5)
    watch.runs(now + HOUR)
    assert watch.done[-1] == (now + minutes(10), OVERDUE)
