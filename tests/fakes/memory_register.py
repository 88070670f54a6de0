"""store.register.Register on the memory store, as far as flows look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.action_plan import ActionPlan
from escalation.ids import CommitteeId, OrganisationId, PersonId, PlaceId, UnitId
from escalation.rota import Rota
from larmcentral.domain.place import Flag, Place
from larmcentral.domain.register import ChainChoice, Device, Home, Person, PlaceFlag, PlanChoice, SitePlan
from tests.fakes.memory_points import facts_of
from tests.fakes.memory_state import Tables


class _HasTables(Protocol):
    tables: Tables


class MemoryRegister:
    """Each call stands at once."""

    def __init__(self, store: _HasTables) -> None:
        self._store = store

    async def organisation(self, organisation_id: OrganisationId, name: str) -> None:
        pass

    async def committee(self, organisation_id: OrganisationId, committee_id: CommitteeId, name: str) -> None:
        self._store.tables.committees[committee_id] = (organisation_id, name)

    async def sector(self, home: Home, sector_id: UUID, name: str) -> None:
        pass

    async def unit(self, home: Home, unit_id: UUID, sector_id: UUID, name: str) -> None:
        self._store.tables.units[unit_id] = (home, name)

    async def team(self, home: Home, team_id: UUID, unit_id: UUID, name: str) -> None:
        pass

    async def person(self, home: Home, person: Person) -> None:
        self._store.tables.persons[person.id] = (home, person)
        for team_id in person.teams:
            self._store.tables.members.setdefault(team_id, {})[person.id] = None
        tables = self._store.tables
        for point in person.contact_points:
            before = tables.points.get(point.id)
            if before is not None and before[1].address != point.address:
                tables.proofs.pop(point.id, None)
                tables.point_facts[point.id] = replace(facts_of(tables, point.id), verified_at=None)
            tables.points[point.id] = (person.id, point, False)

    async def device(self, home: Home, device: Device, now: datetime) -> None:
        self._store.tables.devices[(device.protocol, device.account)] = (home, device)

    async def chain(self, home: Home, choice: ChainChoice, now: datetime, made_by: UUID | None = None) -> None:
        self._store.tables.choices[choice.id] = (home, choice)

    async def place(self, home: Home, place: Place) -> None:
        self._store.tables.places[place.id] = (home, place)

    async def site_plan(self, home: Home, plan: SitePlan, now: datetime) -> None:
        pass

    async def flag(self, home: Home, flag: PlaceFlag, now: datetime) -> None:
        owner = self._store.tables.persons[flag.owner_id][1]
        self._store.tables.flags[flag.place_id] = Flag(
            risk=flag.risk,
            owner_id=flag.owner_id,
            owner_name=owner.name,
            ground=flag.ground,
            review_on=flag.review_on,
            set_at=now,
        )

    async def action_plan(self, home: Home, plan: ActionPlan, now: datetime) -> None:
        self._store.tables.action_plans[plan.id] = (home, plan)

    async def lift_flag(self, home: Home, place_id: PlaceId, now: datetime) -> None:
        self._store.tables.flags.pop(place_id, None)

    async def rota(self, home: Home, rota: Rota, now: datetime, made_by: UUID | None = None) -> None:
        self._store.tables.rotas[rota.id] = (home, rota)

    async def managers(self, home: Home, unit_id: UnitId, person_ids: Sequence[PersonId]) -> None:
        self._store.tables.managers[unit_id] = (home, tuple(person_ids))

    async def safety_plan(self, home: Home, choice: PlanChoice) -> None:
        self._store.tables.plans[choice.id] = (home, choice)
