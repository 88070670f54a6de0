"""The messages of the topin protocol, as the wire has them. Times are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from protocols.concox import AccessPoint, Cell, Fix
from protocols.signal import AccountId


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. stated: its length octet, whatever it counts."""

    type: int
    content: bytes
    stated: int


@dataclass(frozen=True, slots=True)
class Login:
    """01: the device says its name."""

    device: AccountId
    software: int | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """08 without content: the device is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """08 to 11, 17 to 1A, 69: where the device was, or what it heard around itself.

    at: None if unreadable. stored: True for the types that come from memory. flags: None where not sent.
    """

    at: datetime | None
    stored: bool
    fix: Fix | None = None
    altitude_m: float | None = None
    flags: int | None = None
    access_points: tuple[AccessPoint, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """13: how the device is. None for what a shorter form leaves out; the form is kept by its length."""

    battery_pct: int
    firmware: int
    zone: int
    interval_min: int
    network: int | None = None
    temperature: bytes | None = None
    charging: int | None = None
    pulse: int | None = None


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """30: the device asks for the time."""


@dataclass(frozen=True, slots=True)
class Press:
    """99: a call for help, six octets without time and place."""


@dataclass(frozen=True, slots=True)
class Vibration:
    """94: the device was shaken."""


@dataclass(frozen=True, slots=True)
class Setting:
    """14, 15, 41, 57, 92, 93: the device speaks of its settings, or answers one of ours."""

    type: int
    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type outside the table."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A type we know with a content that cannot be read."""

    why: str


Message = Login | Heartbeat | Report | Status | TimeRequest | Press | Vibration | Setting | Unknown | Broken
