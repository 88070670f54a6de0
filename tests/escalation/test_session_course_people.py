from __future__ import annotations

from dataclasses import replace

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import PersonTarget
from escalation.effects import About
from escalation.events import Responder, System, Wearer
from escalation.incident import Refused
from escalation.session import Cause, Raised, Welfare
from escalation.session_course import decide_session
from escalation.session_events import (
    CheckedIn,
    ContactLost,
    ContactRegained,
    Ended,
    Extended,
    Resumed,
    SessionEvent,
    WelfareAsked,
    WelfareRefused,
)
from escalation.vigil import DURESS_CALL, CallForHelp, Due, ReportSafe, SendWord, VigilEntry
from tests.escalation.cast import ANNA, BO, CIA, FIA
from tests.escalation.lone_work import HOUR, LOST, ME, MISSED, ONE, TWO, Watch, minutes, word

# The end.


def test_safe_arrival_ends_it_without_a_word() -> None:
    watch = Watch()
    assert watch.happens(Ended(ME, "home"), TWO - minutes(10)) == ()
    assert (watch.session.ended_at, watch.session.ended_how) == (TWO - minutes(10), "home")
    assert watch.session.due_at is None
    assert watch.log[-1] == VigilEntry("ended", TWO - minutes(10), ME, (("how", "home"),))


def test_safe_arrival_after_an_alarm_reports_safe() -> None:
    watch = Watch()
    watch.runs(TWO + minutes(10))
    assert watch.happens(Ended(ME, "home"), TWO + minutes(12)) == (ReportSafe("home"),)


def test_an_operator_who_closes_it_reports_nobody_safe() -> None:
    watch = Watch()
    watch.runs(TWO + minutes(10))
    assert watch.happens(Ended(FIA, "spoke to her"), TWO + minutes(12)) == ()
    assert watch.session.ended_at == TWO + minutes(12)


@pytest.mark.parametrize(
    "event",
    [
        CheckedIn(ME, "app"),
        Extended(ME, TWO),
        Ended(ME, "home"),
        Ended(FIA, "desk"),
        WelfareAsked(FIA),
        WelfareRefused(ME),
    ],
)
def test_a_session_that_is_over_refuses_everything_a_person_asks(event: SessionEvent) -> None:
    watch = Watch()
    watch.happens(Ended(ME, "home"), ONE)
    with pytest.raises(Refused, match="session_ended"):
        watch.happens(event, ONE + minutes(1))


@pytest.mark.parametrize("event", [Due(), ContactLost(ONE), ContactRegained(), Resumed(FIA)])
def test_what_comes_late_for_a_session_that_is_over_changes_nothing(event: SessionEvent) -> None:
    watch = Watch()
    watch.happens(Ended(ME, "home"), ONE)
    before = watch.session
    assert watch.happens(event, TWO + HOUR) == ()
    assert watch.session == before


@pytest.mark.parametrize(
    "event",
    [CheckedIn(Wearer(BO), "app"), Extended(Wearer(BO), TWO), Ended(Wearer(BO), "x"), WelfareRefused(Wearer(BO))],
)
def test_nobody_gives_a_sign_of_life_for_another(event: SessionEvent) -> None:
    with pytest.raises(Refused, match="not_the_wearer"):
        Watch().happens(event, ONE + minutes(1))


# Somebody asks.


def test_a_question_that_stays_unanswered_calls_for_help_after_two_minutes() -> None:
    watch = Watch()
    asked = word(About.WELFARE, 1, ONE + minutes(4), outward=True)
    assert watch.happens(WelfareAsked(FIA), ONE + minutes(2)) == (asked,)
    assert watch.session.welfare == Welfare(ONE + minutes(2), ONE + minutes(4), user_id=FIA.user_id)
    watch.runs(ONE + minutes(4))
    assert watch.done[-1] == (ONE + minutes(4), CallForHelp(AlarmKind.MISSED_CHECK_IN, "welfare"))
    assert watch.session.welfare is None
    assert watch.log[-1].kind == "welfare_unanswered"


def test_a_check_in_answers_the_question() -> None:
    watch = Watch()
    watch.happens(WelfareAsked(Responder(BO)), ONE + minutes(2))
    assert watch.session.welfare == Welfare(ONE + minutes(2), ONE + minutes(4), person_id=BO)
    assert watch.happens(CheckedIn(ME, "app"), ONE + minutes(3)) == ()
    assert watch.session.welfare is None


def test_a_no_calls_for_help_at_once_and_even_when_nobody_has_asked() -> None:
    watch = Watch()
    no = CallForHelp(AlarmKind.UNSPECIFIED_ALARM, "welfare_no")
    watch.happens(WelfareAsked(FIA), ONE + minutes(2))
    assert watch.happens(WelfareRefused(ME), ONE + minutes(3)) == (no,)
    assert watch.session.welfare is None
    assert watch.happens(WelfareRefused(ME), ONE + minutes(9)) == (no,)
    assert watch.session.raised == (Raised(Cause.WELFARE_NO, ONE + minutes(3)),)


def test_a_second_question_does_not_put_off_the_first() -> None:
    watch = Watch()
    watch.happens(WelfareAsked(FIA), ONE + minutes(2))
    with pytest.raises(Refused, match="welfare_asked"):
        watch.happens(WelfareAsked(Responder(BO)), ONE + minutes(3))


def test_nobody_asks_himself() -> None:
    with pytest.raises(Refused, match="own_question"):
        Watch().happens(WelfareAsked(Responder(ANNA)), ONE)


# Contact.


def test_lost_contact_is_raised_once_a_loss_and_is_over_when_it_comes_back() -> None:
    watch = Watch()
    assert watch.happens(ContactLost(ONE + minutes(1)), ONE + minutes(4)) == (LOST,)
    assert watch.happens(ContactLost(ONE + minutes(1)), ONE + minutes(5)) == ()
    assert watch.session.lost_contact_at == ONE + minutes(1)
    assert watch.happens(ContactRegained(), ONE + minutes(9)) == (ReportSafe("contact"),)
    assert watch.session.lost_contact_at is None
    assert not watch.session.alarmed
    assert watch.log[-1] == VigilEntry("contact_regained", ONE + minutes(9), System(), (("silent_s", "480"),))
    assert watch.happens(ContactLost(ONE + minutes(9)), ONE + minutes(12)) == (LOST,)


def test_a_device_that_comes_back_does_not_stand_for_a_worker_who_missed_his_check_in() -> None:
    watch = Watch()
    watch.happens(ContactLost(TWO), TWO + minutes(3))
    watch.runs(TWO + minutes(10))
    assert watch.happens(ContactRegained(), TWO + minutes(11)) == ()
    assert watch.session.raised == (Raised(Cause.CHECK_IN, TWO + minutes(10)),)


def test_contact_that_was_never_lost_is_not_regained() -> None:
    watch = Watch()
    assert watch.happens(ContactRegained(), ONE) == ()
    assert watch.log == []


def test_a_check_in_by_another_way_ends_the_alarm_while_the_device_stays_silent() -> None:
    watch = Watch()
    watch.happens(ContactLost(ONE), ONE + minutes(3))
    assert watch.happens(CheckedIn(ME, "call"), ONE + minutes(5)) == (ReportSafe("call"),)
    assert watch.session.lost_contact_at == ONE
    assert watch.happens(ContactRegained(), ONE + minutes(6)) == ()


def test_companions_are_told_by_every_way() -> None:
    watch = Watch(companions=True)
    watch.runs(TWO + minutes(10))
    told = SendWord(
        About.COMPANION,
        (PersonTarget(BO), PersonTarget(CIA)),
        5,
        TWO,
        outward=True,
        detail=(("why", "check_in"),),
    )
    assert watch.done[-2:] == [(TWO + minutes(10), MISSED), (TWO + minutes(10), told)]


def test_the_watch_goes_on_when_others_have_stood_the_alarm_down() -> None:
    watch = Watch(ends_at=TWO + HOUR)
    watch.runs(TWO + minutes(10))
    assert watch.happens(Resumed(FIA), TWO + minutes(20)) == ()
    assert not watch.session.alarmed
    assert watch.session.check_in_due == TWO + minutes(80)
    assert watch.log[-1] == VigilEntry("resumed", TWO + minutes(20), FIA)
    assert watch.happens(Resumed(FIA), TWO + minutes(30)) == ()
    assert watch.session.check_in_due == TWO + minutes(80)


# Duress. The properties are in test_session_course_duress.py.


def test_a_check_in_with_the_duress_pin_looks_like_any_other_and_calls_for_help() -> None:
    plain, duress = Watch(), Watch()
    assert plain.happens(CheckedIn(ME, "pin"), TWO) == ()
    assert duress.happens(CheckedIn(ME, "pin", duress=True), TWO) == (DURESS_CALL,)
    assert duress.session == plain.session
    assert duress.log == [VigilEntry("duress", TWO, ME, (("passed_as", "checked_in"), ("how", "pin")))]
    assert CallForHelp(AlarmKind.DURESS, "duress_pin", silent=True) == DURESS_CALL


def test_ending_with_the_duress_pin_ends_the_visible_alarm_too_and_calls_for_help() -> None:
    watch = Watch()
    watch.runs(TWO + minutes(10))
    effects = watch.happens(Ended(ME, "pin", duress=True), TWO + minutes(11))
    assert effects == (ReportSafe("pin"), DURESS_CALL)


@pytest.mark.parametrize("event", [CheckedIn(ME, "pin", duress=True), Ended(ME, "pin", duress=True)])
def test_the_duress_pin_calls_for_help_even_when_the_session_is_over(event: SessionEvent) -> None:
    over = replace(Watch().session, ended_at=ONE)
    decision = decide_session(over, event, TWO)
    assert (decision.core, decision.effects, decision.refused) == (over, (DURESS_CALL,), "session_ended")
