"""Action plans, as what is recorded of their steps needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from escalation.action_plan import ActionPlan, StepRecord
from escalation.ids import CommitteeId, IncidentId, OrganisationId


class PlanWork(Protocol):
    """Part of a transaction."""

    async def action_plans(self, organisation_id: OrganisationId, committee_id: CommitteeId) -> Sequence[ActionPlan]:
        """Return the plans of a committee as they stand."""
        ...

    async def newest_record(self, incident_id: IncidentId, plan_id: UUID, key: str) -> StepRecord | None:
        """Return what the timeline says last of a step of a plan; None where it says nothing.

        The incident's row is held, so nothing newer comes meanwhile.
        """
        ...
