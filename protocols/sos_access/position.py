"""How a place is written in `pos`. The protocol contradicts itself, so each receiver says which form it reads.

The text describes degrees, minutes and hundredths of minutes (N DD MM mm E DDD MM mm); its example N597295E0176288 has
"72" minutes and can only be degrees times 10 000. RT 90 is the third form. Source: facts/alarm-protocols.md part 1.5.
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from protocols.errors import LocalProtocolError
from protocols.sos_access.rt90 import rt90


class PositionForm(Enum):
    """The forms, each by the name that the settings give it."""

    MINUTES = "ddmmmm"
    """N5919760E01804120: degrees, minutes and hundredths of minutes; some 18 m."""
    DEGREES = "dd.dddd"
    """N593293E0180686: degrees times 10 000; some 11 m."""
    RT90 = "rt90"
    """x6580909y1628833: metres in RT 90 2.5 gon V."""
    NONE = "none"


def position_text(form: PositionForm, lat: float, lon: float) -> str | None:
    """Write a place; None where the form has no words for it (none ordered, RT 90 outside Sweden).

    lat, lon: WGS84 degrees. Raises LocalProtocolError for degrees off the globe.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise LocalProtocolError("no such place on the globe")
    match form:
        case PositionForm.MINUTES:
            return f"{'NS'[lat < 0]}{_minutes(lat, 2)}{'EW'[lon < 0]}{_minutes(lon, 3)}"
        case PositionForm.DEGREES:
            return f"{'NS'[lat < 0]}{round(abs(lat) * 10_000):06d}{'EW'[lon < 0]}{round(abs(lon) * 10_000):07d}"
        case PositionForm.RT90:
            grid = rt90(lat, lon)
            return None if grid is None else f"x{round(grid[0]):07d}y{round(grid[1]):07d}"
        case PositionForm.NONE:
            return None
        case _:
            assert_never(form)


def _minutes(degrees: float, digits: int) -> str:
    whole, hundredths = divmod(round(abs(degrees) * 6_000), 6_000)
    return f"{whole:0{digits}d}{hundredths:04d}"
