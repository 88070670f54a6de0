"""The receiver's end of a Teltonika device's connection, or of one datagram."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts
from protocols.errors import FramingError
from protocols.family import FamilyConversation, FamilyDatagram, Heard, Patience
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId, Signal
from protocols.teltonika.codec import ACCEPT, parse, parse_part, serialise, serialise_count, serialise_packet_answer
from protocols.teltonika.codes import sign_of_life, signal_of_opaque, signal_of_text, signals_of
from protocols.teltonika.framing import Framer
from protocols.teltonika.messages import (
    CODEC_12,
    CODEC_13,
    CODEC_14,
    COMMAND,
    Batch,
    Body,
    Login,
    Opaque,
    Packet,
    Ping,
    Text,
)
from protocols.teltonika.models import Carried, carried_by

PATIENCE: Final = Patience(idle=timedelta(hours=1, minutes=10))
"""A tracker that lies still reports once an hour and keeps its connection with a lone FF, or with nothing at all."""

PINGS_APART: Final = timedelta(seconds=1)
"""A ping is one byte: signs of life closer together than this are one."""

GET_RECORD: Final = b"getrecord"
"""Makes the device write a record of high priority, and send it."""

NOT_ANSWERED: Final = frozenset({CODEC_12, CODEC_13, CODEC_14})
"""Texts, even those that cannot be read. Any other codec is taken for records, and its count given back."""


class TeltonikaTongue:
    """One connection's understanding; keeps the name from the log-in, or from the last packet."""

    def __init__(self, accounts: Accounts, *, takes_orders: bool) -> None:
        self._accounts, self._takes_orders = accounts, takes_orders
        self._device: AccountId | None = None
        # Nobody is enrolled without a name; but a tool that looks at frames says the model of whoever sent them.
        self._carried = self._carried_by(AccountId(""))
        self._pinged_at: datetime | None = None

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one whole frame. Raises RemoteProtocolError for one that cannot be believed; the session goes on."""
        message = parse(raw)
        match message:
            case Batch():
                signals = signals_of(message, self._device, self._carried, now)
                return Heard(signals=signals, answer=serialise_count(message.count))
            case Login(imei):
                self._name(imei)
                return Heard(signals=(sign_of_life("login", self._device, now),), answer=ACCEPT)
            case Ping():
                return Heard(signals=self._ping(now))
            case Packet(_, _, imei, body):
                self._name(imei)
                owed = _owed(body)
                answer = None if owed is None else serialise_packet_answer(message, owed)
                return Heard(signals=self._signals(body, now), answer=answer)
            case Text() | Opaque():
                owed = _owed(message)
                answer = None if owed is None else serialise_count(owed)
                return Heard(signals=self._signals(message, now), answer=answer)
            case _:
                assert_never(message)

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame whose end never came: an alarm in it counts, and is not answered, so that all comes again.

        Raises FramingError where there is no alarm, and ContentError where nothing can be read.
        """
        imei, body = parse_part(raw)
        if imei is not None:
            self._name(imei)
        alarms = tuple(signal for signal in self._signals(body, now) if signal.is_alarm)
        if not alarms:
            raise FramingError("frame cut short")
        return Heard(signals=alarms)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """As TakesOrders.order(). A device that sends datagrams cannot be spoken to."""
        match order:
            case Locate():
                return (serialise(Text(COMMAND, GET_RECORD)),) if self._takes_orders else ()
            case Reassure() | CallBack() | Commission():
                return ()  # no words of which we know that every model understands them
            case _:
                assert_never(order)

    def _name(self, imei: str) -> None:
        if imei != self._device:
            self._device = AccountId(imei)
        self._carried = self._carried_by(AccountId(imei))

    def _carried_by(self, device: AccountId) -> Carried:
        account = self._accounts.find(device)
        return carried_by(account.model if account else None)

    def _ping(self, now: datetime) -> tuple[Signal, ...]:
        if self._pinged_at is not None and now - self._pinged_at < PINGS_APART:
            return ()
        self._pinged_at = now
        return (sign_of_life("ping", self._device, now),)

    def _signals(self, body: Body, now: datetime) -> tuple[Signal, ...]:
        match body:
            case Batch():
                return signals_of(body, self._device, self._carried, now)
            case Text():
                return (signal_of_text(body, self._device, now),)
            case Opaque():
                return (signal_of_opaque(body, self._device, now),)
            case _:
                assert_never(body)


def _owed(body: Body) -> int | None:
    """Return the count that the body's sender waits for; None for the texts, which are not answered."""
    match body:
        case Batch(_, count):
            return count
        case Text():
            return None
        case Opaque(codec, count):
            return None if codec in NOT_ANSWERED else count
        case _:
            assert_never(body)


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins: over TCP, where a device logs in, and over UDP, where each packet says who."""

    def connection(opened_at: datetime) -> FamilyConversation:
        return FamilyConversation(Framer(), TeltonikaTongue(accounts, takes_orders=True), PATIENCE, opened_at)

    def datagram(opened_at: datetime) -> FamilyConversation:
        return FamilyDatagram(Framer(), TeltonikaTongue(accounts, takes_orders=False), PATIENCE, opened_at)

    return Openers(connection=connection, datagram=datagram)
