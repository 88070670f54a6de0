"""All connections of one TCP or TLS receiver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from twisted.internet import protocol
from twisted.internet.interfaces import IAddress

from larmcentral.bridge import Tasks
from larmcentral.receivers.connection import DeviceConnection
from larmcentral.receivers.crowd import Crowd, Refused, host_of
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
        self.crowd: Final[Crowd[DeviceConnection]] = Crowd(reception)
        self._sessions = sessions

    def buildProtocol(self, addr: IAddress | None) -> protocol.Protocol:
        """Take a connection, or one that is closed again at once."""
        address = host_of(addr)
        return DeviceConnection(self, address) if self.crowd.admits(address) else Refused()

    def busy(self) -> bool:
        """Say whether more have come than are heard. Ten thousand devices that come back at once would otherwise push
        each other out before the first word of most is read, and come again."""
        return self.reception.turns.behind

    def lost(self, connection: DeviceConnection) -> None:
        """A connection is gone."""
        self._sessions.leave(connection)
        self.crowd.leave(connection)

    def identified(self, connection: DeviceConnection, device: AccountId) -> None:
        """A device has said its name; its older connection is closed."""
        self._sessions.arrive(
            self.reception.receiver.protocol, device, connection, most=self.reception.limits.devices_per_connection
        )

    async def close(self, within_s: float) -> None:
        """Read no more, let what is under way be stored and acked, then leave. May be called twice.

        within_s: for the answers; then connections are cut, and once more for their arrivals.
        """
        await self.crowd.close(within_s)
        if cancelled := await self.tasks.finish(within_s):
            _log.error("arrivals_cancelled", receiver=self.reception.receiver.name, number=cancelled)

    def _failed(self, error: BaseException) -> None:
        _log.error("connection_task_failed", receiver=self.reception.receiver.name, exc_info=error)
