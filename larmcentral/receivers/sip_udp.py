"""SIP over UDP: all datagrams of one address are one conversation, since answers are repeated until they are heard.

Every SIP message leaves as a datagram of its own, and always to the host that spoke: whatever a Contact or a Via says,
nobody can make us send to a third party.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, assert_never

from larmcentral.receivers.deadline import Deadline
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.reception import Reception
from larmcentral.receivers.udp import Address, UdpReceiver
from protocols.conversation import Close, Conversation, Event, Fault, Identified, Nak, Reply, SignalsReceived
from protocols.orders import Order
from protocols.scaip.conversation import ScaipConversation
from protocols.signal import AccountId
from protocols.sip.messages import Peer
from protocols.sip.transactions import ReplyTo

MAX_PEERS: Final = 10_000
"""Addresses remembered, some 30 MB, and beside that what we ourselves have said and nobody confirmed. Beyond it the
one not heard for longest is forgotten, and our words to it are not repeated; first those where no unit of ours spoke,
for addresses can be made up."""


class _Way:
    """One unit behind an address: a line of receivers.sessions. It is its own conversation, so that what is said to
    the unit is not said to another one behind the same proxy."""

    def __init__(self, conversation: ScaipConversation, device: AccountId, send: Callable[[bytes], bool]) -> None:
        self._conversation, self._device, self._send = conversation, device, send

    @property
    def conversation(self) -> Conversation:
        """What builds the bytes of an order."""
        return OneUnit(self._conversation, self._device)

    def send(self, data: bytes) -> bool:
        """Send a datagram; False if it did not leave."""
        return self._send(data)

    def replaced(self) -> None:
        """The unit was heard elsewhere; there is nothing to close."""


class OneUnit:
    """A conversation as one of its units sees it; keeps Conversation and TakesOrders."""

    def __init__(self, whole: ScaipConversation, device: AccountId) -> None:
        self._whole, self._device = whole, device
        self.receive, self.ack, self.nak = whole.receive, whole.ack, whole.nak
        self.next_deadline, self.deadline_passed = whole.next_deadline, whole.deadline_passed

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return what says an order to this unit."""
        return self._whole.order_for(self._device, order, now)


class SipUdpReceiver(UdpReceiver):
    """Twisted's protocol for one port that speaks SIP."""

    def __init__(self, *, reception: Reception, speak: Callable[[datetime], ScaipConversation], echoes: Echoes) -> None:
        super().__init__(reception=reception, speak=speak, echoes=echoes)
        self._begin = speak
        self._peers: OrderedDict[Address, tuple[ScaipConversation, Deadline]] = OrderedDict()
        self._strange: OrderedDict[Address, None] = OrderedDict()

    async def close(self, within_s: float) -> None:
        """Let what is under way be stored and answered; may be called twice."""
        await super().close(within_s)
        while self._peers:
            self._forget(next(iter(self._peers)))

    def _take(self, datagram: bytes, address: Address, now: datetime) -> None:
        conversation, deadline = self._peer(address, now)
        self._handle(conversation, conversation.receive(datagram, now), address, now, first=datagram)
        deadline.look(now)

    def _peer(self, address: Address, now: datetime) -> tuple[ScaipConversation, Deadline]:
        known = self._peers.get(address)
        if known is None:
            conversation = self._begin(now)
            conversation.met(Peer(str(address[0]), int(address[1])))
            deadline = Deadline(
                conversation, self.reception.clock, lambda due: self._deadline_passed(conversation, address, due)
            )
            known = self._peers[address] = conversation, deadline
            self._strange[address] = None
            if len(self._peers) > MAX_PEERS:
                self._forget(next(iter(self._strange if len(self._strange) > 1 else self._peers)))
        self._peers.move_to_end(address)
        if address in self._strange:
            self._strange.move_to_end(address)
        return known

    def _handle(
        self,
        conversation: ScaipConversation,
        events: Sequence[Event],
        address: Address,
        now: datetime,
        first: bytes = b"",
    ) -> None:
        """first: the datagram that said so; what is understood of it is nobody else's."""
        for event in events:
            match event:
                case SignalsReceived():
                    self._heard(conversation, event, address)
                    self._receive(conversation, event, address, now)
                case ReplyTo(data, port):
                    self._send(data, _at(address, port))
                case Reply(data):
                    self._send(data, address)
                case Fault(error, raw, reply):
                    self._send(reply, address)
                    self.reception.fault(error, raw, now, first=first)
                    first = b""  # one datagram is one stranger
                case Identified():
                    pass  # every message says who speaks
                case Close():
                    self._forget(address)
                case _:
                    assert_never(event)

    def _heard(self, conversation: ScaipConversation, event: SignalsReceived, address: Address) -> None:
        """A unit that has proved who it is can be spoken to where it was heard, for a while."""
        device = event.signals[0].device if event.signals else None
        if event.authentic and device is not None and self.reception.knows(device):
            self._strange.pop(address, None)
            way = _Way(conversation, device, lambda data: self._send_order(conversation, data, address))
            self._echoes.heard((self.reception.receiver.protocol, device), way)

    def _send_order(self, conversation: ScaipConversation, data: bytes, address: Address) -> bool:
        sent = self._send(data, _at(address, conversation.port_of(data)))
        if (known := self._peers.get(address)) is not None:
            known[1].look(self.reception.clock.now())
        return sent

    def _answer(self, conversation: Conversation, event: SignalsReceived, nak: Nak | None, address: Address) -> None:
        if event.token is None:
            return
        assert isinstance(conversation, ScaipConversation), "it was begun by _peer()"
        now = self.reception.clock.now()
        for answer in conversation.answers(event.token, nak, now):
            self._send(answer.data, _at(address, answer.port))
        if (known := self._peers.get(address)) is not None:
            known[1].look(now)

    def _deadline_passed(self, conversation: ScaipConversation, address: Address, now: datetime) -> None:
        try:
            self._handle(conversation, conversation.deadline_passed(now), address, now)
        except Exception:  # the edge of a timer: our bug costs this address and no other
            self.reception.our_bug(b"", now)
            self._forget(address)
        if (known := self._peers.get(address)) is not None:
            known[1].look(now)

    def _forget(self, address: Address) -> None:
        _, deadline = self._peers.pop(address)
        self._strange.pop(address, None)
        deadline.drop()


def _at(address: Address, port: int | None) -> Address:
    return address if port is None else (address[0], port, *address[2:])
