"""Reading what a worker's own phone shows beside his session: always about himself, and never what is silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import asyncpg

from escalation.supervision import SupervisionClass
from larmcentral.domain.device_health import is_silent
from larmcentral.domain.roles import Viewer
from larmcentral.domain.views_phone import Colleague, OwnDevice, OwnMessage, OwnRead
from larmcentral.store.access import SILENCE_KEPT, looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("reading_phone")

DEVICE_LIMIT: Final = 50
READ_LIMIT: Final = 200
COLLEAGUE_LIMIT: Final = 1000
MESSAGE_LIMIT: Final = 50
MESSAGES_KEPT: Final = timedelta(days=7)
"""Older words are in the timeline, for whoever may read that."""


class OwnPhone:
    """Reads of the viewer's own person, in the web's role; but the access log, which that role only writes.

    service: for the log of who read about him, asked for by his person and by nothing else.
    """

    def __init__(self, web: Pool, service: Pool) -> None:
        self._web, self._service = web, service

    async def devices(self, viewer: Viewer, *, now: datetime) -> tuple[OwnDevice, ...]:
        """Return the devices that he wears, by label."""
        rows = await self._fetch("devices", viewer, now, DEVICE_LIMIT)
        return tuple(_device_of(row, now) for row in rows)

    async def reads(self, viewer: Viewer, *, now: datetime) -> tuple[OwnRead, ...]:
        """Return who was shown what about him, newest first."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(
                _SQL["reads"], viewer.organisation_id, viewer.person_id, now - SILENCE_KEPT, READ_LIMIT
            )
        return tuple(OwnRead(**dict(row)) for row in rows)

    async def colleagues(self, viewer: Viewer, *, now: datetime) -> tuple[Colleague, ...]:
        """Return persons of his unit and teams, by name, without himself."""
        rows = await self._fetch("colleagues", viewer, now.date(), COLLEAGUE_LIMIT)
        return tuple(Colleague(**dict(row)) for row in rows)

    async def messages(self, viewer: Viewer, *, now: datetime) -> tuple[OwnMessage, ...]:
        """Return the desk's words to him, as a wearer or as one who responds, newest first."""
        rows = await self._fetch("messages", viewer, now - MESSAGES_KEPT, MESSAGE_LIMIT)
        return tuple(OwnMessage(**dict(row)) for row in rows)

    async def _fetch(self, block: str, viewer: Viewer, *values: object) -> list[asyncpg.Record]:
        scope = viewer.scope()
        async with looking(self._web, scope) as connection:
            found: list[asyncpg.Record] = await connection.fetch(
                _SQL[block], scope.organisation_id, list(scope.committees), viewer.person_id, *values
            )
        return found


def _device_of(row: asyncpg.Record, now: datetime) -> OwnDevice:
    silent = is_silent(
        SupervisionClass(row["supervision"]), heard_at=row["last_seen_at"], enrolled_at=row["changed_at"], now=now
    )
    return OwnDevice(
        id=row["id"],
        label=row["label"],
        protocol=row["protocol"],
        model=row["model"],
        battery_pct=row["battery_pct"],
        charging=row["charging"],
        last_seen_at=row["last_seen_at"],
        tested_at=row["tested_at"],
        silent=row["supervised"] and silent,
    )
