"""Both ends of a watch's connection: the receiver's Conversation and the watch's own side for the emulator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts, Close, Event, Fault, Identified, Nak, SignalsReceived, Token
from protocols.errors import ContentError, FrameTooLong, FramingError, LocalProtocolError
from protocols.openers import Draw, Openers
from protocols.signal import AccountId
from protocols.watch.codec import parse, parse_downlink, parse_message, serialise, serialise_downlink, serialise_message
from protocols.watch.codes import signals_of
from protocols.watch.framing import CutShort, Framer, Garbage, Piece, TooLong, Whole
from protocols.watch.messages import (
    Answer,
    Downlink,
    Frame,
    KeepAlive,
    Message,
    Picture,
    Plain,
    PositionReport,
    Voice,
    VoicePart,
)

FIRST_FRAME: Final = timedelta(seconds=60)
"""A watch says LK as soon as it is connected; who says nothing for so long is no watch."""

IDLE: Final = timedelta(minutes=20)
"""LK comes every 8 minutes at the least; two missed ones and some."""

PARTIAL_FRAME: Final = timedelta(seconds=60)
"""The largest frame takes 50 s over the slowest mobile network; the time counts from its first byte."""

SETTLE: Final = timedelta(seconds=2)
"""What ends in a bracket and stays silent so long is a whole frame whose Wi-Fi name opened a bracket too many."""

MAX_OWED: Final = 1024
"""Answers not yet given. A watch waits for each answer; who does not is no watch."""

MAX_BROKEN: Final = 16
"""Broken pieces in a row without one whole frame among them."""


class WatchConversation:
    """The receiver's end of one watch's connection. Keeps the Conversation contract."""

    def __init__(self, opened_at: datetime) -> None:
        self._framer = Framer()
        self._last: Frame | None = None
        self._owed: dict[Token, bytes] = {}
        self._next_token = 0
        self._broken = 0
        self._closed = False
        self._heard_at = self._last_byte_at = opened_at
        self._pending_since: datetime | None = None

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return self._framer.pending_bytes

    @property
    def device(self) -> AccountId | None:
        """The name the watch gave itself last, or None before its first frame."""
        return self._last.device if self._last else None

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Take the next bytes off the wire; return what they complete, oldest first. Never raises."""
        if self._closed:
            return ()
        events = self._events(self._framer.receive(chunk), now)
        if events:
            self._heard_at = now
        if self._framer.pending_bytes == 0:
            self._pending_since = None
        elif self._pending_since is None or events:
            self._pending_since = now
        if self._framer.pending_bytes:
            self._last_byte_at = now
        return events

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        if self._closed:
            return None
        due_at = self._heard_at + (IDLE if self._last else FIRST_FRAME)
        if self._pending_since is not None:
            due_at = min(due_at, self._pending_since + PARTIAL_FRAME)
            if self._framer.may_be_whole:
                due_at = min(due_at, self._last_byte_at + SETTLE)
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
        """Return nothing, so that the watch repeats; but answer a watch we do not know. LocalProtocolError as ack().

        A watch whose LK is not answered sends nothing else, not even its alarm, and reboots: a watch handed out
        before it was enrolled must still be able to call for help. Such an answer promises nothing, for UNKNOWN_DEVICE
        is never said of an alarm.
        """
        answer = self.ack(token, now)
        return answer if why is Nak.UNKNOWN_DEVICE else b""

    def send(self, downlink: Downlink) -> bytes:
        """Return the bytes of a downlink, under the watch's own maker, id and index.

        Raises LocalProtocolError before the watch has said its name.
        """
        if self._last is None:
            raise LocalProtocolError("the watch has not said its name yet")
        return _to(self._last, downlink)

    def _events(self, pieces: Sequence[Piece], now: datetime) -> list[Event]:
        events: list[Event] = []
        for piece in pieces:
            match piece:
                case Whole(raw):
                    self._take(raw, now, events)
                case CutShort(raw):
                    self._take(raw, now, events, cut_short=True)
                case Garbage(sample):
                    self._fault(events, Fault(FramingError("bytes outside any frame"), sample))
                case TooLong(sample, limit_bytes):
                    self._fault(events, Fault(FrameTooLong(limit_bytes=limit_bytes), sample, close=True))
                case _:
                    assert_never(piece)
            if self._closed:
                break
        return events

    def _take(self, raw: bytes, now: datetime, events: list[Event], *, cut_short: bool = False) -> None:
        try:
            frame = parse(raw)
        except ContentError as error:
            self._fault(events, Fault(error, raw))
            return
        message = parse_message(frame.content)
        if cut_short and not (isinstance(message, PositionReport) and message.is_alarm):
            self._fault(events, Fault(FramingError("frame cut short"), raw))
            return
        self._broken = self._broken + 1 if cut_short else 0
        if self._last is None or self._last.device != frame.device:
            events.append(Identified(frame.device))
        self._last = frame
        answer = answer_to(message)
        token = self._owe(_to(frame, answer)) if answer else None
        events.append(SignalsReceived(signals_of(frame, message, now, cut_short=cut_short), raw, token))
        if len(self._owed) >= MAX_OWED or self._broken >= MAX_BROKEN:
            self._fault(events, Fault(FramingError("more messages than answers"), b"", close=True))

    def _owe(self, answer: bytes) -> Token:
        self._next_token += 1
        token = Token(self._next_token)
        self._owed[token] = answer
        return token

    def _fault(self, events: list[Event], fault: Fault) -> None:
        self._broken += 1
        if self._broken >= MAX_BROKEN and not fault.close:
            fault = Fault(fault.error, fault.raw, close=True)
        self._closed = fault.close
        events.append(fault)


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins."""
    return Openers(connection=WatchConversation)


class WatchTransmitter:
    """The watch's end, for the emulator. Keeps the Transmitter contract."""

    def __init__(self, device: AccountId, maker: str = "3G", index: str | None = None) -> None:
        self._framer = Framer()
        self._device, self._maker, self._index = device, maker, index

    def say(self, message: Message) -> bytes:
        """Return the bytes of one message."""
        return serialise(Frame(self._maker, self._device, self._index, serialise_message(message)))

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Downlink]:
        """Take the receiver's bytes; return the answers and downlinks for this watch, oldest first."""
        frames = (parse(piece.raw) for piece in self._framer.receive(chunk) if isinstance(piece, Whole))
        return [parse_downlink(frame.content) for frame in frames if frame.device == self._device]


def answer_to(message: Message) -> Answer | None:
    """Return the answer that the message is owed, or None. An alarm's answer is AL, never its long name."""
    match message:
        case KeepAlive():
            return Answer("LK")
        case PositionReport():
            return Answer("AL") if message.is_alarm else None
        case Voice(_, payload):
            return Answer("TK", ("1",)) if len(payload) > 1 else None
        case VoicePart():
            return Answer("JXTKR", ("1",))
        case Picture():
            return None
        case Plain(word, _):
            match word.upper():
                case "TKQ" | "TKQ2" as question:
                    return Answer(question)
                case "INIT":
                    return Answer("INIT", ("1",))
                case _:
                    return None


def _to(frame: Frame, downlink: Downlink) -> bytes:
    return serialise(Frame(frame.maker, frame.device, frame.index, serialise_downlink(downlink)))
