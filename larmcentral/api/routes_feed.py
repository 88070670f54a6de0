"""GET /api/feed: server-sent events."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from larmcentral.api.feed import FeedHub
from larmcentral.api.gate import the_viewer
from larmcentral.api.problems import documented
from larmcentral.api.stream import EventStream
from larmcentral.domain.roles import Viewer

_EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": (
            "`incident` (FeedIncident), `system` (FeedSystem), `tick` (FeedTick, every 2 s) and `resync` (no body: "
            "fetch the queue anew). Entries may come twice; each has its seq."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def feed_routes(hub: FeedHub) -> APIRouter:
    """The live feed."""
    router = APIRouter(prefix="/api", tags=["feed"])

    @router.get("/feed", response_class=Response, responses=_EVENTS | documented(401, 403, 422, 429, 503))
    async def feed(
        request: Request,
        viewer: Annotated[Viewer, Depends(the_viewer)],
        after: Annotated[str | None, Query(max_length=60)] = None,
        tests: bool = False,
        last_event_id: Annotated[str | None, Header(max_length=60)] = None,
    ) -> Response:
        """What changes, as it changes. after: the queue's cursor; Last-Event-ID, where a browser sends it, is newer."""
        place = last_event_id or after or None
        subscription, first = await hub.join(viewer, request.state.token_hash, viewer.scope(tests=tests), place)
        return EventStream(subscription, first, hub.leave)

    return router
