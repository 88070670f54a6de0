"""What crosses HTTP for managers: past incidents by filters, response times, the fleet and its use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from larmcentral.api.shapes import IncidentState, Kind, OutcomeWord, Purpose, Shape


class IncidentRow(Shape):
    """One row of a search. number: our own short one. *_s: seconds from when it was received, null where it was not."""

    id: UUID
    number: str
    committee_id: UUID
    opened_at: datetime
    kind: Kind
    purpose: Purpose
    silent: bool
    state: IncidentState
    person: str | None
    unit: str | None
    place: str | None
    owner: str | None
    lateness_s: float | None
    shown_s: float | None
    accepted_s: float | None
    stood_down_s: float | None
    outcome: OutcomeWord | None


class IncidentPage(Shape):
    """GET /api/reports/incidents: newest first. next: for `before`, null on the last page. total: 10,000 at most."""

    rows: list[IncidentRow]
    next: UUID | None
    total: int


class UnitChoice(Shape):
    """One row of GET /api/reports/units: what one can filter by."""

    id: UUID
    name: str
    committee_id: UUID


class Bar(Shape):
    """A share that must be reached. within_s: accepted within so many seconds. met: null without a single alarm."""

    within_s: float
    wanted: float
    reached: float | None
    met: bool | None


class DayOfResponse(Shape):
    """One local day. within: as many as there are bars, in their order; null without an alarm."""

    day: date
    alarms: int
    within: list[float | None]


class KindOfAlarm(Shape):
    """One kind of alarm within the time, by what it turned out to be."""

    kind: Kind
    real: int
    false: int
    test: int
    drill: int
    other: int
    open: int


class ResponseReport(Shape):
    """GET /api/reports/response: real alarms that call for a person. Times from received to accepted by a person.

    shown_*: from received to drawn on an operator's screen. accepted_*: percentiles in seconds, null without alarms.
    never: alarms that nobody accepted before they ended. The bars are BS 8484's; rolling twelve months by default.
    """

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
    bars: list[Bar]
    days: list[DayOfResponse]
    kinds: list[KindOfAlarm]


class UnitUse(Shape):
    """How a unit uses its protection within the time. idle: persons with a device or app and neither session nor test.

    tests_due: devices whose last test is older than 30 days. trained: persons with a day of training on record.
    """

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


class BadActor(Shape):
    """Whoever raises most alarms that were none: one row of ten."""

    what: Literal["person", "device", "place"]
    name: str
    alarms: int
    false_alarms: int


class CauseOfAlarms(Shape):
    """Why alarms were none, as was answered on closing. cause: key of GET /api/closing; null where none was given."""

    cause: str | None
    alarms: int


class UsageReport(Shape):
    """GET /api/reports/usage. causes: most frequent first."""

    from_day: date
    until_day: date
    units: list[UnitUse]
    bad_actors: list[BadActor]
    causes: list[CauseOfAlarms]
