"""The timeline as a feed: what is new since a place, with nothing lost to transactions that end out of order."""

from __future__ import annotations

from typing import Final

import asyncpg

from escalation.ids import CommitteeId, IncidentId, OrganisationId
from larmcentral.domain.feed import Changes, Cursor, StandingAlarm, Touched
from larmcentral.domain.roles import Scope
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("feed")

LINES_A_READING: Final = 2000
AHEAD_LIMIT: Final = 20_000
"""Lines told ahead of one transaction that does not end; past it the feed waits for that transaction."""
RESUME_LINES: Final = 20_000
RESUME_INCIDENTS: Final = 500
"""A reader who missed more does better to fetch the queue anew."""


class ChangeLog:
    """Reads the timeline in the order of the feed.

    service: for the hub, which sees all committees and hands each line on to those who may see it.
    web: for a reader who comes back, in his own scope.
    """

    def __init__(self, service: Pool, web: Pool) -> None:
        self._service = service
        self._web = web

    async def here(self) -> Cursor:
        """Return the place of a reader who has just read everything."""
        async with self._service.connection() as connection:
            return await _place(connection)

    async def read(self, after: Cursor, ahead: frozenset[Cursor]) -> Changes:
        """Return what is new behind a place. ahead: lines beyond it that earlier readings have told.

        A transaction that stays open holds the place back, as somebody might still write below it, but not the
        news: lines beyond it are told at once, and again only to a reader who comes back.
        """
        async with self._service.transaction() as connection:
            horizon: int = await connection.fetchval(_SQL["horizon"])
            rows = await connection.fetch(
                _SQL["newer"],
                str(after.xact),
                after.feed,
                [place.feed for place in ahead],
                LINES_A_READING,
                len(ahead) < AHEAD_LIMIT,
            )
            alarms = await connection.fetch(_SQL["standing_alarms"])
        places = sorted(
            Cursor(xact, feed) for row in rows for xact, feed in zip(row["xacts"], row["feeds"], strict=True)
        )
        more = len(places) >= LINES_A_READING
        read_to = places[-1] if more else None
        ended = [
            place for place in ahead.union(places) if place.xact < horizon and (read_to is None or place <= read_to)
        ]
        cursor = max([after, *ended])
        return Changes(
            cursor=cursor,
            touched=tuple(map(_touched, rows)),
            ahead=frozenset(place for place in ahead.union(places) if place > cursor),
            alarms=frozenset(StandingAlarm(*alarm) for alarm in alarms),
            more=more,
        )

    async def missed(self, scope: Scope, after: Cursor) -> tuple[Cursor, tuple[Touched, ...]] | None:
        """Return what a reader missed who last heard of `after`, and where he stands when he has read it.

        None if that place is not of this database, or too much happened since: fetch the queue anew.
        """
        here = await self.here()  # in the service's role: the reader's own may see less than the hub told him of
        async with looking(self._web, scope) as connection:
            if after > here:  # nobody can be ahead of the house: that place was in another database
                return None
            rows = await connection.fetch(_SQL["newer"], str(after.xact), after.feed, [], RESUME_LINES, True)
        if len(rows) > RESUME_INCIDENTS or sum(len(row["seqs"]) for row in rows) >= RESUME_LINES:
            return None
        return here, tuple(map(_touched, rows))


async def _place(connection: asyncpg.Connection) -> Cursor:
    row = await connection.fetchrow(_SQL["place"])
    return Cursor(0, 0) if row is None else Cursor(row["xact"], row["feed"])


def _touched(row: asyncpg.Record) -> Touched:
    return Touched(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        incident_id=IncidentId(row["incident_id"]),
        person_id=row["person_id"],
        test=row["test"],
        silent=row["silent"],
        told=frozenset(row["told"]),
        seqs=tuple(row["seqs"]),
    )
