"""Who may stand at the web's door, and for how long: uvicorn alone waits for ever for a head, a body, or a reader.

Under uvicorn's own protocol for HTTP/1.1, so that it parses and we hold the limits of number and time.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final, cast

import h11
import structlog
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from larmcentral.api.limits import WebLimits
from larmcentral.api.metrics import ApiMetrics
from larmcentral.api.turnstile import Turnstile
from larmcentral.ports import Clock
from larmcentral.strangers import Strangers

SAY_EVERY_S: Final = 60.0
AHEAD_BYTES: Final = 64 * 1024
"""Sent ahead while an answer is under way. uvicorn goes on reading whenever the answer looks for the client's end."""
UNHEARD_S: Final = 2.0
"""To take our answer, for a client whose body we do not want."""

_QUIET: Final = logging.getLogger("larmcentral.api.uvicorn")
_QUIET.setLevel(logging.ERROR)  # it says each request that is none; we count them

LOG = structlog.get_logger("larmcentral.api")


class Doorstep:
    """The connections of the web, within its limits. proxies: addresses behind which anybody may stand."""

    def __init__(self, limits: WebLimits, clock: Clock, metrics: ApiMetrics, *, proxies: frozenset[str]) -> None:
        self.limits: Final = limits
        self._clock, self._metrics, self._proxies = clock, metrics, proxies
        self._open: dict[WebConnection, str] = {}
        self._strangers: Strangers[WebConnection] = Strangers()
        self._said_at_s: dict[str, float] = {}
        self.turnstile: Final = Turnstile(limits.strangers_at_once)

    def __len__(self) -> int:
        return len(self._open)

    def protocol(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> WebConnection:
        """Return the protocol of one connection, as uvicorn asks for it."""
        return WebConnection(self, config, server_state, app_state, _loop)

    def admits(self, address: str) -> bool:
        """Say whether one more may come from this address; a stranger may have to make room for him."""
        limits = self.limits
        if address not in self._proxies and self._strangers.of(address) >= limits.strangers_per_address:
            self._send_away(address, "strangers_of_address")
        elif len(self._strangers) >= limits.strangers or (len(self._open) >= limits.connections and self._strangers):
            self._send_away(self._strangers.crowded(), "strangers")
        if len(self._open) < limits.connections:
            return True
        self.cut("all")
        return False

    def enter(self, connection: WebConnection, address: str) -> None:
        """A connection stands; a stranger's, until a session asks on it."""
        self._open[connection] = address
        self._strangers.add(connection, address)
        self._metrics.connections.set(len(self._open))

    def is_stranger(self, connection: WebConnection) -> bool:
        """Say whether no session has asked on it yet."""
        return self._strangers.has(connection, self._open.get(connection, ""))

    def know(self, connection: WebConnection) -> None:
        """A session has asked on it. May be said again, and of one that is gone."""
        self._strangers.discard(connection, self._open.get(connection, ""))

    def leave(self, connection: WebConnection) -> None:
        """It is gone. May be said again."""
        address = self._open.pop(connection, None)
        if address is not None:
            self._strangers.discard(connection, address)
            self._metrics.connections.set(len(self._open))

    def cut(self, reason: str) -> None:
        """Count a connection that was refused or ended by us; say it once a minute."""
        self._metrics.connections_cut.labels(reason).inc()
        now_s = self._clock.monotonic()
        if now_s - self._said_at_s.get(reason, float("-inf")) >= SAY_EVERY_S:
            self._said_at_s[reason] = now_s
            LOG.warning("web_connection_cut", reason=reason, open=len(self._open))

    def _send_away(self, address: str, reason: str) -> None:
        connection = self._strangers.first(address)
        self.leave(connection)
        self.cut(reason)
        connection.abort()


class WebConnection(H11Protocol):
    """One connection. uvicorn's, with one timer for whatever we wait for."""

    def __init__(
        self,
        doorstep: Doorstep,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._doorstep = doorstep
        self._app = cast("ASGIApp", self.app)
        self.app = self._answer  # type: ignore[assignment,unused-ignore]  # uvicorn's own types for the same
        self.logger = _QUIET
        self._address = ""
        self._turned_away = False
        self._waits_for = ""
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """See larmcentral.strangers.Caller: a request of his is being answered."""
        return self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body

    @property
    def is_known(self) -> bool:
        """True if a session asks just now, or asked last."""
        return self.scope is not None and "viewer" in cast("dict[str, Any]", self.scope).get("state", {})

    def abort(self) -> None:
        """Leave at once."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own
        """The connection stands."""
        address = self._address = str((transport.get_extra_info("peername") or ("",))[0])
        if not self._doorstep.admits(address):
            self._turned_away = True
            transport.abort()
            return
        super().connection_made(transport)
        self._doorstep.enter(self, address)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._turned_away or self.transport.is_closing():
            return
        super().data_received(data)
        if self.conn.their_state is h11.DONE and len(self.conn.trailing_data[0]) > AHEAD_BYTES:
            self._cut("ahead")
        self._look()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP."""
        self._doorstep.cut("not_http")
        super().send_400_response(msg)

    def on_response_complete(self) -> None:
        """A response is written; the next request may have come already."""
        self._meet()
        if self.cycle.more_body:
            self._leave_unheard()
        else:
            super().on_response_complete()
            self._look()

    def pause_writing(self) -> None:
        """The client reads slower than we write."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self._doorstep.limits.unread_s, self._cut, "unread")

    def resume_writing(self) -> None:
        """It has read."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        if self._turned_away:
            return
        self._wait_for("")
        super().connection_lost(exc)
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        self._doorstep.leave(self)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered; a stranger's when it is his address's turn. Inside he is until his answer begins,
        but for the time in which we wait for the rest of his body: eight who are slow would be all that are served."""
        if scope["type"] != "http" or not self._doorstep.is_stranger(self):
            await self._app(scope, receive, send)
            return
        turnstile, cycle, inside = self._doorstep.turnstile, self.cycle, True
        await turnstile.enter(self._address)

        async def take() -> Message:
            nonlocal inside
            if not (inside and cycle.more_body):
                return await receive()
            inside = False
            turnstile.leave()
            message = await receive()
            await turnstile.enter(self._address)
            inside = True
            return message

        async def begin(message: Message) -> None:
            nonlocal inside
            if inside:
                inside = False
                turnstile.leave()
                self._meet()
            await send(message)

        try:
            await self._app(scope, take, begin)
        finally:
            if inside:
                turnstile.leave()

    def _meet(self) -> None:
        """An answer begins or ends: a feed's has no end."""
        if self.is_known:
            self._doorstep.know(self)

    def _leave_unheard(self) -> None:
        """The answer is said before the body is whole: whoever goes on sending is not listened to."""
        self.flow.pause_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._wait_for("unheard", UNHEARD_S)

    def _look(self) -> None:
        """See what we wait for now; time that has begun goes on, whatever trickles in."""
        limits, cycle = self._doorstep.limits, self.cycle
        if self.transport.is_closing():
            self._wait_for("leaving", limits.unread_s)
        elif cycle is not None and not cycle.response_complete:
            self._wait_for("body" if cycle.more_body else "", limits.body_s)
        elif cycle is None or self.timeout_keep_alive_task is None:
            self._wait_for("head", limits.head_s)
        else:
            self._wait_for("")  # for the next request; uvicorn's own timer rings

    def _wait_for(self, what: str, seconds: float = 0.0) -> None:
        if what == self._waits_for:
            return
        self._waits_for = what
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._cut, what) if what else None

    def _cut(self, reason: str) -> None:
        self._doorstep.cut(reason)
        self.transport.abort()
