"""Action plans: what the desk goes through, what came of it, and what must be answered at the end."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.action_plan import ActionPlan, PlanStep, StepOutcome, StepRecord
from escalation.alarm import AlarmKind
from escalation.closing import FORMS
from escalation.events import MessageTo
from escalation.ids import CommitteeId, IncidentId
from larmcentral.api import shapes, shapes_plans
from larmcentral.api.answers import answer
from larmcentral.api.asks_plans import Plans
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.api.routes_incidents import ACTED, Actions
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.views_plans import ClosingField, ClosingForm

_FORMS: Final = tuple(
    ClosingForm(
        kinds=tuple(kind.value for kind in form.kinds),
        outcome=form.outcome.value,
        fields=tuple(ClosingField(key=one.key, choices=one.choices, note_for=one.note_for) for one in form.fields),
    )
    for form in FORMS
)


def plan_routes(plans: Plans, actions: Actions) -> APIRouter:
    """Everything under /api/action-plans, an incident's /plan and /message, and GET /api/closing."""
    router = APIRouter(prefix="/api", tags=["plans"])
    commands = actions.commands

    @router.get("/action-plans", response_model=list[shapes_plans.ActionPlanView], responses=documented(401, 403, 503))
    async def rows(viewer: Asking) -> Response:
        """Plans of his committees, by name."""
        return answer(await plans.rows(viewer.scope()))

    @router.put(
        "/action-plans/{plan_id}",
        response_model=shapes_plans.ActionPlanView,
        responses=documented(401, 403, 404, 409, 422, 503),
    )
    async def write(plan_id: UUID, body: shapes_plans.ActionPlanDraft, viewer: Asking) -> Response:
        """Let a plan go with alarms from now on. Another one for the same kind, unit and place: 409 `plan_taken`."""
        if CommitteeId(body.committee_id) not in viewer.sight:
            raise NotFound("committee")
        plan = plan_of(plan_id, body)
        for other in await plans.rows(viewer.scope()):
            aims = (other.committee_id, other.kind, other.unit_id, other.place_id)
            if other.id != plan_id and aims == (body.committee_id, body.kind, body.unit_id, body.place_id):
                raise Refusal(409, "plan_taken", fields={"name": other.name})
        try:
            return answer(await plans.save(viewer.scope(), CommitteeId(body.committee_id), plan, by=viewer.user_id))
        except Collision as collision:
            raise Refusal(409, "changed_meanwhile") from collision

    @router.delete("/action-plans/{plan_id}", status_code=204, responses=documented(401, 403, 404, 422, 503))
    async def remove(plan_id: UUID, viewer: Asking) -> None:
        """Let a plan go with no further alarm; what was recorded under it stays readable."""
        await plans.remove(viewer.scope(), plan_id)

    @router.get(
        "/incidents/{incident_id}/plan",
        response_model=shapes_plans.IncidentPlan,
        responses=documented(401, 403, 404, 422, 503),
    )
    async def of_incident(incident_id: UUID, viewer: Asking) -> Response:
        """The plan that goes with an incident, with the newest word on each step; of one that is over, as it was."""
        return answer(await plans.of_incident(viewer.scope(tests=True), IncidentId(incident_id)))

    @router.post("/incidents/{incident_id}/plan/{key}", response_model=shapes.IncidentView, responses=ACTED)
    async def record(
        incident_id: UUID, key: shapes_plans.StepKey, body: shapes_plans.StepDone, viewer: Asking
    ) -> Response:
        """Say what came of a step. The same again changes nothing; a step that the plan does not have is 404."""
        await actions.seen(viewer, incident_id)
        said = StepRecord(StepOutcome(body.outcome), body.note)
        command = commands.record_step(IncidentId(incident_id), viewer.operator, key, said, viewer.sight)
        return await actions.done(viewer, incident_id, command)

    @router.post("/incidents/{incident_id}/message", response_model=shapes.IncidentView, responses=ACTED)
    async def message(incident_id: UUID, body: shapes_plans.MessageSend, viewer: Asking) -> Response:
        """Send words to those who go there, or to the wearer. Where nobody would hear them: 409 `nobody_to_reach`.

        An app, a mail and a call carry all of them; a text message what fits into one.
        """
        await actions.seen(viewer, incident_id)
        command = commands.send_message(
            IncidentId(incident_id), viewer.operator, MessageTo(body.to), body.text, viewer.sight
        )
        return await actions.done(viewer, incident_id, command)

    @router.get("/closing", response_model=list[shapes_plans.ClosingForm], responses=documented(401, 403, 503))
    async def closing(viewer: Asking) -> Response:
        """What must be answered when an alarm is stood down, by kind and outcome."""
        return answer(_FORMS)

    return router


def plan_of(plan_id: UUID, body: shapes_plans.ActionPlanDraft) -> ActionPlan:
    """Read a plan as its author wrote it. Raises Refusal where two steps have one key."""
    keys = [step.key for step in body.steps]
    if len(set(keys)) < len(keys):
        raise Refusal(422, "invalid", fields={"steps": "key_twice"})
    return ActionPlan(
        id=plan_id,
        name=body.name,
        version=body.version,
        steps=tuple(PlanStep(step.key, step.text) for step in body.steps),
        kind=None if body.kind is None else AlarmKind(body.kind),
        unit_id=body.unit_id,
        place_id=body.place_id,
    )
