"""Where and when: the position block that most packages begin with, the old types' block, and a reply's words.

A block may end anywhere; what is missing counts as not said, and the reader says that it was cut.
"""

from __future__ import annotations

import re
import struct
from typing import Final

from protocols.eelink.messages import Fix, Spot
from protocols.plausible import number

DEGREES: Final = 1_800_000
"""Units of a degree: 1/500 of a second."""

_FIX: Final = struct.Struct(">iihHHB")
_CELL: Final = struct.Struct(">HHHIB")
_NEIGHBOUR: Final = struct.Struct(">HIB")
_ACCESS_POINT: Final = struct.Struct(">6sb")
_RADIO: Final = struct.Struct(">HHHHIH")
_RADIO_CELL: Final = struct.Struct(">HHB")
_OLD: Final = struct.Struct(">IiiBHHHH3sB")
OLD_BYTES: Final = _OLD.size

_WORDS: Final = re.compile(r"Lat:([NS])([0-9.]{1,12}),\s*Lon:([EW])([0-9.]{1,12})(?:,\s*Course:([0-9.]{1,6}))?", re.I)


def parse_spot(content: bytes) -> tuple[Spot | None, int, bool]:
    """Read a position block. Return it, where it ends, and whether it is whole; None without even a time."""
    if len(content) < 4:
        return None, len(content), False
    (at_s,) = struct.unpack_from(">I", content)
    fix: Fix | None = None
    told: list[tuple[str, str]] = []
    at = 5
    try:
        mask = content[4]
        if mask & 1:
            lat, lon, altitude_m, speed_kmh, course_deg, satellites = _FIX.unpack_from(content, at)
            fix = Fix(lat / DEGREES, lon / DEGREES, speed_kmh, course_deg, altitude_m, satellites)
            at += _FIX.size
        mcc = mnc = 0
        if mask & 2:
            mcc, mnc, lac, cid, level = _CELL.unpack_from(content, at)
            told.append(("cell", f"{mcc},{mnc},{lac},{cid},{level}"))
            at += _CELL.size
        for bit in (2, 3):
            if mask >> bit & 1:
                lac, cid, level = _NEIGHBOUR.unpack_from(content, at)
                told.append(("cell", f"{mcc or ''},{mnc if mcc else ''},{lac},{cid},{level}"))
                at += _NEIGHBOUR.size
        for bit in (4, 5, 6):
            if mask >> bit & 1:
                mac, dbm = _ACCESS_POINT.unpack_from(content, at)
                told.append(("wifi", f"{mac.hex(':')},{dbm}"))
                at += _ACCESS_POINT.size
        if mask & 0x80:
            at = _radio(content, at, told)
    except (struct.error, IndexError):
        return Spot(at_s, fix, tuple(told)), len(content), False
    return Spot(at_s, fix, tuple(told)), at, True


def serialise_spot(spot: Spot) -> bytes:
    """Write a position block; used by the emulator. Of the evidence one cell and three access points are written."""
    mask, blocks = 0, b""
    if fix := spot.fix:
        mask |= 1
        lat, lon = round(fix.lat * DEGREES), round(fix.lon * DEGREES)
        blocks += _FIX.pack(lat, lon, fix.altitude_m or 0, fix.speed_kmh or 0, fix.course_deg or 0, fix.satellites or 0)
    cells = [value.split(",") for name, value in spot.evidence if name == "cell"]
    if cells:
        mask |= 2
        blocks += _CELL.pack(*map(int, cells[0]))
    points = [value.split(",") for name, value in spot.evidence if name == "wifi"]
    for bit, (mac, dbm, *_) in zip((4, 5, 6), points, strict=False):
        mask |= 1 << bit
        blocks += _ACCESS_POINT.pack(bytes.fromhex(mac.replace(":", "")), int(dbm))
    return struct.pack(">IB", spot.at_s, mask) + blocks


def parse_old_spot(content: bytes) -> tuple[Spot | None, bool]:
    """Read the old types' block. Return it, and whether the device says that the fix is valid."""
    if len(content) < OLD_BYTES:
        return None, False
    at_s, lat, lon, speed_kmh, course_deg, mcc, mnc, lac, cid, flags = _OLD.unpack_from(content)
    cell = ("cell", f"{mcc},{mnc},{lac},{int.from_bytes(cid, 'big')},")
    return Spot(at_s, Fix(lat / DEGREES, lon / DEGREES, speed_kmh, course_deg), (cell,)), bool(flags & 1)


def place_in_words(text: str) -> Fix | None:
    """Return the place that a reply to WHERE# tells in words, or None. Its speed has no unit and stays words."""
    found = _WORDS.search(text)
    if not found:
        return None
    lat, lon, course = number(found[2]), number(found[4]), number(found[5] or "")
    if lat is None or lon is None:
        return None
    south, west = found[1].upper() == "S", found[3].upper() == "W"
    return Fix(-lat if south else lat, -lon if west else lon, None, None if course is None else round(course))


def _radio(content: bytes, at: int, told: list[tuple[str, str]]) -> int:
    """Read the block of newer radios: the serving cell, and its neighbours by number and channel."""
    radio, count = content[at], content[at + 1]
    at += 2
    if count == 0:
        return at
    mcc, mnc, lac, tac, cid, advance = _RADIO.unpack_from(content, at)
    at += _RADIO.size
    told.append(("radio", f"{radio},{tac},{advance}"))
    for index in range(count):
        number_, channel, level = _RADIO_CELL.unpack_from(content, at)
        at += _RADIO_CELL.size
        if index == 0:
            told.append(("cell", f"{mcc},{mnc},{lac},{cid},{level}"))
        told.append(("radio_cell", f"{number_},{channel},{level}"))
    return at
