"""Places: to choose one, to read one, and to write down what a colleague at the door must know."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from escalation.chain import Risk
from escalation.ids import CommitteeId, PersonId, PlaceId, UnitId
from escalation.session_rules import flag_faults
from larmcentral.api import shapes_places
from larmcentral.api.answers import answer
from larmcentral.api.asks_places import Places
from larmcentral.api.bodies import PLAN_TYPES, content_of, sent_back
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.errors import NotFound
from larmcentral.domain.place import Place
from larmcentral.ports import Calendar, Clock

WRITTEN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)


def place_routes(places: Places, calendar: Calendar, clock: Clock) -> APIRouter:
    """Everything under /api/places."""
    router = APIRouter(prefix="/api/places", tags=["places"])

    @router.get("", response_model=list[shapes_places.PlaceChoice], responses=documented(401, 403, 422, 503))
    async def choices(viewer: Asking, part: Annotated[str, Query(max_length=100)] = "") -> Response:
        """Places of his committees by name, at most 1000. part: what name or address must contain."""
        return answer(await places.places(viewer.scope(), part=part.strip()))

    @router.get("/{place_id}", response_model=shapes_places.PlaceView, responses=WRITTEN)
    async def place(place_id: UUID, viewer: Asking) -> Response:
        """One place with its door code, dangers and flag."""
        return answer(await places.place(viewer.scope(), PlaceId(place_id), by=viewer, now=clock.now()))

    @router.put("/{place_id}", status_code=204, responses=WRITTEN)
    async def enter(place_id: UUID, body: shapes_places.PlaceDraft, viewer: Asking) -> None:
        """Enter a place, or the same one again with what is new about it."""
        if CommitteeId(body.committee_id) not in viewer.sight:
            raise NotFound("committee")
        await places.save(viewer.scope(), CommitteeId(body.committee_id), place_of(place_id, body))

    @router.delete("/{place_id}", status_code=204, responses=WRITTEN)
    async def remove(place_id: UUID, viewer: Asking) -> None:
        """Take a place out of the register."""
        await places.remove(viewer.scope(), PlaceId(place_id))

    @router.put("/{place_id}/flag", status_code=204, responses=WRITTEN)
    async def flag(place_id: UUID, body: shapes_places.FlagDraft, viewer: Asking) -> None:
        """Record a risk: who answers for it, on what ground, and when it is looked at again, within 90 days."""
        now = clock.now()
        today: date = now.astimezone(ZoneInfo(calendar.zone)).date()
        if faults := flag_faults(PersonId(body.owner_id), body.ground, body.review_on, today):
            raise Refusal(422, "invalid", fields={"flag": " ".join(faults)})
        await places.set_flag(
            viewer.scope(),
            PlaceId(place_id),
            risk=Risk[body.risk.upper()],
            owner_id=PersonId(body.owner_id),
            ground=body.ground,
            review_on=body.review_on,
            now=now,
        )

    @router.delete("/{place_id}/flag", status_code=204, responses=WRITTEN)
    async def lift_flag(place_id: UUID, viewer: Asking) -> None:
        """Say that the risk is over."""
        await places.lift_flag(viewer.scope(), PlaceId(place_id), clock.now())

    @router.get(
        "/{place_id}/plan",
        response_class=Response,
        responses={200: {"content": {"image/*": {}, "application/pdf": {}}, "description": "The site plan"}, **WRITTEN},
    )
    async def plan(place_id: UUID, viewer: Asking) -> Response:
        """The site plan."""
        return sent_back(*await places.plan(viewer.scope(), PlaceId(place_id)))

    @router.put("/{place_id}/plan", status_code=204, responses=documented(401, 403, 404, 413, 415, 422, 503))
    async def save_plan(place_id: UUID, request: Request, viewer: Asking) -> None:
        """Keep a site plan: PNG, JPEG, SVG or PDF, at most 5 MB."""
        media_type, content = await content_of(request, PLAN_TYPES)
        await places.save_plan(viewer.scope(), PlaceId(place_id), media_type, content, clock.now())

    @router.delete("/{place_id}/plan", status_code=204, responses=WRITTEN)
    async def remove_plan(place_id: UUID, viewer: Asking) -> None:
        """Drop the site plan."""
        await places.remove_plan(viewer.scope(), PlaceId(place_id))

    @router.post("/{place_id}/coverage", status_code=204, responses=WRITTEN)
    async def coverage(place_id: UUID, body: shapes_places.CoverageReport, viewer: Asking) -> None:
        """Say that there was a signal, or none; without one the next visit there has shorter check-ins."""
        await places.report_coverage(viewer.scope(), PlaceId(place_id), good=body.good, now=clock.now())

    return router


def place_of(place_id: UUID, body: shapes_places.PlaceDraft) -> Place:
    """Return a place as the register keeps it. Raises Refusal for half a position, or a place inside itself."""
    if (body.lat is None) != (body.lon is None):
        raise Refusal(422, "invalid", fields={"lat": "both_or_neither"})
    if body.building_id == place_id:
        raise Refusal(422, "invalid", fields={"building_id": "itself"})
    return Place(
        id=PlaceId(place_id),
        name=body.name,
        address=body.address,
        floor=body.floor,
        door_code=body.door_code,
        notes=body.notes,
        lat=body.lat,
        lon=body.lon,
        building_id=None if body.building_id is None else PlaceId(body.building_id),
        unit_id=None if body.unit_id is None else UnitId(body.unit_id),
    )
