"""One HTTP/2 connection to APNs: aioapns' protocol, hardened against what servers and networks really do.

What aioapns 4.0 does otherwise: it hangs on an empty error body, a reset stream and silence; a body in two DATA
frames or without JSON kills the connection; a late answer after the caller gave up does too; it never gives
receive window back; it leaks an entry a send. Each has a test in tests/larmcentral/channels/.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from aioapns.common import NotificationRequest
from aioapns.connection import APNsTLSClientProtocol
from aioapns.exceptions import ConnectionClosed
from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    DataReceived,
    Event,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError, StreamClosedError

from larmcentral.channels.apns_answer import (
    MAX_ANSWER_BYTES,
    STREAM_RESET,
    Answer,
    Waiting,
    error_name,
    read_reason,
    to_answer,
)
from larmcentral.channels.apns_frames import FrameCutter, GoAway
from larmcentral.channels.apns_headers import HeaderWriter, PlainEncoder
from larmcentral.channels.apns_token import ProviderToken

MAX_BODY_BYTES = 4096  # what Apple takes of us in one notification
DEADLINE_S = 5.0
LAST_STREAM_ID = 2**31 - 1001  # a little before HTTP/2 runs out of numbers: time for a new connection


class PayloadTooLarge(Exception):
    """Our own bug: the words were to be cut before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a connection is made for.

    authority: host and port as Apple's server knows itself. silence_s: so long without a byte after a notification
    was sent, and the line is taken for dead.
    """

    authority: str
    topic: str
    max_streams: int
    silence_s: float


class HardenedProtocol(APNsTLSClientProtocol):
    """Sends notifications on its streams; tells its pool when there is room again and when it is lost."""

    def __init__(
        self,
        place: Place,
        token: ProviderToken,
        on_room: Callable[[], None],
        on_lost: Callable[[HardenedProtocol], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(place.topic, loop, None, token)
        # Of the answer only the status and a number of seconds are read: h2's checks of each header, in and out, cost
        # more than the rest of a notification.
        self.conn = H2Connection(
            H2Configuration(
                header_encoding="utf-8",
                validate_outbound_headers=False,
                normalize_outbound_headers=False,
                validate_inbound_headers=False,
                normalize_inbound_headers=False,
            )
        )
        self.conn.encoder = PlainEncoder()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.retiring = ""
        self.answered = 0
        self.opened_at = loop.time()
        self._place = place
        self._token = token
        self._on_room = on_room
        self._on_lost = on_lost
        self._headers = HeaderWriter(place.authority, place.topic)
        self._waiting: dict[int, Waiting] = {}
        self._cutter = FrameCutter()
        self._flush_due = False
        self._heard_at = loop.time()
        self._ping_at: float | None = None

    @property
    def streams(self) -> int:
        """How many notifications wait for their answer here."""
        return len(self._waiting)

    @property
    def usable(self) -> bool:
        """Whether it may still be given new notifications, now or after others have ended."""
        return not self.retiring and not self.closed.done() and self.ready.done()

    @property
    def is_busy(self) -> bool:
        """Whether a new notification would have to wait: streams or send window are used up."""
        settings = self.conn.remote_settings
        limit = min(self._place.max_streams, settings.max_concurrent_streams)
        return (
            not self.usable
            or len(self._waiting) >= limit
            or self.conn.outbound_flow_control_window < MAX_BODY_BYTES
            or settings.initial_window_size < MAX_BODY_BYTES
        )

    async def send_notification(
        self, request: NotificationRequest, *, expires: int = 0, deadline_at: float | None = None
    ) -> Answer:
        """Send at once and wait for the answer.

        request: its message at most MAX_BODY_BYTES in JSON; is_busy must be False.
        expires: apns-expiration, seconds of Unix time; 0 means that Apple does not keep it for a phone that is off.
        deadline_at: the loop's time; None is DEADLINE_S from now.
        Raises TimeoutError, ConnectionClosed, PayloadTooLarge.
        When the caller gives up, the stream is reset and forgotten.
        """
        header = self._token.get_header()
        try:
            stream_id = self._open(request, header, expires)
        except ProtocolError as error:
            self.retire(f"HTTP/2 refused a stream: {type(error).__name__}")
            raise ConnectionClosed(self.retiring) from error
        waiting = self._waiting[stream_id] = Waiting(request.notification_id, self.loop.create_future())
        sent_at = self.loop.time()
        timer = self.loop.call_at(deadline_at or sent_at + DEADLINE_S, self._expire, waiting, sent_at)
        try:
            answer = await waiting.answer
            if answer.description == "ExpiredProviderToken":
                self._token.expired(header)
            return answer
        finally:
            timer.cancel()
            if self._waiting.pop(stream_id, None) is not None:
                self._reset(stream_id)
            if self.retiring and not self._waiting:
                self.close()
            self._on_room()

    def ping(self) -> bool:
        """Ask for a sign of life. False where the one before was never answered: the line is dead."""
        if self._ping_at is not None and self._heard_at < self._ping_at:
            return False
        if self.usable:
            self._ping_at = self.loop.time()
            self.conn.ping(b"larmcent")
            self.flush()
        return True

    def retire(self, why: str) -> None:
        """Give it no new notifications; close it when the last answer is there."""
        self.retiring = self.retiring or why
        if not self._waiting:
            self.close()

    def refresh_inactivity_timer(self) -> None:
        """Stay open when idle: an alarm must not wait for a TLS handshake. The pool's ping watches instead."""

    def flush(self) -> None:
        """Write once at the end of the loop's round, so that many notifications share a TLS record."""
        if not self._flush_due:
            self._flush_due = True
            self.loop.call_soon(self._write)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self.loop.time()
        try:
            for piece in self._cutter.receive(data):
                if isinstance(piece, GoAway):
                    self._on_goaway(piece)
                else:
                    for event in self.conn.receive_data(piece):
                        self._on_event(event)
        except (ProtocolError, ValueError) as error:  # ValueError: a header that is no UTF-8
            self.retire(f"the server broke HTTP/2: {type(error).__name__}")
            self.close()
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        lost = ConnectionClosed(self.retiring or (f"connection lost: {exc}" if exc else "closed by the server"))
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(lost)
        self._waiting.clear()
        if not self.ready.done():
            self.ready.set_exception(lost)
            self.ready.exception()  # fetched here, for the pool may have given up before
        if not self.closed.done():
            self.closed.set_result(None)
        self._on_lost(self)

    def close(self) -> None:
        self.retiring = self.retiring or "closed by us"
        if self.transport is not None and not self.transport.is_closing():
            if self.conn.state_machine.state is not ConnectionState.CLOSED:
                self.conn.close_connection()
            self._write()
            self.transport.close()

    def abort(self) -> None:
        """Drop a line that does not answer, without waiting for it to take our last bytes."""
        if self.transport is not None:
            self.transport.abort()

    def _open(self, request: NotificationRequest, authorization: str, expires: int) -> int:
        body = json.dumps(request.message, ensure_ascii=False, separators=(",", ":")).encode()
        if len(body) > MAX_BODY_BYTES:
            raise PayloadTooLarge
        stream_id = self.conn.get_next_available_stream_id()
        if stream_id > LAST_STREAM_ID:
            self.retiring = self.retiring or "stream numbers used up"
        headers = self._headers.write(request, authorization=authorization, expires=expires)
        self.conn.send_headers(stream_id, headers)
        self.conn.send_data(stream_id, body, end_stream=True)
        self.flush()
        return stream_id

    def _on_event(self, event: Event) -> None:
        match event:
            case ResponseReceived(stream_id=stream_id, headers=headers):
                if waiting := self._waiting.get(stream_id or 0):
                    fields = {str(name): str(value) for name, value in headers or ()}
                    waiting.status = fields.get(":status", "")
                    waiting.retry_after = fields.get("retry-after")
            case DataReceived(stream_id=stream_id, data=data, flow_controlled_length=length):
                self.conn.acknowledge_received_data(length or 0, stream_id or 0)
                waiting = self._waiting.get(stream_id or 0)
                if waiting and len(waiting.body) < MAX_ANSWER_BYTES:
                    waiting.body += data or b""
            case StreamEnded(stream_id=stream_id):
                self._finish(stream_id or 0)
            case StreamReset(stream_id=stream_id, error_code=code):
                if waiting := self._waiting.get(stream_id or 0):
                    waiting.status = waiting.status or STREAM_RESET
                    waiting.body[:] = (
                        waiting.body or json.dumps({"reason": f"{STREAM_RESET} {error_name(code or 0)}"}).encode()
                    )
                    self._finish(stream_id or 0)
            case RemoteSettingsChanged():
                if not self.ready.done():
                    self.ready.set_result(None)
                self._on_room()
            case WindowUpdated():
                self._on_room()
            case _:
                pass  # acknowledgements of settings and pings: that something came is already noted

    def _on_goaway(self, goaway: GoAway) -> None:
        """Streams up to the last one named are still answered; later ones were never looked at."""
        reason, _ = read_reason(goaway.debug_data)
        self.retiring = self.retiring or f"GOAWAY {reason or error_name(goaway.error_code)}"
        for stream_id in [stream_id for stream_id in self._waiting if stream_id > goaway.last_stream_id]:
            waiting = self._waiting.pop(stream_id)
            if not waiting.answer.done():
                waiting.answer.set_exception(ConnectionClosed(self.retiring))
        if not self._waiting:
            self.close()

    def _finish(self, stream_id: int) -> None:
        waiting = self._waiting.pop(stream_id, None)
        if waiting is not None and not waiting.answer.done():
            self.answered += 1
            waiting.answer.set_result(to_answer(waiting))

    def _expire(self, waiting: Waiting, sent_at: float) -> None:
        """The deadline. A status that is already there counts; a line that was silent all the while is retired."""
        if waiting.answer.done():
            return
        if waiting.status:
            waiting.answer.set_result(to_answer(waiting))
        else:
            waiting.answer.set_exception(TimeoutError("no answer in time"))
        if self._heard_at <= sent_at <= self.loop.time() - self._place.silence_s:
            self.retiring = self.retiring or "the server fell silent"

    def _reset(self, stream_id: int) -> None:
        if self.closed.done() or self.conn.state_machine.state is ConnectionState.CLOSED:
            return
        try:
            self.conn.reset_stream(stream_id, error_code=ErrorCodes.CANCEL)
        except (StreamClosedError, ProtocolError):
            return
        self.flush()

    def _write(self) -> None:
        self._flush_due = False
        data = self.conn.data_to_send()
        if data and self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)
