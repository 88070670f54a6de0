"""What the house holds, looked at again and again: every server's memory, and the database's size and waste."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from load.house import House
from load.usage import Holding, holding

_TABLES: Final = """
SELECT relname AS name, pg_total_relation_size(relid) AS size_bytes, n_dead_tup AS dead FROM pg_stat_user_tables
WHERE schemaname = 'public' ORDER BY relname
"""
_DATABASE: Final = """
SELECT pg_database_size(current_database()) AS size_bytes,
    pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS wal_bytes,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its indexes. dead: rows that are no longer of use, as PostgreSQL counts them."""

    size_bytes: int
    dead: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. at_s: monotonic. servers: by the name of the process. wal_bytes: written since the database was made.

    pressed: alarms that were due by then.
    """

    at_s: float
    servers: Mapping[str, Holding]
    tables: Mapping[str, Table]
    size_bytes: int
    wal_bytes: int
    connections: int
    pressed: int


class Samples:
    """Looks every so often until it is stopped. from_s: monotonic, of the first press."""

    def __init__(self, house: House, connection: asyncpg.Connection, every_s: float) -> None:
        self._house, self._connection, self._every_s = house, connection, every_s
        self.found: list[Sample] = []

    async def look_on(self, from_s: float, for_s: float) -> None:
        """Look on for so long from a monotonic time on."""
        looks = int(for_s / self._every_s)
        for number in range(looks + 1):
            await asyncio.sleep(max(0.0, from_s + number * self._every_s - time.monotonic()))
            self.found.append(await self.look(from_s))

    async def look(self, from_s: float) -> Sample:
        """Look once."""
        at_s = time.monotonic()
        pids = self._house.crew.pids
        held = {name: holding(pids[name]) for name in self._house.servers if name in pids}
        whole = await self._connection.fetchrow(_DATABASE)
        if whole is None:
            raise AssertionError("one row always comes")
        return Sample(
            at_s=at_s,
            servers={name: one for name, one in held.items() if one is not None},
            tables={
                row["name"]: Table(row["size_bytes"], row["dead"]) for row in await self._connection.fetch(_TABLES)
            },
            size_bytes=whole["size_bytes"],
            wal_bytes=whole["wal_bytes"],
            connections=whole["connections"],
            pressed=round(max(0.0, at_s - from_s) * self._house.profile.alarms_per_s),
        )
