"""The receiver's end of a gt06 connection: who speaks, in which zone, and what was asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.concox import CLOCK_BYTES
from protocols.conversation import Accounts
from protocols.errors import ContentError, LocalProtocolError
from protocols.family import FamilyConversation, Heard, Patience
from protocols.gt06.codec import (
    ADDRESS_REQUEST,
    COMMAND,
    LOGIN,
    parse,
    parse_message,
    parse_unended,
    serialise,
    serialise_address,
    serialise_answer,
    serialise_command,
    serialise_time,
)
from protocols.gt06.framing import framer
from protocols.gt06.meaning import signals_of
from protocols.gt06.messages import Broken, Command, Frame, Login, Message, TextReply, TimeRequest
from protocols.gt06.records import Speaker
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.replies import ORDER_NAMED
from protocols.signal import AccountId

PATIENCE: Final = Patience(idle=timedelta(minutes=20))
"""A heartbeat comes every 3 to 5 minutes; three missed ones and some."""

SILENT: Final = frozenset({0x80, 0x81, 0x82, 0x21, 0x15})
"""Answered with nothing under either head."""

SILENT_LONG: Final = frozenset({0x94, 0x9B})
ANSWERED_LONG: Final = frozenset({0x32, 0x33})
"""Under the long head: the only ones whose answer has it too."""

MAX_ASKED: Final = 64
"""Commands whose answers we wait for; a device answers each within seconds."""

LOCATE: Final = "WHERE#"
IN_UTC: Final = "GMT,E,0,0#"


class Gt06Tongue:
    """One connection's understanding: the name and the zone that the log-in gave, and commands on their way."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        # Nobody is enrolled without a name; but a tool that looks at frames says the model of whoever sent them.
        nameless = accounts.find(AccountId(""))
        self._speaker = Speaker(model=nameless.model if nameless else None)
        self._sent = 0
        self._asked: dict[int, str] = {}

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        return self._speaker.device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one whole frame. Raises RemoteProtocolError for one that cannot be believed."""
        return self._take(parse(raw), raw, now)

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame without its end: good if its checksum is. Raises FramingError for all else."""
        return self._take(parse_unended(raw), raw, now)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the commands that say an order. This family has none to comfort a wearer or to call a number.

        Raises LocalProtocolError for a number that is no number.
        """
        match order:
            case Locate():
                return (self._command(LOCATE),)
            case Commission(sos_numbers, _, _, in_utc, _):
                texts = [_sos(sos_numbers)] if sos_numbers else []
                texts += [IN_UTC] if in_utc else []
                return tuple(self._command(text) for text in texts)
            case Reassure() | CallBack():
                return ()
            case _:
                assert_never(order)

    def _command(self, text: str) -> bytes:
        self._sent = self._sent % 0xFFFF + 1
        while len(self._asked) >= MAX_ASKED:
            del self._asked[next(iter(self._asked))]
        self._asked[self._sent] = text
        return serialise(Frame(COMMAND, serialise_command(Command(self._sent, text)), self._sent))

    def _take(self, frame: Frame, raw: bytes, now: datetime) -> Heard:
        message = parse_message(frame)
        if isinstance(message, Broken) and frame.type == LOGIN:
            raise ContentError(message.why)  # not answered: who has no name must not go on as if it had
        if isinstance(message, Login):
            account = self._accounts.find(message.device)
            self._speaker = Speaker(message.device, account.model if account else None, message.zone)
        asked = self._asked.pop(message.flag, None) if isinstance(message, TextReply) else None
        if asked == IN_UTC:
            # Its clock runs in UTC from here on, whatever zone the log-in gave; if it refused, the doubt will show.
            self._speaker = Speaker(self._speaker.device, self._speaker.model, None)
        signals = signals_of(frame, raw, message, self._speaker, now)
        if asked is not None:
            named = (ORDER_NAMED, asked.partition(",")[0].rstrip("#"))  # not its arguments: they may be a number
            signals = tuple(replace(one, evidence=(*one.evidence, named)) for one in signals)
        if isinstance(message, TimeRequest):
            return Heard(signals=signals, reply=serialise_time(frame, now))
        return Heard(signals=signals, answer=answer_to(frame, message))


def answer_to(frame: Frame, message: Message) -> bytes | None:
    """Return the answer that a frame is owed once its signals are on disk, or None."""
    if frame.points is not None:
        return serialise(Frame(frame.type, frame.content[:CLOCK_BYTES], points=frame.points))
    if frame.type in SILENT or (frame.long and frame.type in SILENT_LONG) or frame.serial is None:
        return None
    if frame.type == ADDRESS_REQUEST and not frame.long:
        return serialise_address(frame)
    return serialise_answer(frame, long=frame.long and frame.type in ANSWERED_LONG)


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins."""
    return Openers(connection=lambda opened_at: FamilyConversation(framer(), Gt06Tongue(accounts), PATIENCE, opened_at))


def _sos(numbers: tuple[str, ...]) -> str:
    if any(not number.removeprefix("+").isdecimal() or not number.isascii() for number in numbers):
        raise LocalProtocolError("an SOS number is made of digits")
    return f"SOS,A,{','.join((*numbers, '', '')[:3])}#"
