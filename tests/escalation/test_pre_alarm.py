from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import PersonTarget
from escalation.effects import About
from escalation.events import System, Wearer
from escalation.ids import SignalId
from escalation.incident import Refused
from escalation.plan import SafetyPlan
from escalation.pre_alarm import (
    Again,
    Cancelled,
    CancelledUnderDuress,
    Confirmed,
    PreAlarm,
    PreAlarmEvent,
    decide_pre_alarm,
    start_pre_alarm,
)
from escalation.vigil import DURESS_CALL, CallForHelp, Due, SendWord, VigilDecision, VigilEntry
from tests.escalation.cast import ANNA, BO, seconds

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SIGNAL = SignalId(UUID(int=0x51))
HAPPENED = NOON - seconds(2)
PLAN = SafetyPlan()
ME = Wearer(ANNA)
FALL = start_pre_alarm(ANNA, AlarmKind.FALL, PLAN, NOON, signal_id=SIGNAL, event_at=HAPPENED)
HELP = CallForHelp(AlarmKind.FALL, "pre_alarm", signal_id=SIGNAL, event_at=HAPPENED)


def decided(event: PreAlarmEvent, after_s: float, core: PreAlarm = FALL.core) -> VigilDecision[PreAlarm]:
    return decide_pre_alarm(core, event, NOON + seconds(after_s))


# Journey 3: man-down and duress.


def test_a_fall_counts_thirty_seconds_and_tells_the_worker() -> None:
    assert FALL.core.due_at == NOON + seconds(30)
    assert FALL.effects == (
        SendWord(
            About.PRE_ALARM,
            (PersonTarget(ANNA),),
            1,
            NOON + seconds(30),
            detail=(("kind", "fall"), ("silent", "false")),
        ),
    )
    assert FALL.entries == (VigilEntry("begun", NOON, System(), (("kind", "fall"), ("countdown_s", "30"))),)


def test_without_a_cancel_the_alarm_goes_out_at_thirty_seconds_and_not_before() -> None:
    assert decided(Due(), 29.999999) == VigilDecision(FALL.core)
    fired = decided(Due(), 30)
    assert fired.effects == (HELP,)
    assert fired.core == replace(FALL.core, fired=True, ended_at=NOON + seconds(30))
    assert fired.core.due_at is None


def test_a_clock_that_comes_late_or_twice_fires_once() -> None:
    fired = decided(Due(), 400)
    assert fired.effects == (HELP,)
    assert decided(Due(), 401, fired.core) == VigilDecision(fired.core)


@pytest.mark.parametrize(("kind", "after_s"), [(AlarmKind.MAN_DOWN, 30), (AlarmKind.NO_MOTION, 60)])
def test_each_kind_has_its_own_countdown(kind: AlarmKind, after_s: int) -> None:
    assert start_pre_alarm(ANNA, kind, PLAN, NOON).core.due_at == NOON + seconds(after_s)


def test_a_kind_that_waits_no_time_calls_at_once() -> None:
    at_once = start_pre_alarm(ANNA, AlarmKind.FALL, replace(PLAN, fall_countdown=timedelta(0)), NOON, silent=True)
    assert at_once.effects == (CallForHelp(AlarmKind.FALL, "pre_alarm", silent=True),)
    assert (at_once.core.ended_at, at_once.core.words) == (NOON, 0)
    assert [entry.kind for entry in at_once.entries] == ["begun", "fired"]


@pytest.mark.parametrize("how", ["pin", "button"])
def test_a_cancel_ends_it_and_is_written_down(how: str) -> None:
    cancelled = decided(Cancelled(ME, how), 12)
    assert cancelled.effects == ()
    assert cancelled.entries == (VigilEntry("cancelled", NOON + seconds(12), ME, (("how", how),)),)
    assert cancelled.core == replace(FALL.core, ended_at=NOON + seconds(12))
    assert decided(Due(), 30, cancelled.core) == VigilDecision(cancelled.core)


def test_the_duress_pin_ends_it_in_the_same_way_and_calls_for_help_in_secret() -> None:
    forced = decided(CancelledUnderDuress(ME), 12)
    assert forced.core == decided(Cancelled(ME, "pin"), 12).core
    assert forced.effects == (CallForHelp(AlarmKind.DURESS, "duress_pin", silent=True),)
    assert forced.entries == (
        VigilEntry("duress", NOON + seconds(12), ME, (("passed_as", "cancelled"), ("how", "pin"))),
    )


def test_a_worker_who_wants_help_need_not_wait() -> None:
    confirmed = decided(Confirmed(ME), 3)
    assert confirmed.effects == (HELP,)
    assert confirmed.core.ended_at == NOON + seconds(3)
    assert confirmed.entries[0].kind == "confirmed"
    assert decided(Confirmed(ME), 4, confirmed.core) == VigilDecision(confirmed.core)


def test_a_worker_who_cancelled_and_then_wants_help_has_it() -> None:
    cancelled = decided(Cancelled(ME, "pin"), 3).core
    again = decided(Confirmed(ME), 5, cancelled)
    assert (again.core, again.effects) == (cancelled, (HELP,))


def test_a_cancel_that_comes_too_late_is_refused_and_under_duress_calls_all_the_same() -> None:
    fired = decided(Due(), 30).core
    with pytest.raises(Refused, match="too_late"):
        decided(Cancelled(ME, "pin"), 31, fired)
    forced = decided(CancelledUnderDuress(ME), 31, fired)
    assert (forced.core, forced.effects, forced.refused) == (fired, (DURESS_CALL,), "too_late")


def test_a_cancel_that_the_phone_sends_again_changes_nothing() -> None:
    cancelled = decided(Cancelled(ME, "pin"), 12).core
    assert decided(Cancelled(ME, "pin"), 14, cancelled).core == cancelled
    forced = decided(CancelledUnderDuress(ME), 14, cancelled)
    assert (forced.core, forced.effects, forced.refused) == (cancelled, (DURESS_CALL,), None)


@pytest.mark.parametrize(
    "event", [Cancelled(Wearer(BO), "pin"), CancelledUnderDuress(Wearer(BO)), Confirmed(Wearer(BO))]
)
def test_nobody_answers_for_another(event: PreAlarmEvent) -> None:
    with pytest.raises(Refused, match="not_the_wearer"):
        decided(event, 3)


# A further signal.


def test_a_further_fall_joins_and_does_not_put_the_alarm_off() -> None:
    joined = decided(Again(AlarmKind.FALL, seconds(30), SIGNAL), 20)
    assert (joined.core, joined.effects) == (FALL.core, ())
    assert joined.entries[0].kind == "joined"


def test_a_fall_after_stillness_is_a_fall_and_comes_sooner() -> None:
    still = start_pre_alarm(ANNA, AlarmKind.NO_MOTION, PLAN, NOON).core
    joined = decided(Again(AlarmKind.FALL, seconds(30)), 10, still).core
    assert (joined.kind, joined.fires_at) == (AlarmKind.FALL, NOON + seconds(40))


def test_stillness_after_a_fall_changes_nothing() -> None:
    assert decided(Again(AlarmKind.NO_MOTION, seconds(60)), 10).core == FALL.core


def test_a_signal_after_the_end_is_our_mistake() -> None:
    ended = decided(Cancelled(ME, "pin"), 12).core
    with pytest.raises(ValueError, match="begins a new one"):
        decided(Again(AlarmKind.FALL, seconds(30)), 20, ended)


# Nothing tells the duress PIN from the plain one.

events: st.SearchStrategy[PreAlarmEvent] = st.sampled_from(
    [
        Due(),
        Cancelled(ME, "pin"),
        CancelledUnderDuress(ME),
        CancelledUnderDuress(ME),
        Confirmed(ME),
        Again(AlarmKind.FALL, seconds(30)),
        Again(AlarmKind.NO_MOTION, seconds(60)),
    ]
)


def asked(core: PreAlarm, event: PreAlarmEvent, now: datetime) -> VigilDecision[PreAlarm]:
    """Decide, with a refusal as the phone is told it."""
    if isinstance(event, Again) and core.ended_at is not None:
        return start_pre_alarm(ANNA, event.kind, PLAN, now)
    try:
        return decide_pre_alarm(core, event, now)
    except Refused as refused:
        return VigilDecision(core, refused=refused.reason)


@given(
    st.sampled_from([AlarmKind.FALL, AlarmKind.MAN_DOWN, AlarmKind.NO_MOTION]),
    st.lists(st.tuples(st.integers(0, 40), events), max_size=12),
)
def test_all_that_follows_is_the_same_with_and_without_duress(
    kind: AlarmKind, course: list[tuple[int, PreAlarmEvent]]
) -> None:
    plain = forced = start_pre_alarm(ANNA, kind, PLAN, NOON).core
    now = NOON
    for after_s, event in course:
        now += seconds(after_s)
        under_duress = isinstance(event, CancelledUnderDuress)
        said = asked(plain, Cancelled(ME, "pin") if under_duress else event, now)
        meant = asked(forced, event, now)
        plain, forced = said.core, meant.core

        assert forced == plain
        assert forced.due_at == plain.due_at
        assert meant.refused == said.refused
        assert meant.effects == ((*said.effects, DURESS_CALL) if under_duress else said.effects)
        assert under_duress or meant.entries == said.entries


@given(st.lists(st.tuples(st.integers(0, 40), events), max_size=12))
def test_the_clock_fires_what_is_due_once_and_never_later_than_thirty_seconds(
    course: list[tuple[int, PreAlarmEvent]],
) -> None:
    core, now = FALL.core, NOON
    for after_s, event in course:
        now += seconds(after_s)
        if core.ended_at is None or not isinstance(event, Again):
            core = asked(core, event, now).core
        core = decide_pre_alarm(core, Due(), now).core
        assert core.fires_at <= NOON + seconds(30)
        assert decide_pre_alarm(core, Due(), now) == VigilDecision(core)
        assert core.due_at is None or core.due_at > now
