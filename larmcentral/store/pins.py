"""PINs of workers, as hashes; hashing is api/passwords.py. Nothing here tells which of the two was ever given."""

from __future__ import annotations

from typing import Final

from escalation.ids import OrganisationId, PersonId
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Viewer
from larmcentral.domain.users import PinHashes
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("pins")


class Pins:
    """Read and written in the service's role: no screen of the web's ever sees a hash."""

    def __init__(self, service: Pool) -> None:
        self._service = service

    async def hashes(self, viewer: Viewer) -> PinHashes:
        """Return the hashes of the viewer's own person; both None until he has chosen."""
        async with self._service.connection() as connection:
            row = await connection.fetchrow(_SQL["hashes"], viewer.organisation_id, viewer.person_id)
        return PinHashes(None, None) if row is None else PinHashes(row["pin_hash"], row["duress_pin_hash"])

    async def save(self, viewer: Viewer, hashes: PinHashes) -> None:
        """Keep new ones of the viewer's own person. Raises NotFound if he is gone."""
        if viewer.person_id is None:
            raise NotFound("person")
        await self.enter(viewer.organisation_id, viewer.person_id, hashes)

    async def enter(self, organisation_id: OrganisationId, person_id: PersonId, hashes: PinHashes) -> None:
        """Keep new ones of anybody, for the command line. Raises NotFound."""
        async with self._service.connection() as connection:
            done = await connection.execute(_SQL["save"], organisation_id, person_id, hashes.normal, hashes.duress)
        if done != "UPDATE 1":
            raise NotFound("person")

    async def password_hash(self, viewer: Viewer) -> str | None:
        """Return what the viewer's password is checked against; None for a disabled user."""
        async with self._service.connection() as connection:
            found: str | None = await connection.fetchval(_SQL["password"], viewer.organisation_id, viewer.user_id)
        return found
