"""The extended data blocks: place, time of the event, texts. What is not understood stays opaque, nothing is refused.

Source: ANSI/SIA DC-09 (2013 draft; letters of 2021 and 2026 as described by independent implementations).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from protocols.dc09.codec import parse_stamp, stamp_text
from protocols.dc09.messages import KEY_BLOCK, Block
from protocols.dc09.payload import words
from protocols.signal import Position

NAMES: Final = {
    "A": "authentication",
    "C": "supervision category",
    "M": "mac address",
    "N": "network address",
    "O": "building",
    "P": "programming",
    "R": "room",
    "S": "site",
    "T": "trigger",
    "V": "verification",
}
"""The letters whose meaning is the same in all editions and whose text we keep as evidence under that name."""

MAX_ALTITUDE_M: Final = 20_000.0

# official form: degrees, hemisphere, minutes (X018E04.118, Y59N19.758); diallers also send plain degrees
_MINUTES: Final = re.compile(r"([0-9]{1,3})([NSEW])([0-9]{1,2}(?:[.,][0-9]{1,9})?)", re.IGNORECASE)
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,12})?")
_NUMBER: Final = re.compile(r"([+-]?[0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*m?", re.IGNORECASE)
_STAMP: Final = re.compile(r"_?([0-9:]{8}),([0-9]{2})-([0-9]{2})-([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Extended:
    """What the blocks say. texts: alarm text, then location text. evidence: name and text of the others."""

    event_at: datetime | None = None
    position: Position | None = None
    texts: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()


def read(blocks: Sequence[Block]) -> Extended:
    """Read the blocks of one message. A place or a time that cannot be is dropped and said so in doubts."""
    event_at: datetime | None = None
    places: dict[str, str] = {}
    texts: dict[str, list[str]] = {"I": [], "L": []}
    evidence: list[tuple[str, str]] = []
    doubts: list[str] = []
    for block in blocks:
        text = words(block.text)
        if block.letter == KEY_BLOCK:
            doubts.append("a key (block K) was sent; it is not used and not kept")
        elif block.letter == "H":
            event_at = _event_time(text, doubts)
        elif block.letter in "XYZ":
            places[block.letter] = text.strip()
        elif block.letter in texts:
            texts[block.letter].append(text)
        else:
            evidence.append((NAMES.get(block.letter, f"block {block.letter}"), text))
    return Extended(
        event_at=event_at,
        position=_position(places, doubts),
        texts=tuple(texts["I"] + texts["L"]),
        evidence=tuple(evidence),
        doubts=tuple(doubts),
    )


def event_time(moment: datetime) -> Block:
    """The H block: when it happened, where that is not when it is sent."""
    return Block("H", stamp_text(moment)[1:])


def place(lat: float, lon: float) -> tuple[Block, Block]:
    """The X and Y blocks in the official form: longitude first, minutes with three decimals (about 2 m)."""
    return Block("X", _minutes(lon, 3, "EW")), Block("Y", _minutes(lat, 2, "NS"))


def _minutes(degrees: float, digits: int, hemispheres: str) -> bytes:
    thousandths = round(abs(degrees) * 60_000)
    whole, rest = divmod(thousandths, 60_000)
    hemisphere = hemispheres[0] if degrees >= 0 else hemispheres[1]
    return f"{whole:0{digits}d}{hemisphere}{rest // 1000:02d}.{rest % 1000:03d}".encode("ascii")


def _event_time(text: str, doubts: list[str]) -> datetime | None:
    moment = parse_stamp(text.strip())
    if moment is not None:
        return moment
    stamp = _STAMP.fullmatch(text.strip())
    # one dialler writes the day before the month; certain only where no such month exists
    swapped = parse_stamp(f"{stamp[1]},{stamp[3]}-{stamp[2]}-{stamp[4]}") if stamp else None
    doubts.append("time of the event dropped" if swapped is None else "time of the event read as day-month")
    return swapped


def _position(places: dict[str, str], doubts: list[str]) -> Position | None:
    if not places:
        return None
    lat = _coordinate(places.get("Y", ""), "NS", 90.0)
    lon = _coordinate(places.get("X", ""), "EW", 180.0)
    if lat is None or lon is None:
        doubts.append("position dropped: no longitude and latitude that can be read")
        return None
    altitude = _NUMBER.fullmatch(places.get("Z", ""))
    altitude_m = float(altitude[1].replace(",", ".")) if altitude else None
    if "Z" in places and (altitude_m is None or not abs(altitude_m) <= MAX_ALTITUDE_M):
        doubts.append("altitude dropped")
        altitude_m = None
    here = (lat, lon) != (0.0, 0.0)
    if not here:
        doubts.append("position 0, 0: probably no fix")
    return Position(lat=lat, lon=lon, altitude_m=altitude_m, valid=here)


def _coordinate(text: str, hemispheres: str, limit_deg: float) -> float | None:
    """Signed degrees, or None for what is no coordinate of this axis."""
    parts = _MINUTES.fullmatch(text)
    if parts is not None and parts[2].upper() in hemispheres:
        minutes = float(parts[3].replace(",", "."))
        value = int(parts[1]) + minutes / 60
        value = -value if parts[2].upper() == hemispheres[1] else value
        return value if minutes < 60 and abs(value) <= limit_deg else None
    if not _DEGREES.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if abs(value) <= limit_deg else None
