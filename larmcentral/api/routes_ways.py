"""How the ways out are doing."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from escalation.chain import Channel
from larmcentral.api import shapes_ways
from larmcentral.api.answers import answer
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.api.settings import ApiSettings
from larmcentral.domain.way_board import RECEIVER_PREFIX, KnownWay, board
from larmcentral.ports.ways import WayDesk


def way_routes(ways: WayDesk, settings: ApiSettings) -> APIRouter:
    """GET /api/ways-out."""
    router = APIRouter(prefix="/api/ways-out", tags=["channels"])
    known = [
        *(KnownWay(one.provider, one.channel) for one in settings.channels),
        *(KnownWay(RECEIVER_PREFIX + name, Channel.RECEIVER, name) for name in sorted(settings.alarm_receivers)),
    ]

    @router.get("", response_model=shapes_ways.WayBoard, responses=documented(401, 403, 503))
    async def ways_out(viewer: Asking) -> Response:
        """Each provider: alive, slow, dead or unknown, what waits for it, and its last hour minute by minute."""
        return answer(board(known, await ways.facts(viewer.scope())))

    return router
