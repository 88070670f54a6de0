"""What happens to a wearer and a device, as timed steps. Pure: where everything stands at a second is a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Final, assert_never

METRES_PER_DEGREE: Final = 111_320.0
"""Of latitude; good to half a per cent, and an emulated walk needs no better."""

DRAIN_PCT_PER_S: Final = 100 / (3 * 24 * 3600)
"""A full battery lasts three days."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Walk straight on for a while. course_deg: 0 is north, 90 is east."""

    course_deg: float
    speed_mps: float
    for_s: float


@dataclass(frozen=True, slots=True)
class Press:
    """Press the alarm button."""


@dataclass(frozen=True, slots=True)
class Fall:
    """Fall hard."""


@dataclass(frozen=True, slots=True)
class ManDown:
    """Lie still for too long."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Say that all is well."""


@dataclass(frozen=True, slots=True)
class LoseCoverage:
    """Go where no network is: a cellar, a lift."""

    for_s: float


@dataclass(frozen=True, slots=True)
class Drain:
    """Use the battery up to this level at once."""

    to_pct: float


@dataclass(frozen=True, slots=True)
class Reboot:
    """Fall silent, forget the connection, start again."""

    down_s: float


@dataclass(frozen=True, slots=True)
class AnswerLate:
    """Say and answer everything late for a while, as over a bad network."""

    late_s: float
    for_s: float


@dataclass(frozen=True, slots=True)
class Remember:
    """Find so many old positions in memory that were never sent, the last of them every_s ago."""

    records: int
    every_s: float


Action = Walk | Press | Fall | ManDown | CheckIn | LoseCoverage | Drain | Reboot | AnswerLate | Remember


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. at_s: seconds from the beginning, 0 or more."""

    at_s: float
    action: Action


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How wearer and device are at one moment."""

    lat: float
    lon: float
    battery_pct: float
    speed_mps: float = 0.0
    course_deg: float = 0.0
    covered: bool = True
    running: bool = True
    late_s: float = 0.0


def circumstances_at(start: Circumstances, steps: Sequence[Step], at_s: float) -> Circumstances:
    """Return how things are at_s seconds after the start. steps: in order of time."""
    now = replace(start, battery_pct=max(0.0, start.battery_pct - at_s * DRAIN_PCT_PER_S))
    for step in steps:
        if step.at_s > at_s:
            break
        since_s = at_s - step.at_s
        match step.action:
            case Walk(course_deg, speed_mps, for_s):
                now = _walked(now, course_deg, speed_mps, min(since_s, for_s), walking=since_s < for_s)
            case LoseCoverage(for_s):
                now = replace(now, covered=now.covered and since_s >= for_s)
            case Reboot(down_s):
                now = replace(now, running=now.running and since_s >= down_s)
            case Drain(to_pct):
                now = replace(now, battery_pct=max(0.0, min(now.battery_pct, to_pct - since_s * DRAIN_PCT_PER_S)))
            case AnswerLate(late_s, for_s):
                now = replace(now, late_s=late_s if since_s < for_s else now.late_s)
            case Press() | Fall() | ManDown() | CheckIn() | Remember():
                pass
            case other:
                assert_never(other)
    return now


def due(steps: Sequence[Step], after_s: float, until_s: float) -> list[Step]:
    """Return the steps later than after_s and not later than until_s, in order."""
    return [step for step in steps if after_s < step.at_s <= until_s]


def _walked(now: Circumstances, course_deg: float, speed_mps: float, for_s: float, *, walking: bool) -> Circumstances:
    metres = speed_mps * for_s
    north_deg = metres * cos(radians(course_deg)) / METRES_PER_DEGREE
    east_deg = metres * sin(radians(course_deg)) / (METRES_PER_DEGREE * max(0.01, cos(radians(now.lat))))
    return replace(
        now,
        lat=max(-89.9, min(89.9, now.lat + north_deg)),
        lon=(now.lon + east_deg + 180) % 360 - 180,
        speed_mps=speed_mps if walking else 0.0,
        course_deg=course_deg,
    )
