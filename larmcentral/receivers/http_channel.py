"""One phone's HTTP connection: Twisted parses, we hold the limits of size and time.

Twisted's own idle time starts again with every byte, so a client that sends one a second holds its socket for
ever; here each request has one time for its head and one for its body, whatever trickles in.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web import http
from twisted.web.iweb import INonQueuedRequestFactory
from zope.interface import provider

from protocols.http import MAX_URI_BYTES, HttpRequest, HttpResponse
from protocols.recognise import LOOKED_AT_BYTES

if TYPE_CHECKING:
    from larmcentral.receivers.http import HttpReceiver

OTHER_HEADERS_BYTES: Final = 8 * 1024
LEAVING_S: Final = 5.0
"""What the last response has to reach the client."""


@provider(INonQueuedRequestFactory)
class PhoneRequest(http.Request):
    """A request whose body stays in memory and within its limit; Twisted's own reading of forms is left out."""

    channel: PhoneChannel
    gone = False
    whole = False

    def gotLength(self, length: int | None) -> None:
        """The head is read; length None for a chunked body."""
        self.body = bytearray()

    def handleContentChunk(self, data: bytes) -> None:
        """A part of the body came."""
        if self.channel.is_refused:
            return
        if len(self.body) + len(data) > self.channel.body_bytes:
            self.channel.refuse(413)
        else:
            self.body += data

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The request is whole."""
        self.method, self.uri, self.clientproto = command, path, version
        self.whole = True
        self.channel.serve(self)

    def connectionLost(self, reason: Failure) -> None:
        """The client did not wait for its response."""
        self.gone = True
        self.forget()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]  # Twisted has not typed it

    def forget(self) -> None:
        """Let go of the body at once: the request itself and its connection know each other, and wait for a look for
        garbage. 3,000 refused bodies took 300 MiB until then. One that is whole is served all the same: an alarm is
        one though nobody waits for the answer."""
        if not self.whole:
            self.body = bytearray()

    def value(self) -> HttpRequest:
        """Return it as the protocols know it."""
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in self.requestHeaders.getAllRawHeaders()
            for value in values
        )
        return HttpRequest(self.method.decode("latin-1"), self.uri.decode("latin-1"), headers, bytes(self.body))

    def respond(self, response: HttpResponse) -> bool:
        """Send the response; False if nobody waits for it any more."""
        if self.gone:
            return False
        self.channel.asked()
        self.setResponseCode(response.status)
        for name, value in response.headers:
            self.responseHeaders.addRawHeader(name, value)
        self.responseHeaders.setRawHeaders("Content-Length", [str(len(response.body))])
        if not self.channel.persistent:
            self.responseHeaders.setRawHeaders("Connection", ["close"])
        self.write(response.body)  # type: ignore[no-untyped-call]  # Twisted has not typed it
        self.finish()  # type: ignore[no-untyped-call]  # Twisted has not typed it
        return True


class PhoneChannel(http.HTTPChannel):
    """Twisted's protocol for one connection."""

    requestFactory = PhoneRequest
    timeOut = None
    MAX_LENGTH = MAX_URI_BYTES + 64
    totalHeadersSize = MAX_URI_BYTES + OTHER_HEADERS_BYTES
    maxHeaders = 100

    def __init__(self, receiver: HttpReceiver, address: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Twisted has not typed it
        self.is_refused = False
        self.body_bytes: Final = receiver.reception.limits.body_bytes
        self.address: Final = address
        self._receiver = receiver
        self._limits = receiver.reception.limits
        self._timer: asyncio.TimerHandle | None = None
        self._between_requests = False
        self._serving = False
        self._asked = 0
        self._first = b""

    def connectionMade(self) -> None:
        """The connection stands."""
        super().connectionMade()  # type: ignore[no-untyped-call]  # Twisted has not typed it
        self._receiver.crowd.enter(self, self.address)
        self._wait(self._limits.header_s)

    def dataReceived(self, data: bytes) -> None:
        """Bytes came."""
        if self.is_refused:
            return
        if len(self._first) < LOOKED_AT_BYTES:
            self._first += data[: LOOKED_AT_BYTES - len(self._first)]
        if self._between_requests:
            self._between_requests = False
            self._wait(self._limits.header_s)
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted has not typed it

    def lineLengthExceeded(self, line: bytes) -> None:
        """A line of the head is longer than any that a phone sends."""
        self.refuse(414)

    def allHeadersReceived(self) -> None:
        """The head is read."""
        if self.length is not None and self.length > self.body_bytes:
            self.refuse(413)
            return
        self._wait(self._limits.body_s)
        super().allHeadersReceived()  # type: ignore[no-untyped-call]  # Twisted has not typed it

    def allContentReceived(self) -> None:
        """The request is whole; from here on the store's deadline counts."""
        if not self.is_refused:
            self._drop_timer()
            super().allContentReceived()  # type: ignore[no-untyped-call]  # Twisted has not typed it

    def serve(self, request: PhoneRequest) -> None:
        """Have a whole request answered."""
        self._serving = True
        self._receiver.serve(request, self.address)

    def requestDone(self, request: PhoneRequest) -> None:
        """The response is written; the next request may have come already."""
        self._serving = False
        self._between_requests = True
        self._wait(self._limits.keep_alive_s if self.persistent else LEAVING_S)
        super().requestDone(request)  # type: ignore[no-untyped-call]  # Twisted has not typed it

    def refuse(self, status: int) -> None:
        """Say why in one line, take nothing more, leave."""
        if self.is_refused:
            return
        self.is_refused = True
        for request in self.requests:
            request.forget()
        response = http.RESPONSES[status]
        self._receiver.reception.foreign(self._first)
        self._receiver.reception.metrics.fault(self._receiver.reception.receiver.name, f"Http{status}")
        self.write(b"HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % (status, response))  # type: ignore[no-untyped-call]  # Twisted has not typed it
        self._leave()

    @property
    def waits(self) -> bool:
        """See receivers.crowd.Guest: who waits for his answer is not sent away before it."""
        return self._serving

    def known(self) -> None:
        """What it asked was an enrolled device's."""
        self._receiver.crowd.know(self)

    def asked(self) -> None:
        """A request is answered. On a connection on which no enrolled device asks there are not many: whoever floods
        us pays with a new connection."""
        self._asked += 1
        if self._asked >= self._limits.stranger_requests and self._receiver.crowd.is_stranger(self):
            self.persistent = False

    def close(self) -> None:
        """Answer what is under way, then leave."""
        self.persistent = False
        if not self._serving and not self.is_refused:
            self._leave()

    def abort(self) -> None:
        """Leave at once."""
        assert self.transport is not None, "only a connection that stands can be cut"
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone."""
        self._drop_timer()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]  # Twisted has not typed it
        self._receiver.crowd.leave(self)

    def _respondToBadRequestAndDisconnect(self) -> None:
        self.refuse(400)

    def _leave(self) -> None:
        self._wait(LEAVING_S)
        self.loseConnection()  # type: ignore[no-untyped-call]  # Twisted has not typed it

    def _wait(self, seconds: float) -> None:
        self._drop_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.abort)

    def _drop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
