"""What crosses HTTP about people at work: sessions for the desk, and all that a worker's own phone says and shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import Kind, Moment, Purpose, Shape

Stage = Literal["running", "reminded", "welfare", "lost_contact", "overdue", "missed", "ended"]
CountedDown = Literal["fall", "man_down", "no_motion"]
AppSignal = Literal[
    "panic",
    "duress",
    "hold_up",
    "medical",
    "man_down",
    "fall",
    "no_motion",
    "unspecified_alarm",
    "group_alarm",
    "position",
    "heartbeat",
    "low_battery",
    "power_off",
    "test_alarm",
]
Pin = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,8}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Memo = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
PersonIds = Annotated[list[UUID], Field(max_length=20, default_factory=list)]


class SessionView(Shape):
    """A session that runs. check_in_due_at, ends_at: None where none was agreed."""

    id: UUID
    committee_id: UUID
    person_id: UUID
    person: str
    phone: str | None
    place_id: UUID | None
    place: str | None
    purpose: str
    memo: str | None
    companions: list[str]
    started_at: datetime
    check_in_due_at: datetime | None
    ends_at: datetime | None
    answer_by: datetime | None
    stage: Stage
    recording: bool
    """There is a spoken memo to play."""


class SessionBegin(Shape):
    """POST /api/me/session. linked: whose sessions begin with it, as a group; companions have none of their own.

    recording: a spoken memo of this type follows at once, with PUT /api/me/session/recording. It counts as a memo.
    """

    purpose: Words
    place_id: UUID | None = None
    ends_at: Moment | None = None
    check_in_every_s: Annotated[float, Field(ge=1, le=86_400)] | None = None
    companions: PersonIds
    linked: PersonIds
    memo: Memo | None = None
    recording: Literal["audio/webm", "audio/ogg", "audio/mp4"] | None = None
    made_at: Moment | None = None
    """By the phone's clock, where it had to wait to be sent; null: just now."""


class SessionBeginFor(SessionBegin):
    """POST /api/sessions: the same for somebody else, who tells by telephone and so records nothing."""

    person_id: UUID
    recording: None = None


class SessionStarted(Shape):
    """The session's id."""

    session_id: UUID


class SessionExtend(Shape):
    """POST /api/me/session/extend."""

    until: Moment
    made_at: Moment | None = None
    """By the phone's clock, where it had to wait to be sent; null: just now."""


class PinGiven(Shape):
    """POST /api/me/session/check-in and /end."""

    pin: Pin | None = None
    made_at: Moment | None = None
    """By the phone's clock, where it had to wait to be sent; null: just now."""


class PreAlarmCancel(Shape):
    """POST /api/me/pre-alarm/cancel."""

    pin: Pin


class WelfareAnswer(Shape):
    """POST /api/me/welfare. A yes that was made before the question does not answer it."""

    fine: bool
    pin: Pin | None = None
    made_at: Moment | None = None
    """By the phone's clock, where it had to wait to be sent; null: just now."""


class PreAlarmBegin(Shape):
    """POST /api/me/pre-alarm. event_at: by the phone's clock."""

    kind: CountedDown
    event_at: Moment | None = None
    silent: bool = False


class ShiftBegin(Shape):
    """POST /api/me/shift."""

    until: Moment
    place_id: UUID | None = None


class PinChoice(Shape):
    """PUT /api/me/pin: four to eight digits each, and not the same."""

    pin: Pin
    duress_pin: Pin
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class AppPosition(Shape):
    """POST /api/me/signals, part: where the phone says it is."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    fix_at: Moment | None = None
    valid: bool = True


class SignalSent(Shape):
    """POST /api/me/signals. id: made by the phone, the same when it sends the same again.

    confirmed: the wearer did not let the countdown run, or let it run out, so there is none on our side.
    """

    id: UUID
    kind: AppSignal
    event_at: Moment | None = None
    sent_at: Moment | None = None
    buffered: bool | None = None
    silent: bool | None = None
    confirmed: bool = False
    position: AppPosition | None = None
    battery_pct: Annotated[int, Field(ge=0, le=100)] | None = None
    charging: bool | None = None


class SignalReceived(Shape):
    """It is on disk."""

    received_at: datetime


class OwnSession(Shape):
    """A worker's own session. answer_by: until when somebody who asked how he is waits for a word."""

    place_id: UUID | None
    place: str | None
    purpose: str
    companions: list[str]
    started_at: datetime
    check_in_every_s: float | None
    shortened: bool
    check_in_due_at: datetime | None
    ends_at: datetime | None
    answer_by: datetime | None
    stage: Stage


class OwnPreAlarm(Shape):
    """A countdown that can still be cancelled."""

    kind: Kind
    began_at: datetime
    alarm_at: datetime


class OwnAlarm(Shape):
    """An alarm of one's own. stage: it is on our disk, or a person has it; that it was sent, the phone knows."""

    id: UUID
    kind: Kind
    purpose: Purpose
    opened_at: datetime
    stage: Literal["received", "taken"]


class OwnWork(Shape):
    """GET /api/me/work: the same, byte by byte, whichever PIN was given."""

    session: OwnSession | None
    pre_alarm: OwnPreAlarm | None
    alarms: list[OwnAlarm]
    shift_until: datetime | None
    pin_set: bool
