"""The ceiling: what the same PostgreSQL takes from a bare client that writes the same rows, and decides nothing.

Copies of rows that the server wrote in this very run go into the same tables under new ids: signal, incident,
responders, deadline, notices and timeline in one transaction; then what became of the notices in a second one. As many
alarms a transaction as the server had, one batch after the other, without waiting for anything but the database.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, Final
from uuid import UUID

import asyncpg

from larmcentral.clock import SystemClock
from larmcentral.domain.ids import uuid7
from load.afterwards import Batches

TEMPLATES: Final = 100
LANES: Final = (1, 4)
"""One lane is a connection that files and one that settles, like a receiver's; four are as much as two cores feed."""
WAITING_LIMIT: Final = 3_000
"""Notices filed and not yet settled, a lane; past it the filing waits."""

_COLUMNS: Final = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO'
    AND column_name <> 'xact'
ORDER BY ordinal_position
"""
_INCIDENTS: Final = """
SELECT i.id FROM incidents i WHERE i.purpose <> 'test' AND EXISTS (
    SELECT FROM timeline t
    WHERE (t.organisation_id, t.incident_id) = (i.organisation_id, i.id) AND t.kind = 'notice_sent')
ORDER BY i.id LIMIT $1
"""
_SETTLE: Final = """
UPDATE notices SET state = 'sent', tries = 1, sent_at = $3, lease_owner = NULL, lease_until = NULL
WHERE organisation_id = $1 AND id = $2
"""
_RECORD: Final = """
UPDATE incidents SET version = version + 1, core = $3, entries = $4, last_hash = $5
WHERE organisation_id = $1 AND id = $2
"""
_REACHED: Final = "UPDATE contact_points SET last_reached_at = $3 WHERE organisation_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the bare client reached. rows: inserted and updated ones an alarm."""

    lanes: int
    mean_alarms: float
    mean_results: float
    alarms_per_s: float
    rows_per_s: float


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: tuple[str, ...]

    @property
    def insert(self) -> str:
        """The statement for one row."""
        places = ", ".join(f"${number}" for number in range(1, len(self.columns) + 1))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({places})"

    def row(self, stored: dict[str, Any], **new: Any) -> tuple[Any, ...]:
        """A stored row with some columns anew."""
        return tuple(new.get(column, stored[column]) for column in self.columns)


@dataclass(frozen=True, slots=True)
class _Alarm:
    """Everything that one alarm wrote."""

    signal: dict[str, Any]
    incident: dict[str, Any]
    responders: tuple[dict[str, Any], ...]
    notices: tuple[dict[str, Any], ...]
    opening: tuple[dict[str, Any], ...]
    sent: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Result:
    """A notice that was filed, and what its settlement writes."""

    organisation_id: UUID
    notice_id: UUID
    incident_id: UUID
    point_id: UUID
    core: str
    line: dict[str, Any]


_TABLES: Final = ("signals", "incidents", "responders", "deadlines", "notices", "timeline")


class BareClient:
    """Writes copies of the rows of a run, as fast as the database takes them."""

    def __init__(self, dsn: str, tables: Sequence[_Table], templates: Sequence[_Alarm]) -> None:
        self._dsn, self._templates = dsn, templates
        self._table = {table.name: table for table in tables}
        self._clock = SystemClock()
        self._settled = 0
        self._rows = 0

    async def measure(self, lanes: int, batches: Batches, seconds: float) -> Ceiling:
        """Write for so long; count what was settled."""
        self._settled = self._rows = 0
        stop_s = time.monotonic() + seconds
        began_s = time.monotonic()
        await asyncio.gather(*(self._lane(batches, stop_s, lane) for lane in range(lanes)))
        took_s = time.monotonic() - began_s
        return Ceiling(
            lanes=lanes,
            mean_alarms=batches.mean_alarms,
            mean_results=batches.mean_results,
            alarms_per_s=self._settled / len(self._templates[0].notices) / took_s,
            rows_per_s=self._rows / took_s,
        )

    async def _lane(self, batches: Batches, stop_s: float, lane: int) -> None:
        results: asyncio.Queue[_Result | None] = asyncio.Queue(WAITING_LIMIT)
        await asyncio.gather(
            self._file(_turned(batches.alarms, lane), stop_s, results),
            self._settle(_turned(batches.results, lane), results),
        )

    async def _file(self, sizes: Sequence[int], stop_s: float, results: asyncio.Queue[_Result | None]) -> None:
        connection = await asyncpg.connect(self._dsn)
        templates = cycle(self._templates)
        try:
            for size in cycle(sizes):
                if time.monotonic() >= stop_s:
                    break
                rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _TABLES}
                filed = [each for _ in range(size) for each in self._copy(next(templates), rows)]
                async with connection.transaction():
                    for name in _TABLES:
                        await connection.executemany(self._table[name].insert, rows[name])
                self._rows += sum(map(len, rows.values()))
                for each in filed:
                    await results.put(each)
        finally:
            await results.put(None)
            await connection.close()

    async def _settle(self, sizes: Sequence[int], results: asyncio.Queue[_Result | None]) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            for size in cycle(sizes):
                batch: list[_Result] = []
                while len(batch) < size:
                    one = await results.get()
                    if one is None:
                        return
                    batch.append(one)
                await self._settle_batch(connection, batch)
                self._settled += len(batch)
        finally:
            while not results.empty():  # who files must not wait for ever where we fail
                results.get_nowait()
            await connection.close()

    async def _settle_batch(self, connection: asyncpg.Connection, batch: Sequence[_Result]) -> None:
        now = self._clock.now()
        last = {one.incident_id: one for one in batch}
        points = {one.point_id: one for one in batch}
        lines = [self._table["timeline"].row(one.line) for one in batch]
        async with connection.transaction():
            await connection.executemany(_SETTLE, [(one.organisation_id, one.notice_id, now) for one in batch])
            await connection.executemany(
                _RECORD,
                [
                    (one.organisation_id, incident_id, one.core, one.line["seq"], one.line["hash"])
                    for incident_id, one in sorted(last.items())
                ],
            )
            await connection.executemany(
                _REACHED, [(one.organisation_id, point_id, now) for point_id, one in sorted(points.items())]
            )
            await connection.executemany(self._table["timeline"].insert, lines)
        self._rows += 2 * len(batch) + len(last) + len(points)

    def _copy(self, alarm: _Alarm, rows: dict[str, list[tuple[Any, ...]]]) -> Iterable[_Result]:
        """Add one alarm's rows under new ids; return what its notices' settlement will write."""
        now = self._clock.now()
        incident_id, signal_id = self._id(now), self._id(now)
        organisation_id = alarm.incident["organisation_id"]
        table = self._table
        rows["signals"].append(
            table["signals"].row(alarm.signal, id=signal_id, incident_id=incident_id, repeat_key=str(signal_id))
        )
        rows["incidents"].append(
            table["incidents"].row(
                alarm.incident,
                id=incident_id,
                subject=f"device:{incident_id}",
                state="open",
                outcome=None,
                stood_down_at=None,
                entries=len(alarm.opening),
                last_hash=alarm.opening[-1]["hash"],
            )
        )
        rows["responders"] += [table["responders"].row(one, incident_id=incident_id) for one in alarm.responders]
        deadline = {
            "organisation_id": organisation_id,
            "committee_id": alarm.incident["committee_id"],
            "incident_id": incident_id,
            "what": "next_step",
            "person_id": UUID(int=0),
            "due_at": now + timedelta(hours=1),
            "fence": 1,
        }
        rows["deadlines"].append(table["deadlines"].row(deadline))
        rows["timeline"] += [table["timeline"].row(one, incident_id=incident_id) for one in alarm.opening]
        for notice, line in zip(alarm.notices, alarm.sent, strict=True):
            notice_id = self._id(now)
            lease = {"lease_owner": incident_id, "lease_until": now + timedelta(seconds=15)}
            rows["notices"].append(
                table["notices"].row(
                    notice, id=notice_id, incident_id=incident_id, state="pending", sent_at=None, tries=0, **lease
                )
            )
            told = line | {"incident_id": incident_id}
            yield _Result(organisation_id, notice_id, incident_id, notice["point_id"], alarm.incident["core"], told)

    @staticmethod
    def _id(now: datetime) -> UUID:
        return uuid7(now, os.urandom(10))


def _turned(sizes: Sequence[int], lane: int) -> Sequence[int]:
    """The same batches, begun at another place, so that lanes do not march in step."""
    place = lane * len(sizes) // max(LANES)
    return (*sizes[place:], *sizes[:place])


async def ceilings(dsn: str, batches: Batches, seconds: float) -> list[Ceiling]:
    """Measure with one lane and with several; empty where the server wrote nothing to copy."""
    client = await bare_client(dsn)
    if client is None or not batches.alarms or not batches.results:
        return []
    return [await client.measure(lanes, batches, seconds) for lanes in LANES]


async def bare_client(dsn: str) -> BareClient | None:
    """Read rows of the run as templates; None where no alarm came through to a notice."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = [
            _Table(name, tuple(row["column_name"] for row in await connection.fetch(_COLUMNS, name)))
            for name in _TABLES
        ]
        ids = [row["id"] for row in await connection.fetch(_INCIDENTS, TEMPLATES)]
        found = [await _template(connection, incident_id) for incident_id in ids]
        await connection.execute("CHECKPOINT")  # so that none falls into the one figure and not into the other
    finally:
        await connection.close()
    templates = [one for one in found if one is not None]
    return BareClient(dsn, tables, templates) if templates else None


async def _template(connection: asyncpg.Connection, incident_id: UUID) -> _Alarm | None:
    async def rows(table: str, key: str, order: str) -> list[dict[str, Any]]:
        found = await connection.fetch(f"SELECT * FROM {table} WHERE {key} = $1 ORDER BY {order}", incident_id)
        return [dict(row) for row in found]

    (incident,) = await rows("incidents", "id", "id")
    lines = await rows("timeline", "incident_id", "seq")
    notices = [one for one in await rows("notices", "incident_id", "id") if one["point_id"] is not None]
    signals = await rows("signals", "incident_id", "received_at")
    sent = [line for line in lines if line["kind"] == "notice_sent"]
    opening = [line for line in lines if line["xact"] == lines[0]["xact"]]
    if not signals or len(sent) != len(notices) or not notices:
        return None
    return _Alarm(
        signal=signals[0],
        incident=incident,
        responders=tuple(await rows("responders", "incident_id", "person_id")),
        notices=tuple(notices),
        opening=tuple(opening),
        sent=tuple(sent),
    )
