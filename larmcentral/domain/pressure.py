"""How much there is for how many at the desk, and when that is a flood.

A flood begins when more than FLOOD_ABOVE alarms in ten minutes fall to each operator, and is over when fewer than
FLOOD_BELOW do, so that the screens do not turn back and forth. Nothing is remembered between two looks: the last
hour's openings are walked anew each time, so that every screen and every process says the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=10)
LOOKED_BACK: Final = timedelta(hours=1)
"""A flood is seldom longer without rising again; one that began before counts from when it rises again."""
FLOOD_ABOVE: Final = 10
FLOOD_BELOW: Final = 5


def opened_lately(opened_at: Iterable[datetime], now: datetime) -> int:
    """Return how many were opened in the window that ends now."""
    return sum(now - WINDOW < at <= now for at in opened_at)


def per_operator(openings: int, operators: int) -> float:
    """Return how many fall to each; an empty desk counts as one operator, whoever comes first."""
    return openings / max(operators, 1)


def is_flood(opened_at: Iterable[datetime], operators: int, now: datetime) -> bool:
    """Say whether there is a flood now.

    opened_at: of alarms that call for a person, in any order, those of the last hour at least. operators: at the
    desk just now; who sat there earlier is not kept.
    """
    since = now - LOOKED_BACK
    moments = [(at, 1) for at in opened_at if since < at <= now]
    # Where one ends as another begins, the end comes first: the window does not hold its own beginning.
    moments += [(at + WINDOW, -1) for at, _ in moments if at + WINDOW <= now]
    count, flood = 0, False
    for _, more in sorted(moments):
        count += more
        share = per_operator(count, operators)
        flood = share > FLOOD_ABOVE or (flood and share >= FLOOD_BELOW)
    return flood
