"""Reading incidents and acting on them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from escalation.alarm import AlarmKind
from escalation.events import ClosingAnswer, Operator, Outcome, Responder
from escalation.ids import IncidentId, PersonId
from escalation.incident import Refused, Unanswered
from larmcentral.api import shapes
from larmcentral.api.answers import answer
from larmcentral.api.asks import Incidents
from larmcentral.api.commands import IncidentCommands
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.errors import RefusedByRule
from larmcentral.domain.roles import Role, Viewer
from larmcentral.domain.views import IncidentView, Which
from larmcentral.ports import Clock

ACTED: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)


class Actions:
    """Carries one command through: may he see it, do it, and how it stands then."""

    def __init__(self, incidents: Incidents, commands: IncidentCommands) -> None:
        self._incidents = incidents
        self.commands = commands

    async def seen(self, viewer: Viewer, incident_id: UUID) -> IncidentView:
        """Return the incident as he sees it. Raises NotFound, also for what he may not know of."""
        return await self._incidents.view(viewer.scope(tests=True), IncidentId(incident_id))

    async def done(self, viewer: Viewer, incident_id: UUID, command: Awaitable[None]) -> Response:
        """Await a command and answer with the incident; a refusal for 'taken' names the owner."""
        try:
            await command
        except Unanswered:
            raise
        except Refused as refused:
            incident = await self.seen(viewer, incident_id)
            named = refused.reason == "taken" and incident.owner is not None
            fields = refused.fields if isinstance(refused, RefusedByRule) else {}
            if named and incident.owner is not None:
                fields = {"name": incident.owner.name}
            raise Refusal(409, refused.reason, fields=fields) from refused
        return answer(await self.seen(viewer, incident_id))


def actor(viewer: Viewer) -> Operator | Responder:
    """Return what he acts as: an operator at the desk, a responder in the field."""
    if viewer.role is Role.OPERATOR:
        return viewer.operator
    assert viewer.person_id is not None, "a responder is a person, says the schema"
    return Responder(viewer.person_id)


def responder(viewer: Viewer, incident: IncidentView) -> Responder:
    """Return him as one who was told; an operator may have been too. Raises Refusal."""
    if viewer.person_id is None or all(one.person_id != viewer.person_id for one in incident.responders):
        raise Refusal(403, "not_a_responder")
    return Responder(viewer.person_id)


def incident_routes(incidents: Incidents, actions: Actions, clock: Clock) -> APIRouter:
    """Everything under /api/incidents, and POST /api/drills."""
    router = APIRouter(prefix="/api", tags=["incidents"])
    commands = actions.commands

    @router.get("/incidents", response_model=shapes.Queue, responses=documented(401, 403, 422, 503))
    async def queue(
        viewer: Asking,
        state: Literal["open", "past", "all"] = "open",
        before: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        tests: bool = False,
    ) -> Response:
        """The queue: what is open or acknowledged, gravest first. Past and all come newest first, a page at a time.

        before: the last incident of the page before. tests: also test incidents, which call for nobody.
        """
        found = await incidents.queue(
            viewer.scope(tests=tests),
            now=clock.now(),
            which=Which(state),
            before=None if before is None else IncidentId(before),
            limit=limit,
        )
        return answer(found)

    @router.get(
        "/incidents/{incident_id}", response_model=shapes.IncidentDetail, responses=documented(401, 403, 404, 422, 503)
    )
    async def detail(incident_id: UUID, viewer: Asking) -> Response:
        """Everything about one incident. That its position was shown is recorded where the worker sees it."""
        scope = viewer.scope(tests=True)
        return answer(await incidents.detail(scope, IncidentId(incident_id), by=viewer, now=clock.now()))

    @router.post("/incidents/{incident_id}/acknowledge", response_model=shapes.IncidentView, responses=ACTED)
    async def acknowledge(incident_id: UUID, viewer: Asking) -> Response:
        """Take charge."""
        await actions.seen(viewer, incident_id)
        command = commands.acknowledge(IncidentId(incident_id), actor(viewer), viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/incidents/{incident_id}/on-the-way", response_model=shapes.IncidentView, responses=ACTED)
    async def on_the_way(incident_id: UUID, viewer: Asking) -> Response:
        """Say "I'm going"; for those who were told."""
        by = responder(viewer, await actions.seen(viewer, incident_id))
        return await actions.done(viewer, incident_id, commands.on_the_way(IncidentId(incident_id), by, viewer.sight))

    @router.post("/incidents/{incident_id}/arrived", response_model=shapes.IncidentView, responses=ACTED)
    async def arrived(incident_id: UUID, viewer: Asking) -> Response:
        """Say "I'm there"; for those who were told."""
        by = responder(viewer, await actions.seen(viewer, incident_id))
        return await actions.done(viewer, incident_id, commands.arrived(IncidentId(incident_id), by, viewer.sight))

    @router.post("/incidents/{incident_id}/decline", response_model=shapes.IncidentView, responses=ACTED)
    async def decline(incident_id: UUID, viewer: Asking) -> Response:
        """Say "I can't"; for those who were told."""
        by = responder(viewer, await actions.seen(viewer, incident_id))
        return await actions.done(viewer, incident_id, commands.decline(IncidentId(incident_id), by, viewer.sight))

    @router.post("/incidents/{incident_id}/note", response_model=shapes.IncidentView, responses=ACTED)
    async def note(incident_id: UUID, body: shapes.Note, viewer: Asking) -> Response:
        """Write words into the account."""
        await actions.seen(viewer, incident_id)
        command = commands.note(IncidentId(incident_id), actor(viewer), body.text, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/incidents/{incident_id}/escalate", response_model=shapes.IncidentView, responses=ACTED)
    async def escalate(incident_id: UUID, viewer: Asking) -> Response:
        """Begin the next step at once."""
        await actions.seen(viewer, incident_id)
        command = commands.escalate_now(IncidentId(incident_id), viewer.operator, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/incidents/{incident_id}/shown", response_model=shapes.IncidentView, responses=ACTED)
    async def shown(incident_id: UUID, viewer: Asking) -> Response:
        """Say that an operator's screen drew it; only the first time counts."""
        await actions.seen(viewer, incident_id)
        command = commands.shown(IncidentId(incident_id), viewer.operator, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/incidents/{incident_id}/stand-down", response_model=shapes.IncidentView, responses=ACTED)
    async def stand_down(incident_id: UUID, body: shapes.StandDown, viewer: Asking) -> Response:
        """End the response with its outcome. Without the answers that GET /api/closing asks for: 422 `closing`."""
        await actions.seen(viewer, incident_id)
        closing = tuple(ClosingAnswer(one.key, one.choice, one.note) for one in body.closing)
        command = commands.stand_down(
            IncidentId(incident_id), viewer.operator, Outcome(body.outcome), body.note, viewer.sight, closing
        )
        return await actions.done(viewer, incident_id, command)

    @router.post("/drills", status_code=201, response_model=shapes.DrillStarted, responses=ACTED)
    async def drill(body: shapes.DrillStart, viewer: Asking) -> shapes.DrillStarted:
        """Start a drill about a person, on his own chain; it cannot leave the house."""
        incident_id = await commands.start_drill(
            PersonId(body.person_id), AlarmKind(body.kind), viewer.operator, viewer.sight
        )
        return shapes.DrillStarted(incident_id=incident_id)

    return router
