"""What may be said down to a device, whatever it speaks: reassurance, locate, call back, settings.

A family says an order in its own words, or has none for it. A device's own reply to an order comes up as a
HEARTBEAT signal with code REPLY and its words as text: it proves that the device heard, not that a person did.
Listening in without the wearer's knowledge is no order and has no words here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

from protocols.signal import AccountId

REPLY: Final = "reply"
"""Signal.code of a device's answer to an order."""


@dataclass(frozen=True, slots=True)
class Reassure:
    """Tell the wearer that he was heard. text: for a screen; a device without one rings or vibrates.

    ring: False for words that must not sound: only what a screen shows is said then, nothing where there is none.
    """

    text: str
    ring: bool = True


@dataclass(frozen=True, slots=True)
class Locate:
    """Send your position now."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """Call this number now, so that a person can speak with the wearer. number: E.164 or national digits."""

    number: str


@dataclass(frozen=True, slots=True)
class Commission:
    """Settings a device is handed out with; None leaves a setting as it is.

    sos_numbers: whom the device itself rings, at most three. fall_detection, fall_calls: look for falls; ring at one.
    in_utc: set the clock's zone to UTC. report_every_s: seconds between positions.
    """

    sos_numbers: tuple[str, ...] | None = None
    fall_detection: bool | None = None
    fall_calls: bool | None = None
    in_utc: bool | None = None
    report_every_s: int | None = None


Order = Reassure | Locate | CallBack | Commission


@runtime_checkable
class TakesOrders(Protocol):
    """A conversation on which something can be said to the device between its own frames."""

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the frames that say it, in order; empty where this family or model has no words for it.

        Raises LocalProtocolError before the device has said its name, if the words need it.
        """
        ...


@runtime_checkable
class SpeaksForMany(TakesOrders, Protocol):
    """A conversation on which several devices speak, as behind a proxy: an order names the one that is meant."""

    def order_for(self, device: AccountId, order: Order, now: datetime) -> Sequence[bytes]:
        """As order(), for this device. Raises LocalProtocolError where it has not said its name here."""
        ...
