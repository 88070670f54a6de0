"""Who is on shift near an alarm, or in its building."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from escalation.ids import PersonId
from escalation.nearest import Placed, nearest
from larmcentral.domain.place import Area, Presence, Situation
from larmcentral.domain.record import Subject
from larmcentral.flows.means import Means
from larmcentral.ports import Transaction

FRESH: Final = timedelta(minutes=15)
"""An older position says where somebody was: in that time a visit ends and the next one begins across the town."""

SPARE: Final = 10
"""So many more are looked at than were asked for, as some may have no contact point that can be used."""

_METRES_A_DEGREE: Final = 110_500.0
"""Of latitude, where it is shortest (at the equator): a box of these is never too small."""
_WIDER: Final = 1.01
"""The earth is no sphere; a hundredth is more than it is out of round."""


def area_around(lat: float, lon: float, within_m: float) -> Area:
    """Return a box in degrees that holds everything within so many metres.

    Where it would reach over a pole or over the 180th meridian it takes all longitudes.
    """
    half_lat = within_m * _WIDER / _METRES_A_DEGREE
    south, north = max(lat - half_lat, -90.0), min(lat + half_lat, 90.0)
    # A degree of longitude is shortest at the end of the box that is nearest to a pole.
    narrow = math.cos(math.radians(max(abs(south), abs(north))))
    half_lon = half_lat / narrow if narrow > 1e-6 else 360.0
    west, east = lon - half_lon, lon + half_lon
    if west < -180.0 or east > 180.0:
        west, east = -180.0, 180.0
    return Area(south, west, north, east)


async def nearest_people(
    tx: Transaction, subject: Subject, where: Situation, count: int, within_m: int, means: Means, now: datetime
) -> list[PersonId]:
    """Return who is on shift within so many metres, closest first, some more than asked for; never the subject."""
    if where.lat is None or where.lon is None:
        return []
    found = await tx.present(
        subject.organisation_id,
        subject.committee_id,
        area=area_around(where.lat, where.lon, within_m),
        building_id=None,
        fresh_since=now - FRESH,
    )
    placed = [
        Placed(one.person_id, one.lat, one.lon)
        for one in _others(found, subject)
        if one.lat is not None and one.lon is not None
    ]
    near = nearest(placed, where.lat, where.lon, within_m, count + SPARE, means.distance_m)
    return [one.person_id for one, _ in near]


async def people_in_building(
    tx: Transaction, subject: Subject, where: Situation, means: Means, now: datetime
) -> list[PersonId]:
    """Return who is on shift in the building that the alarm comes from; never the subject."""
    if where.building_id is None:
        return []
    found = await tx.present(
        subject.organisation_id,
        subject.committee_id,
        area=None,
        building_id=where.building_id,
        fresh_since=now - FRESH,
    )
    return sorted(one.person_id for one in _others(found, subject))


def _others(found: Sequence[Presence], subject: Subject) -> list[Presence]:
    return [one for one in found if one.person_id != subject.person_id]
