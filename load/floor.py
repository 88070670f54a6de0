"""The floor: what no server on this machine could be faster than. A loopback round trip, and one commit on disk."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from statistics import median
from typing import Final

import asyncpg

ROUNDS: Final = 300
FRAME_BYTES: Final = 256
"""About what a watch's alarm is long."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Both parts in milliseconds, measured while the house stood idle."""

    round_trip_p50_ms: float
    round_trip_p99_ms: float
    commit_p50_ms: float
    commit_p99_ms: float


async def measure(connection: asyncpg.Connection) -> Floor:
    """Measure both. The commit is one row in a table of its own, which goes again; fsync is on."""
    trips = sorted(await _round_trips())
    commits = sorted(await _commits(connection))
    return Floor(median(trips), _p99(trips), median(commits), _p99(commits))


def _p99(ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


async def _round_trips() -> list[float]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(4096):
            writer.write(chunk)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        taken = []
        for _ in range(ROUNDS):
            began_s = time.monotonic()
            writer.write(bytes(FRAME_BYTES))
            await reader.readexactly(FRAME_BYTES)
            taken.append((time.monotonic() - began_s) * 1000)
        writer.close()
        await writer.wait_closed()
    return taken


async def _commits(connection: asyncpg.Connection) -> list[float]:
    await connection.execute("CREATE TABLE load_floor (id integer PRIMARY KEY, frame bytea NOT NULL)")
    try:
        taken = []
        for number in range(ROUNDS):
            began_s = time.monotonic()
            await connection.execute("INSERT INTO load_floor VALUES ($1, $2)", number, bytes(FRAME_BYTES))
            taken.append((time.monotonic() - began_s) * 1000)
    finally:
        await connection.execute("DROP TABLE load_floor")
    return taken
