"""The phone app's own pages: devices, who read about oneself, colleagues, a place before one goes there, the desk's
words, and a memo of the visit."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.ids import PlaceId
from larmcentral.api import shapes_phone
from larmcentral.api.answers import answer
from larmcentral.api.asks_phone import OwnPhone
from larmcentral.api.asks_places import Places
from larmcentral.api.commands_work import WorkCommands
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.api.routes_worker import himself
from larmcentral.domain.views_phone import warning_of
from larmcentral.ports import Clock


def phone_routes(phone: OwnPhone, places: Places, commands: WorkCommands, clock: Clock) -> APIRouter:
    """GET /api/me/devices, reads, colleagues, messages and places/{place_id}; PUT /api/me/session/memo."""
    router = APIRouter(prefix="/api/me", tags=["worker"])

    @router.get("/devices", response_model=list[shapes_phone.OwnDevice], responses=documented(401, 403, 503))
    async def devices(viewer: Asking) -> Response:
        """The devices that one wears now, by label. What a silent alarm told of a device is left out."""
        return answer(await phone.devices(viewer, now=clock.now()))

    @router.get("/reads", response_model=list[shapes_phone.OwnRead], responses=documented(401, 403, 503))
    async def reads(viewer: Asking) -> Response:
        """Who was shown what about oneself. Reads in a silent alarm are told a day after it was stood down."""
        return answer(await phone.reads(viewer, now=clock.now()))

    @router.get("/colleagues", response_model=list[shapes_phone.Colleague], responses=documented(401, 403, 503))
    async def colleagues(viewer: Asking) -> Response:
        """Whom one can take along, or let know."""
        return answer(await phone.colleagues(viewer, now=clock.now()))

    @router.get("/messages", response_model=list[shapes_phone.OwnMessage], responses=documented(401, 403, 503))
    async def messages(viewer: Asking) -> Response:
        """Words from the desk to oneself, or to those who respond."""
        return answer(await phone.messages(viewer, now=clock.now()))

    @router.get(
        "/places/{place_id}", response_model=shapes_phone.PlaceWarning, responses=documented(401, 403, 404, 422, 503)
    )
    async def place(place_id: UUID, viewer: Asking) -> Response:
        """A place before one goes there, with its dangers. That it was shown is recorded."""
        found = await places.place(viewer.scope(), PlaceId(place_id), by=viewer, now=clock.now())
        return answer(warning_of(found))

    @router.put("/session/memo", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
    async def memo(body: shapes_phone.MemoGiven, viewer: Asking) -> None:
        """Put words about the visit behind those that are there, with the time of day.

        With made_at it may be sent again, and late: made while a session ran, it is kept also when that is over. There
        is no room for more: 409 `memo`.
        """
        await commands.write_memo(himself(viewer), body.memo, made_at=body.made_at)

    return router
