"""What a record says beside its kind and its time: one place to believe, and the evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from protocols.minifinder2.alarm_word import explained
from protocols.minifinder2.moment import Moment, Place, Source
from protocols.signal import Position

MOVING: Final = 1 << 9
"""Bit of the status word."""

MAX_EVIDENCE: Final = 64
"""Some thirty access points and a dozen beacons are the most that one moment holds."""

SOURCES: Final = {
    Source.GPS: "gps",
    Source.SMART: "smart",
    Source.BEACON: "beacon",
    Source.WIFI: "wifi",
    Source.LAST_KNOWN: "last known",
}


def position_of(moment: Moment, at: datetime | None) -> Position | None:
    """Return the place that is believed most. at: the record's believable time."""
    if not moment.places:
        return None
    place = moment.places[0] if len(moment.places) == 1 else min(moment.places, key=_trust)
    valid = place.source is not Source.LAST_KNOWN
    return Position(
        lat=place.lat,
        lon=place.lon,
        accuracy_m=place.accuracy_m,
        fix_at=at if valid else None,
        valid=valid,
        altitude_m=place.altitude_m,
        speed_mps=place.speed_mps,
        course_deg=place.course_deg,
    )


def evidence_of(moment: Moment) -> tuple[tuple[str, str], ...]:
    """Return what else the record says, at most MAX_EVIDENCE pairs, its state and its alarm word first."""
    told: list[tuple[str, str]] = []
    if moment.status is not None:
        told.append(("signal", str(moment.status >> 19 & 31)))
        if moment.status & MOVING:
            told.append(("state", "moving"))
    if moment.word:
        told += explained(moment.word)[1]
    if moment.places:
        best, *others = moment.places if len(moment.places) == 1 else sorted(moment.places, key=_trust)
        told.append(("place", SOURCES[best.source]))
        told += [("other_place", f"{SOURCES[place.source]},{place.lat},{place.lon}") for place in others]
    if moment.broken:
        told.append(("broken_record", str(len(moment.broken))))
    told += moment.evidence
    return tuple(told[:MAX_EVIDENCE])


def _trust(place: Place) -> int:
    return place.source
