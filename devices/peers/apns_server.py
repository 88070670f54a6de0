"""A local APNs: HTTP/2 over TLS, Apple's checks, Apple's words."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import deque
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, PingReceived, RequestReceived, StreamEnded, StreamReset, WindowUpdated
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings
from hyperframe.frame import GoAwayFrame

from devices.peers.apple import REASONS, ProviderTokens, complaint, error_body
from devices.peers.credentials import Credentials
from devices.peers.orders import Fate, Order, Orders
from devices.peers.record import Record, wall_now
from devices.peers.side_port import SidePort

STOP_WAIT_S = 1.0
MAX_STREAMS = 1000  # what Apple announces
MAX_BODY_BYTES = 16_384  # four times what is allowed; a longer one is refused without reading on


@dataclass(slots=True)
class Request:
    """What has come of one request so far."""

    headers: list[tuple[str, str]]
    body: bytearray = field(default_factory=bytearray)


class ApnsServer:
    """Listens on loopback; records every notification and answers as ordered."""

    def __init__(
        self, credentials: Credentials, tls: ssl.SSLContext, *, port: int = 0, side_port: int = 0, quiet: bool = False
    ) -> None:
        key = load_pem_private_key(credentials.apns_key_pem.encode(), None)
        assert isinstance(key, EllipticCurvePrivateKey)
        self.topic = credentials.apns_topic
        self.tokens = ProviderTokens(
            key=key.public_key(), key_id=credentials.apns_key_id, team_id=credentials.apns_team_id
        )
        self.record = Record(quiet=quiet)
        self.orders = Orders()
        self.side = SidePort(self.record, self.orders, port=side_port, door=self)
        self.port = port
        self.connections_made = 0
        self.max_streams = MAX_STREAMS
        self.resets = 0
        self.pings = 0
        self.lines: set[Line] = set()
        self._tls = tls
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; port and side.port are known then."""
        self._tls.set_alpn_protocols(["h2"])
        await self.open()
        await self.side.start()

    async def stop(self) -> None:
        """Cut all connections and stop listening."""
        await self.shut()
        await self.side.stop()

    async def open(self) -> None:
        """See side_port.Door; a port that was free once is kept."""
        if self._server is None:
            self._server = await asyncio.get_running_loop().create_server(
                lambda: Line(self), "127.0.0.1", self.port, ssl=self._tls, ssl_shutdown_timeout=0.5, reuse_address=True
            )
            self.port = int(self._server.sockets[0].getsockname()[1])

    async def shut(self) -> None:
        """See side_port.Door."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self.cut_all()
        if server is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_WAIT_S):
                    await server.wait_closed()

    def cut_all(self) -> None:
        """Drop every connection without a word."""
        for line in list(self.lines):
            line.cut()


class Line(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, server: ApnsServer) -> None:
        self._server = server
        self._conn = H2Connection(
            H2Configuration(
                client_side=False,
                header_encoding="utf-8",
                validate_outbound_headers=False,
                normalize_outbound_headers=False,
            )
        )
        self._requests: dict[int, Request] = {}
        self._bodies: dict[int, deque[bytes]] = {}
        self._transport: asyncio.Transport | None = None
        self._number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one, but does not say so
        self._server.lines.add(self)
        self._server.connections_made += 1
        self._number = self._server.connections_made
        limits = {
            SettingCodes.MAX_CONCURRENT_STREAMS: self._server.max_streams,
            SettingCodes.MAX_HEADER_LIST_SIZE: 2**16,
        }
        self._conn.local_settings = Settings(client=False, initial_values=limits)
        self._conn.initiate_connection()
        self._conn.increment_flow_control_window(2**24)
        self._write()

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.lines.discard(self)
        self._requests.clear()
        self._bodies.clear()

    def data_received(self, data: bytes) -> None:
        try:
            events = self._conn.receive_data(data)
        except ProtocolError:
            self._write()
            self.cut()
            return
        for event in events:
            match event:
                case RequestReceived(stream_id=stream_id, headers=headers):
                    fields = [(str(name), str(value)) for name, value in headers or ()]
                    self._requests[stream_id or 0] = Request(fields)
                case DataReceived(stream_id=stream_id, data=piece, flow_controlled_length=length):
                    self._conn.acknowledge_received_data(length or 0, stream_id or 0)
                    request = self._requests.get(stream_id or 0)
                    if request is not None and len(request.body) < MAX_BODY_BYTES:
                        request.body += piece or b""
                case StreamEnded(stream_id=stream_id):
                    if request := self._requests.pop(stream_id or 0, None):
                        self._treat(stream_id or 0, request)
                case StreamReset(stream_id=stream_id):
                    self._server.resets += 1
                    self._requests.pop(stream_id or 0, None)
                    self._bodies.pop(stream_id or 0, None)
                case PingReceived():
                    self._server.pings += 1
                case WindowUpdated():
                    self._send_bodies()
                case _:
                    pass
        self._write()

    def deafen(self) -> None:
        """Hear nothing more and say nothing, as behind a firewall that forgot the connection."""
        if self._transport is not None:
            self._transport.pause_reading()

    def cut(self) -> None:
        """Drop the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    def _treat(self, stream_id: int, request: Request) -> None:
        fields = dict(request.headers)
        body = bytes(request.body)
        address = fields.get(":path", "").rpartition("/")[2]
        order = self._server.orders.take(address)
        status, reason = order.status, order.reason
        if status == 200 and not reason:
            now = wall_now()
            reason = (
                complaint(request.headers, body, topic=self._server.topic)
                or self._server.tokens.complaint(fields.get("authorization"), now)
                or ""
            )
            status = REASONS.get(reason, 200)
        answered = order.fate in (Fate.ANSWER, Fate.GOAWAY, Fate.HALF)
        received = self._server.record.add(
            notice_id=fields.get("apns-id", ""),
            address=address,
            status=status if answered else 0,
            reason=reason if answered else order.fate.value,
            connection=self._number,
            headers=fields,
            body=body,
        )
        apns_id = received.notice_id or str(UUID(int=received.number)).upper()
        if order.delay_s > 0:
            asyncio.get_running_loop().call_later(order.delay_s, self._late, stream_id, order, status, reason, apns_id)
        else:
            self._meet_fate(stream_id, order, status, reason, apns_id)

    def _late(self, stream_id: int, order: Order, status: int, reason: str, apns_id: str) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._meet_fate(stream_id, order, status, reason, apns_id)
            self._write()

    def _meet_fate(self, stream_id: int, order: Order, status: int, reason: str, apns_id: str) -> None:
        with contextlib.suppress(ProtocolError):  # the client may have reset the stream while we were late
            self._do(stream_id, order, status, reason, apns_id)

    def _do(self, stream_id: int, order: Order, status: int, reason: str, apns_id: str) -> None:
        match order.fate:
            case Fate.ANSWER:
                self._answer(stream_id, order, status, reason, apns_id)
            case Fate.HALF:
                self._conn.send_headers(stream_id, [(":status", str(status)), ("apns-id", apns_id)])
            case Fate.SILENCE:
                pass
            case Fate.RESET:
                self._conn.reset_stream(stream_id, error_code=2)  # INTERNAL_ERROR
            case Fate.CUT:
                self.cut()
            case Fate.GOAWAY:
                self._goaway(stream_id, reason or "Shutdown")
                self._answer(stream_id, order, status, reason, apns_id)
            case Fate.GOAWAY_UNSEEN:
                self._goaway(max(stream_id - 2, 0), reason or "Shutdown")

    def _answer(self, stream_id: int, order: Order, status: int, reason: str, apns_id: str) -> None:
        body = order.body if order.body is not None else b""
        if order.body is None and status != 200:
            body = error_body(status, reason, wall_now())
        headers = [(":status", str(status)), ("apns-id", apns_id), *order.headers]
        self._conn.send_headers(stream_id, headers, end_stream=not body)
        size = max(1, -(-len(body) // order.pieces))
        if body:
            self._bodies[stream_id] = deque(body[start : start + size] for start in range(0, len(body), size))
            self._send_bodies()

    def _send_bodies(self) -> None:
        """Send what the client's window has room for; the rest goes when it gives more."""
        for stream_id in list(self._bodies):
            pieces = self._bodies[stream_id]
            try:
                while pieces and len(pieces[0]) <= self._conn.local_flow_control_window(stream_id):
                    piece = pieces.popleft()
                    self._conn.send_data(stream_id, piece, end_stream=not pieces)
            except ProtocolError:
                pieces.clear()  # the client has reset this stream
            if not pieces:
                del self._bodies[stream_id]

    def _goaway(self, last_stream_id: int, reason: str) -> None:
        """Say it past h2, which would send nothing more after its own GOAWAY."""
        self._write()
        frame = GoAwayFrame(0, last_stream_id=last_stream_id, additional_data=error_body(503, reason, wall_now()))
        if self._transport is not None:
            self._transport.write(frame.serialize())

    def _write(self) -> None:
        data = self._conn.data_to_send()
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
