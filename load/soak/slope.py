"""Whether a line of samples is flat. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Final

MOST_POINTS: Final = 400
"""More are thinned out evenly: every pair of points is looked at."""

Point = tuple[float, float]
"""A time in seconds, and what was found then."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How one thing went. level: its median. grown: what the slope makes of the judged time; below zero it shrank.

    allowed: how much it may have grown.
    """

    what: str
    unit: str
    first: float
    last: float
    level: float
    grown: float
    allowed: float
    per_hour: float

    @property
    def flat(self) -> bool:
        """True if it has not grown by more than is allowed."""
        return self.grown <= self.allowed


def slope(points: Sequence[Point]) -> float:
    """Return the growth a second: the median of the slopes between all pairs (Theil and Sen). 0 for fewer than two.

    Up to a fourth of the samples may be anything without moving it far, which a line of least squares does not bear.
    """
    step = -(-len(points) // MOST_POINTS) or 1
    found = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points[::step], 2) if b[0] != a[0]]
    return median(found) if found else 0.0


def growth(what: str, unit: str, points: Sequence[Point], *, share: float, room: float) -> Growth:
    """Judge one line of samples. share: of its level, by which it may grow; room: what it may grow by at the least.

    Raises ValueError for fewer than two points.
    """
    if len(points) < 2:
        raise ValueError(f"{what}: {len(points)} samples are not enough to judge")
    level, each_s = median(value for _, value in points), slope(points)
    return Growth(
        what=what,
        unit=unit,
        first=points[0][1],
        last=points[-1][1],
        level=level,
        grown=each_s * (points[-1][0] - points[0][0]),
        allowed=max(level * share, room),
        per_hour=each_s * 3600,
    )
