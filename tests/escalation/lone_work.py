"""A worker alone from 13:00, her session, and all that it has asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from escalation.alarm import AlarmKind
from escalation.chain import PersonTarget
from escalation.effects import About
from escalation.events import Wearer
from escalation.plan import SafetyPlan
from escalation.session import Session
from escalation.session_course import decide_session, start_session
from escalation.session_events import SessionEvent
from escalation.session_rules import Allowed, StartRequest
from escalation.vigil import CallForHelp, Due, SendWord, VigilEffect, VigilEntry
from tests.escalation.cast import ANNA, BO, CIA

ONE = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWO = ONE + HOUR
ME = Wearer(ANNA)
MISSED = CallForHelp(AlarmKind.MISSED_CHECK_IN, "check_in")
OVERDUE = CallForHelp(AlarmKind.OVERDUE, "overdue")
LOST = CallForHelp(AlarmKind.LOST_CONTACT, "silence")


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def word(about: About, number: int, due_at: datetime, outward: bool = False) -> SendWord:
    return SendWord(about, (PersonTarget(ANNA),), number, due_at, outward)


class Watch:
    """A session, and what it has asked for so far, each with the time it was asked at."""

    def __init__(self, every: timedelta | None = HOUR, ends_at: datetime | None = None, companions: bool = False):
        request = StartRequest(
            person_id=ANNA, purpose=" home visit ", ends_at=ends_at, companions=(BO, CIA) if companions else ()
        )
        self.session: Session = start_session(request, Allowed(check_in_every=every), SafetyPlan(), ONE).core
        self.done: list[tuple[datetime, VigilEffect]] = []
        self.log: list[VigilEntry] = []

    def happens(self, event: SessionEvent, at: datetime) -> Sequence[VigilEffect]:
        decision = decide_session(self.session, event, at)
        assert decision.refused is None
        self.session = decision.core
        self.done.extend((at, effect) for effect in decision.effects)
        self.log.extend(decision.entries)
        return decision.effects

    def runs(self, until: datetime) -> None:
        """Let the clock come round whenever the session asks for it."""
        while self.session.due_at is not None and self.session.due_at <= until:
            due_at = self.session.due_at
            self.happens(Due(), due_at)
            assert self.session.due_at is None or self.session.due_at > due_at
