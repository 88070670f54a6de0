"""Action plans on disk: those that stand, those that stood, and what was said of their steps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from escalation.action_plan import ActionPlan, PlanStep, StepOutcome, StepRecord
from escalation.alarm import AlarmKind
from escalation.ids import CommitteeId, IncidentId, OrganisationId
from larmcentral.store.queries import load
from larmcentral.store.work import Work

SQL: Final = load("plans")


class PlanPart(Work):
    """ports.PlanWork."""

    async def action_plans(self, organisation_id: OrganisationId, committee_id: CommitteeId) -> Sequence[ActionPlan]:
        """See ports.PlanWork."""
        return await plans_of(self._connection, organisation_id, committee_id, None)

    async def newest_record(self, incident_id: IncidentId, plan_id: UUID, key: str) -> StepRecord | None:
        """See ports.PlanWork."""
        detail = await self._connection.fetchval(SQL["newest_record"], incident_id, str(plan_id), key)
        return None if detail is None else record_of(json.loads(detail))


async def plans_of(
    connection: asyncpg.Connection, organisation_id: UUID, committee_id: UUID, at: datetime | None
) -> list[ActionPlan]:
    """Return a committee's plans as they stood then, None for now."""
    rows = await connection.fetch(SQL["of_committee"], organisation_id, committee_id, at)
    return [_plan(row) for row in rows]


def record_of(detail: Mapping[str, str]) -> StepRecord:
    """Read a line of the timeline."""
    return StepRecord(StepOutcome(detail["outcome"]), detail.get("note", ""))


def read_steps(body: str) -> tuple[PlanStep, ...]:
    """Read what dump_steps wrote."""
    return tuple(PlanStep(step["key"], step["text"]) for step in json.loads(body))


def dump_steps(steps: Sequence[PlanStep]) -> str:
    """Return steps as the JSON that a version keeps."""
    return json.dumps([{"key": step.key, "text": step.text} for step in steps])


def aims(plan: ActionPlan) -> tuple[object, ...]:
    """Return what a plan is for, as the statements take it: kind, unit, place."""
    return (None if plan.kind is None else plan.kind.value, plan.unit_id, plan.place_id)


def version_row(plan: ActionPlan, version: int, now: datetime, made_by: UUID | None) -> tuple[object, ...]:
    """Return a version as the statement takes it, behind organisation and committee."""
    return (plan.id, version, plan.name, *aims(plan), dump_steps(plan.steps), now, made_by)


def _plan(row: Any) -> ActionPlan:
    return ActionPlan(
        id=row["id"],
        name=row["name"],
        version=row["version"],
        steps=read_steps(row["steps"]),
        kind=None if row["kind"] is None else AlarmKind(row["kind"]),
        unit_id=row["unit_id"],
        place_id=row["place_id"],
    )
