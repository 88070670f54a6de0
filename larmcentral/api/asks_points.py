"""What the API asks about contact points, tests and channels. store/reading_points.py keeps these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.ids import PersonId
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views_points import ChannelView, PointView, ServiceMessageView


class Points(Protocol):
    """Contact points of a scope's committees, and what was sent to try them."""

    async def own(self, viewer: Viewer) -> tuple[PointView, ...]:
        """Return the viewer's own, as they are tried."""
        ...

    async def of_person(self, scope: Scope, person_id: PersonId) -> tuple[PointView, ...]:
        """Return a person's. Raises NotFound."""
        ...

    async def troubled(self, scope: Scope, *, now: datetime) -> tuple[PointView, ...]:
        """Return points in bad health or unproven; first those of persons who have no better one."""
        ...

    async def channels(self, scope: Scope, *, now: datetime) -> Mapping[str, ChannelView]:
        """Return how each channel is used, without what the settings say of it."""
        ...

    async def message(self, viewer: Viewer, message_id: UUID) -> ServiceMessageView:
        """Return a test or proof and what came back. Raises NotFound."""
        ...
