"""What somebody asks for who begins to work alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.ids import PersonId, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStart:
    """One person's session, or those of a group.

    check_in_every, ends_at: None where none is named. companions: whom else it is told if help is called for.
    linked: persons who go together with him; a session of each is begun at the same time, and each is a companion of
    the others. recording: media type of a spoken memo that follows; it counts as one. made_at: when it was asked for
    by the phone's word, None for just now; the same asked for again is the same session.
    """

    person_id: PersonId
    purpose: str
    place_id: PlaceId | None = None
    ends_at: datetime | None = None
    check_in_every: timedelta | None = None
    companions: tuple[PersonId, ...] = ()
    linked: tuple[PersonId, ...] = ()
    memo: str | None = None
    recording: str | None = None
    made_at: datetime | None = None
