"""What we believe of a device's claims. A value out of reason is dropped with a doubt; the message and its alarm stay.

Source: facts/wearable-frames.md section 0.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

EARLIEST_YEAR: Final = 2015
"""Clocks that were never set say 1970, 2000 or 2010; no device of ours is older than this."""

CLOCK_SKEW: Final = timedelta(days=1)
"""A device that takes local time for UTC is at most 14 h ahead."""

_NUMBER: Final = re.compile(r"\s*[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?\s*")
# What PostgreSQL's text, JSON and a terminal cannot hold or would obey: controls and lone surrogates.
_NOT_STORABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def plausible_time(claim: datetime, now: datetime) -> tuple[datetime | None, str | None]:
    """Return (the claim, None), or (None, the doubt in words)."""
    if claim.year >= EARLIEST_YEAR and claim <= now + CLOCK_SKEW:
        return claim, None
    return None, f"time {iso(claim)} dropped"


def place_doubt(lat: float, lon: float) -> str | None:
    """Say why this is no place, or None if it is one. Exactly 0/0 is how devices say that they have no fix."""
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return "position outside the globe dropped"
    if lat == 0 and lon == 0:
        return "position 0/0 dropped"
    return None


def percent(claim: float | None) -> int | None:
    """Return a battery level of 0 to 100, or None for anything else."""
    return round(claim) if claim is not None and 0 <= claim <= 100 else None


def number(text: str) -> float | None:
    """Read a plain decimal number of sane length; None for anything else. Never nan, never infinite."""
    return float(text) if _NUMBER.fullmatch(text) else None


def iso(at: datetime) -> str:
    """Write a time as ISO 8601 in UTC with Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def storable(text: str, limit_chars: int) -> str:
    """Return text that every store and screen can hold: controls and lone surrogates spelled out, length bounded."""
    clean = _NOT_STORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text[:limit_chars])
    return clean[:limit_chars]


def digest(*parts: bytes | str) -> str:
    """Return a short stable name for this content; the parts are kept apart, so ("ab", "c") is not ("a", "bc")."""
    # As literals no part can look like the border to the next; ascii() writes them alike in every version of Python.
    return blake2b(ascii(parts).encode("ascii"), digest_size=16).hexdigest()
