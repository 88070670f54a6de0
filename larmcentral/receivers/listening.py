"""Open and close the port of one receiver."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from typing import Final, Protocol, cast

import structlog
from OpenSSL import SSL
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import SSL4ServerEndpoint, serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import DatagramProtocol, Factory

from larmcentral.bridge import GuestReactor, from_deferred
from larmcentral.endpoint import BACKLOG, Endpoint
from larmcentral.receivers.tls import Certificates

MAX_DATAGRAM_BYTES: Final = 65_535
UDP_BUFFER_BYTES: Final = 4 * 1024 * 1024
"""What the kernel keeps while we are busy: thousands of datagrams. It grants no more than net.core.rmem_max."""
STOP_S: Final = 10.0
"""What arrivals under way have to reach the disk: twice the store's own deadline."""

_log = structlog.get_logger(__name__)


class CannotListen(Exception):
    """A receiver cannot have its port; says why and what to do."""


class Serves(Protocol):
    """What stands behind the port: a Factory or a DatagramProtocol that can be closed."""

    async def close(self, within_s: float) -> None:
        """Let what is under way end, then cut it."""
        ...


class _Port(Protocol):
    """What we use of an open port of Twisted."""

    def getHost(self) -> IPv4Address | IPv6Address: ...

    def stopReading(self) -> None: ...

    def stopListening(self) -> Deferred[None] | None: ...


class _StreamEndpoint(Protocol):
    def listen(self, factory: Factory) -> Deferred[_Port]: ...


class Receiver:
    """One listener and what serves it. Starts and stops in any order, any number of times."""

    def __init__(
        self, *, name: str, reactor: GuestReactor, endpoint: Endpoint, serves: Serves, stop_within_s: float = STOP_S
    ) -> None:
        self.name: Final = name
        self.endpoint: Final = endpoint
        self._reactor, self._serves, self._stop_within_s = reactor, serves, stop_within_s
        self._listening: _Port | None = None
        self._turn = asyncio.Lock()

    @property
    def port(self) -> int | None:
        """The port that is open, or None. Tells which one it became where the setting says 0."""
        return None if self._listening is None else int(self._listening.getHost().port)

    async def start(self) -> None:
        """Open the port. Raises CannotListen."""
        async with self._turn:
            if self._listening is not None:
                return
            try:
                self._listening = await self._listen()
            except (CannotListenError, OSError, ValueError, SSL.Error) as error:
                raise CannotListen(f"receiver {self.name}: {_words(self.endpoint, error)}") from error
            _log.info("listening", receiver=self.name, transport=self.endpoint.transport, port=self.port)

    async def stop(self) -> None:
        """Close the port, let what is under way be stored and answered, close the connections."""
        async with self._turn:
            listening, self._listening = self._listening, None
            if listening is None:
                return
            if isinstance(self._serves, DatagramProtocol):
                listening.stopReading()
                await self._serves.close(self._stop_within_s)
                await _closed(listening)
            else:
                await _closed(listening)
                await self._serves.close(self._stop_within_s)
            _log.info("stopped_listening", receiver=self.name)

    async def _listen(self) -> _Port:
        at = self.endpoint
        if isinstance(self._serves, DatagramProtocol):
            return self._listen_udp(self._serves)
        assert isinstance(self._serves, Factory), "served by a Factory or a DatagramProtocol"
        if at.transport == "ssl":
            return await from_deferred(self._tls_endpoint(dict(at.more)).listen(self._serves))
        stream_endpoint = cast("Callable[..., _StreamEndpoint]", serverFromString)
        return await from_deferred(stream_endpoint(self._reactor, str(at)).listen(self._serves))

    def _tls_endpoint(self, more: Mapping[str, str]) -> _StreamEndpoint:
        certificates = Certificates(self.name, more, self._reactor.seconds)
        backlog = int(more.get("backlog", BACKLOG))
        make = cast("Callable[..., _StreamEndpoint]", SSL4ServerEndpoint)
        return make(self._reactor, self.endpoint.port, certificates, backlog, self.endpoint.interface)

    def _listen_udp(self, serves: DatagramProtocol) -> _Port:
        """Open the socket ourselves: Twisted leaks it where the port is taken, and leaves its buffer small."""
        family = socket.AF_INET6 if ":" in self.endpoint.interface else socket.AF_INET
        adopt = cast("Callable[..., _Port]", self._reactor.adoptDatagramPort)
        with socket.socket(family, socket.SOCK_DGRAM) as opened:
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, UDP_BUFFER_BYTES)
            opened.bind((self.endpoint.interface, self.endpoint.port))
            return adopt(opened.fileno(), family, serves, MAX_DATAGRAM_BYTES)


async def _closed(port: _Port) -> None:
    closing = port.stopListening()
    if closing is not None:
        await from_deferred(closing)


def _words(endpoint: Endpoint, error: Exception) -> str:
    where = f"{endpoint.family.upper()} port {endpoint.port} on {endpoint.interface or 'all addresses'}"
    cause = error.socketError if isinstance(error, CannotListenError) else error
    if isinstance(cause, OSError) and cause.filename:
        return f"{where} needs the file {cause.filename}: {cause.strerror}"
    reason = cause.strerror if isinstance(cause, OSError) else str(cause)
    return f"{where} cannot be opened: {reason}. Another program may have it; see `ss -lntup`"
