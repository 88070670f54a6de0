"""Both ends of a watch's connection: the receiver's Conversation and the watch's own side for the emulator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts
from protocols.errors import LocalProtocolError
from protocols.family import FamilyConversation, Heard, Patience, no_part
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Order, Reassure
from protocols.orders import Locate as OrderedLocate
from protocols.pieces import Whole
from protocols.signal import AccountId
from protocols.watch.codec import parse, parse_downlink, parse_message, serialise, serialise_downlink, serialise_message
from protocols.watch.codes import signals_of
from protocols.watch.framing import Framer
from protocols.watch.messages import (
    Answer,
    Call,
    Downlink,
    FallDetection,
    Find,
    Frame,
    KeepAlive,
    Locate,
    Message,
    Picture,
    Plain,
    PositionReport,
    Setting,
    ShowMessage,
    Voice,
    VoicePart,
)

PATIENCE: Final = Patience(
    first_frame=timedelta(seconds=60),  # a watch says LK as soon as it is connected
    idle=timedelta(minutes=20),  # LK comes every 8 minutes at the least; two missed ones and some
    partial_frame=timedelta(seconds=60),  # the largest frame takes 50 s over the slowest mobile network
    settle=timedelta(seconds=2),  # what ends in a bracket is whole though a Wi-Fi name opened a bracket too many
)

SOS_NUMBERS: Final = 3

STATUS_AT: Final = 16
"""Commas before the status of a position list."""

STATUS_DIGITS: Final = 8


class WatchTongue:
    """What the receiver understands of one watch, and what it says to it: all under the watch's own maker, id and
    index."""

    def __init__(self) -> None:
        self._last: Frame | None = None

    @property
    def device(self) -> AccountId | None:
        """The name the watch gave itself last, or None before its first frame."""
        return self._last.device if self._last else None

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one frame. Raises ContentError for one without a head."""
        frame = parse(raw)
        return self._heard(frame, parse_message(frame.content), now, cut_short=False)

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame that was cut short: it counts if its type calls for help. Raises FramingError else."""
        frame = parse(raw)
        message = parse_message(frame.content)
        if isinstance(message, PositionReport) and message.is_alarm:
            last = frame.content.rpartition(b",")[2].strip()
            if frame.content.count(b",") == STATUS_AT and len(last) < STATUS_DIGITS:
                message = replace(message, status=None)  # half a status says something else
            return self._heard(frame, message, now, cut_short=True)
        return no_part(raw)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """As TakesOrders.order(). Raises LocalProtocolError before the watch has said its name."""
        return [self.say(downlink) for downlink in downlinks_of(order)]

    def say(self, downlink: Downlink) -> bytes:
        """Return the bytes of a downlink. Raises LocalProtocolError before the watch has said its name."""
        if self._last is None:
            raise LocalProtocolError("the watch has not said its name yet")
        return _to(self._last, downlink)

    def _heard(self, frame: Frame, message: Message, now: datetime, *, cut_short: bool) -> Heard:
        self._last = frame
        answer = answer_to(message)
        return Heard(
            signals=signals_of(frame, message, now, cut_short=cut_short),
            answer=None if answer is None else _to(frame, answer),
        )


class WatchConversation(FamilyConversation):
    """The receiver's end of one watch's connection."""

    def __init__(self, opened_at: datetime) -> None:
        self._words = WatchTongue()
        super().__init__(Framer(), self._words, PATIENCE, opened_at)

    def say(self, downlink: Downlink) -> bytes:
        """Return the bytes of a downlink that is no order. LocalProtocolError before the watch has said its name."""
        return self._words.say(downlink)


def downlinks_of(order: Order) -> tuple[Downlink, ...]:
    """Return an order in a watch's words. The screen lights up with them; who must stay unseen is not told at all."""
    match order:
        case Reassure(text, ring=True):
            # The words first, so that the ringing draws the eye to what stands there already.
            return (ShowMessage(text), Find())
        case Reassure(text):
            return (ShowMessage(text),)
        case OrderedLocate():
            return (Locate(),)
        case CallBack(number):
            return (Call(number),)
        case Commission():
            return _settings(order)
        case _:
            assert_never(order)


def _settings(sheet: Commission) -> tuple[Downlink, ...]:
    """in_utc needs no words: a watch sends GMT whatever it shows, and LZ would change what its wearer reads."""
    said: list[Downlink] = []
    if sheet.sos_numbers is not None:
        # All three are said: a number that was set before and is no longer wanted must go.
        numbers = (*sheet.sos_numbers, "", "", "")[:SOS_NUMBERS]
        said += [Setting(f"SOS{index}", (number,)) for index, number in enumerate(numbers, start=1)]
    if sheet.fall_detection is not None:
        said.append(FallDetection(on=sheet.fall_detection, call=sheet.fall_calls is True))
    if sheet.report_every_s is not None:
        said.append(Setting("UPLOAD", (str(sheet.report_every_s),)))
    return tuple(said)


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
