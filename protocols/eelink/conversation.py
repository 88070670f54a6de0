"""The receiver's end of an eelink device's connection, or of one of its datagrams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts
from protocols.eelink.codec import answer_to, begun, command, imei_of, parse, serialise
from protocols.eelink.codes import signal_of
from protocols.eelink.framing import framer
from protocols.eelink.messages import Envelope, Package, Type
from protocols.errors import ContentError
from protocols.family import FamilyConversation, FamilyDatagram, Heard, Patience, no_part
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId, Signal

PATIENCE: Final = Patience(idle=timedelta(hours=1))
"""The interval of the heartbeat is a setting, some minutes as a rule; a device in deep sleep reconnects."""

DEVICE_ALONE: Final = "device"
"""Value of an account's option "fall" for a model whose code 86 also says that only the device was dropped."""


class EelinkTongue:
    """Understands one device's packages: it names itself in its log-in, or in the envelope of each datagram."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._device: AccountId | None = None
        self._imei: str | None = None
        self._said = 0

    @property
    def device(self) -> AccountId | None:
        """The IMEI of the last log-in or envelope, or None before it."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one package or envelope. Raises ContentError for an envelope without a package."""
        envelope = parse(raw)
        if not envelope.packages:
            raise ContentError("an envelope without a package")
        signals = self._signals(envelope, now)
        answers = [answer for package in envelope.packages if (answer := answer_to(package, now))]
        owed = serialise(Envelope(tuple(answers), self._answerable())) if answers else None
        return Heard(signals=signals, answer=owed)

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take what calls for help in a package whose end never came, unanswered: the device repeats it whole.

        Raises FramingError if nothing does.
        """
        try:
            envelope = parse(raw)
        except ContentError:
            envelope = Envelope((), rest=raw)
        calls = tuple(signal for signal in self._signals(envelope, now) if signal.is_alarm)
        return Heard(signals=calls) if calls else no_part(raw)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the frames that say it: WHERE# for Locate. There are no confirmed words for the others."""
        match order:
            case Locate():
                self._said = self._said % 0xFFFF + 1
                return (serialise(Envelope((command(self._said, self._said, "WHERE#"),), self._answerable())),)
            case Reassure() | CallBack() | Commission():
                return ()
            case _:
                assert_never(order)

    def _signals(self, envelope: Envelope, now: datetime) -> tuple[Signal, ...]:
        self._imei = envelope.imei
        if envelope.imei is not None:
            self._device = AccountId(envelope.imei)
        signals = []
        for package in envelope.packages:
            if package.type == Type.LOGIN and len(package.content) >= 8:
                self._device = AccountId(imei_of(package.content[:8]))
            signals.append(self._signal(package, now, intact=envelope.intact))
        if envelope.rest.strip(b"\0"):
            signals.append(self._signal(begun(envelope.rest), now, intact=envelope.intact, cut_short=True))
        return tuple(signals)

    def _signal(self, package: Package, now: datetime, *, intact: bool, cut_short: bool = False) -> Signal:
        dropped = self._may_be_dropped()
        return signal_of(package, self._device, now, intact=intact, cut_short=cut_short, dropped=dropped)

    def _answerable(self) -> str | None:
        """Return the IMEI for an envelope of ours, or None over TCP; one that is no number cannot be written back."""
        return self._imei if self._imei is not None and self._imei.isdigit() else None

    def _may_be_dropped(self) -> bool:
        account = self._accounts.find(self._device) if self._device is not None else None
        return account is not None and account.options.get("fall") == DEVICE_ALONE


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins."""
    return Openers(
        connection=lambda opened_at: FamilyConversation(framer(), EelinkTongue(accounts), PATIENCE, opened_at),
        datagram=lambda opened_at: FamilyDatagram(framer(), EelinkTongue(accounts), PATIENCE, opened_at),
    )
