"""Managers' reports as they are shown: past incidents, response times, the fleet and its use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One row of a search. *_s: seconds from when it was received, None where it was not."""

    id: UUID
    number: str
    committee_id: UUID
    opened_at: datetime
    kind: str
    purpose: str
    silent: bool
    state: str
    person: str | None
    unit: str | None
    place: str | None
    owner: str | None
    lateness_s: float | None
    shown_s: float | None
    accepted_s: float | None
    stood_down_s: float | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """Newest first. next: the last row, where more lie behind it. total: of the whole search, counted to a limit."""

    rows: tuple[IncidentRow, ...]
    next: UUID | None
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChoice:
    """A unit one can filter by."""

    id: UUID
    name: str
    committee_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A share that must be reached. met: None without a single alarm."""

    within_s: float
    wanted: float
    reached: float | None
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfResponse:
    """One local day. within: as many as there are bars, in their order; None without an alarm."""

    day: date
    alarms: int
    within: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfAlarm:
    """One kind of alarm by what it turned out to be."""

    kind: str
    real: int
    false: int
    test: int
    drill: int
    other: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseReport:
    """How fast real alarms that call for a person were shown and accepted; see shapes_reports."""

    from_day: date
    until_day: date
    alarms: int
    never: int
    shown_p50_s: float | None
    shown_p99_s: float | None
    accepted_p50_s: float | None
    accepted_p80_s: float | None
    accepted_p95_s: float | None
    accepted_p985_s: float | None
    accepted_max_s: float | None
    bars: tuple[Bar, ...]
    days: tuple[DayOfResponse, ...]
    kinds: tuple[KindOfAlarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitUse:
    """How a unit uses its protection. unit_id None: persons and devices of no unit."""

    unit_id: UUID | None
    unit: str | None
    persons: int
    trained: int
    sessions: int
    worked_alone: int
    idle: int
    devices: int
    silent: int
    low_battery: int
    tests_due: int
    alarms: int
    false_alarms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BadActor:
    """Whoever or whatever raises most alarms that were none."""

    what: str
    name: str
    alarms: int
    false_alarms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseOfAlarms:
    """Why real alarms were none; None where nobody said."""

    cause: str | None
    alarms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReport:
    """How the house uses its protection."""

    from_day: date
    until_day: date
    units: tuple[UnitUse, ...]
    bad_actors: tuple[BadActor, ...]
    causes: tuple[CauseOfAlarms, ...]
