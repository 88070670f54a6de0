"""The register on disk. Every write can be repeated; what it names by id it replaces."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.chain_json import dump_chain
from larmcentral.domain.register import ChainChoice, Device, Home, Person
from larmcentral.store.pool import Pool
from larmcentral.store.register_duty import DutyRegister
from larmcentral.store.register_persons import PersonRegister
from larmcentral.store.register_places import SQL, PlaceRegister
from larmcentral.store.sealed_secrets import secret_of_device
from larmcentral.store.sealing import Sealing


class Register(PlaceRegister, DutyRegister, PersonRegister):
    """Enters people, devices and chains, each call one transaction; places and duties beside them.

    sealing: for devices whose key must be read back; without it there are none such.
    """

    def __init__(self, pool: Pool, sealing: Sealing | None = None) -> None:
        super().__init__(pool)
        self._sealing = sealing

    async def organisation(self, organisation_id: OrganisationId, name: str) -> None:
        """Enter the municipality."""
        await self._execute("organisation", organisation_id, name)

    async def committee(self, organisation_id: OrganisationId, committee_id: CommitteeId, name: str) -> None:
        """Enter a committee."""
        await self._execute("committee", organisation_id, committee_id, name)

    async def committee_once(self, organisation_id: OrganisationId, committee_id: CommitteeId, name: str) -> None:
        """Enter a committee unless it is there; its name then stays."""
        await self._execute("committee_once", organisation_id, committee_id, name)

    async def sector(self, home: Home, sector_id: UUID, name: str) -> None:
        """Enter a sector."""
        await self._execute("sector", home.organisation_id, home.committee_id, sector_id, name)

    async def unit(self, home: Home, unit_id: UUID, sector_id: UUID, name: str) -> None:
        """Enter a unit."""
        await self._execute("unit", home.organisation_id, home.committee_id, unit_id, sector_id, name)

    async def team(self, home: Home, team_id: UUID, unit_id: UUID, name: str) -> None:
        """Enter a team."""
        await self._execute("team", home.organisation_id, home.committee_id, team_id, unit_id, name)

    async def person(self, home: Home, person: Person) -> None:
        """Enter a person with teams and contact points."""
        where = (home.organisation_id, home.committee_id)
        async with self._pool.transaction() as connection:
            await connection.execute(
                SQL["person"],
                *where,
                person.id,
                person.unit_id,
                person.name,
                person.phone,
                person.employer,
                person.external,
                person.ends_on,
                person.language,
                person.trained_on,
                person.pin_hash,
                person.duress_pin_hash,
            )
            for team_id in person.teams:
                await connection.execute(SQL["team_member"], *where, team_id, person.id)
            for point in person.contact_points:
                await connection.execute(
                    SQL["contact_point"], *where, point.id, person.id, point.channel.value, point.address, point.rank
                )

    async def device(self, home: Home, device: Device, now: datetime) -> None:
        """Enrol a device and say who wears it. Its key goes to disk sealed; raises ValueError without a sealing key."""
        where = (home.organisation_id, home.committee_id)
        secret = device.secret
        if secret is not None:
            secret = secret_of_device(self._sealing, device.protocol, home.organisation_id, device.id, secret)
        async with self._pool.transaction() as connection:
            await connection.execute(
                SQL["device"],
                *where,
                device.id,
                device.protocol,
                device.account,
                device.model,
                device.label,
                device.purpose,
                secret,
                json.dumps(dict(device.options)),
                device.supervised,
                device.tag,
                device.pool,
                device.place_id,
                device.supervision.value,
            )
            if device.worn_by is not None:
                await connection.execute(SQL["end_assignment"], home.organisation_id, device.id, now, device.worn_by)
                await connection.execute(SQL["assign"], *where, device.id, device.worn_by, now)

    async def chain(self, home: Home, choice: ChainChoice, now: datetime, made_by: UUID | None = None) -> None:
        """File a chain's version and say which alarms take it."""
        where, chain = (home.organisation_id, home.committee_id), choice.chain
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["chain"], *where, chain.id, chain.name, chain.version)
            await connection.execute(
                SQL["chain_version"], *where, chain.id, chain.version, json.dumps(dump_chain(chain)), now, made_by
            )
            await connection.execute(
                SQL["chain_choice"],
                *where,
                choice.id,
                choice.unit_id,
                choice.kind and choice.kind.value,
                choice.purpose,
                chain.id,
            )
