"""The protocol's times, which name no zone: how we write ours, and what the receiver's clock tells of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_HOUR = timedelta(hours=1)


def wall_text(at: datetime, zone: tzinfo) -> str:
    """Write an aware moment as the clock on the wall shows it: YYYY-MM-DD HH:MM:SS.mmm."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


def clock_offset(arrival_time: str, now: datetime) -> timedelta | None:
    """Return how far the receiver's clock is before ours, -30 min to 30 min; None for a time that cannot be read.

    Whole hours are left out: whether they are its zone or a fault, the wire does not say.
    """
    try:
        read = datetime.fromisoformat(arrival_time.strip())
        ahead = read.replace(tzinfo=UTC) - now if read.tzinfo is None else read - now
    except (ValueError, OverflowError):
        return None
    return (ahead + _HOUR / 2) % _HOUR - _HOUR / 2
