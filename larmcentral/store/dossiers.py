"""What helpers should know of a person, whom to tell, and a photo: read and written in the web's role."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from escalation.ids import CommitteeId, IncidentId, PersonId, UserId
from larmcentral.domain.dossier import DossierText, may_see_kin
from larmcentral.domain.errors import NotFound
from larmcentral.domain.register import Home
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views_persons import Dossier, Kin
from larmcentral.store.access import SILENCE_KEPT, looking, record_person
from larmcentral.store.columns import columns
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("dossiers")

KIN_SHOWN: Final = "next_of_kin_shown"
NOTES_SHOWN: Final = "dossier_shown"


class Dossiers:
    """Dossiers and photos of a scope's committees. All raise NotFound for a person elsewhere."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def dossier(
        self, scope: Scope, person_id: PersonId, *, by: Viewer, incident_id: IncidentId | None, now: datetime
    ) -> Dossier:
        """Return what one may know of a person, and write down what was shown of it.

        incident_id: the alarm on whose ground one asks, None for none.
        """
        one = (scope.organisation_id, list(scope.committees), person_id)
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(_SQL["dossier"], *one)
            if row is None:
                raise NotFound(f"person {person_id}")
            ground = None if incident_id is None else await connection.fetchrow(_SQL["ground"], *one, incident_id)
            allowed = may_see_kin(by.role, calls_for_help=ground is not None and ground["calls"])
            kin = await self._kin(connection, scope, row) if allowed else None
            shown = [action for action, said in ((NOTES_SHOWN, row["notes"]), (KIN_SHOWN, kin)) if said]
            if shown and by.person_id != person_id:
                # Nothing that the person can read of it later may tell that a silent alarm is why somebody asks.
                since = now - SILENCE_KEPT
                because = ground["id"] if ground is not None else await connection.fetchval(_SQL["covert"], *one, since)
                for action in shown:
                    await record_person(
                        connection,
                        scope,
                        by=by.user_id,
                        action=action,
                        committee_id=row["committee_id"],
                        person_id=person_id,
                        incident_id=because,
                        now=now,
                    )
        return _dossier(row, kin)

    async def save(self, scope: Scope, person_id: PersonId, text: DossierText, *, by: UserId, now: datetime) -> None:
        """Write down what helpers should know and whom to tell, in place of what stood."""
        async with looking(self._web, scope) as connection:
            home = Home(scope.organisation_id, await self._whose(connection, scope, person_id))
            await write(connection, home, person_id, text, now, by)

    async def photo(self, scope: Scope, person_id: PersonId) -> tuple[str, bytes]:
        """Return a photo: its media type and its content. Raises NotFound for want of one, too."""
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(_SQL["photo"], scope.organisation_id, list(scope.committees), person_id)
        if row is None:
            raise NotFound(f"photo of {person_id}")
        return row["media_type"], row["body"]

    async def save_photo(
        self, scope: Scope, person_id: PersonId, media_type: str, content: bytes, now: datetime
    ) -> None:
        """Keep a photo in place of the one that was there."""
        async with looking(self._web, scope) as connection:
            committee_id = await self._whose(connection, scope, person_id)
            await connection.execute(
                _SQL["save_photo"], scope.organisation_id, committee_id, person_id, media_type, content, now
            )

    async def remove_photo(self, scope: Scope, person_id: PersonId) -> None:
        """Drop the photo, if there is one."""
        async with looking(self._web, scope) as connection:
            committee_id = await self._whose(connection, scope, person_id)
            await connection.execute(_SQL["remove_photo"], scope.organisation_id, committee_id, person_id)

    async def _whose(self, connection: asyncpg.Connection, scope: Scope, person_id: PersonId) -> CommitteeId:
        found: UUID | None = await connection.fetchval(
            _SQL["whose"], scope.organisation_id, list(scope.committees), person_id
        )
        if found is None:
            raise NotFound(f"person {person_id}")
        return CommitteeId(found)

    async def _kin(self, connection: asyncpg.Connection, scope: Scope, row: asyncpg.Record) -> tuple[Kin, ...]:
        rows = await connection.fetch(_SQL["kin"], scope.organisation_id, row["committee_id"], row["id"])
        return tuple(Kin(**dict(one)) for one in rows)


async def write(
    connection: asyncpg.Connection,
    home: Home,
    person_id: PersonId,
    text: DossierText,
    now: datetime,
    by: UserId | None = None,
) -> None:
    """Write a dossier in place of the one that stood. Of two who do so at once the row makes one wait."""
    whose = (home.organisation_id, home.committee_id, person_id)
    await connection.execute(_SQL["save"], *whose, text.notes, now, by)
    await connection.execute(_SQL["forget_kin"], *whose)
    if text.next_of_kin:
        rows = [(one.name, one.relation, one.phone) for one in text.next_of_kin]
        await connection.execute(_SQL["save_kin"], *whose, *columns(rows))


def _dossier(row: asyncpg.Record, kin: tuple[Kin, ...] | None) -> Dossier:
    return Dossier(
        person_id=row["id"],
        name=row["name"],
        unit=row["unit"],
        teams=tuple(row["teams"]),
        employer=row["employer"],
        phone=row["phone"],
        photo=row["photo"],
        notes=row["notes"],
        next_of_kin=kin,
        may_see_kin=kin is not None,
    )
