"""Places at the operators' desk, and shift changes."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.ids import UserId, VigilId
from larmcentral.api import shapes_desk
from larmcentral.api.answers import answer
from larmcentral.api.asks_house import HouseReads
from larmcentral.api.commands_house import DeskCommands
from larmcentral.api.desk_pulse import place_of
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.ports import Clock

READ: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 503)


def desk_routes(reads: HouseReads, commands: DeskCommands, clock: Clock) -> APIRouter:
    """Everything under /api/desk and /api/handovers."""
    router = APIRouter(prefix="/api", tags=["desk"])

    @router.get("/desk", response_model=list[shapes_desk.DeskSeat], responses=READ)
    async def desk(viewer: Asking) -> Response:
        """Who is at the desk, and how much he has in hand."""
        return answer(await reads.desk(viewer.scope()))

    @router.get("/desk/picture", response_model=shapes_desk.DeskPicture, responses=READ)
    async def picture(viewer: Asking) -> Response:
        """How much there is for how many, and whether it is a flood."""
        return answer(await reads.picture(viewer.scope(), now=clock.now()))

    @router.post("/desk", status_code=204, responses=documented(401, 403, 503))
    async def sit_down(viewer: Asking) -> None:
        """Take one's place. It is kept for as long as one's feed is open."""
        await commands.sit_down(place_of(viewer, clock.now()))

    @router.delete("/desk", status_code=204, responses=documented(401, 403, 503))
    async def leave(viewer: Asking) -> None:
        """Go: what one has in hand goes to somebody else at the desk, or opens again. Repeatable."""
        await commands.leave(viewer.user_id)

    @router.get("/handovers", response_model=list[shapes_desk.HandoverView], responses=READ)
    async def handovers(viewer: Asking) -> Response:
        """Shift changes that wait for a signature."""
        return answer(await reads.handovers(viewer.scope()))

    @router.post(
        "/handovers",
        status_code=201,
        response_model=shapes_desk.HandoverMade,
        responses=documented(401, 403, 404, 409, 422, 503),
    )
    async def make(body: shapes_desk.HandoverMake, viewer: Asking) -> shapes_desk.HandoverMade:
        """List the open cases for whoever comes. Both sign within ten minutes, or managers are told."""
        to = None if body.to is None else UserId(body.to)
        made = await commands.make_handover(viewer.operator, to, viewer.sight)
        return shapes_desk.HandoverMade(handover_id=made)

    @router.post("/handovers/{handover_id}/sign", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
    async def sign(handover_id: UUID, viewer: Asking) -> None:
        """Sign the list, leaving or coming."""
        await commands.sign_handover(VigilId(handover_id), viewer.operator, viewer.sight)

    return router
