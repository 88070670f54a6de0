"""Rotas entered by an administrator are kept in all their versions."""

from __future__ import annotations

from dataclasses import replace

from escalation.ids import CommitteeId, OrganisationId, RotaId
from escalation.rota import Rota
from larmcentral.domain.register import Home
from larmcentral.store.register import Register
from tests.builders import NOON
from tests.larmcentral.store.rooms import rooms


async def test_a_version_is_written_once_and_the_older_ones_stay(database_dsn: str) -> None:
    async with rooms(database_dsn) as made:
        register = Register(made.service)
        home = Home(OrganisationId(made.town.organisation), CommitteeId(await made.town.committee("Omsorgsnämnden")))
        rota = Rota(id=RotaId(made.town.new_id()), name="Jour", layers=())
        for version in (rota, replace(rota, version=2, name="Jour Nord"), replace(rota, version=2, zone="UTC")):
            await register.rota(home, version, NOON)
        kept = await made.town.connection.fetch("SELECT version, body ->> 'zone' AS zone FROM rota_versions ORDER BY 1")
        newest = await made.town.connection.fetchrow("SELECT version FROM rotas")
    assert [tuple(row) for row in kept] == [(1, "Europe/Stockholm"), (2, "Europe/Stockholm")]
    assert newest is not None
    assert newest["version"] == 2
