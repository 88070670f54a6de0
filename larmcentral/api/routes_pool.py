"""Pool devices: lent at the start of a shift, brought back at its end; and the ledger of their test alarms."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from escalation.events import Operator, Wearer
from escalation.ids import PersonId
from larmcentral.api import shapes_desk
from larmcentral.api.answers import answer
from larmcentral.api.asks_house import HouseReads
from larmcentral.api.commands_house import PoolCommands
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.roles import Role, Viewer

ACTED: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)


def pool_routes(reads: HouseReads, commands: PoolCommands) -> APIRouter:
    """Everything under /api/pool, and GET /api/tests."""
    router = APIRouter(prefix="/api", tags=["pool"])

    @router.get("/pool", response_model=list[shapes_desk.PoolRow], responses=documented(401, 403, 503))
    async def pool(viewer: Asking) -> Response:
        """Pool devices, who has them, and what the gate looks at."""
        return answer(await reads.pool(viewer.scope()))

    @router.post("/pool/check-out", status_code=201, response_model=shapes_desk.CheckedOut, responses=ACTED)
    async def check_out(body: shapes_desk.CheckOut, viewer: Asking) -> shapes_desk.CheckedOut:
        """Lend a device. All that stands against it comes at once: 409 `gate`, a field for each reason."""
        by, person_id = scanning(viewer), PersonId(body.person_id)
        if isinstance(by, Wearer) and by.person_id != person_id:
            raise Refusal(403, "forbidden")
        loan_id = await commands.check_out(body.tag, person_id, by, body.due_back, viewer.sight)
        return shapes_desk.CheckedOut(loan_id=loan_id)

    @router.post("/pool/check-in", status_code=204, responses=ACTED)
    async def check_in(body: shapes_desk.CheckIn, viewer: Asking) -> None:
        """Take a device back, whoever brings it."""
        await commands.check_in(body.tag, scanning(viewer), viewer.sight)

    @router.post("/pool/prolong", status_code=204, responses=ACTED)
    async def prolong(body: shapes_desk.Prolong, viewer: Asking) -> None:
        """Lend it for longer."""
        await commands.prolong(body.tag, body.due_back, scanning(viewer), viewer.sight)

    @router.get("/tests", response_model=list[shapes_desk.LedgerRow], responses=documented(401, 403, 503))
    async def tests(viewer: Asking) -> Response:
        """The newest test alarm of each device, those tested longest ago first."""
        return answer(await reads.tests(viewer.scope()))

    return router


def scanning(viewer: Viewer) -> Operator | Wearer:
    """Return what he scans as: workers and responders for themselves, all others for the house."""
    match viewer.role:
        case Role.WORKER | Role.RESPONDER:
            assert viewer.person_id is not None, "a worker and a responder are persons, says the schema"
            return Wearer(viewer.person_id)
        case Role.OPERATOR | Role.MANAGER | Role.ADMIN:
            return viewer.operator
