"""What becomes of the events of one receiver, whatever transport they came by."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final, Protocol

import structlog

from larmcentral.domain.arrival import Arrival, ReceiverName, UnknownBytes
from larmcentral.domain.errors import LaneFull, StoreUnavailable
from larmcentral.metrics import Metrics
from larmcentral.ports import Clock, RenewsSecrets, TakesIn
from larmcentral.receivers.allowance import ADDRESSES_REMEMBERED, Allowance, Allowances, OnceIn
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.turns import Turns
from protocols.conversation import Accounts, Nak, Renewal, SignalsReceived
from protocols.errors import NotAuthentic, RemoteProtocolError
from protocols.recognise import family_of
from protocols.signal import AccountId, Signal

SAMPLE_BYTES: Final = 4096
"""What is kept of bytes that nobody understood; the store takes no more."""
UNKNOWN_DEVICE_EVERY_S: Final = 3600.0
UNKNOWN_DEVICES_REMEMBERED: Final = 10_000
"""Some 2 MB. Who sends more different names than this has each of them kept again."""
WRONG_FAMILY_EVERY_S: Final = 3600.0
"""A device on the wrong port comes back every minute; whoever reads the log needs to be told once."""
WRONG_FAMILIES_REMEMBERED: Final = 64
"""More than there are families to be taken for."""
REFUSED_EVERY_S: Final = 60.0
REFUSALS_REMEMBERED: Final = 16
"""More than there are reasons."""
LOG_LINES_PER_MINUTE: Final = 120
"""Faults come in floods; beyond this they are counted and kept, not logged."""
LOGGED_NAME_CHARACTERS: Final = 64

_log = structlog.get_logger(__name__)


class Enrolled(Accounts, Protocol):
    """The enrolled devices of one protocol."""

    @property
    def loaded(self) -> bool:
        """False until they have been read once: until then a miss says nothing."""
        ...


class Admission(Enum):
    """What to do with a frame that is not refused."""

    TAKE_IN = "take_in"
    ACK = "ack"
    """It carries nothing to store."""


class Reception:
    """Decides which frames go to intake, hands them over, and counts and keeps the rest."""

    def __init__(
        self,
        *,
        receiver: ReceiverName,
        takes_in: TakesIn,
        enrolled: Enrolled,
        clock: Clock,
        metrics: Metrics,
        limits: Limits,
        renews: RenewsSecrets | None = None,
        turns: Turns | None = None,
    ) -> None:
        """turns: of the whole process; its own where there is no other receiver."""
        self.turns: Final = turns or Turns(clock)
        self.receiver: Final = receiver
        self.clock: Final = clock
        self.metrics: Final = metrics
        self.limits: Final = limits
        self._takes_in, self._enrolled, self._renews = takes_in, enrolled, renews
        now_s = clock.monotonic()
        self._unknown_alarms = Allowance(
            per_minute=limits.unknown_alarms_per_minute, burst=limits.unknown_alarms_burst, now_s=now_s
        )
        self._unproven_alarms = Allowance(
            per_minute=limits.unproven_alarms_per_minute, burst=limits.unproven_alarms_per_minute, now_s=now_s
        )
        self._addresses = Allowances(
            per_minute=limits.stranger_alarms_per_address,
            burst=limits.stranger_alarms_per_address,
            most=ADDRESSES_REMEMBERED,
        )
        self._kept_devices = OnceIn(every_s=UNKNOWN_DEVICE_EVERY_S, most=UNKNOWN_DEVICES_REMEMBERED)
        self._kept_families = OnceIn(every_s=WRONG_FAMILY_EVERY_S, most=WRONG_FAMILIES_REMEMBERED)
        self._said_refusals = OnceIn(every_s=REFUSED_EVERY_S, most=REFUSALS_REMEMBERED)
        self._log_lines = Allowance(per_minute=LOG_LINES_PER_MINUTE, burst=LOG_LINES_PER_MINUTE, now_s=now_s)

    def admit(self, event: SignalsReceived, address: str, now: datetime) -> Admission | Nak:
        """Say whether a frame goes to intake. What does not has been counted and kept when this returns.

        address: the host it came from.
        """
        signals = event.signals
        if not signals:
            return Admission.ACK
        known = self._knows(signals)
        if known and event.authentic:
            return Admission.TAKE_IN
        if not event.authentic:
            self._security_event(signals[0].device)
        if any(signal.is_alarm for signal in signals):
            return self._admit_stranger(event, known, address, now)
        self.metrics.unknown_device(self.receiver.name, "telemetry")
        if self._kept_devices.grant(signals[0].device, self.clock.monotonic()):
            self.keep("telemetry of a device that is not enrolled", event.raw, now)
        return Nak.UNKNOWN_DEVICE

    def knows(self, device: AccountId) -> bool:
        """Say whether a device is enrolled."""
        return self._enrolled.find(device) is not None

    def knows_one_of(self, signals: tuple[Signal, ...]) -> bool:
        """Say whether one of their devices is enrolled."""
        return any(signal.device is not None and self.knows(signal.device) for signal in signals)

    async def take_in(self, event: SignalsReceived, received_at: datetime, received_s: float) -> Nak | None:
        """Have intake store a frame. None: it is on disk. Never raises. received_s: monotonic."""
        alarm = any(signal.is_alarm for signal in event.signals)
        self.turns.begin(alarm=alarm)
        try:
            nak = await self._store(event, received_at, received_s)
        finally:
            self.turns.done(alarm=alarm)
        if nak is not None or event.renewal is None:
            return nak
        return await self._renew(event.renewal)

    async def _renew(self, renewal: Renewal) -> Nak | None:
        """Keep what becomes of a device's secret. Only a fresh one that was not kept is worth a refusal: whatever else
        the device said is on disk, and its next frame says again which secret it uses."""
        kept = False
        try:
            kept = self._renews is not None and await self._renews.renew(self.receiver.protocol, renewal)
        except StoreUnavailable as error:
            self.metrics.not_stored(self.receiver.name, type(error).__name__)
        except Exception as error:  # the edge of a connection: our bug must not take the others down
            self.metrics.not_stored(self.receiver.name, type(error).__name__)
            _log.exception("renewal_failed", receiver=self.receiver.name)
        if not kept and self._may_log():
            _log.warning("secret_not_renewed", receiver=self.receiver.name)
        return Nak.NOT_STORED if renewal.fresh is not None and not kept else None

    async def _store(self, event: SignalsReceived, received_at: datetime, received_s: float) -> Nak | None:
        name = self.receiver.name
        try:
            await self._takes_in.take_in(
                Arrival(
                    receiver=self.receiver,
                    received_at=received_at,
                    authentic=event.authentic,
                    raw=event.raw,
                    signals=event.signals,
                )
            )
        except (LaneFull, StoreUnavailable) as error:
            self.metrics.not_stored(name, type(error).__name__)
            if self._may_log():
                _log.warning("not_stored", receiver=name, reason=type(error).__name__)
            return Nak.NOT_STORED
        except Exception as error:  # the edge of a connection: our bug must not take the others down
            self.metrics.not_stored(name, type(error).__name__)
            _log.exception("intake_failed", receiver=name)
            return Nak.NOT_STORED
        lane = "alarm" if any(signal.is_alarm for signal in event.signals) else "telemetry"
        self.metrics.taken_in(name, lane, self.clock.monotonic() - received_s)
        return None

    def fault(self, error: RemoteProtocolError, raw: bytes, now: datetime, *, first: bytes = b"") -> None:
        """Count and keep what broke the protocol; of one account without proof once an hour.

        first: what the other end began with, where nothing of it was ever understood: it may be another family's.
        """
        reason = type(error).__name__
        self.metrics.fault(self.receiver.name, reason)
        account = error.account if isinstance(error, NotAuthentic) else None
        if raw and (account is None or self._kept_devices.grant((account, str(error)), self.clock.monotonic())):
            foreign = self.foreign(first)
            self.keep(f"{error}; looks like {foreign}" if foreign else str(error), raw, now)
        if isinstance(error, NotAuthentic):
            self._security_event(account)
        elif self._may_log():
            _log.info("fault", receiver=self.receiver.name, reason=reason)

    def foreign(self, first: bytes) -> str:
        """Return which other family speaks so, empty where it is none; count it, and say it once an hour.

        first: what the other end began with.
        """
        families = family_of(first)
        if not families or self.receiver.protocol in families:
            return ""
        named, name = " or ".join(sorted(families)), self.receiver.name
        self.metrics.wrong_family(name, named)
        if self._kept_families.grant(named, self.clock.monotonic()):
            _log.warning("wrong_family", receiver=name, spoken=self.receiver.protocol, heard=named)
        return named

    def keep(self, reason: str, raw: bytes, now: datetime) -> None:
        """Keep bytes that were not taken in. reason: in words, without contents."""
        self._takes_in.keep_unknown(
            UnknownBytes(receiver=self.receiver, received_at=now, reason=reason, raw=raw[:SAMPLE_BYTES])
        )

    def our_bug(self, raw: bytes, now: datetime) -> None:
        """Log the error being handled, count it, and keep the bytes that a conversation could not bear."""
        _log.exception("conversation_failed", receiver=self.receiver.name)
        self.metrics.fault(self.receiver.name, "OurBug")
        if raw:
            self.keep("our own bug", raw, now)

    def refused(self, reason: str) -> None:
        """Count a connection that was not taken, or that made room for another; say it once a minute."""
        self.metrics.connection_refused(self.receiver.name, reason)
        if self._said_refusals.grant(reason, self.clock.monotonic()):
            _log.warning("connection_refused", receiver=self.receiver.name, reason=reason)

    def flooded(self) -> None:
        """Count a datagram that was not looked at; say it once a minute."""
        self.metrics.fault(self.receiver.name, "TooManyDatagrams")
        if self._said_refusals.grant("datagrams", self.clock.monotonic()):
            _log.warning("datagrams_not_looked_at", receiver=self.receiver.name)

    def _admit_stranger(self, event: SignalsReceived, known: bool, address: str, now: datetime) -> Admission | Nak:
        now_s = self.clock.monotonic()
        of_all = self._unproven_alarms if known else self._unknown_alarms
        if self._addresses.grant(address, now_s) and of_all.grant(now_s):
            self.metrics.unknown_device(self.receiver.name, "alarm")
            return Admission.TAKE_IN
        self.metrics.unknown_device(self.receiver.name, "alarm_refused")
        self.keep("more alarms of unknown devices than the receiver's limit", event.raw, now)
        return Nak.NOT_STORED

    def _knows(self, signals: tuple[Signal, ...]) -> bool:
        if not self._enrolled.loaded:
            return True
        return self.knows_one_of(signals)

    def _security_event(self, account: str | AccountId | None) -> None:
        self.metrics.security_event(self.receiver.name)
        if self._may_log():
            shown = None if account is None else account[:LOGGED_NAME_CHARACTERS]
            _log.warning("security_event", receiver=self.receiver.name, account=shown, reason="not authentic")

    def _may_log(self) -> bool:
        return self._log_lines.grant(self.clock.monotonic())
