"""Rotas for people: read in their newest version, and written on top of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from escalation.ids import CommitteeId, PersonId, RotaId, UserId
from escalation.rota import Rota
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Scope
from larmcentral.domain.rota_json import dump_rota
from larmcentral.domain.views_house import RotaRow
from larmcentral.store import register_places
from larmcentral.store.access import looking
from larmcentral.store.chains import read_rota
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.versions import next_version

_SQL: Final = load("reading_rotas")

ROTA_LIMIT: Final = 1000
"""Some units have one for each trade; nobody has more than this."""


class Rotas:
    """Rotas of a scope's committees, in the web's role. All raise NotFound for one that is elsewhere."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def rotas(self, scope: Scope) -> tuple[RotaRow, ...]:
        """Return all, by name."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["rows"], scope.organisation_id, list(scope.committees), ROTA_LIMIT)
        return tuple(RotaRow(**dict(row)) for row in rows)

    async def rota(self, scope: Scope, rota_id: RotaId) -> tuple[CommitteeId, Rota]:
        """Return the newest version of one, and whose it is."""
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(_SQL["one"], scope.organisation_id, list(scope.committees), rota_id)
        if row is None:
            raise NotFound(f"rota {rota_id}")
        return CommitteeId(row["committee_id"]), replace(read_rota(row["body"]), version=row["version"])

    async def save(self, scope: Scope, committee_id: CommitteeId, rota: Rota, *, by: UserId, now: datetime) -> int:
        """Keep the next version and return its number; the one that it was made from is kept too.

        rota.version: that one's, 0 for a new rota. Raises Collision if it is not the newest any more.
        """
        async with looking(self._web, scope) as connection:
            version = await next_version(connection, _SQL, scope, committee_id, rota)
            body = dump_rota(replace(rota, version=version))
            where = (scope.organisation_id, committee_id, rota.id)
            await connection.execute(register_places.SQL["rota_version"], *where, version, body, now, by)
        return version

    async def names(self, scope: Scope, person_ids: Collection[PersonId]) -> Mapping[PersonId, str]:
        """Return the names of those whom the scope may know."""
        if not person_ids:
            return {}
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(
                _SQL["names"], scope.organisation_id, list(scope.committees), list(person_ids)
            )
        return {PersonId(row["id"]): row["name"] for row in rows}
