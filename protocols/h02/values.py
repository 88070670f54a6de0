"""How H02 writes numbers, places and times: parse and serialise side by side. None is what cannot be read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

_STATUS: Final = re.compile(r"[0-9A-Fa-f]{8}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,9}")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{1,8}")
# Degrees and minutes: ddmm.mmmm, ddmmmmmm (minutes times 10^4), or -dd-mm.mmmm where only the letter says the sign.
_POINTED: Final = re.compile(r"([0-9]{0,3})([0-9]{2}\.[0-9]{1,8})")
_POINTLESS: Final = re.compile(r"([0-9]{1,3})([0-9]{6})")
_DASHED: Final = re.compile(r"-?([0-9]{1,3})-([0-9]{1,2}(?:\.[0-9]{1,8})?)")


def parse_moment(clock: str, date: str) -> datetime | None:
    """Read hhmmss and ddmmyy as UTC."""
    if not (is_clock(clock) and is_clock(date)):
        return None
    year = int(date[4:])
    try:
        return datetime(
            year + (1900 if year >= 70 else 2000),  # a clock that was never set says 1970
            int(date[2:4]),
            int(date[:2]),
            int(clock[:2]),
            int(clock[2:4]),
            int(clock[4:]),
            tzinfo=UTC,
        )
    except ValueError:
        return None


def serialise_moment(at: datetime) -> tuple[str, str]:
    """Write hhmmss and ddmmyy."""
    return at.strftime("%H%M%S"), at.strftime("%d%m%y")


def parse_degrees(text: str, letter: str) -> float | None:
    """Read a latitude or longitude and its letter; south and west are negative. None also for 60 minutes and more."""
    found = _POINTED.fullmatch(text) or _DASHED.fullmatch(text)
    if found:
        degrees, minutes = int(found[1] or 0), float(found[2])
    elif pointless := _POINTLESS.fullmatch(text):
        degrees, minutes = int(pointless[1]), int(pointless[2]) / 10_000
    else:
        return None
    if minutes >= 60:
        return None
    value = round(degrees + minutes / 60, 7)
    return -value if letter.upper() in ("S", "W") else value


def serialise_degrees(value: float, degree_digits: int) -> str:
    """Write degrees without sign as ddmm.mmmm; degree_digits: 2 for a latitude, 3 for a longitude."""
    minutes = round(abs(value) * 60, 4)
    degrees = int(minutes // 60)
    return f"{degrees:0{degree_digits}d}{minutes - degrees * 60:07.4f}"


def parse_status(text: str) -> int | None:
    """Read eight hex digits."""
    return int(text, 16) if _STATUS.fullmatch(text) else None


def whole(text: str) -> int | None:
    """Read a decimal number."""
    return int(text) if _DECIMAL.fullmatch(text) else None


def coded(text: str) -> int | None:
    """Read a network's number: decimal, or hex if it holds a letter."""
    return int(text) if _DECIMAL.fullmatch(text) else int(text, 16) if _HEX.fullmatch(text) else None


def is_clock(text: str) -> bool:
    """True if this is six digits, as a time or a date is."""
    return len(text) == 6 and text.isascii() and text.isdecimal()
