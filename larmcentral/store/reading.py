"""Reading incidents for people: a handful of queries, however many incidents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

import asyncpg

from escalation.effects import EntryKind
from escalation.events import MessageTo
from escalation.ids import IncidentId
from larmcentral.domain import views
from larmcentral.domain.errors import NotFound
from larmcentral.domain.feed import Touched
from larmcentral.domain.roles import Reach, Role, Scope, Viewer
from larmcentral.store.access import looking, record_look
from larmcentral.store.beacons import indoor
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.rows import (
    closing_of,
    entry_of,
    incident_of,
    notice_of,
    place_of,
    position_of,
    signal_of,
    system_alarm_of,
)

_SQL: Final = load("reading")

MERGED: Final = "merged_into"
"""In the last line of an incident that was merged: with which one."""
WRITTEN: Final = ("text", "note", "plan", "key")
"""Pairs of a line that hold a person's own words, or what they were about."""
ANSWERED: Final = "closing_"
"""How the pairs begin that tell what a stand-down's form was answered with."""
OPEN_LIMIT: Final = 1000
"""Rows of an open queue; nobody works more, and the gravest come first."""
PAGE_LIMIT: Final = 200
TIMELINE_LIMIT: Final = 5000
"""Newest lines of one incident: a chain that loops for a day."""
SIGNAL_LIMIT: Final = 1000
NOTICE_LIMIT: Final = 2000
TRAIL_LIMIT: Final = 2000
ALARM_LIMIT: Final = 500


class Reader:
    """Incidents as a scope may see them. Works in the web's role: the database holds the walls as well."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def queue(
        self,
        scope: Scope,
        *,
        now: datetime,
        which: views.Which = views.Which.OPEN,
        before: IncidentId | None = None,
        limit: int = PAGE_LIMIT,
    ) -> views.Queue:
        """Return the queue, and the place in the feed from which on nothing of it can be missed.

        before, limit: for PAST and ALL, the page of at most 200 behind that incident, newest first.
        """
        async with looking(self._web, scope) as connection:
            cursor: str = await connection.fetchval(_SQL["feed_cursor"])
            if which is views.Which.OPEN:
                found = await connection.fetch(_SQL["open_ids"], *_bounds(scope), OPEN_LIMIT)
            else:
                found = await connection.fetch(
                    _SQL["page_ids"], *_bounds(scope), min(limit, PAGE_LIMIT), before, which is views.Which.PAST
                )
            ids = [IncidentId(row["id"]) for row in found]
            rows = await _rows(connection, scope, ids)
            alarms = await _alarms(connection, scope)
        return views.Queue(
            cursor=cursor,
            server_time=now,
            incidents=tuple(rows[one] for one in ids if one in rows),
            system_alarms=alarms,
        )

    async def view(self, scope: Scope, incident_id: IncidentId) -> views.IncidentView:
        """Return one row. Raises NotFound."""
        async with looking(self._web, scope) as connection:
            return await _row(connection, scope, incident_id)

    async def detail(self, scope: Scope, incident_id: IncidentId, *, by: Viewer, now: datetime) -> views.IncidentDetail:
        """Return everything about an incident, and write down that the person's position or its place was shown to
        somebody else.

        Raises NotFound.
        """
        async with looking(self._web, scope) as connection:
            incident = await _row(connection, scope, incident_id)
            one = (scope.organisation_id, incident_id)
            timeline = await connection.fetch(_SQL["timeline"], *one, TIMELINE_LIMIT)
            signals = await connection.fetch(_SQL["signals"], *one, SIGNAL_LIMIT)
            notices = await connection.fetch(_SQL["notices"], *one, NOTICE_LIMIT, now)
            trail = await connection.fetch(_SQL["trail"], *one, TRAIL_LIMIT)
            closing = await connection.fetchval(_SQL["closing"], *one)
            himself = incident.person is not None and incident.person.id == by.person_id
            place, heard = None, None
            if _may_see_place(by, incident) and not (himself or scope.reach is Reach.OWN):
                # Not the wearer: a silent alarm draws the later signals to itself, and her own screen would tell.
                heard = await indoor(connection, scope, incident)
            if (incident.position is not None or heard is not None) and not himself:
                await record_look(connection, scope, by=by.user_id, incident=incident, now=now)
            if incident.place is not None and _may_see_place(by, incident):
                (row,) = await connection.fetch(_SQL["place"], *one)
                place = place_of(row, to_wearer=himself or scope.reach is Reach.OWN)
                if not himself:
                    await record_look(connection, scope, by=by.user_id, incident=incident, now=now, place_id=place.id)
        return views.IncidentDetail(
            incident=incident,
            timeline=tuple(_told(scope, entry_of(row)) for row in reversed(timeline)),
            signals=tuple(map(signal_of, reversed(signals))),
            notices=tuple(map(notice_of, reversed(notices))),
            trail=tuple(map(position_of, reversed(trail))),
            place=place,
            indoor=heard,
            closing=closing_of(closing) if scope.reach is Reach.ALL else (),
        )

    async def changed(
        self, wanted: Mapping[Scope, Sequence[Touched]]
    ) -> Mapping[Scope, tuple[views.FeedIncident, ...]]:
        """Return for each scope those of its touched incidents that it sees, in the order given, with their new lines.

        Scopes of the same committees are read together: of an alarm hear a desk and three phones, and the server spent
        more time beginning transactions than reading. What two of them see alike is one object.
        """
        groups: dict[tuple[object, ...], list[Scope]] = {}
        for scope in wanted:
            groups.setdefault((scope.organisation_id, scope.committees, scope.tests), []).append(scope)
        found: dict[Scope, tuple[views.FeedIncident, ...]] = {}
        for scopes in groups.values():
            found |= await self._changed({scope: wanted[scope] for scope in scopes})
        return found

    async def _changed(
        self, wanted: Mapping[Scope, Sequence[Touched]]
    ) -> Mapping[Scope, tuple[views.FeedIncident, ...]]:
        house = replace(next(iter(wanted)), reach=Reach.ALL, person_id=None)
        touched = {(one.incident_id, seq) for each in wanted.values() for one in each for seq in one.seqs}
        ids = {one.incident_id for each in wanted.values() for one in each}
        asked = [(one.incident_id, who) for who, each in wanted.items() if who.reach is not Reach.ALL for one in each]
        async with looking(self._web, house) as connection:
            rows = await _rows(connection, house, ids)
            seen = await _seen(connection, house, asked) if asked else frozenset()
            lines = await connection.fetch(
                _SQL["lines"], house.organisation_id, [one for one, _ in touched], [seq for _, seq in touched]
            )
        entries = {(line["incident_id"], line["seq"]): entry_of(line) for line in lines}
        drawn: dict[tuple[Reach, Touched], views.FeedIncident] = {}

        def draw(scope: Scope, one: Touched) -> views.FeedIncident:
            if (scope.reach, one) not in drawn:
                told = (entries.get((one.incident_id, seq)) for seq in one.seqs)
                drawn[scope.reach, one] = views.FeedIncident(
                    incident=_seen_by(scope, rows[one.incident_id]),
                    entries=tuple(_told(scope, entry) for entry in told if entry is not None),
                )
            return drawn[scope.reach, one]

        return {
            scope: tuple(
                draw(scope, one)
                for one in each
                if one.incident_id in rows and (scope.reach is Reach.ALL or (one.incident_id, scope) in seen)
            )
            for scope, each in wanted.items()
        }

    async def system_alarms(self, scope: Scope) -> tuple[views.SystemAlarmView, ...]:
        """Return the standing system alarms of the scope's committees; the house's faults are the desk's to mend."""
        async with looking(self._web, scope) as connection:
            return await _alarms(connection, scope)


def _told(scope: Scope, entry: views.TimelineEntry) -> views.TimelineEntry:
    """A line without what not everybody may know.

    That there is another incident, which may be silent, only those who see all; and so what was answered about injury
    and violence at the end. What people wrote down about it, not the wearer: whoever holds her phone would read that
    the desk knows she is threatened. What the desk wrote to her she has read.
    """
    match scope.reach:
        case Reach.ALL:
            return entry
        case Reach.TOLD:
            hidden = {MERGED}
        case Reach.OWN:
            hidden = {MERGED} if _to_wearer(entry) else {MERGED, *WRITTEN}
        case _:
            assert_never(scope.reach)
    told = {name: value for name, value in entry.detail.items() if name not in hidden and not name.startswith(ANSWERED)}
    return replace(entry, detail=told)


def _to_wearer(entry: views.TimelineEntry) -> bool:
    sent = entry.kind == EntryKind.MESSAGE_SENT.value
    return sent and entry.detail["to"] == MessageTo.WEARER.value


def _may_see_place(by: Viewer, incident: views.IncidentView) -> bool:
    """Whoever answers an alarm needs its door code until it is over; who answers for the work, afterwards too."""
    match by.role:
        case Role.MANAGER | Role.ADMIN:
            return True
        case Role.OPERATOR | Role.RESPONDER | Role.WORKER:
            return incident.state != "stood_down"
        case _:
            assert_never(by.role)


def _bounds(scope: Scope) -> tuple[object, ...]:
    """The scope as the first five arguments of its queries."""
    return (
        scope.organisation_id,
        list(scope.committees),
        scope.tests,
        scope.person_id if scope.reach is Reach.TOLD else None,
        scope.person_id if scope.reach is Reach.OWN else None,
    )


async def _rows(
    connection: asyncpg.Connection, scope: Scope, ids: Iterable[IncidentId]
) -> Mapping[IncidentId, views.IncidentView]:
    found = await connection.fetch(_SQL["rows"], *_bounds(scope), list(ids))
    return {IncidentId(row["id"]): _seen_by(scope, incident_of(row)) for row in found}


async def _seen(
    connection: asyncpg.Connection, house: Scope, asked: Sequence[tuple[IncidentId, Scope]]
) -> frozenset[tuple[IncidentId, Scope]]:
    """Return those of the pairs where the person's own reach has the incident in it; its committee is not looked at."""
    found = await connection.fetch(
        _SQL["seen"],
        house.organisation_id,
        [incident_id for incident_id, _ in asked],
        [scope.person_id for _, scope in asked],
        [scope.reach is Reach.OWN for _, scope in asked],
    )
    return frozenset(asked[row["place"] - 1] for row in found)


def _seen_by(scope: Scope, incident: views.IncidentView) -> views.IncidentView:
    """An incident without how its device is just now, and without which other it was merged with, but for those who
    see all.

    A silent press tells that too, of a device that an older or an open alarm names: by it the wearer's own screen, and
    a colleague's, would show when it was pressed. What a wearer may know of her devices is at GET /api/me/devices.
    """
    if scope.reach is Reach.ALL:
        return incident
    device = incident.device and replace(incident.device, battery_pct=None, last_seen_at=None)
    return replace(incident, device=device, merged_into=None)


async def _row(connection: asyncpg.Connection, scope: Scope, incident_id: IncidentId) -> views.IncidentView:
    rows = await _rows(connection, scope, [incident_id])
    if incident_id not in rows:
        raise NotFound(f"incident {incident_id}")
    return rows[incident_id]


async def _alarms(connection: asyncpg.Connection, scope: Scope) -> tuple[views.SystemAlarmView, ...]:
    if scope.reach is not Reach.ALL:
        return ()
    found = await connection.fetch(_SQL["system_alarms"], scope.organisation_id, list(scope.committees), ALARM_LIMIT)
    return tuple(map(system_alarm_of, found))
