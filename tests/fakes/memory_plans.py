"""Action plans of the memory store, and what its timeline says of their steps."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from escalation.action_plan import ActionPlan, StepOutcome, StepRecord
from escalation.effects import EntryKind
from escalation.ids import CommitteeId, IncidentId, OrganisationId
from tests.fakes.memory_work import MemoryWork


class MemoryPlans(MemoryWork):
    """Part of ports.Transaction."""

    async def action_plans(self, organisation_id: OrganisationId, committee_id: CommitteeId) -> Sequence[ActionPlan]:
        found = self.tables.action_plans.values() if self._may_see(committee_id) else ()
        where = (organisation_id, committee_id)
        return [plan for home, plan in found if (home.organisation_id, home.committee_id) == where]

    async def newest_record(self, incident_id: IncidentId, plan_id: UUID, key: str) -> StepRecord | None:
        said = [
            detail
            for line in self.tables.timeline.get(incident_id)
            if line.entry.kind is EntryKind.STEP_RECORDED
            and (detail := dict(line.entry.detail))["plan_id"] == str(plan_id)
            and detail["key"] == key
        ]
        return StepRecord(StepOutcome(said[-1]["outcome"]), said[-1].get("note", "")) if said else None
