"""How work for a person reaches the data: in the web's role, within his committees, and written down."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from escalation.ids import UserId
from larmcentral.domain.ids import uuid7
from larmcentral.domain.roles import Scope
from larmcentral.domain.views import IncidentView
from larmcentral.store.columns import columns
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

SQL: Final = load("access")

WINDOW: Final = timedelta(minutes=10)
"""Looks at the same incident by the same user within one such window are one reading."""

SILENCE_KEPT: Final = timedelta(hours=24)
"""So long after a silent alarm was stood down nothing is told of it: whoever it was about may still be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What somebody was shown of a person or a place. about: what tells one reading from another within a window."""

    committee_id: UUID
    about: UUID
    person_id: UUID | None = None
    place_id: UUID | None = None


@asynccontextmanager
async def looking(pool: Pool, scope: Scope) -> AsyncIterator[asyncpg.Connection]:
    """Lend a connection of the web's role inside a transaction that sees the scope's committees alone."""
    async with pool.transaction(scope.committees) as connection:
        yield connection


async def record_look(
    connection: asyncpg.Connection,
    scope: Scope,
    *,
    by: UserId,
    incident: IncidentView,
    now: datetime,
    place_id: UUID | None = None,
) -> None:
    """File that the position of the incident's person was shown, on its ground: once a window, user and incident.

    place_id: it was the place that was shown, with its door code and its dangers.
    """
    action = "position_shown" if place_id is None else "place_shown"
    person_id = None if incident.person is None else incident.person.id
    await connection.execute(
        SQL["record"],
        scope.organisation_id,
        incident.committee_id,
        look_id(by, incident.id, now, "" if place_id is None else action),
        now,
        by,
        action,
        person_id,
        incident.id,
        "incident",
        place_id,
    )


async def record_person(
    connection: asyncpg.Connection,
    scope: Scope,
    *,
    by: UserId,
    action: str,
    committee_id: UUID,
    person_id: UUID,
    incident_id: UUID | None,
    now: datetime,
) -> None:
    """File that something written about a person was shown: once a window, user, action and ground.

    incident_id: the ground, None for the register's own sake.
    """
    about = person_id if incident_id is None else incident_id
    ground = "register" if incident_id is None else "incident"
    name = look_id(by, about, now, action)
    await connection.execute(
        SQL["record"], scope.organisation_id, committee_id, name, now, by, action, person_id, incident_id, ground, None
    )


async def record_shown(
    connection: asyncpg.Connection,
    scope: Scope,
    shown: Sequence[Shown],
    *,
    by: UserId,
    action: str,
    ground: str,
    now: datetime,
) -> None:
    """File what was shown, and on what ground: once a window, user, action and what it is about."""
    if shown:
        rows = [(one.committee_id, look_id(by, one.about, now, action), one.person_id, one.place_id) for one in shown]
        await connection.execute(SQL["record_shown"], scope.organisation_id, now, by, action, ground, *columns(rows))


def look_id(by: UserId, about: UUID, now: datetime, action: str = "") -> UUID:
    """Name a reading after its user, what it is about, its window and, where it is none of a position, its kind."""
    window_start = datetime.fromtimestamp(now.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), UTC)
    said = by.bytes + about.bytes + window_start.isoformat().encode() + action.encode()
    return uuid7(window_start, hashlib.sha256(said).digest()[:10])
