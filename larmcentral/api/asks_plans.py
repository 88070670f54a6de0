"""What the API asks about action plans. The store keeps it; assembly brings the two together."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from escalation.action_plan import ActionPlan
from escalation.ids import CommitteeId, IncidentId, UserId
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_plans import ActionPlanView, IncidentPlan


class Plans(Protocol):
    """Plans of a scope's committees. All raise NotFound for what is elsewhere."""

    async def rows(self, scope: Scope) -> tuple[ActionPlanView, ...]:
        """Return all, by name."""
        ...

    async def save(self, scope: Scope, committee_id: CommitteeId, plan: ActionPlan, *, by: UserId) -> ActionPlanView:
        """Keep the next version of plan.version, 0 for a new plan. Raises Collision."""
        ...

    async def remove(self, scope: Scope, plan_id: UUID) -> None:
        """Let it go with no further alarm."""
        ...

    async def of_incident(self, scope: Scope, incident_id: IncidentId) -> IncidentPlan:
        """Return the plan that goes with an incident, and what came of its steps."""
        ...
