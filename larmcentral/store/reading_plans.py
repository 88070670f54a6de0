"""Action plans for people: the plans of a committee, and the one that goes with an incident."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

import asyncpg

from escalation.action_plan import ActionPlan, chosen
from escalation.alarm import AlarmKind
from escalation.ids import CommitteeId, IncidentId, UserId
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_plans import ActionPlanView, IncidentPlan, IncidentStep, PlanStepView, StepRecord
from larmcentral.store.access import looking
from larmcentral.store.plans import SQL, aims, plans_of, read_steps, version_row
from larmcentral.store.pool import Pool
from larmcentral.store.work import database_time

PLAN_LIMIT: Final = 1000
"""One a kind, unit and dangerous address would be more than anybody keeps up."""


class ActionPlans:
    """Plans of a scope's committees, in the web's role. All raise NotFound for one that is elsewhere."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def rows(self, scope: Scope) -> tuple[ActionPlanView, ...]:
        """Return all, by name."""
        async with looking(self._web, scope) as connection:
            return await _rows(connection, scope, None)

    async def save(self, scope: Scope, committee_id: CommitteeId, plan: ActionPlan, *, by: UserId) -> ActionPlanView:
        """Let a plan's next version go with alarms from now on, and return it.

        plan.version: the one that it was made from, 0 for a new plan. Raises Collision where another version stands by
        now, or another plan for the same, and NotFound for a unit or place that is not the committee's.
        """
        if committee_id not in scope.committees:
            raise NotFound(f"committee {committee_id}")
        where = (scope.organisation_id, committee_id)
        async with looking(self._web, scope) as connection:
            if not await connection.fetchval(SQL["known"], *where, plan.unit_id, plan.place_id):
                raise NotFound(f"unit or place of plan {plan.id}")
            version = await _next_version(connection, where, plan)
            now = await database_time(connection)
            await connection.execute(SQL["version"], *where, *version_row(plan, version, now, by))
            (row,) = await _rows(connection, scope, plan.id)
        return row

    async def remove(self, scope: Scope, plan_id: UUID) -> None:
        """Let a plan go with no further alarm. What was recorded under it is kept."""
        async with looking(self._web, scope) as connection:
            at = await database_time(connection)
            where = (scope.organisation_id, list(scope.committees))
            if await connection.fetchval(SQL["remove"], *where, plan_id, at) is None:
                raise NotFound(f"plan {plan_id}")

    async def of_incident(self, scope: Scope, incident_id: IncidentId) -> IncidentPlan:
        """Return the plan that goes with an incident, with the newest word on each step.

        Of an incident that is over, as the plan stood when it ended. A step that was recorded and has been taken out of
        the plan since comes last, in the words that it had.
        """
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(SQL["incident"], scope.organisation_id, list(scope.committees), incident_id)
            if row is None:
                raise NotFound(f"incident {incident_id}")
            plans = await plans_of(connection, scope.organisation_id, row["committee_id"], row["stood_down_at"])
            plan = chosen(plans, AlarmKind(row["kind"]), row["unit_id"], row["place_id"])
            if plan is None:
                return IncidentPlan(incident_id=incident_id, name=None, version=0, steps=())
            said = await connection.fetch(SQL["records"], scope.organisation_id, incident_id, str(plan.id))
        texts = {step.key: step.text for step in plan.steps}
        records: dict[str, StepRecord] = {}
        for line in said:
            detail = json.loads(line["detail"])
            texts.setdefault(detail["key"], detail["text"])
            records[detail["key"]] = StepRecord(
                outcome=detail["outcome"], note=detail.get("note", ""), by=line["by_name"], at=line["at"]
            )
        steps = tuple(IncidentStep(key=key, text=text, record=records.get(key)) for key, text in texts.items())
        return IncidentPlan(incident_id=incident_id, name=plan.name, version=plan.version, steps=steps)


async def _next_version(connection: asyncpg.Connection, where: tuple[UUID, UUID], plan: ActionPlan) -> int:
    if plan.version == 0:
        version: int | None = await connection.fetchval(SQL["begin"], *where, plan.id, *aims(plan))
    else:
        version = await connection.fetchval(SQL["move_on"], *where, plan.id, *aims(plan), plan.version)
    if version is not None:
        return version
    if await connection.fetchval(SQL["stands"], *where, plan.id) is None:
        raise NotFound(f"plan {plan.id}")
    raise Collision("another version stands")


async def _rows(connection: asyncpg.Connection, scope: Scope, only: UUID | None) -> tuple[ActionPlanView, ...]:
    rows = await connection.fetch(SQL["rows"], scope.organisation_id, list(scope.committees), PLAN_LIMIT, only)
    return tuple(_view(row) for row in rows)


def _view(row: Any) -> ActionPlanView:
    steps = tuple(PlanStepView(**asdict(step)) for step in read_steps(row["steps"]))
    return ActionPlanView(**{**dict(row), "steps": steps})
