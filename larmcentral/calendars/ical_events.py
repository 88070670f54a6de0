"""Events of a stranger's calendar file: whom they name, and when they begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDDDTypes, vDuration

from escalation.ids import PersonId
from escalation.wall_time import instant_of
from larmcentral.calendars.fault import CalendarFault, CalendarRefused

MAX_BYTES: Final = 256 * 1024
"""A thousand events as we export them take 200 kB; more keeps the server busy for longer than anybody waits."""
MAX_LINES: Final = 20_000
"""A thousand events as wordy calendars write them; short lines cost more to read than their bytes tell."""
MAX_EVENTS: Final = 1000
"""As many as a rota holds overrides."""

PERSON_PROPERTY: Final = "X-LARMCENTRAL-PERSON"
"""Whom we mean by the name, in files of our own: tells namesakes apart."""

# RFC 5545, 3.1: a line that begins with a space goes on with the one before; a name may have parameters behind it.
_FOLD: Final = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_BEGIN_ZONE: Final = re.compile(rb"\s*BEGIN[^:]*:\s*VTIMEZONE\s*$", re.IGNORECASE)
_END_ZONE: Final = re.compile(rb"\s*END[^:]*:\s*VTIMEZONE\s*$", re.IGNORECASE)

_REPEATS: Final = ("RRULE", "RDATE", "RECURRENCE-ID")


class Namesakes:
    """Persons by their names, upper and lower case and the number of spaces left out of account."""

    def __init__(self, names: Mapping[PersonId, str]) -> None:
        self._by_name: dict[str, list[PersonId]] = {}
        for person_id, name in names.items():
            self._by_name.setdefault(_usual(name), []).append(person_id)

    def called(self, name: str) -> list[PersonId]:
        """Return all who have that name."""
        return self._by_name.get(_usual(name), [])


def events_of(text: bytes) -> Iterator[tuple[int, Event]]:
    """Return the events of a calendar file with their numbers, from 1. Raises CalendarRefused."""
    if len(text) > MAX_BYTES:
        raise CalendarRefused(CalendarFault.TOO_LARGE)
    lines = _FOLD.sub(b"", text).splitlines()
    if len(lines) > MAX_LINES:
        raise CalendarRefused(CalendarFault.TOO_LARGE)
    try:
        # Bytes and never str, which the library would take for the path of a file.
        calendar = Calendar.from_ical(b"\r\n".join(_without_zones(lines)))
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, ArithmeticError) as error:
        # What the library's property types raise for content that it does not expect.
        raise CalendarRefused(CalendarFault.NOT_A_CALENDAR) from error
    if not isinstance(calendar, Calendar):
        raise CalendarRefused(CalendarFault.NOT_A_CALENDAR)
    events = calendar.events
    if len(events) > MAX_EVENTS:
        raise CalendarRefused(CalendarFault.TOO_MANY_EVENTS)
    yield from enumerate(events, start=1)


def is_cancelled(event: Event) -> bool:
    """True of an event that its calendar keeps only to say that it does not take place."""
    return str(event.get("STATUS", "")).strip().upper() == "CANCELLED"


def refuse_repeats(event: Event, number: int) -> None:
    """Raise CalendarRefused for an event that takes place more than once."""
    if any(name in event for name in _REPEATS):
        raise CalendarRefused(CalendarFault.RECURS, number)


def person_of(event: Event, number: int, namesakes: Namesakes) -> PersonId:
    """Return whom an event's summary names. Raises CalendarRefused for a stranger, or for one of two namesakes."""
    said = str(event.get("SUMMARY", ""))
    called = namesakes.called(said)
    if len(called) > 1:
        meant = str(event.get(PERSON_PROPERTY, ""))
        called = [person_id for person_id in called if str(person_id) == meant] or called
    if not called:
        raise CalendarRefused(CalendarFault.UNKNOWN_PERSON, number, said)
    if len(called) > 1:
        raise CalendarRefused(CalendarFault.AMBIGUOUS_PERSON, number, said)
    return called[0]


def times_of(event: Event, number: int, zone: str) -> tuple[datetime, datetime]:
    """Return when an event begins and ends, UTC. zone: of times that name none, and of whole days.

    Raises CalendarRefused for an event that does not last, or whose times cannot be read.
    """
    try:
        from_at, until_at = _times(event, number, ZoneInfo(zone))
    except OverflowError as error:  # beyond the last year that a datetime holds
        raise CalendarRefused(CalendarFault.NO_TIME, number) from error
    if until_at <= from_at:
        raise CalendarRefused(CalendarFault.ENDS_BEFORE_IT_BEGINS, number)
    return from_at, until_at


def _times(event: Event, number: int, house: ZoneInfo) -> tuple[datetime, datetime]:
    """Where there is no end there may be a duration, whose days are as long as the clocks make them."""
    start, end, lasts = (_value(event, name, number) for name in ("DTSTART", "DTEND", "DURATION"))
    begins, zone = _wall(start, event, "DTSTART", number, house)
    from_at = instant_of(begins, zone)
    if end is not None:
        return from_at, instant_of(*_wall(end, event, "DTEND", number, house))
    if lasts is None and not isinstance(start, datetime):
        lasts = timedelta(days=1)  # RFC 5545, 3.6.1: a date alone is that day
    if not isinstance(lasts, timedelta):
        raise CalendarRefused(CalendarFault.NO_TIME, number)
    whole_days = timedelta(days=lasts.days)
    return from_at, instant_of(begins + whole_days, zone) + (lasts - whole_days)


def _value(event: Event, name: str, number: int) -> object:
    """Return what a property says, None where there is none. Refuses one that is broken or comes twice."""
    said = event.get(name)
    if said is None:
        return None
    if not isinstance(said, vDDDTypes | vDuration):
        raise CalendarRefused(CalendarFault.NO_TIME, number)
    return said.dt


def _wall(told: object, event: Event, name: str, number: int, house: ZoneInfo) -> tuple[datetime, tzinfo]:
    """Return the wall time that a property tells, and whose wall it is."""
    if not isinstance(told, date):
        raise CalendarRefused(CalendarFault.NO_TIME, number)
    if not isinstance(told, datetime):
        return datetime.combine(told, time.min), house
    if isinstance(told.tzinfo, ZoneInfo):
        return told.replace(tzinfo=None), told.tzinfo
    named = event[name].params.get("TZID")
    if told.tzinfo is not None or named is not None:
        raise CalendarRefused(CalendarFault.UNKNOWN_ZONE, number, str(named))
    return told, house


def _without_zones(lines: list[bytes]) -> Iterator[bytes]:
    """Leave out what the file says of zones: only those that everybody knows count, by their names.

    Rules of a stranger's making can keep a computer counting for hours, and the library would remember them for the
    next file.
    """
    inside = False
    for line in lines:
        inside = inside or _BEGIN_ZONE.match(line) is not None
        if not inside:
            yield line
        inside = inside and _END_ZONE.match(line) is None


def _usual(name: str) -> str:
    return " ".join(name.split()).casefold()
