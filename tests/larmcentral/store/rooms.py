"""Pools in the two roles on a test's own database, and committees that have something of everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.roles import Scope
from larmcentral.store.pool import Pool
from tests.builders import NOON, Town


@dataclass(frozen=True, slots=True)
class Rooms:
    """service and web: pools in these roles. town: an empty one."""

    service: Pool
    web: Pool
    town: Town


@asynccontextmanager
async def rooms(dsn: str) -> AsyncIterator[Rooms]:
    service = Pool([dsn], role="larm_service", size=2, deadline_s=20)
    web = Pool([dsn], role="larm_web", size=2, deadline_s=20)
    town = await Town.found(dsn)
    yield Rooms(service, web, town)
    await town.close()
    await service.close()
    await web.close()


async def filled(made: Rooms, name: str) -> UUID:
    """A committee with a row in every table a reader may ask."""
    town = made.town
    committee = await town.committee(name)
    person = await town.person(committee, f"{name} person")
    await town.team(committee, "Natt", person)
    device = await town.device(committee, f"{name} watch", worn_by=person, seen_at=NOON)
    user = await town.user(f"{name} user", "operator", committee)
    await town.ways(committee, person=person, by=user)
    incident = await town.incident(committee, person=person, device=device, responders={person: "notified"})
    await town.signal(incident, committee, lat=59.0, lon=17.0)
    await town.notice(incident, person)
    await town.system_alarm(committee, "no_chain")
    await town.unknown_input(committee, name.encode())
    place = await town.place(committee, f"{name} place", owner=person)
    await town.vigil(committee, person=person, place=place)
    await town.dossier(committee, person, "kin")
    await town.action_plan(committee)
    await town.beacon(committee, place, "ac233f000001")
    await town.duty(committee, person=person, place=place)
    await town.ledger(committee, device=device, incident=incident)
    return committee


def scope_of(made: Rooms, *committees: UUID) -> Scope:
    return Scope(
        organisation_id=OrganisationId(made.town.organisation), committees=frozenset(map(CommitteeId, committees))
    )
