"""Both ends of a gl200 connection's words: what the receiver understands, owes and asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Account, Accounts
from protocols.errors import FramingError, LocalProtocolError
from protocols.family import FamilyConversation, FamilyDatagram, Heard, Patience
from protocols.gl200.codec import parse, serialise_downlink
from protocols.gl200.codes import password_of
from protocols.gl200.framing import Framer
from protocols.gl200.messages import Binary, Command, Message, Sack
from protocols.gl200.signals import signal_of_binary, signals_of
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId

PATIENCE: Final = Patience(idle=timedelta(hours=1))
"""Heartbeats can be set to come every six minutes to six hours; a unit that we hang up on calls again."""

LOCATE_NOW: Final = "1"
"""Sub command of AT+GTRTO."""

_ZONE: Final = re.compile(r"[+-]?[0-9]{1,3}")
_SERIALS: Final = 0x10000


class Gl200Tongue:
    """One connection's understanding. Account options: sack ("off": the unit is set up without answers), zone (minutes
    that its send time is ahead of UTC), password (of its commands)."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._device: AccountId | None = None
        self._device_type = ""
        self._serial = 0

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one whole frame. Raises ContentError for one without a head."""
        message = parse(raw)
        if isinstance(message, Binary):
            return Heard(signals=(signal_of_binary(message, self._device, raw, now),))
        account = self._meet(message)
        signals = signals_of(message, now, _zone(account), cut_short=False)
        return Heard(signals=signals, answer=_answer(message, account))

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame whose end never came: an alarm in it counts. It is not answered, so that it comes again whole.

        Raises FramingError for anything but an alarm."""
        message = parse(raw, cut_short=True)
        if isinstance(message, Message):
            signals = signals_of(message, now, None, cut_short=True)
            if any(signal.is_alarm for signal in signals):
                self._meet(message)
                return Heard(signals=signals)
        raise FramingError("frame cut short")

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the words for an order: there are some for Locate. LocalProtocolError as TakesOrders.order()."""
        match order:
            case Locate():
                if self._device is None:
                    raise LocalProtocolError("the device has not said its name yet")
                self._serial = self._serial % (_SERIALS - 1) + 1
                account = self._accounts.find(self._device)
                password = account.options.get("password") if account else None
                arguments = (LOCATE_NOW, "", "", "", "", "")
                spoken = password or password_of(self._device_type)
                return (serialise_downlink(Command("RTO", spoken, arguments, f"{self._serial:04X}")),)
            case Reassure() | CallBack() | Commission():
                return ()
            case _:
                assert_never(order)

    def _meet(self, message: Message) -> Account | None:
        if message.device is None:
            return None
        self._device, self._device_type = message.device, message.device_type
        return self._accounts.find(message.device)


def _answer(message: Message, account: Account | None) -> bytes | None:
    if message.counter is None:
        return None
    if message.name == "HBD":
        version = message.version if message.version.isascii() else ""
        return serialise_downlink(Sack(message.counter, version.replace("$", "")))
    if account is not None and account.options.get("sack", "").lower() == "off":
        return None
    return serialise_downlink(Sack(message.counter))


def _zone(account: Account | None) -> timedelta | None:
    minutes = account.options.get("zone", "") if account else ""
    return timedelta(minutes=int(minutes)) if _ZONE.fullmatch(minutes) else None


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver of gl200 begins, over TCP and over UDP."""
    return Openers(
        connection=lambda now: FamilyConversation(Framer(), Gl200Tongue(accounts), PATIENCE, now),
        datagram=lambda now: FamilyDatagram(Framer(), Gl200Tongue(accounts), PATIENCE, now),
    )
