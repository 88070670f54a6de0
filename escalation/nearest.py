"""The colleagues nearest to where help is called for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop
from math import asin, cos, pi, radians, sin, sqrt
from typing import Final

from escalation.ids import PersonId

Distance = Callable[[float, float, float, float], float]
"""From one latitude and longitude to another, degrees; gives metres as the crow flies on the WGS84 ellipsoid."""

LEAST_RADIUS_M: Final = 6_335_439.0
"""A sphere of this radius is nowhere less curved than the Earth.

WGS84 curves most along the meridian at the equator, with a radius of a(1 - e²) = 6 335 439 m; every other radius of
curvature, along or across, anywhere, is larger (up to 6 399 594 m at the poles). So each bit of any way is at least as
long on the Earth as between the same latitudes and longitudes on this sphere, and at most 1.011 times as long; hence
each shortest way as well.
"""
ROUNDING_M: Final = 0.001
"""More than doubles round away between two places, and less than anybody can be told apart by."""

_DEGREE: Final = pi / 180


@dataclass(frozen=True, slots=True)
class Placed:
    """A person and where he was last seen. lat, lon: degrees; a full turn more of lon is fine."""

    person_id: PersonId
    lat: float
    lon: float


def nearest(
    persons: Sequence[Placed], lat: float, lon: float, within_m: float, count: int, distance: Distance
) -> list[tuple[Placed, float]]:
    """Return at most count persons within a distance, with their metres, closest first, equals by id.

    distance is asked only for those who may be among them, about count times, and once for a place where several are.
    """
    if count < 1:
        return []
    candidates = _within(persons, lat, lon, within_m)
    heapify(candidates)
    at_places: dict[tuple[float, float], float] = {}
    found: list[tuple[float, PersonId, int]] = []
    while candidates:
        haversine, index = heappop(candidates)
        if len(found) >= count and _least_m(haversine) > found[count - 1][0]:
            break
        person = persons[index]
        place = person.lat, person.lon
        if place not in at_places:
            at_places[place] = distance(lat, lon, *place)
        if at_places[place] <= within_m:
            found.append((at_places[place], person.person_id, index))
            found.sort()
            del found[count:]
    return [(persons[index], metres) for metres, _, index in found]


def _within(persons: Sequence[Placed], lat: float, lon: float, within_m: float) -> list[tuple[float, int]]:
    """Return the haversine of each person who may be within the distance, and his index.

    The haversine, sin² of half the angle on a sphere, grows with the distance, and is as good next to the poles and
    across the antimeridian as anywhere. The band of latitudes spares it for most of those who are far away.
    """
    half_angle = (within_m + ROUNDING_M) / (2 * LEAST_RADIUS_M)
    most = sin(half_angle) ** 2 if half_angle < pi / 2 else 1.0
    band = 2 * half_angle / _DEGREE
    south, north = lat - band, lat + band
    across, half_degree, degree = cos(radians(lat)), _DEGREE / 2, _DEGREE
    found: list[tuple[float, int]] = []
    for index, person in enumerate(persons):
        there = person.lat
        if south <= there <= north:
            haversine = (
                sin((there - lat) * half_degree) ** 2
                + across * cos(there * degree) * sin((person.lon - lon) * half_degree) ** 2
            )
            if haversine <= most:
                found.append((haversine, index))
    return found


def _least_m(haversine: float) -> float:
    """How far a person is at least."""
    return 2 * LEAST_RADIUS_M * asin(min(sqrt(haversine), 1.0)) - ROUNDING_M
