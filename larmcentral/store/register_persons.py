"""What is written down about persons in the register: what helpers should know, and whom to tell."""

from __future__ import annotations

from datetime import datetime

from escalation.ids import PersonId
from larmcentral.domain.dossier import DossierText
from larmcentral.domain.register import Home
from larmcentral.store.dossiers import write
from larmcentral.store.register_places import RegisterPart


class PersonRegister(RegisterPart):
    """Enters dossiers, each call one transaction."""

    async def dossier(self, home: Home, person_id: PersonId, text: DossierText, now: datetime) -> None:
        """Write down what helpers should know and whom to tell, in place of what stood."""
        async with self._pool.transaction() as connection:
            await write(connection, home, person_id, text, now)
