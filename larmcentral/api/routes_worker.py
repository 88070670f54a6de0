"""The worker's own phone: session, check-in, pre-alarm, signals, shift and PINs; always about himself.

Whatever a PIN was given for is answered with 204 and nothing else: how things stand is asked at GET /api/me/work.

A phone may be out of reach, so whatever it keeps to send later carries made_at, its own time of the act, and may be
sent until it is answered: the same act with the same made_at is answered as the first time and done once. A made_at
that is still to come counts as now.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from escalation.alarm import AlarmKind
from escalation.events import Wearer
from escalation.ids import PersonId, PlaceId
from larmcentral.api import shapes_work
from larmcentral.api.answers import answer
from larmcentral.api.asks_work import Work
from larmcentral.api.commands_work import WorkCommands
from larmcentral.api.gate import Asking
from larmcentral.api.pins import PinDesk
from larmcentral.api.problems import documented
from larmcentral.domain.roles import Viewer
from larmcentral.domain.session_start import SessionStart
from larmcentral.ports import Clock

ACTED: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)
WITH_PIN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 429, 503)


def worker_routes(work: Work, commands: WorkCommands, pins: PinDesk, clock: Clock) -> APIRouter:
    """Everything under /api/me but who one is, and the signals."""
    router = APIRouter(prefix="/api/me", tags=["worker"])

    @router.get("/work", response_model=shapes_work.OwnWork, responses=documented(401, 403, 503))
    async def mine(viewer: Asking) -> Response:
        """All that the worker's phone shows."""
        return answer(await work.mine(viewer, now=clock.now()))

    @router.post("/session", status_code=201, response_model=shapes_work.SessionStarted, responses=ACTED)
    async def start(body: shapes_work.SessionBegin, viewer: Asking) -> shapes_work.SessionStarted:
        """Begin a session, from now on. Where nobody works alone: 409 `two_person_rule`, with the rule, its ground and
        an offer.

        The same start again (made_at) is 201 with the same session, also once that is over; without made_at it is 409
        `session_runs`.
        """
        begun = await commands.start(start_of(body, himself(viewer)), Wearer(himself(viewer)), viewer.sight)
        return shapes_work.SessionStarted(session_id=begun)

    @router.post("/session/check-in", status_code=204, responses=WITH_PIN)
    async def check_in(body: shapes_work.PinGiven, viewer: Asking) -> None:
        """Give a sign of life. It counts from made_at; one that is older than a newer one, than a question or than an
        alarm is taken down, answers neither and ends nothing. Again: 204, also when the session is over meanwhile.
        """
        duress = await pins.under_duress(viewer, body.pin)
        await commands.check_in(himself(viewer), how=_how(body.pin), duress=duress, made_at=body.made_at)

    @router.post("/session/extend", status_code=204, responses=ACTED)
    async def extend(body: shapes_work.SessionExtend, viewer: Asking) -> None:
        """Let the session last longer. Made before the newest end was said, or before help was called because the end
        had passed, it is only taken down. An end that has passed when it comes: 409 `end`. Again: 204.
        """
        await commands.extend(himself(viewer), body.until, Wearer(himself(viewer)), made_at=body.made_at)

    @router.post("/session/end", status_code=204, responses=WITH_PIN)
    async def end(body: shapes_work.PinGiven, viewer: Asking) -> None:
        """End the session: safe arrival. Made before an alarm opened, it ends the session and not the alarm; made
        before this session began, it is only taken down. Again, or when somebody else has ended it since: 204.
        """
        duress = await pins.under_duress(viewer, body.pin)
        himself_ = himself(viewer)
        await commands.end(himself_, Wearer(himself_), how=_how(body.pin), duress=duress, made_at=body.made_at)

    @router.post("/welfare", status_code=204, responses=WITH_PIN)
    async def welfare(body: shapes_work.WelfareAnswer, viewer: Asking) -> None:
        """Answer somebody who asked how one is. A yes is a check-in and repeats like one."""
        duress = await pins.under_duress(viewer, body.pin)
        await commands.answer_welfare(himself(viewer), fine=body.fine, duress=duress, made_at=body.made_at)

    @router.post("/pre-alarm", status_code=204, responses=ACTED)
    async def pre_alarm(body: shapes_work.PreAlarmBegin, viewer: Asking) -> None:
        """Begin a countdown that the server keeps, also when the phone dies in it."""
        kind = AlarmKind(body.kind)
        await commands.begin_pre_alarm(himself(viewer), kind, event_at=body.event_at, silent=body.silent)

    @router.post("/pre-alarm/cancel", status_code=204, responses=WITH_PIN)
    async def cancel(body: shapes_work.PreAlarmCancel, viewer: Asking) -> None:
        """End the countdown. Again: 204. Once the alarm is out it is 409 `no_pre_alarm`: a person stands it down."""
        duress = await pins.under_duress(viewer, body.pin)
        await commands.cancel_pre_alarm(himself(viewer), how="pin", duress=duress)

    @router.post("/pre-alarm/confirm", status_code=204, responses=ACTED)
    async def confirm(viewer: Asking) -> None:
        """Call for help at once."""
        await commands.confirm_pre_alarm(himself(viewer))

    @router.post("/shift", status_code=204, responses=ACTED)
    async def on_shift(body: shapes_work.ShiftBegin, viewer: Asking) -> None:
        """Be there for others until then. While it lasts the last position is kept, so that the nearest are found."""
        place_id = None if body.place_id is None else PlaceId(body.place_id)
        await commands.on_shift(himself(viewer), body.until, place_id)

    @router.delete("/shift", status_code=204, responses=documented(401, 403, 404, 409, 503))
    async def off_shift(viewer: Asking) -> None:
        """Go off shift; the last position is forgotten with it."""
        await commands.off_shift(himself(viewer))

    @router.put("/pin", status_code=204, responses=documented(401, 403, 404, 422, 429, 503))
    async def pin(body: shapes_work.PinChoice, viewer: Asking) -> None:
        """Choose both PINs anew."""
        await pins.choose(viewer, body.pin, body.duress_pin, body.password)

    return router


def himself(viewer: Viewer) -> PersonId:
    """Return the person behind a worker's or responder's log-in."""
    assert viewer.person_id is not None, "a worker and a responder are persons, says the schema"
    return viewer.person_id


def start_of(body: shapes_work.SessionBegin, person_id: PersonId) -> SessionStart:
    """Return a start as the flow takes it."""
    return SessionStart(
        person_id=person_id,
        purpose=body.purpose,
        place_id=None if body.place_id is None else PlaceId(body.place_id),
        ends_at=body.ends_at,
        check_in_every=None if body.check_in_every_s is None else timedelta(seconds=body.check_in_every_s),
        companions=tuple(map(PersonId, dict.fromkeys(body.companions))),
        linked=tuple(map(PersonId, dict.fromkeys(body.linked))),
        memo=body.memo or None,
        recording=body.recording,
        made_at=body.made_at,
    )


def _how(pin: str | None) -> str:
    return "app" if pin is None else "pin"
