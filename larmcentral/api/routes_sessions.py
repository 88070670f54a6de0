"""Sessions as the desk and managers see them: who works alone, how he is, and what he said before he went in."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from escalation.ids import PersonId, VigilId
from larmcentral.api import shapes_work
from larmcentral.api.answers import answer
from larmcentral.api.asks_work import Recordings, Work
from larmcentral.api.bodies import RECORDING_TYPES, content_of, sent_back
from larmcentral.api.commands_work import WorkCommands
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.api.routes_incidents import actor
from larmcentral.api.routes_worker import start_of
from larmcentral.ports import Clock

BY_OTHERS: Final = "operator"
"""How a session ended that the worker did not end himself."""


def work_routes(work: Work, recordings: Recordings, commands: WorkCommands, clock: Clock) -> APIRouter:
    """Everything under /api/sessions, and PUT /api/me/session/recording."""
    router = APIRouter(prefix="/api", tags=["sessions"])

    @router.get("/sessions", response_model=list[shapes_work.SessionView], responses=documented(401, 403, 503))
    async def sessions(viewer: Asking) -> Response:
        """Sessions that run, the most pressing first. That their places were shown is recorded."""
        return answer(await work.sessions(viewer.scope(), by=viewer, now=clock.now()))

    @router.post(
        "/sessions",
        status_code=201,
        response_model=shapes_work.SessionStarted,
        responses=documented(401, 403, 404, 409, 422, 503),
    )
    async def start(body: shapes_work.SessionBeginFor, viewer: Asking) -> shapes_work.SessionStarted:
        """Begin a session for somebody who called in."""
        begun = await commands.start(start_of(body, PersonId(body.person_id)), viewer.operator, viewer.sight)
        return shapes_work.SessionStarted(session_id=begun)

    @router.post("/sessions/{person_id}/welfare", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
    async def welfare(person_id: UUID, viewer: Asking) -> None:
        """Ask how somebody is; no answer in time calls for help."""
        await commands.ask_welfare(PersonId(person_id), actor(viewer), viewer.sight)

    @router.post("/sessions/{person_id}/end", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
    async def end(person_id: UUID, viewer: Asking) -> None:
        """End the session of somebody who is known to be safe."""
        await work.session(viewer.scope(), PersonId(person_id), by=viewer, now=clock.now())
        await commands.end(PersonId(person_id), viewer.operator, how=BY_OTHERS)

    @router.get(
        "/sessions/{session_id}/recording",
        response_class=Response,
        responses={200: {"content": {"audio/*": {}}, "description": "Sound"}, **documented(401, 403, 404, 422, 503)},
    )
    async def recording(session_id: UUID, viewer: Asking) -> Response:
        """What the worker said before he went in. That it was played is recorded where he sees it."""
        found = await recordings.load(viewer.scope(), VigilId(session_id), by=viewer, now=clock.now())
        return sent_back(*found)

    @router.put("/me/session/recording", status_code=204, responses=documented(401, 403, 404, 413, 415, 422, 503))
    async def record(request: Request, viewer: Asking) -> None:
        """Keep a spoken memo with one's own running session: audio/webm, audio/ogg or audio/mp4, at most 2 MB."""
        media_type, content = await content_of(request, RECORDING_TYPES)
        await recordings.save(viewer, media_type, content, clock.now())

    return router
