"""Whoever looks over the worker's shoulder cannot tell the duress PIN from the plain one, now or at any later time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation.events import Responder, Wearer
from escalation.incident import Refused
from escalation.plan import SafetyPlan
from escalation.session import Session, progress
from escalation.session_course import decide_session, start_session
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
from escalation.session_late import act_of
from escalation.session_rules import Allowed, StartRequest
from escalation.vigil import DURESS_CALL, CallForHelp, Due, VigilDecision
from tests.escalation.cast import ANNA, BO, FIA

ONE = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
ME = Wearer(ANNA)

whens = st.integers(0, 1500)
"""Seconds from one event to the next."""
made = st.one_of(st.none(), st.integers(-10, 90).map(lambda number: ONE + timedelta(minutes=number)))
"""Pressed now, or a while ago without coverage."""
pins = st.one_of(
    st.builds(CheckedIn, st.just(ME), st.sampled_from(["pin", "app"]), st.booleans(), made),
    st.builds(Ended, st.just(ME), st.just("pin"), st.booleans(), made),
)
events: st.SearchStrategy[SessionEvent] = st.one_of(
    st.just(Due()),
    pins,
    st.builds(Extended, st.just(ME), st.integers(0, 200).map(lambda number: ONE + timedelta(minutes=number))),
    st.builds(WelfareAsked, st.sampled_from([FIA, Responder(BO)])),
    st.sampled_from([WelfareRefused(ME), ContactLost(ONE), ContactRegained(), Resumed(FIA)]),
)
sessions = st.builds(
    lambda every, end, companions: (
        start_session(
            StartRequest(
                person_id=ANNA,
                purpose="visit",
                ends_at=ONE + timedelta(minutes=end) if end else None,
                companions=companions,
            ),
            Allowed(check_in_every=timedelta(minutes=every or 60) if every or not end else None),
            SafetyPlan(),
            ONE,
        ).core
    ),
    st.one_of(st.none(), st.integers(1, 60)),
    st.one_of(st.none(), st.integers(1, 60)),
    st.sampled_from([(), (BO,)]),
)


def asked(session: Session, event: SessionEvent, now: datetime) -> VigilDecision[Session]:
    """Decide, with a refusal as the phone is told it."""
    try:
        return decide_session(session, event, now)
    except Refused as refused:
        return VigilDecision(session, refused=refused.reason)


@given(sessions, st.lists(st.tuples(whens, events), max_size=25))
def test_all_that_follows_is_the_same_with_and_without_duress(
    session: Session, course: list[tuple[int, SessionEvent]]
) -> None:
    plain = forced = session
    now = ONE
    for seconds, event in course:
        now += timedelta(seconds=seconds)
        under_duress = isinstance(event, CheckedIn | Ended) and event.duress
        calm = replace(event, duress=False) if isinstance(event, CheckedIn | Ended) else event
        if {act_of(event), act_of(calm)} & {*forced.acts, *plain.acts}:
            continue  # nobody presses twice in the same instant; that the phone sends it again is another test
        said, meant = asked(plain, calm, now), asked(forced, event, now)
        plain, forced = said.core, meant.core

        assert replace(forced, acts=()) == replace(plain, acts=())
        assert forced.due_at == plain.due_at
        assert progress(forced, now) == progress(plain, now)
        assert meant.refused == said.refused
        calls = [replace(one, event_at=None) if isinstance(one, CallForHelp) else one for one in meant.effects]
        assert calls == [*said.effects, *([DURESS_CALL] if under_duress else [])]
        assert [entry for entry in meant.entries if entry.kind != "duress"] == (
            [] if under_duress else list(said.entries)
        )


@given(sessions, st.lists(st.tuples(whens, events), max_size=25))
def test_the_clock_does_what_is_due_once_and_a_running_session_that_raised_nothing_waits_for_something(
    session: Session, course: list[tuple[int, SessionEvent]]
) -> None:
    now = ONE
    for seconds, event in course:
        now += timedelta(seconds=seconds)
        session = asked(session, event, now).core
        session = decide_session(session, Due(), now).core
        assert decide_session(session, Due(), now) == VigilDecision(session)
        assert session.due_at is None or session.due_at > now
        assert session.due_at is not None or session.alarmed or session.ended_at is not None
