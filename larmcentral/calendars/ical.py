"""Rotas as iCalendar files (RFC 5545): shifts out for everybody's own calendar, overrides in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import uuid5

from icalendar import Calendar, Event

from escalation.ids import PersonId, UserId
from escalation.rota import Override, Rota
from escalation.rota_shifts import Shift
from larmcentral.calendars.fault import CalendarFault, CalendarRefused
from larmcentral.calendars.ical_events import (
    PERSON_PROPERTY,
    Namesakes,
    events_of,
    is_cancelled,
    person_of,
    refuse_repeats,
    times_of,
)

_PRODUCT: Final = "-//larmcentral//rota//SV"
IMPORTED: Final = "calendar"
"""The ground of an override that came in a file."""


class IcalRotas:
    """What the API asks of a calendar format. now: aware UTC, for the stamp that the standard wants on every event."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def export(self, rota: Rota, shifts: Sequence[Shift], names: Mapping[PersonId, str]) -> bytes:
        """Return shifts as an iCalendar file."""
        return export(rota, shifts, names, made_at=self._now())

    def overrides(
        self, rota: Rota, text: bytes, names: Mapping[PersonId, str], *, layer: int | None, made_by: UserId
    ) -> tuple[Override, ...]:
        """Read overrides from an iCalendar file. Raises CalendarRefused."""
        return import_overrides(rota, text, names, layer=layer, made_by=made_by)


def export(rota: Rota, shifts: Sequence[Shift], names: Mapping[PersonId, str], *, made_at: datetime) -> bytes:
    """Return shifts as an iCalendar file, each an event in UTC, to the second.

    shifts: whole ones (whole_shifts), since an event's name comes from rota, layer and begin: one that was cut off
    elsewhere the next time would come twice into the same calendar. names: a person who is absent goes by his id.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", rota.name)
    for shift in shifts:
        event = Event()
        event.add("uid", str(uuid5(rota.id, f"{shift.layer}/{shift.from_at.astimezone(UTC).isoformat()}")))
        event.add("dtstamp", made_at)
        event.add("dtstart", shift.from_at.astimezone(UTC))
        event.add("dtend", shift.until_at.astimezone(UTC))
        event.add("summary", names.get(shift.person_id, str(shift.person_id)))
        event.add("categories", [rota.layers[shift.layer].name])
        event.add(PERSON_PROPERTY, str(shift.person_id))
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def import_overrides(
    rota: Rota, text: bytes, names: Mapping[PersonId, str], *, layer: int | None, made_by: UserId
) -> tuple[Override, ...]:
    """Read an iCalendar file: each event puts the person whom its SUMMARY names on call from its start to its end.

    text: as it came, of anybody's making. names: those who may be named; upper and lower case are one. layer: for
    which the overrides are. Times without a zone, and whole days, are the rota's. Cancelled events are left out;
    events that repeat are refused. The overrides are in the order of the file and may overlap: with_override, one
    after another, lets the later one count. Raises CalendarRefused, and then nothing of the file is taken.
    """
    namesakes = Namesakes(names)
    found: list[Override] = []
    for number, event in events_of(text):
        if is_cancelled(event):
            continue
        refuse_repeats(event, number)
        from_at, until_at = times_of(event, number, rota.zone)
        found.append(
            Override(
                person_id=person_of(event, number, namesakes),
                from_at=from_at,
                until_at=until_at,
                layer=layer,
                ground=IMPORTED,
                made_by=made_by,
            )
        )
    if not found:
        raise CalendarRefused(CalendarFault.NO_EVENTS)
    return tuple(found)
