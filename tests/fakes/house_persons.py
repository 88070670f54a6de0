"""What the API reads and writes about persons of one committee, out of memory: everybody else finds nothing there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from escalation.ids import CommitteeId, IncidentId, PersonId, UserId
from larmcentral.domain.dossier import DossierText
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views_persons import Dossier


class KnownDossiers:
    """api.asks_persons.Dossiers: one person's, whoever is asked about. asked: on what ground."""

    def __init__(self, home: UUID, dossier: Dossier) -> None:
        self.home, self.standing = CommitteeId(home), dossier
        self.picture = ("image/png", b"\x89PNG\r\n\x1a\n")
        self.asked: list[tuple[UserId, IncidentId | None]] = []
        self.written: list[tuple[object, ...]] = []

    def _enter(self, scope: Scope) -> None:
        if self.home not in scope.committees:
            raise NotFound("elsewhere")

    async def dossier(
        self, scope: Scope, person_id: PersonId, *, by: Viewer, incident_id: IncidentId | None, now: datetime
    ) -> Dossier:
        self._enter(scope)
        self.asked.append((by.user_id, incident_id))
        return self.standing

    async def save(self, scope: Scope, person_id: PersonId, text: DossierText, *, by: UserId, now: datetime) -> None:
        self._enter(scope)
        self.written.append(("save", person_id, text, by))

    async def photo(self, scope: Scope, person_id: PersonId) -> tuple[str, bytes]:
        self._enter(scope)
        return self.picture

    async def save_photo(
        self, scope: Scope, person_id: PersonId, media_type: str, content: bytes, now: datetime
    ) -> None:
        self._enter(scope)
        self.written.append(("save_photo", person_id, media_type, content))

    async def remove_photo(self, scope: Scope, person_id: PersonId) -> None:
        self._enter(scope)
        self.written.append(("remove_photo", person_id))
