"""All connections of one TCP or TLS receiver."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from twisted.internet import protocol
from twisted.internet.interfaces import IAddress

from larmcentral.bridge import Tasks
from larmcentral.receivers.connection import DeviceConnection
from larmcentral.receivers.reception import Reception
from larmcentral.receivers.sessions import Sessions
from protocols.conversation import Conversation
from protocols.signal import AccountId

Speak = Callable[[datetime], Conversation]
"""Begins a conversation on a connection that was opened now."""

_log = structlog.get_logger(__name__)


class TcpReceiver(protocol.Factory):
    """Twisted's factory for one listener; start and stop of the listener itself are in listening.py."""

    noisy = False

    def __init__(self, *, reception: Reception, speak: Speak, sessions: Sessions) -> None:
        self.reception: Final = reception
        self.speak: Final = speak
        self.tasks: Final = Tasks(self._failed)
        self._sessions = sessions
        self._open: set[DeviceConnection] = set()
        self._per_address: Counter[str] = Counter()
        self._all_gone = asyncio.Event()
        self._all_gone.set()

    def __len__(self) -> int:
        return len(self._open)

    def __bool__(self) -> bool:
        return True

    def buildProtocol(self, addr: IAddress | None) -> protocol.Protocol:
        """Take a connection, or one that is closed again at once."""
        address = str(getattr(addr, "host", ""))
        limits = self.reception.limits
        if len(self._open) >= limits.connections:
            self.reception.refused("too many connections")
            return _Refused()
        if self._per_address[address] >= limits.connections_per_address:
            self.reception.refused("too many connections of one address")
            return _Refused()
        return DeviceConnection(self, address)

    def opened(self, connection: DeviceConnection, address: str) -> None:
        """A connection stands."""
        self._open.add(connection)
        self._per_address[address] += 1
        self._all_gone.clear()
        self.reception.metrics.connection_opened(self.reception.receiver.name)

    def closed(self, connection: DeviceConnection, address: str) -> None:
        """It is gone."""
        self._open.discard(connection)
        self._per_address[address] -= 1
        if self._per_address[address] <= 0:
            del self._per_address[address]
        self._sessions.leave(connection)
        self.reception.metrics.connection_closed(self.reception.receiver.name)
        if not self._open:
            self._all_gone.set()

    def identified(self, connection: DeviceConnection, device: AccountId) -> None:
        """A device has said its name; its older connection is closed."""
        self._sessions.arrive(
            self.reception.receiver.protocol, device, connection, most=self.reception.limits.devices_per_connection
        )

    async def close(self, within_s: float) -> None:
        """Read no more, let what is under way be stored and acked, then leave. May be called twice.

        within_s: for the answers; then connections are cut, and once more for their arrivals.
        """
        for connection in list(self._open):
            connection.close()
        try:
            await asyncio.wait_for(self._all_gone.wait(), within_s)
        except TimeoutError:
            for connection in list(self._open):
                connection.abort()
            await self._all_gone.wait()
        cancelled = await self.tasks.finish(within_s)
        if cancelled:
            _log.error("arrivals_cancelled", receiver=self.reception.receiver.name, number=cancelled)

    def _failed(self, error: BaseException) -> None:
        _log.error("connection_task_failed", receiver=self.reception.receiver.name, exc_info=error)


class _Refused(protocol.Protocol):
    """A connection that is not taken."""

    def connectionMade(self) -> None:
        """Close it without a word."""
        abort = getattr(self.transport, "abortConnection", None)
        assert abort is not None, "every stream transport of Twisted has it"
        abort()
