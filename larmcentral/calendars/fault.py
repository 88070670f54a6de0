"""Why a calendar file is not taken: typed, so that the words can be made in any language."""

from __future__ import annotations

from enum import Enum

from larmcentral.domain.errors import RefusedByRule


class CalendarFault(Enum):
    """What is wrong with the file, or with one event of it."""

    TOO_LARGE = "calendar_too_large"
    NOT_A_CALENDAR = "calendar_unreadable"
    TOO_MANY_EVENTS = "calendar_too_many_events"
    NO_EVENTS = "calendar_no_events"
    UNKNOWN_PERSON = "calendar_unknown_person"
    AMBIGUOUS_PERSON = "calendar_ambiguous_person"
    """Two of our persons have that name."""
    RECURS = "calendar_event_recurs"
    """Repeats belong into a layer of the rota; write each time as an event of its own."""
    NO_TIME = "calendar_event_without_time"
    """It does not say when it begins and ends, or in a way that cannot be read."""
    UNKNOWN_ZONE = "calendar_unknown_zone"
    ENDS_BEFORE_IT_BEGINS = "calendar_event_ends_before_it_begins"


class CalendarRefused(RefusedByRule):
    """A calendar file is not taken, and nothing of it.

    event: the number of the event in the file, from 1, None where the whole file is meant. said: what the event says
    for the thing that is wrong (a name, a zone), for whoever sent the file and not for logs.
    """

    def __init__(self, fault: CalendarFault, event: int | None = None, said: str = "") -> None:
        numbered = {} if event is None else {"event": str(event)}
        super().__init__(fault.value, numbered | ({"said": said} if said else {}))
        self.fault, self.event, self.said = fault, event, said
