"""What an operator makes a running incident do beside taking and ending it: jump, add, hold, merge, hand over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.chain import (
    BuildingTarget,
    DeskTarget,
    ManagerTarget,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    ReceiverTarget,
    Target,
    TeamTarget,
)
from escalation.ids import IncidentId, PersonId, RotaId, TeamId, UserId
from larmcentral.api import shapes, shapes_desk
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal
from larmcentral.api.routes_incidents import ACTED, Actions


def running_routes(actions: Actions, receivers: frozenset[str]) -> APIRouter:
    """POST /api/incidents/{incident_id}/jump, /add, /hold, /merge, /hand-over, /put-back and /sos-call.

    receivers: the alarm receiving centres that the settings name.
    """
    router = APIRouter(prefix="/api/incidents/{incident_id}", tags=["incidents"])
    commands = actions.commands

    @router.post("/jump", response_model=shapes.IncidentView, responses=ACTED)
    async def jump(incident_id: UUID, body: shapes_desk.Jump, viewer: Asking) -> Response:
        """Begin a step out of turn."""
        await actions.seen(viewer, incident_id)
        command = commands.jump(IncidentId(incident_id), viewer.operator, body.step, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/add", response_model=shapes.IncidentView, responses=ACTED)
    async def add(incident_id: UUID, body: shapes_desk.PeopleAdd, viewer: Asking) -> Response:
        """Tell further people at once."""
        await actions.seen(viewer, incident_id)
        targets = tuple(dict.fromkeys(target_of(named, receivers) for named in body.targets))
        command = commands.add_people(IncidentId(incident_id), viewer.operator, targets, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/hold", response_model=shapes.IncidentView, responses=ACTED)
    async def hold(incident_id: UUID, body: shapes_desk.Hold, viewer: Asking) -> Response:
        """Keep the next step waiting; ten minutes in all, however often."""
        await actions.seen(viewer, incident_id)
        wait = timedelta(seconds=body.wait_s)
        command = commands.hold(IncidentId(incident_id), viewer.operator, wait, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/merge", response_model=shapes.IncidentView, responses=ACTED)
    async def merge(incident_id: UUID, body: shapes_desk.Merge, viewer: Asking) -> Response:
        """Say that it is the same matter as another incident of the same person; this one ends."""
        for one in (incident_id, body.into):
            await actions.seen(viewer, one)
        command = commands.merge(IncidentId(incident_id), IncidentId(body.into), viewer.operator, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/hand-over", response_model=shapes.IncidentView, responses=ACTED)
    async def hand_over(incident_id: UUID, body: shapes_desk.HandOver, viewer: Asking) -> Response:
        """Give it to another operator, or take it over from one."""
        await actions.seen(viewer, incident_id)
        command = commands.hand_over(IncidentId(incident_id), viewer.operator, UserId(body.to), viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/put-back", response_model=shapes.IncidentView, responses=ACTED)
    async def put_back(incident_id: UUID, viewer: Asking) -> Response:
        """Return it to the queue, for a graver one."""
        await actions.seen(viewer, incident_id)
        command = commands.put_back(IncidentId(incident_id), viewer.operator, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/sos-call", response_model=shapes.IncidentView, responses=ACTED)
    async def sos_call(incident_id: UUID, body: shapes_desk.SosCall, viewer: Asking) -> Response:
        """Stamp a moment of the operator's own call to SOS. Nothing is dialled from here, in any configuration."""
        await actions.seen(viewer, incident_id)
        command = commands.stamp(IncidentId(incident_id), viewer.operator, body.what, body.text, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    return router


def target_of(named: shapes_desk.TargetNamed, receivers: frozenset[str]) -> Target:
    """Return whom a body names. Raises Refusal where it names none, more than one, or a centre that there is not."""
    found: list[Target] = []
    if named.person is not None:
        found.append(PersonTarget(PersonId(named.person)))
    if named.team is not None:
        found.append(TeamTarget(TeamId(named.team)))
    if named.oncall is not None:
        found.append(OnCallTarget(RotaId(named.oncall)))
    if named.nearest is not None:
        found.append(NearestTarget(named.nearest.count, named.nearest.within_m))
    if named.building:
        found.append(BuildingTarget())
    if named.manager:
        found.append(ManagerTarget())
    if named.desk:
        found.append(DeskTarget())
    if named.receiver is not None:
        if named.receiver not in receivers:
            raise Refusal(422, "invalid", fields={"receiver": "no_such_receiver"})
        found.append(ReceiverTarget(named.receiver))
    if len(found) != 1:
        raise Refusal(422, "invalid", fields={"targets": "one_each"})
    return found[0]
