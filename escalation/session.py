"""A lone-work session: the time a person has declared to be alone, and what he owes in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.awaited import Awaited, next_look
from escalation.ids import PersonId, PlaceId, UserId
from escalation.plan import SafetyPlan


class Cause(Enum):
    """Why a session calls for help. The values are the timeline's words for it."""

    CHECK_IN = "check_in"
    OVERDUE = "overdue"
    WELFARE = "welfare"
    """Nobody answered when somebody asked."""
    WELFARE_NO = "welfare_no"
    """The worker answered that all is not well."""
    CONTACT = "silence"

    @property
    def kind(self) -> AlarmKind:
        """What the incident is called."""
        match self:
            case Cause.CHECK_IN | Cause.WELFARE:
                return AlarmKind.MISSED_CHECK_IN
            case Cause.OVERDUE:
                return AlarmKind.OVERDUE
            case Cause.WELFARE_NO:
                return AlarmKind.UNSPECIFIED_ALARM
            case Cause.CONTACT:
                return AlarmKind.LOST_CONTACT


@dataclass(frozen=True, slots=True)
class Raised:
    """Help was called for this cause and no sign of life has come since."""

    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True)
class Welfare:
    """A question that waits for its answer. One of user_id (the desk) and person_id (a colleague) says who asks."""

    asked_at: datetime
    due_at: datetime
    user_id: UserId | None = None
    person_id: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A frozen picture; decide_session() returns the next one.

    check_in_every, check_in: None where no check-ins were agreed. end: None where no end was. shortened: the interval
    is the plan's for a place without coverage. raised: what help was called for, each cause once, oldest first.
    lost_contact_at: since when the device is silent, None while it is heard. words: how many were sent in all.
    ended_how: the word of whoever ended it. purpose, memo and recording are personal: they stay out of logs.
    made_at: when it was begun by the phone's word, which may have had to wait; it runs from started_at on. acts: what
    the phone has said so far that it may say again, each by its word and the phone's own time; the newest ones.
    """

    person_id: PersonId
    started_at: datetime
    plan: SafetyPlan
    purpose: str
    place_id: PlaceId | None = None
    memo: str | None = None
    recording: str | None = None
    companions: tuple[PersonId, ...] = ()
    group: UUID | None = None
    check_in_every: timedelta | None = None
    shortened: bool = False
    check_in: Awaited | None = None
    end: Awaited | None = None
    welfare: Welfare | None = None
    raised: tuple[Raised, ...] = ()
    lost_contact_at: datetime | None = None
    words: int = 0
    ended_at: datetime | None = None
    ended_how: str | None = None
    made_at: datetime | None = None
    acts: tuple[tuple[str, datetime], ...] = ()

    @property
    def began_at(self) -> datetime:
        """When the worker began it, whenever we heard of that."""
        return self.started_at if self.made_at is None else min(self.made_at, self.started_at)

    @property
    def check_in_due(self) -> datetime | None:
        """When the worker should be heard of next, or should have been."""
        return self.check_in.due_at if self.check_in else None

    @property
    def ends_at(self) -> datetime | None:
        """When the session should end."""
        return self.end.due_at if self.end else None

    @property
    def alarmed(self) -> bool:
        """True if help was called and no sign of life has come since."""
        return bool(self.raised)

    @property
    def missed_at(self) -> datetime | None:
        """When a missed check-in was raised."""
        return self.raised_at(Cause.CHECK_IN)

    @property
    def overdue_at(self) -> datetime | None:
        """When the end that did not come was raised."""
        return self.raised_at(Cause.OVERDUE)

    @property
    def newest_call_at(self) -> datetime | None:
        """When help was called last; None if it was not, or is no more."""
        return max((raised.at for raised in self.raised), default=None)

    def raised_at(self, cause: Cause) -> datetime | None:
        """When help was called for this cause; None if it was not, or is no more."""
        return next((raised.at for raised in self.raised if raised.cause is cause), None)

    @property
    def due_at(self) -> datetime | None:
        """The next reminder or alarm; None once it has ended, or while only the worker can move it."""
        if self.ended_at is not None:
            return None
        plan, times = self.plan, []
        if self.check_in and self.missed_at is None:
            times.append(next_look(self.check_in, plan.check_in_reminders, plan.missed_after))
        if self.end and self.overdue_at is None:
            times.append(next_look(self.end, plan.end_reminders, plan.overdue_after))
        if self.welfare:
            times.append(self.welfare.due_at)
        return min(times, default=None)


class Stage(Enum):
    """Where a session stands, in a word."""

    RUNNING = "running"
    REMINDED = "reminded"
    WELFARE = "welfare"
    LOST_CONTACT = "lost_contact"
    OVERDUE = "overdue"
    MISSED = "missed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Progress:
    """A session as the worker's phone and the console show it: the same to both, so nothing covert is in it."""

    stage: Stage
    check_in_due: datetime | None
    ends_at: datetime | None
    answer_by: datetime | None


def progress(session: Session, now: datetime) -> Progress:
    """Say where the session stands at now, even if the clock has not come round to it yet."""
    welfare = session.welfare.due_at if session.welfare else None
    return Progress(_stage(session, now), session.check_in_due, session.ends_at, welfare)


def _stage(session: Session, now: datetime) -> Stage:
    plan = session.plan
    if session.ended_at is not None:
        return Stage.ENDED
    if _late(session.check_in, plan.missed_after, now) or session.raised_at(Cause.WELFARE) is not None:
        return Stage.MISSED
    if _late(session.end, plan.overdue_after, now):
        return Stage.OVERDUE
    if session.lost_contact_at is not None:
        return Stage.LOST_CONTACT
    if session.welfare:
        return Stage.WELFARE
    if _reminded(session, now):
        return Stage.REMINDED
    return Stage.RUNNING


def _late(awaited: Awaited | None, grace: timedelta, now: datetime) -> bool:
    return awaited is not None and now >= awaited.due_at + grace


def _reminded(session: Session, now: datetime) -> bool:
    plan = session.plan
    return any(
        awaited is not None and (awaited.reminded > 0 or now >= next_look(awaited, offsets, grace))
        for awaited, offsets, grace in (
            (session.check_in, plan.check_in_reminders, plan.missed_after),
            (session.end, plan.end_reminders, plan.overdue_after),
        )
    )
