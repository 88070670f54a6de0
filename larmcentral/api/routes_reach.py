"""Can anybody be reached: whom a panic in each unit would tell, through the next hours."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from larmcentral.api import shapes_desk
from larmcentral.api.answers import answer
from larmcentral.api.asks_house import HouseReads
from larmcentral.api.asks_rotas import Rotas
from larmcentral.api.commands_house import ReachBoards
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.domain.reach import rows_of, told_in


def reach_routes(reads: HouseReads, rotas: Rotas, boards: ReachBoards) -> APIRouter:
    """GET /api/reach."""
    router = APIRouter(prefix="/api", tags=["desk"])

    @router.get("/reach", response_model=list[shapes_desk.ReachRow], responses=documented(401, 403, 422, 503))
    async def reach(viewer: Asking, hours: Annotated[int, Query(ge=1, le=72)] = 12) -> Response:
        """A row a unit, and one for each committee without units: who would be told from now on, first told first.

        Who is near an alarm, or in its building, nobody knows of an hour that is yet to come: they do not count.
        """
        scope = viewer.scope()
        found = await boards.look(await reads.units(scope), hours=hours, sight=viewer.sight)
        return answer(rows_of(found, await rotas.names(scope, told_in(found))))

    return router
