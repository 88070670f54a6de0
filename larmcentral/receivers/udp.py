"""One UDP receiver: each datagram is a whole exchange, and the answer goes where the datagram came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Protocol, assert_never, cast

import structlog
from twisted.internet.protocol import DatagramProtocol

from larmcentral.bridge import Tasks
from larmcentral.receivers.allowance import DatagramRates
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.reception import Admission, Reception
from larmcentral.receivers.tcp import Speak
from protocols.conversation import Close, Conversation, Fault, Identified, Nak, Reply, SignalsReceived
from protocols.signal import AccountId

Address = Any
"""Host and port for IPv4, four values for IPv6: handed back to Twisted as it came."""

_log = structlog.get_logger(__name__)


class _Socket(Protocol):
    def write(self, data: bytes, addr: Address) -> None: ...


class _WayBack:
    """A line of receivers.sessions that is no connection: where a device's last datagram came from."""

    def __init__(self, conversation: Conversation, send: Callable[[bytes], bool]) -> None:
        self._conversation, self._send = conversation, send

    @property
    def conversation(self) -> Conversation:
        """The exchange that the datagram began."""
        return self._conversation

    def send(self, data: bytes) -> bool:
        """Send a datagram; False if it did not leave."""
        return self._send(data)

    def replaced(self) -> None:
        """The device was heard elsewhere; there is nothing to close."""


class UdpReceiver(DatagramProtocol):
    """Twisted's protocol for one port."""

    noisy = False

    def __init__(self, *, reception: Reception, speak: Speak, echoes: Echoes) -> None:
        self.reception: Final = reception
        self._echoes = echoes
        self.tasks: Final = Tasks(self._failed)
        self._speak = speak
        self._name: Final = reception.receiver.name
        limits = reception.limits
        self._rates = DatagramRates(
            known_per_s=limits.address_datagrams_per_s,
            strange_per_s=limits.stranger_datagrams_per_s,
            strange_each_per_s=limits.stranger_address_datagrams_per_s,
            now_s=reception.clock.monotonic(),
        )

    def wants(self, address: Address) -> bool:
        """Say whether a datagram from there is looked at; the rest is counted."""
        if self._rates.grant(address[0], self.reception.clock.monotonic()):
            return True
        self.reception.flooded()
        return False

    def datagramReceived(self, datagram: bytes, addr: Address) -> None:
        """A datagram came."""
        now = self.reception.clock.now()
        try:
            self._take(datagram, addr, now)
        except Exception:
            self.reception.our_bug(datagram, now)

    def connectionRefused(self) -> None:
        """A device that does not listen any more: it will send again."""

    async def close(self, within_s: float) -> None:
        """Let what is under way be stored; nothing can be answered once the port is closed. May be called twice."""
        if cancelled := await self.tasks.finish(within_s):
            _log.error("arrivals_cancelled", receiver=self._name, number=cancelled)

    def _take(self, datagram: bytes, address: Address, now: datetime) -> None:
        conversation = self._speak(now)
        events = conversation.receive(datagram, now)
        if not events:
            self.reception.metrics.fault(self._name, "NothingInDatagram")
            if datagram:
                foreign = self.reception.foreign(datagram)
                looks = f"; looks like {foreign}" if foreign else ""
                self.reception.keep(f"a datagram without a whole frame{looks}", datagram, now)
        understood = any(isinstance(event, SignalsReceived) for event in events)
        for event in events:
            match event:
                case SignalsReceived():
                    self._receive(conversation, event, address, now)
                case Reply(data):
                    self._send(data, address)
                case Fault(error, raw, reply):
                    self._send(reply, address)
                    self.reception.fault(error, raw, now, first=b"" if understood else datagram)
                    understood = True  # one datagram is one stranger
                case Identified(device):
                    self._identified(conversation, device, address)
                case Close():
                    pass  # a datagram has no connection
                case _:
                    assert_never(event)

    def _identified(self, conversation: Conversation, device: AccountId, address: Address) -> None:
        """A device that we know can be spoken to where it was heard, for a while."""
        if self.reception.knows(device):
            line = _WayBack(conversation, lambda data: self._send(data, address))
            self._echoes.heard((self.reception.receiver.protocol, device), line)

    def _receive(self, conversation: Conversation, event: SignalsReceived, address: Address, now: datetime) -> None:
        if event.authentic and self.reception.knows_one_of(event.signals):
            self._rates.know(address[0])
        admitted = self.reception.admit(event, str(address[0]), now)
        if admitted is Admission.TAKE_IN and not self._has_room(event):
            self.reception.metrics.not_stored(self._name, "TooManyDatagrams")
            admitted = Nak.NOT_STORED
        if admitted is Admission.TAKE_IN:
            self.tasks.start(self._take_in(conversation, event, address, now, self.reception.clock.monotonic()))
        else:
            self._answer(conversation, event, None if admitted is Admission.ACK else admitted, address)

    def _has_room(self, event: SignalsReceived) -> bool:
        limit = self.reception.limits.datagrams_under_way
        return len(self.tasks) < (2 * limit if any(signal.is_alarm for signal in event.signals) else limit)

    async def _take_in(
        self, conversation: Conversation, event: SignalsReceived, address: Address, now: datetime, now_s: float
    ) -> None:
        nak = await self.reception.take_in(event, now, now_s)
        self._answer(conversation, event, nak, address)

    def _answer(self, conversation: Conversation, event: SignalsReceived, nak: Nak | None, address: Address) -> None:
        if event.token is None:
            return
        now = self.reception.clock.now()
        data = conversation.ack(event.token, now) if nak is None else conversation.nak(event.token, nak, now)
        self._send(data, address)

    def _send(self, data: bytes, address: Address) -> bool:
        """Send a datagram; False if it did not leave."""
        if not data or self.transport is None:
            return False
        try:
            cast("_Socket", self.transport).write(data, address)
            return True
        except OSError as error:  # the network has no way there just now; the device sends again
            self.reception.metrics.fault(self._name, "CannotAnswer")
            _log.info("cannot_answer", receiver=self._name, reason=error.strerror)
            return False

    def _failed(self, error: BaseException) -> None:
        _log.error("datagram_task_failed", receiver=self._name, exc_info=error)
