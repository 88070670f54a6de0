"""The card for the operator's own call. The server rings nobody: a person does, and reads this aloud."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.ids import IncidentId
from larmcentral.api import shapes_card
from larmcentral.api.answers import answer
from larmcentral.api.asks import Incidents
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.domain.views import IncidentDetail
from larmcentral.domain.views_card import SosCard
from larmcentral.ports import Clock


class CardWriter(Protocol):
    """Puts an incident on a card; larmcentral.channels.sos_card is the real one."""

    def card(self, detail: IncidentDetail, now: datetime) -> SosCard:
        """Return what the operator sees and says. now: for ages."""
        ...


def sos_card_routes(incidents: Incidents, writer: CardWriter, clock: Clock) -> APIRouter:
    """GET /api/incidents/{incident_id}/card."""
    router = APIRouter(prefix="/api/incidents", tags=["incidents"])

    @router.get(
        "/{incident_id}/card", response_model=shapes_card.SosCard, responses=documented(401, 403, 404, 422, 503)
    )
    async def card(incident_id: UUID, viewer: Asking) -> Response:
        """Who, what, where, what has been done and what to say. That position and place were shown is recorded."""
        now = clock.now()
        detail = await incidents.detail(viewer.scope(tests=True), IncidentId(incident_id), by=viewer, now=now)
        return answer(writer.card(detail, now))

    return router
