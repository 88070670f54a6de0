"""The messages of the meitrack protocol, as the wire has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from protocols.signal import AccountId


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, either way. flag: one letter that counts and is repeated in answers. body: behind the command."""

    flag: str
    device: AccountId
    command: str
    body: bytes


class Cell(NamedTuple):
    """One mobile cell. dbm: None where not said."""

    mcc: int
    mnc: int
    lac: int
    cid: int
    dbm: int | None = None


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One Wi-Fi access point. mac: six hex pairs with colons."""

    mac: str
    dbm: int


class Record(NamedTuple):
    """One record of a text or binary frame. None means that the device did not say.

    raw: what names it; a copy of the same record has the same. events: as written, usually one. at: UTC.
    fix: False where the coordinates are the last known place. battery_steps: the converter's reading, to be turned
    into volts by model; battery_v where the device did so itself. others: whatever else it tells, kept as it is.
    A tuple: a frozen dataclass sets its fields one by one, and with so many of them that is dearer than reading them.
    """

    raw: bytes
    events: tuple[str, ...] = ()
    at: datetime | None = None
    fix: bool = False
    lat: float | None = None
    lon: float | None = None
    satellites: int | None = None
    network: int | None = None
    speed_kmh: float | None = None
    course_deg: float | None = None
    hdop: float | None = None
    altitude_m: float | None = None
    cells: tuple[Cell, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    battery_steps: int | None = None
    battery_v: float | None = None
    battery_pct: int | None = None
    others: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """What a frame of records says. waiting: how many are in the device's memory; a CCC counts its own too.

    count: how many whole ones the frame holds, the unreadable included; the answer repeats it, and the device deletes
    that many. broken: how many could not be read, those included that were cut short.
    """

    records: tuple[Record, ...]
    waiting: int | None = None
    count: int = 1
    broken: int = 0
