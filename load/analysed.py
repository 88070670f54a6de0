"""The statistics that a database has once it is older than a minute: plans made on empty tables are kept for long.

PostgreSQL believes of a table analysed while empty that it stays so; so each is analysed once it has rows.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final

import asyncpg

LOOK_EVERY_S: Final = 0.2

_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_WATCHED: Final = "SELECT count(*) FROM vigils WHERE kind = 'supervision' AND ended_at IS NULL"


async def settle(connection: asyncpg.Connection, devices: int, wait_s: float, tell: Callable[[str], None]) -> list[str]:
    """Wait until every device is watched over, then analyse all tables with rows; return those that had none.

    wait_s: at the most; supervision begins seconds after the first heartbeats, and takes up some hundred a turn.
    """
    began_s = time.monotonic()
    while True:
        watched, taken_s = await connection.fetchval(_WATCHED), time.monotonic() - began_s
        if watched >= devices or taken_s >= wait_s:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    tell(f"supervision watches over {watched} of {devices} devices after another {taken_s:.1f} s")
    tables = [row["tablename"] for row in await connection.fetch(_TABLES)]
    return await analyse(connection, tables)


async def analyse(connection: asyncpg.Connection, tables: Iterable[str], at_s: float = 0.0) -> list[str]:
    """Analyse those of the tables that have rows; return the others. at_s: not before, in monotonic seconds."""
    await asyncio.sleep(max(0.0, at_s - time.monotonic()))
    empty = []
    for table in tables:
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):
            await connection.execute(f"ANALYZE {table}")
        else:
            empty.append(table)
    return empty


async def analyse_all(connection: asyncpg.Connection, at_s: float) -> None:
    """Analyse the whole database at a time; for runs whose tables fill from nothing in their warm-up."""
    await asyncio.sleep(max(0.0, at_s - time.monotonic()))
    await connection.execute("ANALYZE")
