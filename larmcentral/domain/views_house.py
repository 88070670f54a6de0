"""What is shown of the house at work: chains, rotas, the desk, shift changes, the pool and its tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainUse:
    """Which alarms take a chain: of a unit, of a kind, or of the whole committee where both are None."""

    unit_id: UUID | None
    kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRow:
    """A chain in its newest version."""

    id: UUID
    committee_id: UUID
    name: str
    version: int
    uses: tuple[ChainUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaRow:
    """A rota in its newest version."""

    id: UUID
    committee_id: UUID
    name: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSeat:
    """An operator at the desk. load: how many incidents he has in hand."""

    user_id: UUID
    name: str
    since: datetime
    seen_at: datetime
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPressure:
    """An operator at the desk and what he has had. alarms_10_min: how many he took in ten minutes."""

    user_id: UUID
    name: str
    since: datetime
    load: int
    alarms_10_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPicture:
    """How much there is for how many; see domain/pressure.py. Alarms are real ones that call for a person."""

    at: datetime
    seats: tuple[SeatPressure, ...]
    opened_10_min: int
    untaken: int
    per_operator: float
    flood: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachSlot:
    """A stretch of time, and who would be told in it, first first."""

    from_at: datetime
    until_at: datetime
    persons: tuple[str, ...]
    nobody: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRow:
    """Whether a panic of a unit could reach anybody. unit_id: None for a whole committee. chain: its name."""

    committee_id: UUID
    unit_id: UUID | None
    unit: str
    chain: str | None
    slots: tuple[ReachSlot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverCase:
    """One open case of a shift change, as it stood when the list was made."""

    incident_id: UUID
    kind: str
    gravity: int
    state: str
    person: str | None
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverView:
    """A shift change that waits for a signature. to_user: None where whoever comes may sign."""

    id: UUID
    made_at: datetime
    from_user_id: UUID
    from_user: str
    to_user_id: UUID | None
    to_user: str | None
    signed_by: tuple[UUID, ...]
    cases: tuple[HandoverCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanView:
    """Who has a pool device."""

    person_id: UUID
    person: str
    out_at: datetime
    due_back_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRow:
    """A pool device and what the gate looks at. tag: what is scanned. loan: None while it is in."""

    device_id: UUID
    committee_id: UUID
    tag: str
    label: str
    battery_pct: int | None
    last_seen_at: datetime | None
    tested_at: datetime | None
    loan: LoanView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """The newest test alarm of a device. reached_desk_at: None if it did not get that far."""

    incident_id: UUID
    device_id: UUID | None
    label: str | None
    person: str | None
    pressed_at: datetime | None
    received_at: datetime
    reached_desk_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaShift:
    """Somebody's turn. layer: index, called in this order."""

    person_id: UUID
    person: str
    layer: int
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaGap:
    """A time at which nobody at all is on call."""

    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallView:
    """Who is on call, first called first. holiday: whether the local day is one."""

    at: datetime
    day: date
    holiday: bool
    persons: tuple[OnCallPerson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallPerson:
    """One of them."""

    person_id: UUID
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DryCall:
    """One thing that would happen. after_s: seconds from the alarm. step: index in the chain; round counts from 1.

    what: "told" (person and channel say who and how), "desk" (all consoles sound), "receiver" (an alarm receiving
    centre is told; receiver is its name), "passed_over" (why says for what), "used_up" (the chain is at its end).
    as_of_now: chosen by who is near just now, which another day cannot know.
    """

    after_s: float
    what: str
    step: int | None
    round: int
    person_id: UUID | None = None
    person: str | None = None
    channel: str | None = None
    receiver: str | None = None
    why: str | None = None
    as_of_now: bool = False
