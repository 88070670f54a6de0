"""The receiver's end of a topin connection: the log-in is the only frame with a name in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts
from protocols.family import FamilyConversation, Heard, Patience, no_part
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId
from protocols.topin.codec import (
    BEAT,
    BEAT_STORED,
    parse,
    parse_message,
    serialise_number,
    serialise_receipt,
    serialise_time,
    serialise_welcome,
)
from protocols.topin.codes import signals_of
from protocols.topin.framing import framer
from protocols.topin.messages import (
    Broken,
    Frame,
    Heartbeat,
    Login,
    Message,
    Press,
    Report,
    Setting,
    Status,
    TimeRequest,
    Unknown,
    Vibration,
)

PATIENCE: Final = Patience(idle=timedelta(minutes=35))
"""A tag reports every ten minutes as it leaves the shop; three missed reports and some."""


class TopinTongue:
    """One connection's understanding: whose it is."""

    def __init__(self) -> None:
        self._device: AccountId | None = None

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one whole frame. Raises ContentError for a log-in that cannot be believed."""
        frame = parse(raw)
        message = parse_message(frame)
        if isinstance(message, Login):
            self._device = message.device
        signals = signals_of(frame, raw, message, self._device, now)
        if isinstance(message, TimeRequest):
            return Heard(signals=signals, reply=serialise_time(now))
        return Heard(signals=signals, answer=answer_to(frame, raw, message, now))

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame whose end never came: it means nothing, for nothing in it could be checked."""
        return no_part(raw)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the frames that say an order: only the first SOS number can be told. LocalProtocolError for words."""
        match order:
            case Commission(sos_numbers=numbers) if numbers:
                return (serialise_number(numbers[0]),)
            case Commission() | Reassure() | Locate() | CallBack():
                return ()
            case _:
                assert_never(order)


def answer_to(frame: Frame, raw: bytes, message: Message, now: datetime) -> bytes | None:
    """Return what a frame is owed once its signals are on disk, or None. now: the time that a log-in is told."""
    match message:
        case Login():
            return serialise_welcome(frame, now)
        case Report() | Broken() if frame.type not in (BEAT, BEAT_STORED) and frame.content:
            return serialise_receipt(frame)
        case Status() | Press():
            return raw
        case Heartbeat() | Report() | Broken() | TimeRequest() | Vibration() | Setting() | Unknown():
            return None
        case _:
            assert_never(message)


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins."""
    return Openers(connection=lambda opened_at: FamilyConversation(framer(), TopinTongue(), PATIENCE, opened_at))
