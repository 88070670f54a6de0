"""What every screen is told once, when it is opened."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from larmcentral.api import shapes_setup
from larmcentral.api.answers import answer
from larmcentral.api.problems import documented
from larmcentral.api.settings import ApiSettings


def setup_routes(settings: ApiSettings) -> APIRouter:
    """GET /api/setup."""
    router = APIRouter(prefix="/api", tags=["setup"])

    @router.get("/setup", response_model=shapes_setup.Setup, responses=documented(401, 503))
    async def setup() -> Response:
        """Which map, which key a browser subscribes to push with, and whom to ring."""
        return answer(settings.setup)

    return router
