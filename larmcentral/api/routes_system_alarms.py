"""System alarms that only a person can take down."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from larmcentral.api import shapes_desk
from larmcentral.api.asks_house import SystemAlarms
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented


def system_alarm_routes(alarms: SystemAlarms) -> APIRouter:
    """POST /api/system-alarms/{alarm_id}/dealt-with."""
    router = APIRouter(prefix="/api/system-alarms", tags=["desk"])

    @router.post("/{alarm_id}/dealt-with", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
    async def dealt_with(alarm_id: UUID, body: shapes_desk.DealtWith, viewer: Asking) -> None:
        """Say that somebody has seen to it, and how. Repeatable; what is still so is raised again by itself."""
        await alarms.deal_with(viewer.scope(), alarm_id, by=viewer.user_id, note=body.note)

    return router
