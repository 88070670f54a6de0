"""The receiver's end of an H02 device's connection, and of one datagram."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts
from protocols.errors import FramingError, LocalProtocolError
from protocols.family import FamilyConversation, FamilyDatagram, Heard, Patience
from protocols.h02.binary import parse_binary
from protocols.h02.codec import parse, parse_message, serialise
from protocols.h02.codes import active_bits, signals_of
from protocols.h02.framing import DatagramFramer, Framer
from protocols.h02.messages import Frame, Message, Plain
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId

PATIENCE: Final = Patience(idle=timedelta(minutes=60), settle=timedelta(seconds=1))
"""Heartbeats come every few minutes, and a unit asleep reports once an hour at the least."""

MAKER: Final = "HQ"
"""The maker that answers and orders name where the device named none."""

R12_OPTION: Final = "r12"
"""Account option "r12" = "on": this unit was set up to wait for R12 where a message has no answer of its own."""

ANSWERED_BY_TYPE: Final = frozenset({"V0", "HTBT"})
CONFIRMED: Final = frozenset({"V1", "NBR"})
"""Answered with V4, their own type and the time."""


class H02Tongue:
    """One connection's understanding. Each message names its device, or leaves it to the one before."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._device: AccountId | None = None
        self._maker = MAKER
        self._known = 0

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one whole frame. Raises ContentError for one without a head to read."""
        return self._hear(raw, now, cut_short=False)

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame without its end: an alarm in it counts, and goes unanswered. Else raises FramingError."""
        heard = self._hear(raw, now, cut_short=True)
        alarms = tuple(signal for signal in heard.signals if signal.is_alarm)
        if not alarms:
            raise FramingError("frame cut short")
        return Heard(signals=alarms)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the frames that say an order: only the interval of reports has words. LocalProtocolError unnamed."""
        match order:
            case Commission(report_every_s=int(seconds)):
                if self._device is None:
                    raise LocalProtocolError("the device has not said its name yet")
                clock = now.strftime("%H%M%S")
                return (serialise(Frame(self._maker, self._device, "D1", (clock, str(seconds)))),)
            case Commission() | Reassure() | Locate() | CallBack():
                return ()
            case _:
                assert_never(order)

    def _hear(self, raw: bytes, now: datetime, *, cut_short: bool) -> Heard:
        answer: bytes | None = None
        message: Message
        if raw.startswith(b"*"):
            frame = parse(raw)
            self._device, self._maker = frame.device or self._device, frame.maker
            message = parse_message(frame)
            answer = self._answer(frame, raw, now)
        elif raw.startswith(b"$"):
            self._device, message = parse_binary(raw)
        else:
            message = Plain("X", (raw[1:].hex(),))
        signals = signals_of(self._device, raw, message, now, self._known, cut_short=cut_short)
        active = active_bits(message)
        if active is not None and not cut_short:
            self._known = active
        return Heard(signals=signals, answer=answer)

    def _answer(self, frame: Frame, raw: bytes, now: datetime) -> bytes | None:
        word = frame.word.upper()
        if word in ANSWERED_BY_TYPE:
            return b",".join(raw.split(b",", 3)[:3]).removesuffix(b"#") + b"#"
        if word in CONFIRMED:
            fields = (frame.word, now.strftime("%Y%m%d%H%M%S"))
            return serialise(Frame(frame.maker, frame.device, "V4", fields))
        account = self._accounts.find(self._device) if self._device is not None else None
        if account is not None and account.options.get(R12_OPTION) == "on":
            return serialise(Frame(frame.maker, frame.device, "R12", (now.strftime("%H%M%S"),)))
        return None


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins."""
    return Openers(
        connection=lambda now: FamilyConversation(Framer(), H02Tongue(accounts), PATIENCE, now),
        datagram=lambda now: FamilyDatagram(DatagramFramer(), H02Tongue(accounts), PATIENCE, now),
    )
