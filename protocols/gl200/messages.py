"""The messages of the gl200 protocol, as the wire has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from protocols.signal import AccountId


class Head(Enum):
    """How a text message begins: live, from memory, or in answer to us (heartbeats too)."""

    RESP = "RESP"
    BUFF = "BUFF"
    ACK = "ACK"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Message:
    """One text message.

    name: without GT. version: field 1, device type first; "" where the unit sends none. fields: all of them, from the
    head on, with version always field 1 and the id always field 2. sent: as written, in the unit's own zone and
    without one here; counter: four hex digits as written. None where they are not there.
    """

    head: Head
    name: str
    version: str
    device: AccountId | None
    fields: tuple[str, ...]
    sent: datetime | None
    counter: str | None

    @property
    def device_type(self) -> str:
        """The device type: two hex digits, six on newer units; "" where the unit sends no version."""
        return (self.version[:6] if len(self.version) >= 10 else self.version[:2]).upper()

    def field(self, at: int) -> str:
        """Return a field, counted from 0; "" beyond the end."""
        return self.fields[at] if at < len(self.fields) else ""


@dataclass(frozen=True, slots=True)
class Binary:
    """One message of the binary variant; its content is not known to us. head: its first letters."""

    head: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One mobile cell. level: as written, in the device's own scale."""

    mcc: int
    mnc: int
    lac: int
    cid: int
    level: int | None = None


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One Wi-Fi access point. mac: six hex pairs with colons."""

    mac: str
    dbm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One position block. accuracy: HDOP, 0 for "no fix now, last known place"; fix_at: UTC; None where not said."""

    accuracy: float | None = None
    speed_kmh: float | None = None
    course_deg: float | None = None
    altitude_m: float | None = None
    lon: float | None = None
    lat: float | None = None
    fix_at: datetime | None = None
    cell: Cell | None = None
    access_points: tuple[AccessPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message says that its device was.

    blocks: in the message's order. end: index of the first field after them, None where the table did not fit and
    the blocks were found by their look.
    """

    blocks: tuple[Block, ...]
    end: int | None


@dataclass(frozen=True, slots=True)
class Sack:
    """The receiver's answer. heartbeat: the version field it repeats, None for the answer to anything else."""

    counter: str
    heartbeat: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """AT+GTxxx=…: what the receiver asks for. arguments: after the password, without the serial."""

    name: str
    password: str
    arguments: tuple[str, ...]
    serial: str


Downlink = Sack | Command
