"""From the clock on the wall to the moment that is meant, also on the two nights a year when that is not plain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_SECOND: Final = timedelta(seconds=1)
"""No zone moves its clocks at a fraction of one."""


def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """Return when a wall clock of the zone shows this, in UTC.

    wall: without zone. An hour that comes twice is meant the first time. A time that is jumped over comes at the
    first moment after the jump. A later wall time never gives an earlier moment.
    Raises OverflowError at the very ends of the calendar.
    """
    earlier = wall.replace(tzinfo=zone, fold=0)
    moment = earlier.astimezone(UTC)
    if earlier.utcoffset() == wall.replace(tzinfo=zone, fold=1).utcoffset():
        return moment
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(fold=0):
        return moment
    return _end_of_jump(wall, zone, moment)


def _end_of_jump(wall: datetime, zone: tzinfo, after: datetime) -> datetime:
    """Find the first moment at which the zone's clocks show more than wall. after: one that is behind the jump."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC).replace(microsecond=0)
    after = after.replace(microsecond=0)
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).replace(tzinfo=None) > wall:
            after = middle
        else:
            before = middle
    return after
