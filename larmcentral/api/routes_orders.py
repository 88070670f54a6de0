"""Words down to devices: where are you, ring this number; and the sheet a device is handed out with."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.ids import DeviceId, IncidentId
from larmcentral.api import shapes_orders
from larmcentral.api.answers import answer
from larmcentral.api.asks_orders import OrderReads
from larmcentral.api.commands_orders import OrderCommands
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.order import NumberRefused
from protocols.orders import Commission

READ: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)
ASKED: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)

T = TypeVar("T")


def order_routes(reads: OrderReads, commands: OrderCommands) -> APIRouter:
    """Everything under /api/incidents/{incident_id}/devices and /api/devices/{device_id}/commissioning."""
    router = APIRouter(prefix="/api", tags=["devices"])

    @router.get("/incidents/{incident_id}/devices", response_model=list[shapes_orders.DeviceOrdersView], responses=READ)
    async def of_incident(incident_id: UUID, viewer: Asking) -> Response:
        """The devices of an incident: what they were told, what came back, and what may be asked of them."""
        return answer(await reads.of_incident(viewer.scope(tests=True), IncidentId(incident_id)))

    @router.post(
        "/incidents/{incident_id}/devices/{device_id}/locate",
        status_code=201,
        response_model=shapes_orders.OrderFiled,
        responses=ASKED,
    )
    async def locate(incident_id: UUID, device_id: UUID, viewer: Asking) -> shapes_orders.OrderFiled:
        """Ask a device where it is now. It waits a quarter of an hour for a device that is not there."""
        asked = await commands.locate(IncidentId(incident_id), DeviceId(device_id), viewer.operator, viewer.sight)
        return shapes_orders.OrderFiled(order_id=asked)

    @router.post(
        "/incidents/{incident_id}/devices/{device_id}/call-back",
        status_code=201,
        response_model=shapes_orders.OrderFiled,
        responses=ASKED,
    )
    async def call_back(
        incident_id: UUID, device_id: UUID, body: shapes_orders.CallBackOrder, viewer: Asking
    ) -> shapes_orders.OrderFiled:
        """Have a device ring a number, so that somebody can speak with its wearer. Never in a silent incident."""
        asked = await _numbered(
            commands.call_back(
                IncidentId(incident_id), DeviceId(device_id), body.number, viewer.operator, viewer.sight
            ),
            "number",
        )
        return shapes_orders.OrderFiled(order_id=asked)

    @router.get("/devices/{device_id}/commissioning", response_model=shapes_orders.SheetView, responses=READ)
    async def sheet(device_id: UUID, viewer: Asking) -> Response:
        """A device's commissioning sheet, what it was told of it, and what has to be set by hand."""
        return answer(await reads.sheet(viewer.scope(), DeviceId(device_id)))

    @router.put("/devices/{device_id}/commissioning", status_code=204, responses=ASKED)
    async def keep(device_id: UUID, body: shapes_orders.SheetWritten, viewer: Asking) -> None:
        """Write the sheet; nothing is said to the device yet. Repeatable."""
        settings = Commission(
            sos_numbers=None if body.sos_numbers is None else tuple(body.sos_numbers),
            fall_detection=body.fall_detection,
            fall_calls=body.fall_calls,
            in_utc=body.in_utc,
            report_every_s=body.report_every_s,
        )
        await _numbered(
            commands.keep_sheet(
                DeviceId(device_id),
                settings,
                body.note,
                viewer.user_id,
                viewer.sight,
                quiet_locate=body.quiet_locate,
            ),
            "sos_numbers",
        )

    @router.post(
        "/devices/{device_id}/commissioning/send",
        status_code=201,
        response_model=shapes_orders.OrderFiled,
        responses=ASKED,
    )
    async def send(device_id: UUID, body: shapes_orders.SheetSend, viewer: Asking) -> shapes_orders.OrderFiled:
        """Have the device told what the sheet says, as soon as it is there."""
        asked = await commands.send_sheet(
            DeviceId(device_id), viewer.user_id, viewer.sight, good_for=timedelta(hours=body.good_for_h)
        )
        return shapes_orders.OrderFiled(order_id=asked)

    return router


async def _numbered(command: Awaitable[T], field: str) -> T:
    """Await a command that is given a number. Raises Refusal, which names the fault and never the number."""
    try:
        return await command
    except NumberRefused as error:
        raise Refusal(422, "invalid", fields={field: error.fault.value}) from None
