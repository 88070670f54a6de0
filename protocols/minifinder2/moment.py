"""What one record has told so far, and the places it names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from protocols.plausible import place_doubt


class Source(IntEnum):
    """What a place was found by; the smallest is believed first."""

    GPS = 0
    SMART = 1
    BEACON = 2
    WIFI = 3
    LAST_KNOWN = 4


@dataclass(frozen=True, slots=True)
class Place:
    """One place that a record names. Degrees; the rest None where not said."""

    source: Source
    lat: float
    lon: float
    accuracy_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None


class Moment:
    """Collects what a record's items say.

    at_s, status: item 24. word, event_s: item 02, the alarm word and its own time. noted_s: the time of an item that
    has its own. broken: items that could not be read. All times in seconds of UTC as sent, None where not said.
    """

    __slots__ = (
        "at_s", "battery_pct", "broken", "doubts", "event_s", "evidence", "locates", "noted_s", "places", "status",
        "word",
    )  # fmt: skip

    def __init__(self) -> None:
        self.at_s: int | None = None
        self.status: int | None = None
        self.word: int | None = None
        self.event_s: int | None = None
        self.noted_s: int | None = None
        self.battery_pct: int | None = None
        self.locates = False
        self.places: list[Place] = []
        self.evidence: list[tuple[str, str]] = []
        self.broken: list[str] = []
        self.doubts: list[str] = []

    def add(self, place: Place) -> None:
        """Keep a place, or doubt it."""
        if doubt := place_doubt(place.lat, place.lon):
            # 0/0 beside "no fix" is how a device says that it knows no place: nothing to doubt.
            if not (place.source is Source.LAST_KNOWN and place.lat == 0 and place.lon == 0):
                self.doubts.append(doubt)
        else:
            self.places.append(place)
