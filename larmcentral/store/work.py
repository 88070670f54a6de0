"""What all parts of a transaction on PostgreSQL share: the connection inside BEGIN, and the database's time."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from larmcentral.ports import Ids


class Work:
    """Part of ports.Transaction."""

    def __init__(self, connection: asyncpg.Connection, ids: Ids) -> None:
        self._connection, self._ids = connection, ids
        self._now: datetime | None = None

    async def _after_lock(self) -> datetime:
        """Look at the clock once the rows are ours."""
        self._now = await database_time(self._connection)
        return self._now

    async def _time(self) -> datetime:
        return self._now or await self._after_lock()


async def database_time(connection: asyncpg.Connection) -> datetime:
    """Return the database's time as of this statement, not of the transaction's beginning."""
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return now
