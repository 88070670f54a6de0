"""The receiver's end of a minifinder2 pendant's connection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from protocols.conversation import Accounts
from protocols.family import FamilyConversation, Heard, Patience, no_part
from protocols.minifinder2.codec import answer, parse, service_answer
from protocols.minifinder2.codes import signals_of
from protocols.minifinder2.framing import framer
from protocols.minifinder2.messages import CONFIGURED_IMEI, Command, Frame, Key
from protocols.openers import Draw, Openers
from protocols.orders import Order
from protocols.signal import AccountId

PATIENCE: Final = Patience(idle=timedelta(hours=1))
"""The interval of the heartbeat is a setting, some minutes as a rule; one pendant's silence costs us a socket."""

_IMEI: Final = re.compile(rb"[0-9]{14,17}")


class Minifinder2Tongue:
    """Understands one pendant's frames. Configuration and response name nobody: who spoke before is meant."""

    def __init__(self) -> None:
        self._device: AccountId | None = None

    @property
    def device(self) -> AccountId | None:
        """The IMEI that the pendant said last, or None before it has."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one frame. Raises ChecksumMismatch for a damaged one: without an answer it is sent again."""
        frame = parse(raw)
        device = name_in(frame) or self._device
        signals = signals_of(frame, device, raw, now)
        self._device = device
        if frame.command == Command.SERVICES:
            reply = service_answer(frame.sequence, [item.key for item in frame.items], now)
            if reply and any(signal.is_alarm for signal in signals):
                return Heard(signals=signals, answer=reply)
            if reply:
                return Heard(signals=signals, reply=reply)
        owed = frame.wants_answer and frame.command != Command.RESPONSE
        return Heard(signals=signals, answer=answer(frame.sequence) if owed else None)

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Refuse a frame whose end never came: its checksum cannot be right, and the pendant repeats it."""
        return no_part(raw)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return nothing: the keys of ring, call and locate are not known for sure (README)."""
        return ()


def name_in(frame: Frame) -> AccountId | None:
    """Return the IMEI that a frame gives, or None."""
    key = CONFIGURED_IMEI if frame.command == Command.CONFIGURATION else Key.IMEI
    for item in frame.items:
        if item.key == key:
            found = item.value.strip(b"\0 ")  # some pad it
            return AccountId(found.decode("ascii")) if _IMEI.fullmatch(found) else None
    return None


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins."""
    return Openers(connection=lambda opened_at: FamilyConversation(framer(), Minifinder2Tongue(), PATIENCE, opened_at))
