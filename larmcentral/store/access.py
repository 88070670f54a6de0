"""How work for a person reaches the data: in the web's role, within his committees, and written down."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from escalation.ids import IncidentId, UserId
from larmcentral.domain.ids import uuid7
from larmcentral.domain.roles import Scope
from larmcentral.domain.views import IncidentView
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("access")

WINDOW: Final = timedelta(minutes=10)
"""Looks at the same incident by the same user within one such window are one reading."""


@asynccontextmanager
async def looking(pool: Pool, scope: Scope) -> AsyncIterator[asyncpg.Connection]:
    """Lend a connection of the web's role inside a transaction that sees the scope's committees alone."""
    async with pool.transaction(scope.committees) as connection:
        yield connection


async def record_look(
    connection: asyncpg.Connection, scope: Scope, *, by: UserId, incident: IncidentView, now: datetime
) -> None:
    """File that the position of the incident's person was shown, on its ground: once a window, user and incident."""
    person_id = None if incident.person is None else incident.person.id
    await connection.execute(
        _SQL["record"],
        scope.organisation_id,
        incident.committee_id,
        look_id(by, IncidentId(incident.id), now),
        now,
        by,
        "position_shown",
        person_id,
        incident.id,
        "incident",
    )


def look_id(by: UserId, incident_id: IncidentId, now: datetime) -> UUID:
    """Name a reading after its user, its incident and its window."""
    window_start = datetime.fromtimestamp(now.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), UTC)
    digest = hashlib.sha256(by.bytes + incident_id.bytes + window_start.isoformat().encode()).digest()
    return uuid7(window_start, digest[:10])
