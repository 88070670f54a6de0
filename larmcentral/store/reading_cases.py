"""Reading one incident to take it out of the house: all of it, and a line about who did."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import asyncpg
import msgspec

from escalation.ids import IncidentId
from larmcentral.domain.case_file import CaseFile, CaseLine, CaseSignal
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.ids import uuid7
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.store.access import SQL as ACCESS
from larmcentral.store.access import look_id, looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.reading import Reader
from larmcentral.store.rows import notice_of

_SQL: Final = load("reading_cases")
_NOTICES: Final = load("reading")["notices"]

TAKEN_OUT: Final = "taken_out"
"""What the access log calls it."""
TRIES: Final = 3
"""An incident that is worked on changes between two looks; three times in a row, within milliseconds, it does not."""


class CaseFiles:
    """Incidents whole, read in the web's role. zone: of the house."""

    def __init__(self, web: Pool, zone: str) -> None:
        self._web, self._zone = web, zone
        self._reader = Reader(web)

    async def case_file(self, scope: Scope, incident_id: IncidentId, *, by: Viewer, now: datetime) -> CaseFile:
        """Return everything about one incident that he may see, and write down that he took it out.

        Raises NotFound, and Collision if it kept changing.
        """
        for _ in range(TRIES):
            detail = await self._reader.detail(scope, incident_id, by=by, now=now)
            async with looking(self._web, scope) as connection:
                one = (scope.organisation_id, incident_id)
                ends = await connection.fetchrow(
                    _SQL["ends"], scope.organisation_id, list(scope.committees), incident_id
                )
                if ends is None:
                    raise NotFound(f"incident {incident_id}")
                if ends["version"] != detail.incident.version:
                    continue
                lines = await connection.fetch(_SQL["lines"], *one, ends["entries"])
                signals = await connection.fetch(_SQL["signals"], *one)
                notices = await connection.fetch(_NOTICES, *one, None, now)
                await _record(connection, scope, ends, incident_id, by, now)
            return CaseFile(
                organisation=ends["organisation"],
                zone=self._zone,
                taken_out_at=now,
                taken_out_by=by.name,
                detail=detail,
                lines=tuple(map(_line_of, lines)),
                signals=tuple(CaseSignal(**{**row, "doubts": tuple(row["doubts"])}) for row in signals),
                notices=tuple(map(notice_of, reversed(notices))),
                entries=ends["entries"],
                last_hash=ends["last_hash"],
            )
        raise Collision(f"incident {incident_id} kept changing")


async def _record(
    connection: asyncpg.Connection,
    scope: Scope,
    ends: asyncpg.Record,
    incident_id: IncidentId,
    by: Viewer,
    now: datetime,
) -> None:
    """A copy that leaves the house is a line of its own, window or not: each one can be lost."""
    name = uuid7(now, look_id(by.user_id, incident_id, now, TAKEN_OUT).bytes[6:])
    await connection.execute(
        ACCESS["record"],
        scope.organisation_id,
        ends["committee_id"],
        name,
        now,
        by.user_id,
        TAKEN_OUT,
        ends["person_id"],
        incident_id,
        "incident",
        None,
    )


def _line_of(row: asyncpg.Record) -> CaseLine:
    pairs = {name: msgspec.json.decode(row[name]) for name in ("actor", "detail")}
    return CaseLine(**{**row, **pairs})
