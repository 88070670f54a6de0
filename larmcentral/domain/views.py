"""What a reader gets to see. The same names and types as api/shapes.py, which a test holds together.

These cross from the store to the API and go into JSON as they are; shapes.py is their published form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID


class Which(Enum):
    """Which incidents a queue shows."""

    OPEN = "open"
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """The person an incident is about."""

    id: UUID
    name: str
    unit: str | None
    team: str | None
    phone: str | None
    employer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceView:
    """What sent the signal. id None: a device we do not know."""

    id: UUID | None
    protocol: str
    account: str
    label: str | None
    model: str | None
    battery_pct: int | None
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionView:
    """Where, how sure and how old."""

    lat: float
    lon: float
    accuracy_m: float | None
    fix_at: datetime | None
    received_at: datetime
    valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderView:
    """One person who was told."""

    person_id: UUID
    name: str
    state: str
    since: datetime
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepView:
    """The running countdown."""

    what: str
    due_at: datetime
    step: int | None
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    """The operator who took it."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """One row of the queue. step: index of the step that runs; round: how many times the chain began.

    merged_into: the incident that goes on for this one. held_s: for how long it was put on hold in all.
    place: name of the place where it opened.
    """

    id: UUID
    committee_id: UUID
    version: int
    state: str
    purpose: str
    kind: str
    gravity: int
    silent: bool
    opened_at: datetime
    event_at: datetime | None
    lateness_s: float | None
    person: PersonView | None
    device: DeviceView | None
    position: PositionView | None
    owner: OwnerView | None
    acknowledged_at: datetime | None
    shown_at: datetime | None
    stood_down_at: datetime | None
    outcome: str | None
    next: NextStepView | None
    responders: tuple[ResponderView, ...]
    step: int
    steps: int
    round: int
    system_faults: tuple[str, ...]
    merged_into: UUID | None = None
    held_s: float = 0.0
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorView:
    """Who did it."""

    kind: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One line of the account."""

    seq: int
    at: datetime
    kind: str
    by: ActorView
    detail: dict[str, str]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalView:
    """One signal of the incident."""

    id: UUID
    kind: str
    code: str | None
    text: str | None
    event_at: datetime | None
    sent_at: datetime | None
    received_at: datetime
    buffered: bool | None
    attempts: int
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """One notice, and what became of it. receiver: a centre's name in the settings. provider: who was asked last.

    due_at: when it is tried again, only while it waits for that; waits_for: why, "paced" for its turn at the agreed
    rate, else the provider's word.
    """

    id: UUID
    person: str | None
    channel: str
    receiver: str | None
    provider: str | None
    state: str
    step: int
    round: int
    attempt: int
    filed_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    reason: str | None
    due_at: datetime | None
    waits_for: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOfIncident:
    """Where an incident opened, as whoever goes there needs it. notes: dangers, in words. ground: of its flag.

    risk: name of escalation.chain.Risk in lower case; None, as notes and ground then are, for the wearer's own eyes.
    """

    id: UUID
    name: str
    address: str
    floor: str
    door_code: str
    notes: str | None
    lat: float | None
    lon: float | None
    risk: str | None
    ground: str | None
    plan_type: str | None = None
    plan_bounds: PlanBounds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBounds:
    """Where a site plan's edges lie, WGS84 degrees, its top to the north."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndoorView:
    """The known radio beacon that was heard loudest, lately. dbm: None where the device does not measure it."""

    place_id: UUID
    place: str
    label: str
    dbm: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingGiven:
    """An answer that an incident was stood down with."""

    key: str
    choice: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetail:
    """Everything about one incident, oldest first in every part. place: None where none is known, or may be seen.

    indoor: under the same rule, and never for the wearer's own eyes. closing: for those alone who see all.
    """

    incident: IncidentView
    timeline: tuple[TimelineEntry, ...]
    signals: tuple[SignalView, ...]
    notices: tuple[NoticeView, ...]
    trail: tuple[PositionView, ...]
    place: PlaceOfIncident | None = None
    indoor: IndoorView | None = None
    closing: tuple[ClosingGiven, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemAlarmView:
    """Our own side failed."""

    id: UUID
    fault: str
    incident_id: UUID | None
    step: int | None
    raised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Incidents, and the feed's cursor from before they were read."""

    cursor: str
    server_time: datetime
    incidents: tuple[IncidentView, ...]
    system_alarms: tuple[SystemAlarmView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedIncident:
    """An incident as it is now, and its entries since the last such event."""

    incident: IncidentView
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """One device of the register. person: who wears it now. supervision: its class.

    silent: unheard for longer than its class allows. tested_at: of the newest test alarm that reached the desk.
    """

    device: DeviceView
    person: PersonView | None
    charging: bool | None
    supervised: bool
    silent: bool = False
    low_battery: bool = False
    tested_at: datetime | None = None
    test_due: bool = False
    pool: bool = False
    supervision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownInput:
    """Bytes nobody understood."""

    receiver: str
    reason: str
    first_at: datetime
    last_at: datetime
    times: int
    sample_hex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """A person one can choose."""

    id: UUID
    name: str
    committee_id: UUID
    unit: str | None
