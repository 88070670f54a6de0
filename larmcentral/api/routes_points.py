"""Contact points: one's own, and those of the persons one keeps."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, Protocol
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.chain import Channel
from escalation.ids import ContactPointId, PersonId
from larmcentral.api import shapes_points
from larmcentral.api.answers import answer
from larmcentral.api.asks_points import Points
from larmcentral.api.commands_points import PointCommands, ServiceAsking
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.contact import (
    KEPT_CHANNELS,
    OWN_CHANNELS,
    AddressFault,
    AddressRefused,
    PointAsker,
    PointDraft,
    checked_address,
)
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Viewer
from larmcentral.ports import Clock

READ: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)
WRITTEN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)
SENT: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 429, 503)


class AskerOf(Protocol):
    """As whom a viewer works with points on this side of the API."""

    def __call__(self, viewer: Viewer) -> PointAsker:
        """Raises NotFound where he cannot."""
        ...


def own_point_routes(
    points: Points, commands: PointCommands, tests: ServiceAsking, countries: Collection[str]
) -> APIRouter:
    """Everything under /api/me/points. countries: beginnings of the numbers that may be added."""
    router = APIRouter(prefix="/api/me/points", tags=["contact points"])

    @router.get("", response_model=list[shapes_points.PointView], responses=documented(401, 503))
    async def mine(viewer: Asking) -> Response:
        """One's own contact points as they are tried, with how they do."""
        return answer(await points.own(viewer))

    @router.post("", status_code=201, response_model=shapes_points.PointAdded, responses=WRITTEN)
    async def add(body: shapes_points.PointAdd, viewer: Asking) -> shapes_points.PointAdded:
        """Add one: an app, a browser, a number, a mail address. Repeatable."""
        asker = himself(viewer)
        assert asker.own is not None, "he himself is who he is"
        draft = draft_of(body, OWN_CHANNELS, countries)
        return shapes_points.PointAdded(id=await commands.add(asker.own, draft, asker))

    @router.put("/order", status_code=204, responses=WRITTEN)
    async def order(body: shapes_points.PointOrder, viewer: Asking) -> None:
        """Choose the order, which counts where the chain lets each person choose."""
        asker = himself(viewer)
        assert asker.own is not None, "he himself is who he is"
        await commands.order(asker.own, _ids(body), asker)

    _work_on_one(router, commands, tests, himself)
    return router


def point_routes(
    points: Points, commands: PointCommands, tests: ServiceAsking, countries: Collection[str], clock: Clock
) -> APIRouter:
    """Everything under /api/points and /api/persons/{person_id}/points. countries: as of one's own."""
    router = APIRouter(prefix="/api/points", tags=["contact points"])
    of_persons = APIRouter(prefix="/api/persons/{person_id}/points", tags=["contact points"])

    @router.get("", response_model=list[shapes_points.PointView], responses=documented(401, 403, 503))
    async def troubled(viewer: Asking) -> Response:
        """Those that are unproven, were never reached, failed last or are gone; the worst first, at most 500."""
        return answer(await points.troubled(viewer.scope(), now=clock.now()))

    @of_persons.get("", response_model=list[shapes_points.PointView], responses=READ)
    async def of_person(person_id: UUID, viewer: Asking) -> Response:
        """A person's contact points as they are tried, with how they do."""
        return answer(await points.of_person(viewer.scope(), PersonId(person_id)))

    @of_persons.post("", status_code=201, response_model=shapes_points.PointAdded, responses=WRITTEN)
    async def add(person_id: UUID, body: shapes_points.PointAdd, viewer: Asking) -> shapes_points.PointAdded:
        """Add one for a person: a number, a mail address, a hook, a pager. Repeatable."""
        draft = draft_of(body, KEPT_CHANNELS, countries)
        return shapes_points.PointAdded(id=await commands.add(PersonId(person_id), draft, keeper(viewer)))

    @of_persons.put("/order", status_code=204, responses=WRITTEN)
    async def order(person_id: UUID, body: shapes_points.PointOrder, viewer: Asking) -> None:
        """Put a person's points in order."""
        await commands.order(PersonId(person_id), _ids(body), keeper(viewer))

    @router.post("/{point_id}/seen", status_code=204, responses=WRITTEN)
    async def seen(point_id: UUID, body: shapes_points.SeenTest, viewer: Asking) -> None:
        """Say that the test was seen to arrive: what proves a chat, a hook or a pager."""
        await commands.seen(ContactPointId(point_id), body.message_id, keeper(viewer))

    _work_on_one(router, commands, tests, keeper)
    both = APIRouter()
    both.include_router(router)
    both.include_router(of_persons)
    return both


def _work_on_one(router: APIRouter, commands: PointCommands, tests: ServiceAsking, asker_of: AskerOf) -> None:
    """Add what is the same for one's own point and for another person's."""

    @router.delete("/{point_id}", response_model=shapes_points.PointRemoved, responses=WRITTEN)
    async def remove(point_id: UUID, viewer: Asking) -> shapes_points.PointRemoved:
        """Take it away, the last one too; the answer says how many are left. Repeatable."""
        return shapes_points.PointRemoved(left=await commands.remove(ContactPointId(point_id), asker_of(viewer)))

    @router.post("/{point_id}/proof", status_code=201, response_model=shapes_points.ProofAsked, responses=SENT)
    async def ask_proof(point_id: UUID, viewer: Asking) -> shapes_points.ProofAsked:
        """Send what proves it: a code, a link, or a key for the app. Three times in ten minutes."""
        asked = await commands.ask_proof(ContactPointId(point_id), asker_of(viewer))
        return shapes_points.ProofAsked.model_validate(
            {"message_id": asked.message_id, "by": asked.by.value, "expires_at": asked.expires_at}
        )

    @router.put("/{point_id}/proof", status_code=204, responses=WRITTEN)
    async def give_code(point_id: UUID, body: shapes_points.CodeGiven, viewer: Asking) -> None:
        """Prove it by the code that was sent there. After five wrong ones a new one must be asked for."""
        await commands.give_code(ContactPointId(point_id), body.code, asker_of(viewer))

    @router.post("/{point_id}/test", status_code=201, response_model=shapes_points.MessageAsked, responses=SENT)
    async def test(point_id: UUID, viewer: Asking) -> shapes_points.MessageAsked:
        """Send a test there: it is marked as one, and is no alarm."""
        asked = await tests.ask_test(ContactPointId(point_id), asker_of(viewer))
        return shapes_points.MessageAsked(message_id=asked)


def himself(viewer: Viewer) -> PointAsker:
    """Return a viewer as the owner of his own points. Raises NotFound for who is no person of the house."""
    if viewer.person_id is None:
        raise NotFound("person")
    return PointAsker(user_id=viewer.user_id, own=viewer.person_id)


def keeper(viewer: Viewer) -> PointAsker:
    """Return a viewer as one who keeps the points of his committees' persons."""
    return PointAsker(user_id=viewer.user_id, sight=viewer.sight)


def draft_of(body: shapes_points.PointAdd, channels: frozenset[Channel], countries: Collection[str]) -> PointDraft:
    """Return a point as the flow takes it. Raises Refusal, which names the fault and never the address."""
    channel = Channel(body.channel)
    if channel not in channels:
        raise Refusal(422, "invalid", fields={"channel": AddressFault.NOBODYS.value})
    try:
        address = checked_address(channel, body.address, countries=countries)
    except AddressRefused as error:
        raise Refusal(422, "invalid", fields={"address": error.fault.value}) from None
    return PointDraft(id=ContactPointId(body.id), channel=channel, address=address, label=body.label or None)


def _ids(body: shapes_points.PointOrder) -> list[ContactPointId]:
    return [ContactPointId(one) for one in body.ids]
