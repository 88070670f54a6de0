"""Blocks that gt06 and its cousin topin share on the wire: clock, fix, decimal names, access points and cells.

Source: facts/wearable-frames.md sections 0.1, 3 and 12 (D6, G12, Wi-Fi layout). All numbers are big endian.
The blocks are NamedTuples: several are built for each frame, at a third of a frozen dataclass's cost.
"""

from __future__ import annotations

from binascii import crc_hqx
from datetime import UTC, datetime
from struct import Struct
from typing import Final, NamedTuple

from protocols.errors import ContentError
from protocols.plausible import place_doubt
from protocols.signal import Position

END: Final = b"\r\n"
"""What every frame of both families ends with."""

CLOCK_BYTES: Final = 6
FIX_BYTES: Final = 12
PER_DEGREE: Final = 1_800_000

COURSE: Final = 0x03FF
NORTH: Final = 1 << 10
WEST: Final = 1 << 11
POSITIONED: Final = 1 << 12

_G12: Final = Struct(">BIIBH")
_REVERSED: Final = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))


class Fix(NamedTuple):
    """One GPS fix. lat, lon: signed degrees as sent, 0/0 included. positioned: False for the last known place."""

    satellites: int | None
    lat: float
    lon: float
    speed_kmh: int | None
    course_deg: int | None
    positioned: bool


class Cell(NamedTuple):
    """One mobile cell. dbm: None where the frame does not say."""

    mcc: int
    mnc: int
    lac: int
    cid: int
    dbm: int | None = None

    def told(self) -> tuple[str, str]:
        """Return it as evidence."""
        return "cell", f"{self.mcc},{self.mnc},{self.lac},{self.cid},{'' if self.dbm is None else self.dbm}"


class AccessPoint(NamedTuple):
    """One Wi-Fi access point. mac: six hex pairs with colons."""

    mac: str
    dbm: int

    def told(self) -> tuple[str, str]:
        """Return it as evidence."""
        return "wifi", f"{self.mac},{self.dbm}"


class Around(NamedTuple):
    """What a device hears around itself, in topin's layout. at: UTC, None if unreadable. flags: None if not sent."""

    at: datetime | None
    access_points: tuple[AccessPoint, ...]
    cells: tuple[Cell, ...]
    flags: int | None = None


def checksum(octets: bytes) -> int:
    """Return CRC-16/X-25 of these octets; 0x906E for ASCII 123456789."""
    turned = crc_hqx(octets.translate(_REVERSED), 0xFFFF) ^ 0xFFFF  # the same polynomial, read from the other end
    return _REVERSED[turned & 0xFF] << 8 | _REVERSED[turned >> 8]


def parse_clock(block: bytes) -> datetime | None:
    """Read D6: six octets as the device's clock shows them, called UTC. None for a date that does not exist."""
    if len(block) < CLOCK_BYTES:
        return None
    year, month, day, hour, minute, second = block[:CLOCK_BYTES]
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def serialise_clock(at: datetime) -> bytes:
    """Write D6. at: year 2000 to 2255."""
    return bytes((at.year - 2000, at.month, at.day, at.hour, at.minute, at.second))


def parse_decimal_clock(block: bytes) -> datetime | None:
    """Read topin's BCD time, UTC; plain octets where they are no decimal digits. None for what is no date."""
    digits = block[:CLOCK_BYTES].hex()
    if not digits.isdecimal():
        return parse_clock(block)
    return parse_clock(bytes.fromhex("".join(f"{int(digits[at : at + 2]):02x}" for at in range(0, len(digits), 2))))


def serialise_decimal_clock(at: datetime) -> bytes:
    """Write a BCD time. at: year 2000 to 2099."""
    return bytes.fromhex(at.strftime("%y%m%d%H%M%S"))


def parse_fix(block: bytes) -> Fix:
    """Read G12. block: at least FIX_BYTES octets."""
    satellites, lat, lon, speed, flags = _G12.unpack_from(block)
    return Fix(satellites & 0x0F, *signed(lat, lon, flags), speed, flags & COURSE, bool(flags & POSITIONED))


def serialise_fix(fix: Fix) -> bytes:
    """Write G12."""
    flags = (fix.course_deg or 0) | (NORTH if fix.lat >= 0 else 0) | (WEST if fix.lon < 0 else 0)
    flags |= POSITIONED if fix.positioned else 0
    lat, lon = (round(abs(degrees) * PER_DEGREE) for degrees in (fix.lat, fix.lon))
    return _G12.pack(0xC0 | min(fix.satellites or 0, 15), lat, lon, min(fix.speed_kmh or 0, 255), flags)


def signed(lat: int, lon: int, flags: int) -> tuple[float, float]:
    """Return degrees of two stated magnitudes and the flags that give their hemispheres."""
    north, east = round(lat / PER_DEGREE, 7), round(lon / PER_DEGREE, 7)
    return north if flags & NORTH else -north, -east if flags & WEST else east


def place(fix: Fix | None, at: datetime | None, altitude_m: float | None = None) -> tuple[Position | None, str | None]:
    """Return where the device was, or None, and a doubt in words, or None. at: when it was there, if believed."""
    if fix is None:
        return None, None
    if doubt := place_doubt(fix.lat, fix.lon):
        return None, None if not fix.positioned and fix.lat == fix.lon == 0 else doubt
    where = Position(
        lat=fix.lat,
        lon=fix.lon,
        fix_at=at if fix.positioned else None,
        valid=fix.positioned,
        altitude_m=altitude_m,
        speed_mps=None if fix.speed_kmh is None else round(fix.speed_kmh / 3.6, 3),
        course_deg=fix.course_deg if fix.course_deg is not None and fix.course_deg <= 360 else None,
    )
    return where, None


def parse_name(block: bytes) -> str:
    """Read an IMEI of sixteen half-octets, the first of them padding. Raises ContentError for a shorter one."""
    if len(block) < 8:
        raise ContentError("log-in without a whole IMEI")
    return block[:8].hex().removeprefix("0")


def serialise_name(name: str) -> bytes:
    """Write an IMEI. name: at most 16 digits."""
    return bytes.fromhex(name.rjust(16, "0"))


def parse_access_points(block: bytes, count: int) -> tuple[AccessPoint, ...]:
    """Read count access points of seven octets each; as many as are there."""
    whole = range(0, min(count * 7, len(block) - 6), 7)
    return tuple(AccessPoint(block[at : at + 6].hex(":"), -block[at + 6]) for at in whole)


def parse_around(content: bytes, count: int, *, wide: bool) -> Around:
    """Read topin's Wi-Fi layout: time, count access points, cells. wide: LAC and CID are u32. Never fails."""
    at = CLOCK_BYTES + count * 7
    access_points = parse_access_points(content[CLOCK_BYTES:at], count)
    cells: list[Cell] = []
    size, lac_bytes = (9, 4) if wide else (5, 2)
    tail = content[at:]
    if len(tail) >= 4:
        mcc, mnc, end = int.from_bytes(tail[1:3], "big"), tail[3], 4 + tail[0] * size
        for start in range(4, min(end, len(tail) - size + 1), size):
            lac = int.from_bytes(tail[start : start + lac_bytes], "big")
            cid = int.from_bytes(tail[start + lac_bytes : start + size - 1], "big")
            cells.append(Cell(mcc, mnc, lac, cid, -tail[start + size - 1]))
        tail = tail[end:]
    else:
        tail = tail[1:]
    flags = tail[0] if tail else None
    return Around(parse_decimal_clock(content), access_points, tuple(cells), flags)


def serialise_around(around: Around, *, wide: bool) -> bytes:
    """Write topin's Wi-Fi layout. around.at is needed; the cells share one network."""
    if around.at is None:
        raise ValueError("a device always has a time to say")
    mcc, mnc = (around.cells[0].mcc, around.cells[0].mnc) if around.cells else (0, 0)
    lac_bytes, cid_bytes = (4, 4) if wide else (2, 2)
    parts = [serialise_decimal_clock(around.at)]
    parts += [bytes.fromhex(point.mac.replace(":", "")) + bytes((-point.dbm,)) for point in around.access_points]
    parts.append(bytes((len(around.cells),)) + mcc.to_bytes(2, "big") + bytes((mnc,)))
    for cell in around.cells:
        parts.append(cell.lac.to_bytes(lac_bytes, "big") + cell.cid.to_bytes(cid_bytes, "big"))
        parts.append(bytes((-(cell.dbm or 0),)))
    return b"".join(parts) + (b"" if around.flags is None else bytes((around.flags,)))
