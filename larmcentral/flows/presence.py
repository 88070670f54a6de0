"""Who is on shift: declared by the person, or by a session for as long as it lasts and a while after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from escalation.ids import PlaceId
from escalation.session import Session
from larmcentral.domain.place import KnownPlace, Presence
from larmcentral.domain.record import Subject
from larmcentral.ports import Transaction

AFTER_THE_END: Final = timedelta(hours=1)
"""A session that runs over its end is still watched; whoever is in it is still at work."""
WITHOUT_AN_END: Final = timedelta(hours=12)
"""Of a session that names none: the longest shift there is."""


async def come_on_shift(
    tx: Transaction, subject: Subject, until: datetime, place: KnownPlace | None, now: datetime
) -> None:
    """A person says that he is at work, and where; his positions are kept from now on, the last one only."""
    if subject.person_id is not None:
        await tx.arrive(_presence(subject, now, until, place))


async def come_with_session(
    tx: Transaction, subject: Subject, session: Session, place: KnownPlace | None, now: datetime
) -> None:
    """Whoever begins a session is at work; a shift that he has declared goes on, at the session's place."""
    until = session.ends_at + AFTER_THE_END if session.ends_at is not None else now + WITHOUT_AN_END
    standing = await tx.presence(session.person_id)
    if standing is None or standing.until <= now:
        await tx.arrive(_presence(subject, now, until, place))
        return
    moved = replace(standing, until=max(standing.until, until))
    await tx.arrive(moved if place is None else replace(moved, place_id=place.place.id, building_id=_building(place)))


async def stay_with_session(tx: Transaction, session: Session) -> None:
    """The session was extended: its wearer stays for as long."""
    standing = await tx.presence(session.person_id)
    if standing is not None and session.ends_at is not None:
        await tx.arrive(replace(standing, until=max(standing.until, session.ends_at + AFTER_THE_END)))


async def leave_with_session(tx: Transaction, session: Session) -> None:
    """The session is over, and with it the presence that it began; a declared shift goes on."""
    standing = await tx.presence(session.person_id)
    if standing is not None and standing.since == session.started_at:
        await tx.depart(session.person_id)


def _presence(subject: Subject, since: datetime, until: datetime, place: KnownPlace | None) -> Presence:
    if subject.person_id is None:
        raise AssertionError("only a person is on shift")
    return Presence(
        organisation_id=subject.organisation_id,
        committee_id=subject.committee_id,
        person_id=subject.person_id,
        since=since,
        until=until,
        place_id=None if place is None else place.place.id,
        building_id=None if place is None else _building(place),
    )


def _building(place: KnownPlace) -> PlaceId:
    """A place that is part of nothing is a building itself."""
    return place.place.building_id or place.place.id
