"""Where a SCAIP request says that it was sent from: `lat,lon` with a time, or a line of NMEA.

Source: facts/alarm-protocols.md part 3.2 (lge); NMEA 0183, GGA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from protocols.plausible import number, place_doubt, plausible_time
from protocols.scaip.messages import Mrq
from protocols.signal import Position

_SEPARATOR: Final = re.compile(r"\s*[,; ]\s*")
_CLOCK: Final = re.compile(r"([0-2][0-9])([0-5][0-9])([0-5][0-9])(?:\.[0-9]{0,6})?")
_ANGLE: Final = re.compile(r"([0-9]{1,3})([0-9]{2}(?:\.[0-9]{0,10})?)")


@dataclass(frozen=True, slots=True)
class Place:
    """position: None where none is said or believed. satellites: as written, None where not said."""

    position: Position | None = None
    satellites: str | None = None
    doubts: tuple[str, ...] = ()


def place(mrq: Mrq, now: datetime) -> Place:
    """Read the position of a request. Of geo and gga the first that can be read counts; the other is evidence."""
    at, doubts = _time(mrq.tim, now)
    satellites = None
    for text, read in ((mrq.geo, _geo), (mrq.gga, _gga)):
        if text is None:
            continue
        found = read(text, now)
        if found is None:
            doubts.append("a position that cannot be read")
            continue
        satellites = satellites or found.satellites
        if found.position is None:
            doubts += found.doubts
            continue
        position = found.position
        fix_at = at or position.fix_at
        placed = Position(
            lat=position.lat, lon=position.lon, fix_at=fix_at, valid=position.valid, altitude_m=position.altitude_m
        )
        return Place(placed, satellites, tuple(doubts))
    return Place(None, satellites, tuple(doubts))


def _time(text: str | None, now: datetime) -> tuple[datetime | None, list[str]]:
    if text is None:
        return None, []
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError:
        return None, ["a time of the position that cannot be read"]
    doubts = []
    if said.tzinfo is None:
        said = said.replace(tzinfo=UTC)
        doubts.append("the time of the position has no zone; taken as UTC")
    try:
        at, doubt = plausible_time(said.astimezone(UTC), now)
    except OverflowError:
        return None, ["a time of the position that cannot be read"]
    return at, doubts + ([doubt] if doubt else [])


def _geo(text: str, _: datetime) -> Place | None:
    parts = _SEPARATOR.split(text.strip())
    numbers = [number(part) for part in parts[:2]]
    if len(parts) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    return _believed(Position(lat=numbers[0], lon=numbers[1]), None)


def _gga(text: str, now: datetime) -> Place | None:
    """$GPGGA, time, latitude, N/S, longitude, E/W, quality, satellites, HDOP, altitude, M, ..."""
    fields = text.strip().partition("*")[0].split(",")
    if len(fields) < 8 or not fields[0].upper().endswith("GGA"):
        return None
    satellites = fields[7] if fields[7].isascii() and fields[7].isdigit() else None
    lat, lon = _angle(fields[2], fields[3], "NS"), _angle(fields[4], fields[5], "EW")
    if lat is None or lon is None:
        return Place(None, satellites, ("a position without coordinates",))
    altitude_m = number(fields[9]) if len(fields) > 9 else None
    valid = fields[6] not in ("", "0")
    at = _of_today(fields[1], now)
    return _believed(Position(lat=lat, lon=lon, valid=valid, altitude_m=altitude_m, fix_at=at), satellites)


def _angle(text: str, half: str, halves: str) -> float | None:
    found = _ANGLE.fullmatch(text)
    if found is None or half.upper() not in tuple(halves):
        return None
    degrees = int(found[1]) + float(found[2]) / 60
    return round(-degrees if half.upper() == halves[1] else degrees, 7)


def _of_today(text: str, now: datetime) -> datetime | None:
    """A time of day in UTC, on the day that brings it nearest to now."""
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 23:
        return None
    at = now.astimezone(UTC).replace(hour=int(found[1]), minute=int(found[2]), second=int(found[3]), microsecond=0)
    days = (at + timedelta(days=shift) for shift in (-1, 0, 1))
    return min(days, key=lambda day: abs(day - now))


def _believed(position: Position, satellites: str | None) -> Place:
    doubt = place_doubt(position.lat, position.lon)
    return Place(None, satellites, (doubt,)) if doubt else Place(position, satellites)
