"""The messages of eelink, as the wire has them: an envelope, packages, and what a position is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Type(IntEnum):
    """What a package is for."""

    LOGIN = 0x01
    OLD_LOCATION = 0x02
    HEARTBEAT = 0x03
    OLD_WARNING = 0x04
    OLD_REPORT = 0x05
    LOCATION = 0x12
    WARNING = 0x14
    REPORT = 0x15
    MESSAGE = 0x16
    OBD_DATA = 0x17
    OBD_BODY = 0x18
    OBD_FAULT = 0x19
    PEDOMETER = 0x1A
    SETTINGS = 0x1B
    CAMERA_LOGIN = 0x1E
    CAMERA_DATA = 0x1F
    COMMAND = 0x80
    DOWN_MESSAGE = 0x81


@dataclass(frozen=True, slots=True)
class Package:
    """One package. type: as sent, whether we know it or not. content: after the sequence."""

    type: int
    sequence: int
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One UDP datagram, or the packages of one read. imei: BCD as sent, None over TCP.

    intact: False if the stated sum is another one. rest: octets behind the last whole package.
    """

    packages: tuple[Package, ...]
    imei: str | None = None
    intact: bool = True
    rest: bytes = b""


@dataclass(frozen=True, slots=True)
class Fix:
    """Coordinates of a position. Degrees; altitude in metres; None where a type does not say."""

    lat: float
    lon: float
    speed_kmh: int | None
    course_deg: int | None
    altitude_m: int | None = None
    satellites: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where and when, as a package says it. at_s: seconds of UTC. evidence: cells and access points."""

    at_s: int
    fix: Fix | None = None
    evidence: tuple[tuple[str, str], ...] = ()
