"""What crosses HTTP at the desk: commands on a running incident, seats, shift changes, pool and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import IncidentState, Kind, Moment, Shape

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Nearest(Shape):
    """POST, part: so many colleagues within so many metres."""

    count: Annotated[int, Field(ge=1, le=50)]
    within_m: Annotated[int, Field(ge=50, le=100_000)]


class TargetNamed(Shape):
    """POST /api/incidents/{incident_id}/add, part: exactly one of these."""

    person: UUID | None = None
    team: UUID | None = None
    oncall: UUID | None = None
    nearest: Nearest | None = None
    building: Literal[True] | None = None
    manager: Literal[True] | None = None
    desk: Literal[True] | None = None
    receiver: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")] | None = None
    """A contracted alarm receiving centre, by the name of its forwarder."""


class Jump(Shape):
    """POST /api/incidents/{incident_id}/jump. step: index in the incident's own chain."""

    step: Annotated[int, Field(ge=0, le=1000)]


class PeopleAdd(Shape):
    """POST /api/incidents/{incident_id}/add."""

    targets: Annotated[list[TargetNamed], Field(min_length=1, max_length=20)]


class Hold(Shape):
    """POST /api/incidents/{incident_id}/hold; 600 s in all, however often."""

    wait_s: Annotated[float, Field(ge=1, le=600)]


class Merge(Shape):
    """POST /api/incidents/{incident_id}/merge: that one goes on for both."""

    into: UUID


class HandOver(Shape):
    """POST /api/incidents/{incident_id}/hand-over."""

    to: UUID


class SosCall(Shape):
    """POST /api/incidents/{incident_id}/sos-call: a moment of the operator's own call, stamped when it is said.

    text: the case number, or words; empty where the moment says enough.
    """

    what: Literal["dialled", "answered", "case_number"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class DeskSeat(Shape):
    """One row of GET /api/desk. load: how many incidents he has in hand."""

    user_id: UUID
    name: str
    since: datetime
    seen_at: datetime
    load: int


class HandoverMake(Shape):
    """POST /api/handovers. to: None where whoever comes may sign."""

    to: UUID | None = None


class HandoverMade(Shape):
    """The list's id."""

    handover_id: UUID


class HandoverCase(Shape):
    """One open case as it stood when the list was made."""

    incident_id: UUID
    kind: Kind
    gravity: int
    state: IncidentState
    person: str | None
    opened_at: datetime


class HandoverView(Shape):
    """One row of GET /api/handovers: a shift change that waits for a signature."""

    id: UUID
    made_at: datetime
    from_user_id: UUID
    from_user: str
    to_user_id: UUID | None
    to_user: str | None
    signed_by: list[UUID]
    cases: list[HandoverCase]


class LoanView(Shape):
    """Who has a pool device."""

    person_id: UUID
    person: str
    out_at: datetime
    due_back_at: datetime


class PoolRow(Shape):
    """One row of GET /api/pool: a device and what the gate looks at. loan: None while it is in."""

    device_id: UUID
    committee_id: UUID
    tag: str
    label: str
    battery_pct: int | None
    last_seen_at: datetime | None
    tested_at: datetime | None
    loan: LoanView | None


class CheckOut(Shape):
    """POST /api/pool/check-out. tag: what was scanned."""

    tag: Tag
    person_id: UUID
    due_back: Moment


class CheckedOut(Shape):
    """The loan's id."""

    loan_id: UUID


class CheckIn(Shape):
    """POST /api/pool/check-in."""

    tag: Tag


class Prolong(Shape):
    """POST /api/pool/prolong."""

    tag: Tag
    due_back: Moment


class LedgerRow(Shape):
    """One row of GET /api/tests: the newest test alarm of a device. reached_desk_at: None if it did not get so far."""

    incident_id: UUID
    device_id: UUID | None
    label: str | None
    person: str | None
    pressed_at: datetime | None
    received_at: datetime
    reached_desk_at: datetime | None


class Answer(Shape):
    """POST /api/answers/{token}."""

    word: Literal["going", "cannot", "on_site"]


class DealtWith(Shape):
    """POST /api/system-alarms/{alarm_id}/dealt-with: what was done, such as whom one rang."""

    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class SeatPressure(Shape):
    """Part of the desk's picture: an operator at the desk, and what he has had. alarms_10_min: taken by him since."""

    user_id: UUID
    name: str
    since: datetime
    load: int
    alarms_10_min: int


class DeskPicture(Shape):
    """GET /api/desk/picture: how much there is for how many. opened_10_min: real alarms for a person since 10 min.

    per_operator: of those, for each at the desk (at least one is counted). flood: true above 10, false again below 5.
    """

    at: datetime
    seats: list[SeatPressure]
    opened_10_min: int
    untaken: int
    per_operator: float
    flood: bool


class ReachSlot(Shape):
    """A stretch of time. persons: who would be told by the chain's own people, first first; the desk does not count.

    nobody: nobody but the desk and centres would be told.
    """

    from_at: datetime
    until_at: datetime
    persons: list[str]
    nobody: bool


class ReachRow(Shape):
    """One row of GET /api/reach[?hours=12]: whether a panic of the unit could reach anybody, hour by hour."""

    committee_id: UUID
    unit_id: UUID | None
    unit: str
    chain: str | None
    slots: list[ReachSlot]
