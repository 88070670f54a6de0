"""What the HTTP/1.1 receivers share: listening, orders, and the ways of a bad network."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable

from aiohttp import web

from devices.peers.orders import Fate, Order, Orders
from devices.peers.record import Record
from devices.peers.side_port import SidePort

MAX_BODY_BYTES = 65_536
ROUNDS = 5  # of the loop, until uvloop has freed the sockets of aborted TLS connections


class HttpPeer:
    """A receiver on loopback, with or without TLS. Subclasses say how a request is judged."""

    def __init__(self, *, tls: ssl.SSLContext | None, port: int, side_port: int, quiet: bool) -> None:
        self.record = Record(quiet=quiet)
        self.orders = Orders()
        self.side = SidePort(self.record, self.orders, port=side_port, door=self)
        self.port = port
        self._tls = tls
        self._runner: web.ServerRunner | None = None
        self._site: web.TCPSite | None = None
        self._leaving = asyncio.Event()
        self._lines: dict[asyncio.Transport, int] = {}
        self.connections_made = 0

    @property
    def base_url(self) -> str:
        """Address without a path. By name, for the certificate and for clients that insist on one."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}"

    async def start(self) -> None:
        """Listen; port and side.port are known then."""
        self._leaving.clear()
        self._runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=0.2)
        await self._runner.setup()
        await self.open()
        await self.side.start()

    async def stop(self) -> None:
        """Let go of those kept in silence and stop listening."""
        self._leaving.set()
        runner, self._runner = self._runner, None
        self._site = None
        if runner is not None:
            await runner.cleanup()
        for line in self._lines:
            line.abort()
        self._lines.clear()
        await self.side.stop()
        for _ in range(ROUNDS):
            await asyncio.sleep(0)

    async def open(self) -> None:
        """See side_port.Door; a port that was free once is kept."""
        if self._site is None and self._runner is not None:
            self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._tls, reuse_address=True)
            await self._site.start()
            self.port = int(self._runner.addresses[0][1])

    async def shut(self) -> None:
        """See side_port.Door."""
        site, self._site = self._site, None
        if site is not None and self._runner is not None and self._runner.server is not None:
            await site.stop()
            for connection in self._runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()
            self._lines.clear()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Judge a request, record it and answer."""
        raise NotImplementedError

    def connection_of(self, request: web.BaseRequest) -> int:
        """Return the number of the connection that a request came on."""
        assert request.transport is not None
        number = self._lines.get(request.transport)
        if number is None:
            self._lines = {line: n for line, n in self._lines.items() if not line.is_closing()}
            self.connections_made += 1
            number = self._lines[request.transport] = self.connections_made
        return number

    async def meet_fate(
        self, request: web.BaseRequest, order: Order, usual: Callable[[], web.Response]
    ) -> web.StreamResponse:
        """Treat a request as ordered. usual: makes the answer for those that get one."""
        if order.delay_s > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(order.delay_s):
                    await self._leaving.wait()
        match order.fate:
            case Fate.ANSWER | Fate.GOAWAY | Fate.GOAWAY_UNSEEN:
                return usual() if order.pieces == 1 else await self._in_pieces(request, usual(), order.pieces)
            case Fate.SILENCE:
                await self._leaving.wait()
            case Fate.HALF:
                await self._half(request, usual())
            case Fate.RESET | Fate.CUT:
                pass
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self.handle(request)

    async def _in_pieces(self, request: web.BaseRequest, answer: web.Response, pieces: int) -> web.StreamResponse:
        body = answer.body if isinstance(answer.body, bytes) else b""
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        response.content_length = len(body)
        await response.prepare(request)
        size = max(1, -(-len(body) // pieces))
        for start in range(0, len(body), size):
            await response.write(body[start : start + size])
        await response.write_eof()
        return response

    async def _half(self, request: web.BaseRequest, answer: web.Response) -> None:
        body = answer.body if isinstance(answer.body, bytes) else b""
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        response.content_length = len(body) + 1
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        await self._leaving.wait()


async def read_body(request: web.BaseRequest) -> bytes:
    """Return the body, at most MAX_BODY_BYTES and one more."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            break
    return bytes(body[: MAX_BODY_BYTES + 1])
