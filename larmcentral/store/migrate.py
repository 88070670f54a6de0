"""Forward-only migrations, by pogo-migrate, one starter at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import asyncpg
import structlog
from pogo_core.util import migrate as pogo

log = structlog.get_logger(__name__)

MIGRATIONS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x6C61726D
"""Advisory lock: two processes that start together migrate one after the other."""


class _PogoLog:
    """pogo-migrate's words as facts in our log; it calls each step it takes a warning."""

    def warning(self, words: str, *values: object) -> None:
        log.info("migrating", step=words % values)


async def migrate(dsn: str) -> None:
    """Bring the database's schema up to this version. Repeatable.

    dsn: of a role that may create tables, and roles unless larm_service and larm_web exist.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await pogo.apply(connection, MIGRATIONS, schema_name="public", logger=_PogoLog())  # type: ignore[arg-type]
    finally:
        await connection.close()
