"""What an emulated wearable has to tell, and what a family must be able to say for it.

The engine in tracker.py owns the connection, the memory and the patience; a Talk owns the words. A Talk is pure and
serves one device for its whole life; connected() begins a new connection of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from protocols.orders import Order


class What(Enum):
    """What a device noted."""

    POSITION = "position"
    PRESS = "press"
    FALL = "fall"
    MAN_DOWN = "man_down"
    LOW_BATTERY = "low_battery"
    CHECK_IN = "check_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing a device noted, with its own time and place. whats: all that is said at once, in one record.

    lat, lon: WGS84 degrees. fix: False indoors, where the coordinates are the last known place or none at all.
    stored: True once it had to wait in memory. battery_pct: 0 to 100.
    """

    whats: frozenset[What]
    at: datetime
    lat: float
    lon: float
    fix: bool
    battery_pct: float
    speed_mps: float = 0.0
    course_deg: float = 0.0
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One frame. key: names the answer it waits for; None where the family answers nothing to it."""

    octets: bytes
    key: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver answered the frame of this key. accepted: False for an answer that means "send again"."""

    key: Hashable
    octets: bytes
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Ordered:
    """The receiver said something of its own accord. order: as far as the device understands it, else None.

    reply: what the device says back at once, empty for nothing.
    """

    octets: bytes
    order: Order | None = None
    reply: bytes = b""


HeardDown = Answered | Ordered


class Talk(Protocol):
    """One family's words, device's side."""

    @property
    def records_per_frame(self) -> int:
        """How many stored notes one frame can carry; 1 where each note is a frame of its own."""
        ...

    def connected(self) -> None:
        """Begin a new connection: forget half a frame, start numbering anew where the family does."""
        ...

    def greeting(self, now: datetime) -> Said | None:
        """Return the log-in that opens each connection, or None where the family has none."""
        ...

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return the sign of life between positions, or None where the family has none of its own."""
        ...

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one frame that tells these notes, at most records_per_frame of them, oldest first.

        Raises NotInProtocol for what the family has no words for.
        """
        ...

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return what they complete. Never raises."""
        ...
