"""For machines: health, metrics, and what providers call back."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.responses import Response

from larmcentral.api.asks import Readiness, Receipts
from larmcentral.api.problems import Refusal, documented
from larmcentral.api.settings import ApiSettings
from larmcentral.api.shapes import Health, Problem

READY_DEADLINE_S: Final = 2.0
"""A load balancer asks every few seconds; a database that takes longer is not ready."""
FIELD_LIMIT: Final = 20


def house_routes(
    *,
    readiness: Readiness,
    database_seen: Callable[[], bool],
    receipts: Receipts,
    registry: CollectorRegistry,
    settings: ApiSettings,
) -> APIRouter:
    """GET /api/health/live and /ready, GET /metrics, POST /api/receipts/46elks/{secret}.

    database_seen: whether the database answered when somebody last looked.
    """
    router = APIRouter(tags=["house"])

    @router.get("/api/health/live")
    async def live() -> Health:
        """The process answers. database: as last seen; asking it here would have us killed for its faults."""
        return Health(ready=True, database=database_seen(), version=settings.version)

    @router.get("/api/health/ready", responses={503: {"model": Health, "description": "The database is silent"}})
    async def ready(response: Response) -> Health:
        """The process and its database answer."""
        try:
            async with asyncio.timeout(READY_DEADLINE_S):
                database = await readiness.ready()
        except TimeoutError:
            database = False
        response.status_code = 200 if database else 503
        return Health(ready=database, database=database, version=settings.version)

    @router.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}, "description": "Counts"}, 401: {"model": Problem}},
    )
    async def metrics(request: Request) -> Response:
        """Counts for Prometheus."""
        authorization = request.headers.get("authorization", "")
        if settings.metrics_secret is not None and not same(authorization, f"Bearer {settings.metrics_secret}"):
            raise Refusal(401, "forbidden")
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @router.post("/api/receipts/46elks/{secret}", status_code=204, responses=documented(404, 413, 422, 503))
    async def receipt_46elks(secret: str, request: Request) -> None:
        """What became of a text message, as 46elks says it: form fields id, status, delivered."""
        if settings.receipt_secret is None or not same(secret, settings.receipt_secret):
            raise Refusal(404, "not_found")
        try:
            form = parse_qs((await request.body()).decode(), max_num_fields=FIELD_LIMIT)
        except ValueError as error:  # not UTF-8, or more fields than anybody sends
            raise Refusal(422, "invalid") from error
        provider_id, status = form.get("id", [""])[0], form.get("status", [""])[0]
        if provider_id and status in {"created", "sent"}:
            return  # on its way: nothing to write down, and an answer other than 2xx is repeated for hours
        if not provider_id or status not in {"delivered", "failed"}:
            raise Refusal(422, "invalid", fields={"status": "unknown"} if provider_id else {"id": "missing"})
        await receipts(provider_id, status == "delivered", "" if status == "delivered" else status)

    return router


def same(said: str, secret: str) -> bool:
    """Compare a secret in a time that does not tell how much of it was right."""
    return hmac.compare_digest(said.encode(), secret.encode())
