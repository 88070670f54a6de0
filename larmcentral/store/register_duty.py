"""Duties in the register: rotas, managers, and what units have settled about time alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from escalation.action_plan import ActionPlan
from escalation.ids import PersonId, UnitId
from escalation.rota import Rota
from larmcentral.domain.register import Home, PlanChoice
from larmcentral.domain.rota_json import dump_plan, dump_rota
from larmcentral.store import plans
from larmcentral.store.register_places import SQL, RegisterPart


class DutyRegister(RegisterPart):
    """Enters duties, each call one transaction."""

    async def rota(self, home: Home, rota: Rota, now: datetime, made_by: UUID | None = None) -> None:
        """File a rota's version; a version is written once."""
        where = (home.organisation_id, home.committee_id)
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["rota"], *where, rota.id, rota.name, rota.version)
            await connection.execute(SQL["rota_version"], *where, rota.id, rota.version, dump_rota(rota), now, made_by)

    async def managers(self, home: Home, unit_id: UnitId, person_ids: Sequence[PersonId]) -> None:
        """Say who manages a unit, and nobody else."""
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["drop_managers"], home.organisation_id, unit_id, list(person_ids))
            await connection.execute(
                SQL["managers"], home.organisation_id, home.committee_id, unit_id, list(person_ids)
            )

    async def action_plan(self, home: Home, plan: ActionPlan, now: datetime) -> None:
        """Enter an action plan, unless it is there; what the desk has made of it since stays."""
        where = (home.organisation_id, home.committee_id)
        async with self._pool.transaction() as connection:
            version = await connection.fetchval(plans.SQL["begin"], *where, plan.id, *plans.aims(plan))
            if version is not None:
                await connection.execute(plans.SQL["version"], *where, *plans.version_row(plan, version, now, None))

    async def safety_plan(self, home: Home, choice: PlanChoice) -> None:
        """Settle the plan of a unit or of the whole committee."""
        where = (home.organisation_id, home.committee_id)
        await self._execute("safety_plan", *where, choice.id, choice.unit_id, dump_plan(choice.plan))
