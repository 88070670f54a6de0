"""The open connections to APNs: kept warm, watched, opened anew with patience."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections import OrderedDict
from dataclasses import dataclass

import structlog
from aioapns.exceptions import ConnectionClosed

from larmcentral.channels.apns_protocol import HardenedProtocol, Place
from larmcentral.channels.apns_token import ProviderToken
from larmcentral.ports import Clock

MAX_WAITING = 10_000  # sends that wait for room; beyond it the outbox is the better queue
CLOSE_WAIT_S = 1.0  # for the TLS farewell of a server that may be gone
log = structlog.get_logger(__name__)


class NotConnected(Exception):
    """There is no connection just now. retry_in_s: when the next one is tried."""

    def __init__(self, why: str, retry_in_s: float) -> None:
        super().__init__(why)
        self.retry_in_s = retry_in_s


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """How many connections, and how patient.

    connect_deadline_s: for name, TCP, TLS and the server's first SETTINGS. ping_every_s: sign of life of an idle line.
    first_wait_s, longest_wait_s: between two failed openings, doubled each time.
    """

    host: str
    port: int
    max_connections: int
    connect_deadline_s: float
    ping_every_s: float
    first_wait_s: float = 0.1
    longest_wait_s: float = 5.0


class ApnsPool:
    """One task opens connections, one at a time, so that no number of notices makes a connect storm."""

    def __init__(
        self, settings: PoolSettings, place: Place, token: ProviderToken, tls: ssl.SSLContext, clock: Clock
    ) -> None:
        self._settings = settings
        self._place = place
        self._token = token
        self._tls = tls
        self._clock = clock
        self._connections: list[HardenedProtocol] = []
        self._waiters: OrderedDict[asyncio.Future[None], None] = OrderedDict()
        self._look = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._opening = False
        self._failures = 0
        self._not_before = 0.0
        self._why = "not started"

    @property
    def connections(self) -> int:
        """How many connections are open, also those that only finish."""
        return len(self._connections)

    def start(self) -> None:
        """Open the first connection in the background and keep one open from now on."""
        self._why = "connecting"
        self._keeper = asyncio.create_task(self._keep(), name="apns-keeper")

    async def stop(self) -> None:
        """Close everything; sends under way end with ConnectionClosed or NotConnected."""
        keeper, self._keeper = self._keeper, None
        self._why = "stopped"
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait([keeper])
        self._wake_all()
        leaving = list(self._connections)
        for connection in leaving:
            connection.retiring = "stopped"
            connection.close()
        if leaving:
            await asyncio.wait([connection.closed for connection in leaving], timeout=CLOSE_WAIT_S)
        for connection in leaving:
            if not connection.closed.done():
                connection.abort()

    async def acquire(self) -> HardenedProtocol:
        """Return a connection with room, as soon as there is one. The caller opens its stream without awaiting.

        Raises NotConnected at once where there is no connection and none is being opened.
        """
        while True:
            if connection := self._free():
                return connection
            if self._keeper is None or (not self._hope() and self._clock.monotonic() < self._not_before):
                raise NotConnected(self._why, max(0.0, self._not_before - self._clock.monotonic()))
            if len(self._waiters) >= MAX_WAITING:
                raise NotConnected("too many notices wait for APNs", self._settings.first_wait_s)
            self._look.set()
            await self._wait_for_room()

    async def _wait_for_room(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = None
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._wake_one()  # the room offered to this one belongs to the next
            raise
        finally:
            self._waiters.pop(waiter, None)

    def _hope(self) -> bool:
        return self._opening or any(connection.usable for connection in self._connections)

    def _free(self) -> HardenedProtocol | None:
        free = [connection for connection in self._connections if not connection.is_busy]
        return min(free, key=lambda connection: connection.streams, default=None)

    def _wake_one(self) -> None:
        while self._waiters:
            waiter, _ = self._waiters.popitem(last=False)
            if not waiter.done():
                waiter.set_result(None)
                return

    def _wake_all(self) -> None:
        while self._waiters:
            self._wake_one()

    def _on_room(self) -> None:
        if self._waiters:
            self._wake_one()

    def _on_lost(self, connection: HardenedProtocol) -> None:
        if connection not in self._connections:
            return  # it never became one of ours: the opening reports it
        self._connections.remove(connection)
        log.info("apns connection closed", why=connection.retiring, answered=connection.answered)
        lived_s = asyncio.get_running_loop().time() - connection.opened_at
        if connection.answered or lived_s > self._settings.longest_wait_s:
            self._failures = 0
            self._not_before = 0.0
        elif not self._hope():  # one that has been replaced says nothing about the next
            self._postpone(connection.retiring or "closed before it answered anything")
        self._wake_all()
        self._look.set()

    async def _keep(self) -> None:
        while True:
            self._look.clear()
            usable = sum(connection.usable for connection in self._connections)
            full = bool(self._waiters) and self._free() is None
            if usable == 0 or (full and usable < self._settings.max_connections):
                await self._clock.sleep(max(0.0, self._not_before - self._clock.monotonic()))
                self._opening = True
                try:
                    await self._open()
                finally:
                    self._opening = False
                self._wake_all()
                continue
            try:
                async with asyncio.timeout(self._settings.ping_every_s):
                    await self._look.wait()
            except TimeoutError:
                self._ping()

    def _ping(self) -> None:
        for connection in list(self._connections):
            if not connection.ping():
                connection.retiring = "no answer to a ping"
                connection.abort()

    async def _open(self) -> None:
        settings = self._settings
        loop = asyncio.get_running_loop()
        connection: HardenedProtocol | None = None
        try:
            async with asyncio.timeout(settings.connect_deadline_s):
                _, connection = await loop.create_connection(
                    lambda: HardenedProtocol(self._place, self._token, self._on_room, self._on_lost),
                    settings.host,
                    settings.port,
                    ssl=self._tls,
                    ssl_handshake_timeout=settings.connect_deadline_s,
                    ssl_shutdown_timeout=CLOSE_WAIT_S,
                )
                await connection.ready
                if connection.closed.done():
                    raise ConnectionClosed(connection.retiring)
        except Exception as error:  # the edge of a connection: whatever goes wrong here, the next one is tried
            if connection is not None:
                connection.abort()
            self._postpone(in_words(error))
            log.warning("apns connection failed", why=self._why, failures=self._failures)
            return
        except asyncio.CancelledError:
            if connection is not None:
                connection.abort()
            raise
        self._connections.append(connection)
        self._not_before = 0.0
        log.info("apns connection open", connections=len(self._connections))

    def _postpone(self, why: str) -> None:
        self._why = why
        wait_s = min(self._settings.first_wait_s * 2 ** min(self._failures, 20), self._settings.longest_wait_s)
        self._failures += 1
        self._not_before = self._clock.monotonic() + wait_s * random.uniform(
            0.8, 1.2
        )  # several servers do not march in step


def in_words(error: Exception) -> str:
    """Say why a connection could not be made, so that an operator knows where to look."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"the server's certificate is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS failed: {error.reason or type(error).__name__}"
        case TimeoutError():
            return "the server did not answer the connection in time"
        case _:
            return f"cannot connect: {error}"[:200]
