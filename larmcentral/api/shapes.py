"""Everything that crosses HTTP about incidents; shapes_*.py beside it hold the rest, by duty.

The web's types are generated from all of them. Times are ISO 8601 in UTC with Z. Ids are UUIDs as text. Words for
people are made in the browser from keys.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # at the very ends of the calendar
        raise ValueError("no such moment in UTC") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time that somebody sends us: with any offset, but never without one."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Role = Literal["worker", "responder", "operator", "manager", "admin"]
Kind = Literal[
    "panic",
    "duress",
    "hold_up",
    "medical",
    "man_down",
    "fall",
    "no_motion",
    "unspecified_alarm",
    "group_alarm",
    "missed_check_in",
    "overdue",
    "lost_contact",
    "silent_device",
    "low_battery",
    "power_off",
    "removed",
    "tamper",
    "device_fault",
]
Purpose = Literal["real", "test", "drill"]
IncidentState = Literal["open", "acknowledged", "stood_down"]
ResponderState = Literal["notified", "acknowledged", "going", "on_site", "declined", "released"]
ChannelName = Literal[
    "apns", "fcm", "web_push", "sms", "voice", "mail", "teams", "webhook", "pager", "console", "receiver"
]
OutcomeWord = Literal["real", "false", "test", "drill", "other"]


class Shape(BaseModel):
    """Base: unknown fields are an error, so that a typo is heard."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LogIn(Shape):
    """POST /api/session."""

    login: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    phone: bool = False
    """From the phone app: the session lasts for weeks, since a phone that asks for a password at night saves nobody."""


class Me(Shape):
    """Who is logged in. committees: those whose incidents this user may see."""

    user_id: UUID
    name: str
    role: Role
    person_id: UUID | None
    committees: list[CommitteeView]
    language: Literal["sv", "en"]


class CommitteeView(Shape):
    """A committee (nämnd) of the municipality."""

    id: UUID
    name: str


class PersonView(Shape):
    """The person an incident is about, as far as this user may know."""

    id: UUID
    name: str
    unit: str | None = None
    team: str | None = None
    phone: str | None = None
    employer: str | None = None


class DeviceView(Shape):
    """What sent the signal. last_seen_at, battery_pct: as last heard."""

    id: UUID | None
    protocol: str
    account: str
    label: str | None = None
    model: str | None = None
    battery_pct: int | None = None
    last_seen_at: datetime | None = None


class PositionView(Shape):
    """Where, how sure and how old. valid False: last known place, no fix of its own."""

    lat: float
    lon: float
    accuracy_m: float | None = None
    fix_at: datetime | None = None
    received_at: datetime
    valid: bool = True


class ResponderView(Shape):
    """One person who was told."""

    person_id: UUID
    name: str
    state: ResponderState
    since: datetime
    step: int


class NextStepView(Shape):
    """The running countdown. what: what comes at its end; next_turn tells the next person of the same step."""

    what: Literal["next_step", "next_turn", "repeat", "lapse"]
    due_at: datetime
    step: int | None = None
    """Index of the step that begins then; None when the chain starts over."""
    targets: list[str] = []
    """Names of the persons, teams and rotas it will reach; else 'desk', 'building', 'manager', 'nearest:3/2000' (so
    many within so many metres), 'receiver:' and its name."""


class IncidentView(Shape):
    """One row of the queue, whole enough to draw without asking again. version grows with each change."""

    id: UUID
    committee_id: UUID
    version: int
    state: IncidentState
    purpose: Purpose
    kind: Kind
    gravity: int
    silent: bool
    """A covert alarm: no sound, no call-back, and nothing of it may show where the wearer is."""
    opened_at: datetime
    event_at: datetime | None
    """The device's own time of the alarm, None where it told none."""
    lateness_s: float | None
    person: PersonView | None
    device: DeviceView | None
    """For an unknown device only this tells whom it is about."""
    position: PositionView | None
    owner: OwnerView | None
    acknowledged_at: datetime | None
    shown_at: datetime | None
    stood_down_at: datetime | None
    outcome: OutcomeWord | None
    next: NextStepView | None
    responders: list[ResponderView]
    step: int
    steps: int
    round: int
    system_faults: list[str] = []
    """Keys such as nobody_to_reach, chain_used_up, no_chain; owner_idle once managers were told of it."""
    merged_into: UUID | None = None
    """The incident that goes on for this one."""
    held_s: float = 0.0
    """For how long it was put on hold in all, at most 600."""
    place: str | None = None
    """Name of the place where it opened, None where none is known."""


class OwnerView(Shape):
    """The operator who took it."""

    user_id: UUID
    name: str


class ActorView(Shape):
    """Who did it."""

    kind: Literal["operator", "responder", "wearer", "system"]
    name: str | None = None


class TimelineEntry(Shape):
    """One line of the account. kind: EntryKind's value; the browser words it with detail. hash: hex, chained."""

    seq: int
    at: datetime
    kind: str
    by: ActorView
    detail: dict[str, str]
    hash: str


class SignalView(Shape):
    """One signal of the incident: the device's raw code beside our reading, and the clocks."""

    id: UUID
    kind: str
    code: str | None
    text: str | None
    event_at: datetime | None
    sent_at: datetime | None
    received_at: datetime
    buffered: bool | None
    attempts: int
    doubts: list[str]


class NoticeView(Shape):
    """One notice: to whom, by which way, what became of it. receiver: a centre. provider: who was asked last.

    due_at: when it is tried again, only while it waits for that; waits_for: why, "paced" for its turn at the agreed
    rate, else the provider's word.
    """

    id: UUID
    person: str | None
    channel: ChannelName
    receiver: str | None
    provider: str | None
    state: Literal["pending", "sent", "delivered", "refused", "gone", "failed", "withdrawn"]
    step: int
    round: int
    attempt: int
    filed_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    reason: str | None
    due_at: datetime | None
    waits_for: str | None


class PlaceOfIncident(Shape):
    """Where an incident opened, as whoever goes there needs it. notes: dangers, in words; ground: why it is flagged.

    notes, risk and ground are null for the wearer's own eyes.
    """

    id: UUID
    name: str
    address: str
    floor: str
    door_code: str
    notes: str | None
    lat: float | None
    lon: float | None
    risk: Literal["none", "raised", "evident"] | None
    ground: str | None
    plan_type: str | None = None
    """Media type of the floor plan that GET /api/places/{id}/plan sends, null without one."""
    plan_bounds: PlanBounds | None = None


class PlanBounds(Shape):
    """PUT /api/places/{place_id}/plan, as its query: where a plan's edges lie, WGS84 degrees, its top to the north."""

    south: Annotated[float, Field(ge=-90, le=90)]
    west: Annotated[float, Field(ge=-180, le=180)]
    north: Annotated[float, Field(ge=-90, le=90)]
    east: Annotated[float, Field(ge=-180, le=180)]


class IndoorView(Shape):
    """The known radio beacon that the wearer's device heard loudest, lately. label: such as "3rd floor, corridor B"."""

    place_id: UUID
    place: str
    label: str
    dbm: int | None
    at: datetime


class ClosingGiven(Shape):
    """An answer that the incident was stood down with."""

    key: str
    choice: str
    note: str


class IncidentDetail(Shape):
    """GET /api/incidents/{id}. place: to managers always, to all others until the incident is stood down.

    indoor: null where no beacon that we know was heard; under the same rule as place, and never told to the wearer: a
    silent alarm draws the later signals to itself, which her own screen would show. closing: once it is stood down.
    """

    incident: IncidentView
    timeline: list[TimelineEntry]
    signals: list[SignalView]
    notices: list[NoticeView]
    trail: list[PositionView]
    place: PlaceOfIncident | None = None
    indoor: IndoorView | None = None
    closing: list[ClosingGiven] = []


class SystemAlarmView(Shape):
    """Our own side failed: roster fault, used-up chain, database gone, silent synthetic panic."""

    id: UUID
    fault: str
    incident_id: UUID | None
    step: int | None
    raised_at: datetime


class Queue(Shape):
    """GET /api/incidents. cursor: pass it to the feed as Last-Event-ID and miss nothing. server_time: our clock."""

    cursor: str
    server_time: datetime
    incidents: list[IncidentView]
    system_alarms: list[SystemAlarmView]


class Note(Shape):
    """POST /api/incidents/{id}/note."""

    text: Text


class ClosingAnswer(Shape):
    """POST /api/incidents/{id}/stand-down, part: one answer. note: words beside the choice, where it needs some."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    choice: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class StandDown(Shape):
    """POST /api/incidents/{id}/stand-down. closing: the answers that GET /api/closing asks for; one that is missing is
    refused with 422 `closing`, and fields names each with `missing`, `choice` or `note`."""

    outcome: OutcomeWord
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    closing: Annotated[list[ClosingAnswer], Field(max_length=20, default_factory=list)]


class DrillStart(Shape):
    """POST /api/drills: a drill about a person, on his own chain, that cannot leave the house."""

    person_id: UUID
    kind: Kind = "panic"


class DrillStarted(Shape):
    """The drill's incident."""

    incident_id: UUID


class Problem(Shape):
    """Every refusal. reason: a key for the words on the screen ('taken', 'stood_down', 'log_in', 'forbidden' ...)."""

    reason: str
    detail: str = ""
    fields: dict[str, str] = Field(default_factory=dict)


class Health(Shape):
    """GET /api/health/ready (503 when not) and /live."""

    ready: bool
    database: bool
    version: str


Me.model_rebuild()
IncidentView.model_rebuild()
PlaceOfIncident.model_rebuild()
