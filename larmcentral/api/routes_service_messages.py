"""Tests and what came back, the settings of each channel, and the links that prove a mail address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from escalation.chain import Channel
from escalation.ids import ContactPointId
from larmcentral.api import shapes_points
from larmcentral.api.answers import answer
from larmcentral.api.asks_points import Points
from larmcentral.api.commands_points import PointCommands, ServiceAsking
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.api.routes_points import SENT, keeper
from larmcentral.api.settings import ApiSettings
from larmcentral.domain.errors import NotFound
from larmcentral.domain.views_points import ChannelView, ProviderView
from larmcentral.ports import Clock

OVER: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "The key is over, or never was: a page that says so", "content": {"text/html": {}}}
}


def service_message_routes(
    points: Points, commands: PointCommands, tests: ServiceAsking, settings: ApiSettings, clock: Clock
) -> APIRouter:
    """GET /api/service-messages/{message_id}, /api/channels and a test of each, /api/proofs/{key}."""
    router = APIRouter(prefix="/api", tags=["channels"])

    @router.get(
        "/service-messages/{message_id}",
        response_model=shapes_points.ServiceMessageView,
        responses=documented(401, 404, 422, 503),
    )
    async def message(message_id: UUID, viewer: Asking) -> Response:
        """A test or a proof, and what came back."""
        return answer(await points.message(viewer, message_id))

    @router.get("/channels", response_model=list[shapes_points.ChannelView], responses=documented(401, 403, 503))
    async def channels(viewer: Asking) -> Response:
        """Each channel: how it is set up, without secrets; its points in use; its last test."""
        return answer(pages(settings, await points.channels(viewer.scope(), now=clock.now())))

    @router.post("/channels/{channel}/test", status_code=201, response_model=shapes_points.MessageAsked, responses=SENT)
    async def test(
        channel: shapes_points.PointChannel, body: shapes_points.ChannelTest, viewer: Asking
    ) -> shapes_points.MessageAsked:
        """Send a test to a contact point of this channel, of a person of one's committees."""
        asked = await tests.ask_test(ContactPointId(body.point_id), keeper(viewer), channel=Channel(channel))
        return shapes_points.MessageAsked(message_id=asked)

    @router.get("/proofs/{key}", response_class=HTMLResponse, responses=documented(422, 503))
    async def ask(key: str) -> Response:
        """Ask whoever follows the link. It proves nothing yet: mail is opened by machines, too."""
        return HTMLResponse(ASK_PAGE)

    @router.post("/proofs/{key}", response_class=HTMLResponse, responses=documented(422, 503) | OVER)
    async def give(key: str) -> Response:
        """Prove the contact point that the key was sent to; the app does so by itself. Repeatable while it lasts."""
        try:
            await commands.give_key(key)
        except NotFound:
            return HTMLResponse(OVER_PAGE, 404)
        return HTMLResponse(DONE_PAGE)

    return router


def pages(settings: ApiSettings, used: Mapping[str, ChannelView]) -> list[ChannelView]:
    """Return one page a channel, in the order of their names in the code; the desk's own has none."""
    unused = ChannelView(channel="", providers=(), proven=0, unproven=0, failing=0, retired=0, last_test=None)
    return [
        replace(
            used.get(channel.value) or unused,
            channel=channel.value,
            providers=tuple(
                ProviderView(provider=one.provider, facts=dict(one.facts))
                for one in settings.channels
                if one.channel is channel
            ),
        )
        for channel in Channel
        if channel is not Channel.CONSOLE
    ]


def _page(swedish: str, english: str, form: str = "") -> str:
    return (
        '<!doctype html><html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>Larmcentralen</title></head><body><main><h1>Larmcentralen</h1>"
        f'<p>{swedish}</p><p lang="en">{english}</p>{form}</main></body></html>'
    )


ASK_PAGE: Final = _page(
    "Ska larmcentralen nå dig här? Bekräfta med knappen. Var det inte du som lade in adressen: stäng sidan.",
    "Is this where the alarm centre shall reach you? Confirm with the button. If it was not you: close this page.",
    '<form method="post"><button type="submit">Bekräfta / <span lang="en">Confirm</span></button></form>',
)
DONE_PAGE: Final = _page("Klart. Kontaktvägen är bekräftad.", "Done. The contact point is confirmed.")
OVER_PAGE: Final = _page(
    "Länken gäller inte längre. Be om en ny i appen.", "The link no longer holds. Ask for a new one in the app."
)
