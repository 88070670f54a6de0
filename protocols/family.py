"""A wearable family's connection, receiver's side: what all families share around their own framer and tongue.

The framer cuts, the tongue understands one frame and remembers who speaks; this keeps tokens, deadlines and the
count of broken frames (the Conversation contract).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol, assert_never

from protocols.conversation import Close, Event, Fault, Identified, Nak, Reply, SignalsReceived, Token
from protocols.errors import FrameTooLong, FramingError, LocalProtocolError, RemoteProtocolError
from protocols.orders import Order
from protocols.pieces import CutShort, Framer, Garbage, Piece, TooLong, Whole
from protocols.signal import AccountId, Signal

MAX_OWED: Final = 1024
"""Answers not yet given. A device waits for each answer; who does not is no device."""

MAX_BROKEN: Final = 16
"""Broken pieces in a row without one whole frame among them."""


class Heard(NamedTuple):
    """What one frame says and is owed. Fields are given by name.

    signals: gravest first, or in the order of the frame's records; may be empty.
    answer: sent once the signals are on disk, and to devices we do not know; None where the family owes none.
    reply: sent at once, because it promises nothing (the time, a plain refusal).
    close: why this end hangs up after the answer, or None.
    """

    signals: tuple[Signal, ...] = ()
    answer: bytes | None = None
    reply: bytes = b""
    close: str | None = None


class Tongue(Protocol):
    """One connection's understanding of whole frames; keeps who speaks, where the device says so only once."""

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        ...

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one whole frame. Raises RemoteProtocolError for one that cannot be believed; the session goes on."""
        ...

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame whose end never came: an alarm in it counts. Raises RemoteProtocolError where nothing does."""
        ...

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """As TakesOrders.order()."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a silence may last. first_frame: until the device has said anything; idle: between frames;
    partial_frame: from a frame's first byte to its last; settle: after what may be whole already."""

    idle: timedelta
    first_frame: timedelta = timedelta(seconds=60)
    partial_frame: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(seconds=2)


class FamilyConversation:
    """The receiver's end of one device's connection. Keeps the Conversation contract, and TakesOrders."""

    def __init__(self, framer: Framer, tongue: Tongue, patience: Patience, opened_at: datetime) -> None:
        self._framer, self._tongue, self._patience = framer, tongue, patience
        self._owed: dict[Token, bytes] = {}
        self._next_token = 0
        self._broken = 0
        self._closed = False
        self._heard_any = False
        self._heard_at = self._last_byte_at = opened_at
        self._pending_since: datetime | None = None

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return self._framer.pending_bytes

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        return self._tongue.device

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Take the next bytes off the wire; return what they complete, oldest first. Never raises."""
        if self._closed:
            return ()
        events = self._events(self._framer.receive(chunk), now)
        if events:
            self._heard_at = now
        if self._framer.pending_bytes == 0:
            self._pending_since = None
            return events
        self._last_byte_at = now
        if self._pending_since is None or events:
            self._pending_since = now
        return events

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        if self._closed:
            return None
        due_at = self._heard_at + (self._patience.idle if self._heard_any else self._patience.first_frame)
        if self._pending_since is not None:
            due_at = min(due_at, self._pending_since + self._patience.partial_frame)
            if self._framer.may_be_whole:
                due_at = min(due_at, self._last_byte_at + self._patience.settle)
        return due_at

    def deadline_passed(self, now: datetime) -> Sequence[Event]:
        """Say that the deadline is over. Never raises."""
        due_at = self.next_deadline()
        if due_at is None or now < due_at:
            return ()
        if self._pending_since is None:
            self._closed = True
            return (Close("idle"),)
        settled = self._framer.may_be_whole
        self._pending_since = None
        self._heard_at = now
        events = self._events(self._framer.give_up(), now)
        if settled or self._closed:
            return events
        self._closed = True
        return (*events, Close("a frame was begun and never ended"))

    def ack(self, token: Token, now: datetime) -> bytes:
        """Return the positive answer to send. Raises LocalProtocolError for a token not owed."""
        try:
            return self._owed.pop(token)
        except KeyError:
            raise LocalProtocolError(f"no answer is owed for token {token}") from None

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        """Return nothing, so that the device repeats; but answer one we do not know. LocalProtocolError as ack().

        A device whose log-in or backlog is not answered keeps its alarm to itself: one that was handed out before it
        was enrolled must still be able to call for help. Such an answer promises nothing, for UNKNOWN_DEVICE is never
        said of an alarm.
        """
        answer = self.ack(token, now)
        return answer if why is Nak.UNKNOWN_DEVICE else b""

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the frames that say an order; empty where there are no words for it. LocalProtocolError as
        TakesOrders."""
        return self._tongue.order(order, now)

    def _events(self, pieces: Sequence[Piece], now: datetime) -> list[Event]:
        events: list[Event] = []
        for piece in pieces:
            match piece:
                case Whole(raw):
                    self._take(raw, now, events, whole=True)
                case CutShort(raw):
                    self._take(raw, now, events, whole=False)
                case Garbage(sample):
                    self._fault(events, Fault(FramingError("bytes outside any frame"), sample))
                case TooLong(sample, limit_bytes):
                    self._fault(events, Fault(FrameTooLong(limit_bytes=limit_bytes), sample, close=True))
                case _:
                    assert_never(piece)
            if self._closed:
                break
        return events

    def _take(self, raw: bytes, now: datetime, events: list[Event], *, whole: bool) -> None:
        tongue = self._tongue
        before = tongue.device
        try:
            heard = tongue.hear(raw, now) if whole else tongue.hear_part(raw, now)
        except RemoteProtocolError as error:
            self._fault(events, Fault(error, raw))
            return
        self._heard_any = True
        self._broken = 0 if whole else self._broken + 1
        device = self._tongue.device
        if device is not None and device != before:
            events.append(Identified(device))
        if heard.reply:
            events.append(Reply(heard.reply))
        token = None
        if heard.answer is not None:
            token = self._next_token = Token(self._next_token + 1)
            self._owed[token] = heard.answer
        events.append(SignalsReceived(heard.signals, raw, token))
        if len(self._owed) >= MAX_OWED or self._broken >= MAX_BROKEN:
            self._fault(events, Fault(FramingError("more messages than answers"), b"", close=True))
        elif heard.close is not None:
            self._closed = True
            events.append(Close(heard.close))

    def _fault(self, events: list[Event], fault: Fault) -> None:
        self._broken += 1
        if self._broken >= MAX_BROKEN and not fault.close:
            fault = Fault(fault.error, fault.raw, close=True)
        self._closed = fault.close
        events.append(fault)


class FamilyDatagram(FamilyConversation):
    """One datagram's exchange: what is not whole at its end never will be."""

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Take the datagram; return what it says. Never raises."""
        events = super().receive(chunk, now)
        if self._closed or self._framer.pending_bytes == 0:
            return events
        self._pending_since = None
        return (*events, *self._events(self._framer.give_up(), now))


def no_part(raw: bytes) -> Heard:
    """Say that a family's cut-off frames mean nothing. Raises FramingError, always."""
    raise FramingError("frame cut short")
