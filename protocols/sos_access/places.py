"""A transmitter's `pos` read: the protocol contradicts itself, so a form is believed where nothing else fits.

Source: facts/alarm-protocols.md part 1.5, trap 1; how the forms are written stands in position.py.
"""

from __future__ import annotations

import re
from math import cos, radians
from typing import Final

from protocols.sos_access.position import PositionForm
from protocols.sos_access.rt90 import LAT_RANGE, LON_RANGE, rt90

# N597295E0176288: degrees and minutes with hundredths, or degrees times 10 000
_DEGREES: Final = re.compile(r"([NS])([0-9]{6})([EW])([0-9]{7})", re.IGNORECASE)
# x6580909y1628833, either case
_METRES: Final = re.compile(r"x([0-9]{7})y([0-9]{7})", re.IGNORECASE)
_METRES_PER_DEGREE: Final = 111_200.0
_CLOSE_M: Final = 0.01
_MOST_STEPS: Final = 40


def place_of(pos: str, form: str | None) -> tuple[float, float] | None:
    """Return WGS84 degrees; None for what is no place, or could be two and nobody has set which (form None).

    form: a PositionForm's value from the unit's settings. Minutes above 59 can only be a decimal fraction.
    """
    if (metres := _METRES.fullmatch(pos)) is not None:
        return None if form not in (None, PositionForm.RT90.value) else _from_rt90(float(metres[1]), float(metres[2]))
    found = _DEGREES.fullmatch(pos)
    if found is None or form not in (None, PositionForm.DEGREES.value, PositionForm.MINUTES.value):
        return None
    decimal = form == PositionForm.DEGREES.value
    if form is None:
        decimal = max(int(found[2][2:4]), int(found[4][3:5])) > 59
        if not decimal:
            return None
    lat, lon = (_decimal(found[2]), _decimal(found[4])) if decimal else (_sixty(found[2], 2), _sixty(found[4], 3))
    return (
        round(-lat if found[1] in "Ss" else lat, 6),
        round(-lon if found[3] in "Ww" else lon, 6),
    )


def _decimal(digits: str) -> float:
    return int(digits) / 10_000


def _sixty(digits: str, degrees: int) -> float:
    return int(digits[:degrees]) + int(digits[degrees:]) / 6_000


def _from_rt90(north_m: float, east_m: float) -> tuple[float, float] | None:
    """Turn the projection around by stepping towards the place that it maps there; None outside Sweden."""
    lat, lon = sum(LAT_RANGE) / 2, sum(LON_RANGE) / 2
    for _ in range(_MOST_STEPS):
        grid = rt90(lat, lon)
        if grid is None:
            return None
        off_north_m, off_east_m = north_m - grid[0], east_m - grid[1]
        if max(abs(off_north_m), abs(off_east_m)) < _CLOSE_M:
            return round(lat, 6), round(lon, 6)
        lat = min(max(lat + off_north_m / _METRES_PER_DEGREE, LAT_RANGE[0]), LAT_RANGE[1])
        lon += off_east_m / (_METRES_PER_DEGREE * cos(radians(lat)))
        lon = min(max(lon, LON_RANGE[0]), LON_RANGE[1])
    return None
