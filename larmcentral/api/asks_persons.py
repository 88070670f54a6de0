"""What the API asks about persons: what helpers should know, whom to tell, a photo."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from escalation.ids import IncidentId, PersonId, UserId
from larmcentral.domain.dossier import DossierText
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views_persons import Dossier


class Dossiers(Protocol):
    """Dossiers and photos of a scope's committees. All raise NotFound for a person elsewhere."""

    async def dossier(
        self, scope: Scope, person_id: PersonId, *, by: Viewer, incident_id: IncidentId | None, now: datetime
    ) -> Dossier:
        """Return what one may know of a person, and record what was shown of it."""
        ...

    async def save(self, scope: Scope, person_id: PersonId, text: DossierText, *, by: UserId, now: datetime) -> None:
        """Write down what helpers should know and whom to tell, in place of what stood."""
        ...

    async def photo(self, scope: Scope, person_id: PersonId) -> tuple[str, bytes]:
        """Return a photo: its media type and its content. Raises NotFound for want of one, too."""
        ...

    async def save_photo(
        self, scope: Scope, person_id: PersonId, media_type: str, content: bytes, now: datetime
    ) -> None:
        """Keep a photo in place of the one that was there."""
        ...

    async def remove_photo(self, scope: Scope, person_id: PersonId) -> None:
        """Drop the photo, if there is one."""
        ...
