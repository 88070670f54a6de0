"""What a reader gets to see of action plans and closing forms. The same names and types as api/shapes_plans.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStepView:
    """One step of a plan."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlanView:
    """A plan in its newest version. None of kind, unit, place: any."""

    id: UUID
    committee_id: UUID
    name: str
    kind: str | None
    unit_id: UUID | None
    unit: str | None
    place_id: UUID | None
    place: str | None
    steps: tuple[PlanStepView, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """What came of a step, by whom."""

    outcome: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStep:
    """A step of the plan that goes with an incident."""

    key: str
    text: str
    record: StepRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPlan:
    """The plan that goes with an incident; of one that is over, as it stood then. name None: none does."""

    incident_id: UUID
    name: str | None
    version: int
    steps: tuple[IncidentStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingField:
    """A question."""

    key: str
    choices: tuple[str, ...]
    note_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingForm:
    """What is asked when an alarm of these kinds ends so."""

    kinds: tuple[str, ...]
    outcome: str
    fields: tuple[ClosingField, ...]
