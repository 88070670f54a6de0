"""Lists for the desk: persons, devices, and bytes nobody understood."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from larmcentral.api import shapes_registers as shapes
from larmcentral.api.answers import answer
from larmcentral.api.asks import Registers
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.ports import Clock


def register_routes(registers: Registers, clock: Clock) -> APIRouter:
    """GET /api/persons, /api/devices, /api/unknown-input."""
    router = APIRouter(prefix="/api", tags=["registers"])

    @router.get("/persons", response_model=list[shapes.PersonChoice], responses=documented(401, 403, 422, 503))
    async def persons(viewer: Asking, part: Annotated[str, Query(max_length=100)] = "") -> Response:
        """Persons of his committees by name, at most 1000. part: what the name must contain."""
        return answer(await registers.persons(viewer.scope(), part=part.strip(), now=clock.now()))

    @router.get("/devices", response_model=list[shapes.DeviceHealth], responses=documented(401, 403, 503))
    async def devices(viewer: Asking) -> Response:
        """Devices of his committees, those longest unheard first, at most 2000."""
        return answer(await registers.devices(viewer.scope(), now=clock.now()))

    @router.get("/unknown-input", response_model=list[shapes.UnknownInput], responses=documented(401, 403, 503))
    async def unknown_input(viewer: Asking) -> Response:
        """Bytes nobody understood, newest first, at most 200."""
        return answer(await registers.unknown_input(viewer.scope()))

    return router
