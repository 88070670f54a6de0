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
from larmcentral.domain.beacons import PlacedBeacon, plain_id
from larmcentral.domain.errors import NotFound
from larmcentral.domain.place import Area, Place
from larmcentral.domain.register import SitePlan
from larmcentral.ports import Calendar, Clock

Latitude = Annotated[float | None, Query(ge=-90, le=90)]
Longitude = Annotated[float | None, Query(ge=-180, le=180)]
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
    async def save_plan(
        place_id: UUID,
        request: Request,
        viewer: Asking,
        south: Latitude = None,
        west: Longitude = None,
        north: Latitude = None,
        east: Longitude = None,
    ) -> None:
        """Keep a site plan: PNG, JPEG, SVG or PDF, at most 5 MB.

        south, west, north, east: where its edges lie, WGS84 degrees, its top to the north; all of them or none.
        """
        bounds = bounds_of(south, west, north, east)
        media_type, content = await content_of(request, PLAN_TYPES)
        plan = SitePlan(place_id=PlaceId(place_id), media_type=media_type, body=content, bounds=bounds)
        await places.save_plan(viewer.scope(), plan, clock.now())

    @router.delete("/{place_id}/plan", status_code=204, responses=WRITTEN)
    async def remove_plan(place_id: UUID, viewer: Asking) -> None:
        """Drop the site plan."""
        await places.remove_plan(viewer.scope(), PlaceId(place_id))

    @router.put("/{place_id}/beacons", status_code=204, responses=WRITTEN)
    async def set_beacons(place_id: UUID, body: shapes_places.BeaconList, viewer: Asking) -> None:
        """Write down all radio beacons that hang there; those left out are forgotten.

        One that hung at another place of the committee has been moved. Capitals and separators do not matter.
        """
        await places.set_beacons(viewer.scope(), PlaceId(place_id), beacons_of(body))

    @router.post("/{place_id}/coverage", status_code=204, responses=WRITTEN)
    async def coverage(place_id: UUID, body: shapes_places.CoverageReport, viewer: Asking) -> None:
        """Say that there was a signal, or none; without one the next visit there has shorter check-ins."""
        await places.report_coverage(viewer.scope(), PlaceId(place_id), good=body.good, now=clock.now())

    return router


def bounds_of(south: float | None, west: float | None, north: float | None, east: float | None) -> Area | None:
    """Return where a plan lies. Raises Refusal for some edges without the others, or edges the wrong way round."""
    if south is None or west is None or north is None or east is None:
        if (south, west, north, east) != (None,) * 4:
            raise Refusal(422, "invalid", fields={"south": "all_or_none"})
        return None
    wrong = {"north": "below_south"} if north <= south else {"east": "before_west"} if east <= west else {}
    if wrong:
        raise Refusal(422, "invalid", fields=wrong)
    return Area(south, west, north, east)


def beacons_of(body: shapes_places.BeaconList) -> tuple[PlacedBeacon, ...]:
    """Return beacons as the register keeps them. Raises Refusal for what is no id, or one that is named twice."""
    found: dict[str, PlacedBeacon] = {}
    for number, one in enumerate(body.beacons):
        beacon = plain_id(one.id)
        if beacon is None or beacon in found:
            fault = "no_beacon" if beacon is None else "twice"
            raise Refusal(422, "invalid", fields={f"beacons.{number}.id": fault})
        found[beacon] = PlacedBeacon(id=beacon, said=one.id, label=one.label)
    return tuple(found.values())


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
