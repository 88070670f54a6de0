"""What crosses HTTP about action plans, messages and the fields an alarm is closed with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import Kind, OutcomeWord, Shape

StepKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
StepText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
StepOutcome = Literal["done", "not_possible", "not_needed"]


class PlanStepDraft(Shape):
    """PUT /api/action-plans/{plan_id}, part. key: the same as long as the step means the same."""

    key: StepKey
    text: StepText


class ActionPlanDraft(Shape):
    """PUT /api/action-plans/{plan_id}: for a kind, a unit, a place, or any; the most specific plan wins.

    place counts before unit, unit before kind. version: of the plan that was read, 0 for a new one.
    """

    committee_id: UUID
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    kind: Kind | None = None
    unit_id: UUID | None = None
    place_id: UUID | None = None
    steps: Annotated[list[PlanStepDraft], Field(min_length=1, max_length=30)]
    version: Annotated[int, Field(ge=0)]


class PlanStepView(Shape):
    """One step of a plan."""

    key: str
    text: str


class ActionPlanView(Shape):
    """One row of GET /api/action-plans."""

    id: UUID
    committee_id: UUID
    name: str
    kind: Kind | None
    unit_id: UUID | None
    unit: str | None
    place_id: UUID | None
    place: str | None
    steps: list[PlanStepView]
    version: int


class StepRecord(Shape):
    """What came of a step: the newest word counts, all of them stand on the timeline."""

    outcome: StepOutcome
    note: str
    by: str
    at: datetime


class IncidentStep(Shape):
    """A step of the plan that goes with an incident. record: null until somebody said what came of it."""

    key: str
    text: str
    record: StepRecord | None


class IncidentPlan(Shape):
    """GET /api/incidents/{incident_id}/plan. name null and no steps: no plan goes with it."""

    incident_id: UUID
    name: str | None
    version: int
    steps: list[IncidentStep]


class StepDone(Shape):
    """POST /api/incidents/{incident_id}/plan/{key}: what came of a step; answered with the IncidentView."""

    outcome: StepOutcome
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class MessageSend(Shape):
    """POST /api/incidents/{incident_id}/message: words to the responders who were told and did not decline, or to the
    wearer. Never to the wearer of a silent alarm (409 `silent`). Answered with the IncidentView."""

    to: Literal["responders", "wearer"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class ClosingField(Shape):
    """A question that must be answered. choices: keys for words; note_for: choices that need words beside them."""

    key: str
    choices: list[str]
    note_for: list[str]


class ClosingForm(Shape):
    """One row of GET /api/closing: what must be answered when an alarm of these kinds ends with this outcome.

    Of real alarms only; a drill or a test asks nothing. Kinds and outcomes without a row ask nothing.
    """

    kinds: list[Kind]
    outcome: OutcomeWord
    fields: list[ClosingField]
