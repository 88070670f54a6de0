"""Rotas: who is on call and when, and what people change among themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from escalation.ids import CommitteeId, RotaId
from escalation.rota import Rota, on_call
from escalation.rota_change import swap, with_override
from escalation.rota_complaints import rota_complaints
from escalation.rota_shifts import RangeTooLong, Shift, gaps, shifts, whole_shifts
from larmcentral.api import shapes_rotas
from larmcentral.api.answers import answer
from larmcentral.api.asks_rotas import RotaCalendar, Rotas
from larmcentral.api.bodies import CALENDAR_TYPES, content_of
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.api.rota_bodies import complained, override_of, persons_of, rota_of, shift_views, view_of
from larmcentral.api.shapes import Moment
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.roles import Viewer
from larmcentral.domain.views_house import OnCallPerson, OnCallView, RotaGap
from larmcentral.ports import Calendar, Clock

WRITTEN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)
READ: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)
TRIES: Final = 3
"""Two colleagues may arrange something in the same moment; a third time hardly."""
USUAL_RANGE: Final = timedelta(days=28)


class RotaDesk:
    """Reads rotas, and changes them on top of what stands."""

    def __init__(self, rotas: Rotas, clock: Clock) -> None:
        self._rotas = rotas
        self._clock = clock

    async def changed(self, viewer: Viewer, rota_id: UUID, change: Callable[[Rota], Rota]) -> int:
        """Make a change to the version that stands; where somebody was first, to his. Return the new version."""
        for _ in range(TRIES):
            committee_id, rota = await self._rotas.rota(viewer.scope(), RotaId(rota_id))
            try:
                return await self.saved(viewer, committee_id, change(rota))
            except Collision:
                continue
        raise Refusal(409, "changed_meanwhile")

    async def saved(self, viewer: Viewer, committee_id: CommitteeId, rota: Rota) -> int:
        """Keep a rota that nothing is to be said against. Raises Refusal, Collision."""
        if found := rota_complaints(rota):
            raise Refusal(409, "complaints", fields=complained(found))
        scope = viewer.scope()
        strangers = persons_of(rota) - (await self._rotas.names(scope, persons_of(rota))).keys()
        if strangers:
            raise NotFound("person")
        return await self._rotas.save(scope, committee_id, rota, by=viewer.user_id, now=self._clock.now())


def rota_routes(rotas: Rotas, files: RotaCalendar, calendar: Calendar, clock: Clock) -> APIRouter:
    """Everything under /api/rotas."""
    router = APIRouter(prefix="/api/rotas", tags=["rotas"])
    desk = RotaDesk(rotas, clock)

    def span(from_at: datetime | None, until_at: datetime | None) -> tuple[datetime, datetime]:
        begins = clock.now() if from_at is None else from_at
        return begins, begins + USUAL_RANGE if until_at is None else until_at

    @router.get("", response_model=list[shapes_rotas.RotaRow], responses=documented(401, 403, 503))
    async def rows(viewer: Asking) -> Response:
        """Rotas of his committees."""
        return answer(await rotas.rotas(viewer.scope()))

    @router.get("/{rota_id}", responses=READ)
    async def whole(rota_id: UUID, viewer: Asking) -> shapes_rotas.RotaView:
        """One rota, in its newest version."""
        committee_id, rota = await rotas.rota(viewer.scope(), RotaId(rota_id))
        return view_of(committee_id, rota, await rotas.names(viewer.scope(), persons_of(rota)))

    @router.put("/{rota_id}", responses=WRITTEN)
    async def write(rota_id: UUID, body: shapes_rotas.RotaDraft, viewer: Asking) -> shapes_rotas.Saved:
        """Write a rota. While anything is to be said against it: 409 `complaints`, and nothing is kept."""
        committee_id = CommitteeId(body.committee_id)
        if committee_id not in viewer.sight:
            raise NotFound("committee")
        standing: Rota | None = None
        if body.version > 0:
            owner, standing = await rotas.rota(viewer.scope(), RotaId(rota_id))
            if owner != committee_id:
                raise NotFound("rota")
        try:
            written = rota_of(RotaId(rota_id), body, standing, by=viewer.user_id)
            return shapes_rotas.Saved(version=await desk.saved(viewer, committee_id, written))
        except Collision as collision:
            raise Refusal(409, "changed_meanwhile") from collision

    @router.post("/{rota_id}/overrides", responses=WRITTEN)
    async def override(rota_id: UUID, body: shapes_rotas.RotaOverride, viewer: Asking) -> shapes_rotas.Saved:
        """Let somebody stand in; what older overrides say of the same time is cut out of them."""
        one = override_of(body, viewer.user_id)
        return shapes_rotas.Saved(version=await desk.changed(viewer, rota_id, lambda rota: with_override(rota, one)))

    @router.post("/{rota_id}/swaps", responses=WRITTEN)
    async def swaps(rota_id: UUID, body: shapes_rotas.RotaSwap, viewer: Asking) -> shapes_rotas.Saved:
        """Let two persons take each other's shifts."""

        def change(rota: Rota) -> Rota:
            one, other = (_shift_at(rota, meant, calendar) for meant in (body.one, body.other))
            return swap(rota, one, other, made_by=viewer.user_id, ground=body.ground)

        return shapes_rotas.Saved(version=await desk.changed(viewer, rota_id, change))

    @router.get("/{rota_id}/on-call", response_model=shapes_rotas.OnCallView, responses=READ)
    async def who(rota_id: UUID, viewer: Asking, at: Moment | None = None) -> Response:
        """Who is on call. at: now, if it is not said."""
        _, rota = await rotas.rota(viewer.scope(), RotaId(rota_id))
        moment = clock.now() if at is None else at
        found = on_call(rota, moment, calendar.is_holiday)
        names = await rotas.names(viewer.scope(), found)
        day = moment.astimezone(ZoneInfo(rota.zone)).date()
        persons = tuple(OnCallPerson(person_id=one, person=names.get(one, "")) for one in found)
        return answer(OnCallView(at=moment, day=day, holiday=calendar.is_holiday(day), persons=persons))

    @router.get("/{rota_id}/shifts", response_model=list[shapes_rotas.RotaShift], responses=READ)
    async def turns(
        rota_id: UUID,
        viewer: Asking,
        from_at: Annotated[Moment | None, Query(alias="from")] = None,
        until_at: Annotated[Moment | None, Query(alias="until")] = None,
    ) -> Response:
        """The shifts between two moments; from now on for four weeks, if they are not said."""
        _, rota = await rotas.rota(viewer.scope(), RotaId(rota_id))
        try:
            found = shifts(rota, *span(from_at, until_at), calendar.is_holiday)
        except RangeTooLong as error:
            raise Refusal(422, "invalid", fields={"until": "too_far"}) from error
        return answer(shift_views(found, await rotas.names(viewer.scope(), {one.person_id for one in found})))

    @router.get("/{rota_id}/gaps", response_model=list[shapes_rotas.RotaGap], responses=READ)
    async def uncovered(
        rota_id: UUID,
        viewer: Asking,
        from_at: Annotated[Moment | None, Query(alias="from")] = None,
        until_at: Annotated[Moment | None, Query(alias="until")] = None,
    ) -> Response:
        """When nobody at all is on call; from now on for four weeks, if that is not said."""
        _, rota = await rotas.rota(viewer.scope(), RotaId(rota_id))
        try:
            found = gaps(rota, *span(from_at, until_at), calendar.is_holiday)
        except RangeTooLong as error:
            raise Refusal(422, "invalid", fields={"until": "too_far"}) from error
        return answer(tuple(RotaGap(from_at=one.from_at, until_at=one.until_at) for one in found))

    @router.get(
        "/{rota_id}/calendar.ics",
        response_class=Response,
        responses={200: {"content": {"text/calendar": {}}, "description": "Shifts, one event each"}, **READ},
    )
    async def export(rota_id: UUID, viewer: Asking) -> Response:
        """The shifts of four weeks, for anybody's own calendar."""
        _, rota = await rotas.rota(viewer.scope(), RotaId(rota_id))
        found = whole_shifts(rota, *span(None, None), calendar.is_holiday)
        names = await rotas.names(viewer.scope(), {one.person_id for one in found})
        return Response(files.export(rota, found, names), media_type="text/calendar")

    @router.post("/{rota_id}/calendar.ics", responses=documented(401, 403, 404, 409, 413, 415, 422, 503))
    async def take_in(
        rota_id: UUID, request: Request, viewer: Asking, layer: Annotated[int | None, Query(ge=0, le=20)] = None
    ) -> shapes_rotas.Saved:
        """Take overrides out of a calendar file. layer: of which they speak; all, if it is not said."""
        _, text = await content_of(request, CALENDAR_TYPES)
        _, standing = await rotas.rota(viewer.scope(), RotaId(rota_id))
        names = await rotas.names(viewer.scope(), persons_of(standing))

        def change(rota: Rota) -> Rota:
            for one in files.overrides(rota, text, names, layer=layer, made_by=viewer.user_id):
                rota = with_override(rota, one)
            return rota

        return shapes_rotas.Saved(version=await desk.changed(viewer, rota_id, change))

    return router


def _shift_at(rota: Rota, meant: shapes_rotas.ShiftMeant, calendar: Calendar) -> Shift:
    around = whole_shifts(rota, meant.at, meant.at + timedelta(seconds=1), calendar.is_holiday)
    for shift in around:
        if shift.layer == meant.layer and shift.from_at <= meant.at < shift.until_at:
            return shift
    raise Refusal(409, "no_such_shift")
