"""Whether the database takes what we write: one whose disk is full answers every question and keeps no alarm."""

from __future__ import annotations

from typing import Final

import structlog

from larmcentral.domain.errors import StoreUnavailable
from larmcentral.store.pool import Pool

log = structlog.get_logger(__name__)

_WRITE: Final = "SET LOCAL work_mem = '64kB'; SELECT count(*) FROM generate_series(1, 10000)"
"""Numbers that do not fit into so little memory go into a temporary file of some 140 kB, gone with the statement: it
needs room on the disk as a row does, and leaves nothing in the log, in a table or for vacuum. PostgreSQL docs,
"Resource Consumption": work_mem, temp_file_limit; a limit below that size counts as no room."""


class Room:
    """api.asks.Readiness: the database answers, and has room to write."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._had = True

    async def ready(self) -> bool:
        """Try it now."""
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_WRITE)
        except StoreUnavailable as error:
            if self._had:
                log.error("database_takes_no_writes", why=str(error))
            self._had = False
            return False
        if not self._had:
            log.warning("database_takes_writes_again")
        self._had = True
        return True
