"""Signals of the worker's own phone: taken in like any device's, and answered when they are on disk."""

from __future__ import annotations

from fastapi import APIRouter, Request

from larmcentral.api import shapes_work
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.api.routes_worker import himself
from larmcentral.domain.arrival import Arrival, ReceiverName
from larmcentral.domain.roles import Viewer
from larmcentral.ports import Clock, TakesIn
from protocols.signal import AccountId, Position, Signal, SignalKind

APP = "app"
"""Receiver and protocol of what comes this way; the account is the person's id."""


def signal_routes(intake: TakesIn, clock: Clock) -> APIRouter:
    """POST /api/me/signals."""
    router = APIRouter(prefix="/api/me", tags=["worker"])

    @router.post(
        "/signals",
        status_code=202,
        response_model=shapes_work.SignalReceived,
        responses=documented(401, 403, 413, 422, 503),
    )
    async def signals(body: shapes_work.SignalSent, request: Request, viewer: Asking) -> shapes_work.SignalReceived:
        """Raise an alarm, or say where one is. Sent again with the same id it is the same signal."""
        received_at = clock.now()
        await intake.take_in(
            Arrival(
                receiver=_receiver(viewer),
                received_at=received_at,
                authentic=True,
                raw=await request.body(),
                signals=(signal_of(body, AccountId(str(himself(viewer)))),),
            )
        )
        return shapes_work.SignalReceived(received_at=received_at)

    return router


def signal_of(body: shapes_work.SignalSent, account: AccountId) -> Signal:
    """Return what a phone sent in the words that all protocols decode to."""
    position = body.position
    return Signal(
        kind=SignalKind(body.kind),
        device=account,
        repeat_key=str(body.id),
        event_at=body.event_at,
        sent_at=body.sent_at,
        buffered=body.buffered,
        position=None
        if position is None
        else Position(
            lat=position.lat,
            lon=position.lon,
            accuracy_m=position.accuracy_m,
            fix_at=position.fix_at,
            valid=position.valid,
        ),
        battery_pct=body.battery_pct,
        charging=body.charging,
        silent=body.silent,
        evidence=(("confirmed", "1"),) if body.confirmed else (),
    )


def _receiver(viewer: Viewer) -> ReceiverName:
    """Name the door it came in by. The committee is for senders nobody knows, which a person who logged in is not."""
    if not viewer.committees:
        raise Refusal(403, "forbidden")
    return ReceiverName(
        name=APP, protocol=APP, organisation_id=viewer.organisation_id, committee_id=viewer.committees[0].id
    )
