"""The messages of the gt06 protocol, as the wire has them. Clock readings are the device's own, called UTC.

What is built for nearly every frame is a NamedTuple: it costs a third of a frozen dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from protocols.concox import AccessPoint, Cell, Fix
from protocols.signal import AccountId


class Frame(NamedTuple):
    """One frame.

    type: see codec.py. content: without serial and checksum. serial: None where the frame has none. long: 79 79.
    points: the length octet where it counts access points, else None. doubts: what is wrong around the content.
    """

    type: int
    content: bytes
    serial: int | None = None
    long: bool = False
    points: int | None = None
    doubts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The type as we write it down: two hex digits, after "79:" under the long head."""
        return f"79:{self.type:02X}" if self.long else f"{self.type:02X}"


@dataclass(frozen=True, slots=True)
class Login:
    """01: the device says its name. zone: what its clock is ahead of UTC, None where it does not say."""

    device: AccountId
    model: int | None = None
    zone: timedelta | None = None


class Status(NamedTuple):
    """S5 and its relatives. battery: raw, sixths or percent. alarm: 0 to 0xFFF; None where only info is safe."""

    info: int
    battery: int | None = None
    volts: float | None = None
    network: int | None = None
    alarm: int | None = None


class Heartbeat(NamedTuple):
    """13, 23, 36: the device is there. battery_pct: where it says percent beside the raw level."""

    status: Status
    battery_pct: int | None = None
    volts: float | None = None


class Report(NamedTuple):
    """One record: where the device was, what it heard around itself, and what happened.

    identity: what stays the same when the record is sent again. at: None if absent or unreadable; dated: False if the
    type has no time at all. utc: True where the clock is UTC whatever the zone. event: a code of the type's own.
    reupload: raw. extra: more facts in words.
    """

    identity: bytes
    at: datetime | None = None
    dated: bool = True
    utc: bool = False
    fix: Fix | None = None
    altitude_m: float | None = None
    cells: tuple[Cell, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    status: Status | None = None
    event: int | None = None
    reason: int | None = None
    reupload: int | None = None
    odometer_m: int | None = None
    fence: int | None = None
    extra: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Modules:
    """79 79 70: several records at once, and what else stood between them. broken: records that cannot be read."""

    reports: tuple[tuple[int, Report], ...]
    volts: float | None = None
    broken: int = 0


@dataclass(frozen=True, slots=True)
class TextReply:
    """15, 79 79 21: the device's answer to a command of ours. flag: ours, given back."""

    flag: int
    text: str


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """8A: the device asks for the time."""


@dataclass(frozen=True, slots=True)
class AddressRequest:
    """2A: the device asks what street it is in; report says where it is."""

    report: Report


@dataclass(frozen=True, slots=True)
class Facts:
    """79 79 94: how the device is, in pairs."""

    told: tuple[tuple[str, str], ...]
    volts: float | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A type that concerns vehicles, or that nobody has explained. report: a record at its head, if it looks so."""

    known: bool
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A type we know with a content that cannot be read."""

    why: str


Message = (
    Login | Heartbeat | Report | Modules | TextReply | TimeRequest | AddressRequest | Facts | Skipped | Broken
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """80, downwards: a text for the device. flag: comes back with its answer."""

    flag: int
    text: str
