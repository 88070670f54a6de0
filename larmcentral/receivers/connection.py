"""One device's TCP or TLS connection: feeds its bytes to a conversation and sends what the conversation owes.

An ack is written only after take_in has returned. Answers leave in the order of the frames. While too much is
under way or unread, reading pauses and the device waits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final, assert_never, cast

from twisted.internet import protocol
from twisted.internet.interfaces import IPushProducer
from twisted.python.failure import Failure
from zope.interface import implementer

from larmcentral.receivers.answers import Answers, Owed
from larmcentral.receivers.deadline import Deadline
from larmcentral.receivers.reception import Admission
from larmcentral.receivers.transport import Transport
from larmcentral.receivers.turns import LAST_LEVEL, Talk
from protocols.conversation import Close, Conversation, Event, Fault, Identified, Nak, Reply, SignalsReceived
from protocols.recognise import LOOKED_AT_BYTES
from protocols.signal import AccountId

if TYPE_CHECKING:
    from larmcentral.receivers.tcp import TcpReceiver

CLOSING_S: Final = 10.0
"""What a closing connection has for its last answers: twice the store's own deadline."""
LEAVING_S: Final = 5.0
"""What the device then has to read them."""
READ_BYTES: Final = 4096
"""Read at once: some 3 ms of decoding at the most, before others have their turn."""


class _State(Enum):
    OPEN = "open"
    CLOSING = "closing"
    """Nothing more is read; what is owed is still sent."""
    LEAVING = "leaving"
    """All is said; the network has to deliver it."""
    GONE = "gone"


@implementer(IPushProducer)
class DeviceConnection(protocol.Protocol):
    """Twisted's protocol for one connection; it is its own write-side producer, to hear when nobody reads."""

    conversation: Conversation

    def __init__(self, receiver: TcpReceiver, address: str) -> None:
        self._receiver, self._address = receiver, address
        self._reception, self._limits = receiver.reception, receiver.reception.limits
        self._loop = asyncio.get_running_loop()
        self._state = _State.OPEN
        self._wire: Transport
        self._under_way = 0
        self._unread = False
        self._paused = False
        self._named = False
        self._first: bytes | None = b""
        self._talk = Talk(self._reception.clock.monotonic())
        self._unheard: list[bytes] = []
        self._heard = False
        self._waiting: deque[tuple[SignalsReceived, Owed | None, datetime, float]] = deque()
        self._end: asyncio.TimerHandle | None = None

    # What Twisted tells us

    def connectionMade(self) -> None:
        """The connection stands."""
        self._wire = cast("Transport", self.transport)
        self._wire.setTcpNoDelay(True)
        self._wire.bufferSize = READ_BYTES
        self._wire.registerProducer(self, True)
        self._answers = Answers(self._wire.write)
        now = self._reception.clock.now()
        self.conversation = self._receiver.speak(now)
        self._deadline = Deadline(self.conversation, self._reception.clock, self._deadline_passed)
        self._receiver.crowd.enter(self, self._address)
        self._deadline.look(now)

    def dataReceived(self, data: bytes) -> None:
        """Bytes came: they are heard when it is this connection's turn, and until then no more are read."""
        if self._state is not _State.OPEN:
            return
        level = self._talk.level(len(data), self._reception.clock.monotonic())
        if self._heard and self.is_stranger:
            level = LAST_LEVEL
        self._unheard.append(data)
        if len(self._unheard) > 1:
            return  # it has asked for its turn; TLS hands out what it holds though nothing more is to be read
        self._reception.turns.ask(self, level)
        if self._unheard:
            self._pace()

    def hear(self) -> None:
        """It is this connection's turn: take what has come."""
        data, now = b"".join(self._unheard), self._reception.clock.now()
        self._unheard.clear()
        if not data or self._state is not _State.OPEN:
            return
        self._heard = True
        if self._first is not None:
            self._first += data[: LOOKED_AT_BYTES - len(self._first)]
        self._live(lambda: self._handle(self.conversation.receive(data, now), now), now, data)

    def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:
        """The connection is gone. What has come of it is still stored; nobody is left to be told."""
        self._state = _State.GONE
        self._hear_the_last()
        self._deadline.drop()
        if self._end is not None:
            self._end.cancel()
        self._answers.forget()
        if self._first:
            self._reception.foreign(self._first)
        if self._named:
            self._reception.metrics.device_gone(self._reception.receiver.name)
        self._receiver.lost(self)
        while self._waiting:
            event, _, received_at, received_s = self._waiting.popleft()
            self._receiver.tasks.start(self._reception.take_in(event, received_at, received_s))

    def _hear_the_last(self) -> None:
        """Take what had come and has not had its turn."""
        if not self._unheard:
            return
        data, now = b"".join(self._unheard), self._reception.clock.now()
        self._unheard.clear()
        try:
            self._handle(self.conversation.receive(data, now), now)
        except Exception:
            self._reception.our_bug(data, now)

    def pauseProducing(self) -> None:
        """The device reads slower than we write: take no more from it for now."""
        self._unread = True
        self._pace()

    def resumeProducing(self) -> None:
        """It has read."""
        self._unread = False
        self._pace()

    def stopProducing(self) -> None:
        """Twisted's word for a lost connection; connectionLost says the same."""

    # What others ask of us

    @property
    def is_stranger(self) -> bool:
        """True until an enrolled device has spoken on it."""
        return self._receiver.crowd.is_stranger(self)

    @property
    def waits(self) -> bool:
        """See receivers.crowd.Guest."""
        return bool(self._unheard) and not self._heard

    def send(self, data: bytes) -> bool:
        """Write a downlink after the answers already owed."""
        if self._state is not _State.OPEN or self._unread:
            return False
        self._answers.say(data)
        return True

    def replaced(self) -> None:
        """The device speaks on a newer connection."""
        self._reception.metrics.connection_replaced(self._reception.receiver.name)
        self.close()

    def close(self) -> None:
        """Read no more, send what is owed, then leave; in the end without ceremony."""
        self.hear()
        self._begin_to_close()
        self._leave_if_all_is_said()

    def abort(self) -> None:
        """Leave at once."""
        if self._state is not _State.GONE:
            self._wire.abortConnection()

    # What the conversation says

    def _handle(self, events: Sequence[Event], now: datetime) -> None:
        for event in events:
            match event:
                case SignalsReceived():
                    self._receive(event, now)
                case Reply(data):
                    self._answers.say(data)
                case Fault(error, raw, reply, close):
                    self._answers.say(reply)
                    self._reception.fault(error, raw, now, first=self._first or b"")
                    self._first = None
                    if close:
                        self._begin_to_close()
                case Identified(device):
                    self._identified(device)
                case Close():
                    self._begin_to_close()
                case _:
                    assert_never(event)

    def _identified(self, device: AccountId) -> None:
        if not self._named:
            self._named = True
            self._reception.metrics.device_named(self._reception.receiver.name)
        if self._reception.knows(device):
            self._receiver.crowd.know(self)
        self._receiver.identified(self, device)

    def _receive(self, event: SignalsReceived, now: datetime) -> None:
        self._first = None  # it speaks what we speak
        if self.is_stranger and event.authentic and self._reception.knows_one_of(event.signals):
            self._receiver.crowd.know(self)
        admitted = self._reception.admit(event, self._address, now)
        if admitted is not Admission.TAKE_IN:
            self._answer(event, None, None if admitted is Admission.ACK else admitted, now)
            return
        owed = None if event.token is None else self._answers.owe()
        received_s = self._reception.clock.monotonic()
        if self._under_way < self._limits.under_way or any(signal.is_alarm for signal in event.signals):
            self._begin(event, owed, now, received_s)
        else:
            self._waiting.append((event, owed, now, received_s))

    def _begin(self, event: SignalsReceived, owed: Owed | None, received_at: datetime, received_s: float) -> None:
        self._under_way += 1
        self._receiver.tasks.start(self._take_in(event, owed, received_at, received_s))

    async def _take_in(
        self, event: SignalsReceived, owed: Owed | None, received_at: datetime, received_s: float
    ) -> None:
        nak = await self._reception.take_in(event, received_at, received_s)
        self._under_way -= 1
        if self._state is _State.GONE:
            return
        now = self._reception.clock.now()
        self._live(lambda: self._answer(event, owed, nak, now), now)
        while self._waiting and self._under_way < self._limits.under_way:
            self._begin(*self._waiting.popleft())
        self._pace()

    def _answer(self, event: SignalsReceived, owed: Owed | None, nak: Nak | None, now: datetime) -> None:
        if event.token is None:
            return
        data = self.conversation.ack(event.token, now) if nak is None else self.conversation.nak(event.token, nak, now)
        if owed is None:
            self._answers.say(data)
        else:
            self._answers.give(owed, data)

    # Deadline, pace, end

    def _live(self, step: Callable[[], None], now: datetime, data: bytes = b"") -> None:
        """Take one step of the conversation; its bug costs this connection and no other, and the bytes are kept."""
        try:
            step()
            if self._state is _State.OPEN:
                self._deadline.look(now)
        except Exception:
            self._reception.our_bug(data, now)
            self.abort()
            return
        self._pace()
        self._leave_if_all_is_said()

    def _deadline_passed(self, now: datetime) -> None:
        self.hear()  # who waits for his turn is not silent
        self._live(lambda: self._handle(self.conversation.deadline_passed(now), now), now)

    def _pace(self) -> None:
        if self._state is _State.LEAVING or self._state is _State.GONE:
            return
        pause = (
            self._state is _State.CLOSING
            or self._unread
            or bool(self._waiting)
            or bool(self._unheard)
            or self._under_way >= self._limits.under_way
        )
        if pause and not self._paused:
            self._wire.pauseProducing()
        elif self._paused and not pause:
            self._wire.resumeProducing()
        self._paused = pause

    def _begin_to_close(self) -> None:
        if self._state is _State.OPEN:
            self._state = _State.CLOSING
            self._end_within(CLOSING_S)
            self._pace()

    def _leave_if_all_is_said(self) -> None:
        if self._state is _State.CLOSING and not self._answers:
            self._state = _State.LEAVING
            self._end_within(LEAVING_S)
            if self._paused:
                self._wire.resumeProducing()  # TLS leaves only when it hears the other end say goodbye
            self._wire.unregisterProducer()
            self._wire.loseConnection()

    def _end_within(self, seconds: float) -> None:
        self._deadline.drop()
        if self._end is not None:
            self._end.cancel()
        self._end = self._loop.call_later(seconds, self.abort)
