"""What is shown of people at work: to the desk whoever works alone, to a worker his own session and alarms.

What a worker is shown must be the same whichever PIN he gave, so nothing here may come from a silent alarm or from
a vigil's log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session that runs. check_in_due_at, ends_at: None where none was agreed. stage: escalation.session.Stage.

    recording: whether there is a spoken memo to play.
    """

    id: UUID
    committee_id: UUID
    person_id: UUID
    person: str
    phone: str | None
    place_id: UUID | None
    place: str | None
    purpose: str
    memo: str | None
    companions: tuple[str, ...]
    started_at: datetime
    check_in_due_at: datetime | None
    ends_at: datetime | None
    answer_by: datetime | None
    stage: str
    recording: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """A worker's own session. check_in_every_s: None where no check-ins were agreed. shortened: for want of coverage.

    answer_by: until when somebody who asked how he is waits for a word; None where nobody asked.
    """

    place_id: UUID | None
    place: str | None
    purpose: str
    companions: tuple[str, ...]
    started_at: datetime
    check_in_every_s: float | None
    shortened: bool
    check_in_due_at: datetime | None
    ends_at: datetime | None
    answer_by: datetime | None
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPreAlarm:
    """A countdown that the worker can still cancel."""

    kind: str
    began_at: datetime
    alarm_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAlarm:
    """An alarm of the worker's own, as far as it may be seen beside him.

    stage: "received" when it is on disk, "taken" when a person has it in hand. That it was sent, only the phone knows.
    """

    id: UUID
    kind: str
    purpose: str
    opened_at: datetime
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    """All that a worker's phone shows. shift_until: None off shift. pin_set: whether he has chosen PINs."""

    session: OwnSession | None
    pre_alarm: OwnPreAlarm | None
    alarms: tuple[OwnAlarm, ...]
    shift_until: datetime | None
    pin_set: bool
