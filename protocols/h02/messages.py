"""The messages of the H02 protocol, as the wire has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from protocols.signal import AccountId


@dataclass(frozen=True, slots=True)
class Frame:
    """One text frame. maker: two signs. device: None where the id is empty. word: the type as written."""

    maker: str
    device: AccountId | None
    word: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One mobile cell. level: as written, in the device's own scale."""

    lac: int
    cid: int
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """The cells a device hears, the serving one first; never without a cell."""

    mcc: int | None
    mnc: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a device says of itself, in whatever form; None is what this form does not say or nobody can read.

    word: the type as written; "$" for the binary form. undated: the form has no time of its own.
    at: UTC. fix: False for a place that is not from now. lat, lon: signed degrees, 0/0 included.
    battery: raw, 0 to 6 a level, 7 to 100 per cent; battery_in_pct: all of it per cent. status: 32 bits, active low.
    words: what it answers to an order. broken: what stands there and cannot be read. noted: further fields by name.
    """

    word: str
    at: datetime | None = None
    undated: bool = False
    fix: bool | None = None
    lat: float | None = None
    lon: float | None = None
    knots: float | None = None
    course_deg: float | None = None
    battery: int | None = None
    battery_in_pct: bool = False
    status: int | None = None
    network: Network | None = None
    words: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    noted: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plain:
    """A message whose fields no table explains. Texts for a person, and what we do not know."""

    word: str
    fields: tuple[str, ...] = ()


Message = Report | Plain
