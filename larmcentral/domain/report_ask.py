"""What managers ask for in their reports: a span of local days, and filters of past incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

LONGEST: Final = timedelta(days=1100)
"""Three years and a little: one more than two that are held against each other."""

EARLIEST: Final = 2000
LATEST: Final = 2200
"""Years in which an alarm can have been here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole local days, both ends included. zone: the organisation's, as "Europe/Stockholm".

    Raises ValueError for a span that ends before it begins, is longer than LONGEST, or not of our time.
    """

    from_day: date
    until_day: date
    zone: str

    def __post_init__(self) -> None:
        whole = timedelta() <= self.until_day - self.from_day <= LONGEST
        if not whole or self.from_day.year < EARLIEST or self.until_day.year > LATEST:
            raise ValueError("a span ends on or after the day it begins, three years later at most, in our time")

    @property
    def begins_at(self) -> datetime:
        """The first moment of it, in UTC."""
        return _midnight(self.from_day, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it, in UTC."""
        return _midnight(self.until_day + timedelta(days=1), self.zone)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it, in order."""
        return tuple(self.from_day + timedelta(days=n) for n in range((self.until_day - self.from_day).days + 1))


def rolling_year(today: date) -> date:
    """Return the first day of the twelve months that end today."""
    try:
        return today.replace(year=today.year - 1) + timedelta(days=1)
    except ValueError:  # the 29th of February
        return date(today.year - 1, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSearch:
    """Which incidents are wanted; None and "" mean any. purpose None: all but tests, which call for nobody.

    text: a part of the name of person, place or device, of its account, or an incident's own number.
    """

    span: Span
    kind: str | None = None
    purpose: str | None = None
    outcome: str | None = None
    state: str | None = None
    unit_id: UUID | None = None
    text: str = ""


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
