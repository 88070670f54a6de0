"""Old incidents by the million: one real incident's rows, written again and again with other times and persons.

Which tables have rows of an incident is asked of the catalogue, so that a new one is not forgotten. The hash of a line
is copied with it, and fits its model only: nobody reads those of old incidents here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from load.flat.plan import FlatPlan

BATCH: Final = 10_000
"""Incidents a transaction."""
TELL_EVERY: Final = 10

_COLUMNS: Final = """
SELECT c.relname AS table_name, a.attname AS name, format_type(a.atttypid, NULL) AS type
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attidentity = '' AND a.attgenerated = '' AND (c.relname = 'incidents' OR EXISTS (
        SELECT FROM pg_attribute i WHERE i.attrelid = c.oid AND i.attname = 'incident_id' AND NOT i.attisdropped))
ORDER BY c.relname <> 'incidents', c.relname, a.attnum
"""
_MAKE: Final = """
CREATE UNLOGGED TABLE load_old AS
WITH wearers AS (
    SELECT row_number() OVER (ORDER BY d.account) - 1 AS place, p.id AS person_id, d.id AS device_id, d.account,
        p.unit_id
    FROM device_assignments a JOIN devices d ON d.id = a.device_id JOIN persons p ON p.id = a.person_id
), told AS (
    SELECT t.unit_id, array_agg(m.person_id ORDER BY m.person_id) AS members,
        array_agg((SELECT c.id FROM contact_points c WHERE c.person_id = m.person_id LIMIT 1) ORDER BY m.person_id)
            AS points
    FROM teams t JOIN team_members m ON m.team_id = t.id GROUP BY t.unit_id
), days AS (
    SELECT n, $1::timestamptz - $2::interval * (1 - n / $3::float8) - interval '1 day' AS opened_at
    FROM generate_series(0, $3::integer - 1) n
)
SELECT d.n, uuidv7(d.opened_at - clock_timestamp()) AS incident_id, d.opened_at, w.person_id, w.device_id, w.account,
    t.members, t.points
FROM days d JOIN wearers w ON w.place = d.n % (SELECT count(*) FROM wearers) JOIN told t ON t.unit_id = w.unit_id
"""
_MODEL: Final = """
SELECT i.id, i.opened_at, i.person_id, ARRAY (
    SELECT r.person_id FROM responders r WHERE r.incident_id = i.id ORDER BY r.person_id) AS members
FROM incidents i WHERE i.state = 'stood_down' AND i.purpose = 'real' ORDER BY i.opened_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in. rows: by table, of one incident."""

    incidents: int
    rows: tuple[tuple[str, int], ...]
    took_s: float
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Model:
    id: UUID
    opened_at: datetime
    person_id: UUID
    members: Sequence[UUID]


async def fill(dsn: str, plan: FlatPlan, now: datetime, tell: Callable[[str], None]) -> Filled:
    """Write so many old incidents; one that was stood down must be there. The server is not: it would read along."""
    began_s = time.monotonic()
    connection: asyncpg.Connection = await asyncpg.connect(dsn)
    try:
        row = await connection.fetchrow(_MODEL)
        if row is None:
            raise AssertionError("a real incident is made first")
        model = _Model(row["id"], row["opened_at"], row["person_id"], row["members"])
        copies = await _copies(connection, model)
        rows = tuple([(table, await connection.fetchval(_count(table), model.id)) for table, _ in copies])
        await connection.execute(_written(_MAKE, now, plan.span.total_seconds(), plan.incidents))
        await connection.execute("CREATE UNIQUE INDEX ON load_old (n)")
        await connection.execute("ANALYZE load_old")
        statements = [statement for (_, statement), (_, count) in zip(copies, rows, strict=True) if count]
        await asyncio.gather(*(_fill_lane(dsn, lane, plan, model, statements, tell) for lane in range(plan.lanes)))
        await connection.execute("DROP TABLE load_old")
        for what in ("VACUUM (ANALYZE)", "CHECKPOINT"):
            await connection.execute(what)
        size_bytes = await connection.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await connection.close()
    return Filled(plan.incidents, tuple(one for one in rows if one[1]), time.monotonic() - began_s, size_bytes)


async def _fill_lane(
    dsn: str, lane: int, plan: FlatPlan, model: _Model, statements: Sequence[str], tell: Callable[[str], None]
) -> None:
    # Foreign keys hold by themselves here, and checking them would be most of the work.
    settings = {"session_replication_role": "replica", "synchronous_commit": "off"}
    connection: asyncpg.Connection = await asyncpg.connect(dsn, server_settings=settings)
    try:
        batches = range(lane * BATCH, plan.incidents, plan.lanes * BATCH)
        for number, first in enumerate(batches):
            async with connection.transaction():
                for statement in statements:
                    await connection.execute(
                        statement, model.id, model.opened_at, model.person_id, model.members, first, first + BATCH
                    )
            if lane == 0 and number % TELL_EVERY == TELL_EVERY - 1:
                tell(f"about {min((number + 1) * plan.lanes * BATCH, plan.incidents)} old incidents filled in")
    finally:
        await connection.close()


def _written(statement: str, now: datetime, span_s: float, incidents: int) -> str:
    """A statement that makes a table takes no arguments."""
    return (
        statement.replace("$1", f"'{now.isoformat()}'")
        .replace("$2", f"'{span_s:.0f} seconds'")
        .replace("$3", str(incidents))
    )


def _count(table: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE {_key(table)} = $1"


def _key(table: str) -> str:
    return "id" if table == "incidents" else "incident_id"


async def _copies(connection: asyncpg.Connection, model: _Model) -> list[tuple[str, str]]:
    """Return each table and the statement that writes its rows for a span of old incidents, incidents first."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for row in await connection.fetch(_COLUMNS):
        columns.setdefault(row["table_name"], []).append((row["name"], row["type"]))
    return [(table, copy_statement(table, named)) for table, named in columns.items()]


def copy_statement(table: str, columns: Iterable[tuple[str, str]]) -> str:
    """Return the statement that writes one table's rows for old incidents $5 up to $6.

    columns: names and types, without those that the database fills in. $1 to $4: the model's id, its opening, its
    wearer, its responders in the order of their ids. Old ones stand in load_old.
    """
    made = {name: value for name, type_ in columns if (value := _value(table, name, type_)) is not None}
    return (
        f"INSERT INTO {table} ({', '.join(made)}) SELECT {', '.join(made.values())} "
        f"FROM load_old o CROSS JOIN {table} m WHERE o.n >= $5 AND o.n < $6 AND m.{_key(table)} = $1::uuid "
        "AND $2::timestamptz IS NOT NULL AND $3::uuid IS NOT NULL AND $4::uuid[] IS NOT NULL ORDER BY o.n"
    )


def _value(table: str, name: str, type_: str) -> str | None:
    """What a column has in an old incident's row; None where its default is right."""
    member = "array_position($4::uuid[], m.person_id)"
    match (table, name, type_):
        case (_, _, "xid8"):
            return None  # of the transaction that writes it
        case ("incidents", "id", _) | (_, "incident_id", _):
            return "o.incident_id"
        case (_, "id", "uuid"):
            return "uuidv7(o.opened_at - clock_timestamp())"
        case (_, "person_id", _):
            wearer = "CASE WHEN m.person_id = $3::uuid THEN o.person_id ELSE m.person_id END"
            return f"coalesce(o.members[{member}], {wearer})"
        case (_, "point_id", _):
            return f"coalesce(o.points[{member}], m.point_id)"
        case (_, "device_id" | "account", _):
            return f"o.{name}"
        case (_, "subject", _):
            return "replace(m.subject, $3::uuid::text, o.person_id::text)"
        case (_, "repeat_key" | "provider_id", _):
            return f"m.{name} || '-' || o.n"
        case (_, _, "timestamp with time zone"):
            return f"m.{name} + (o.opened_at - $2::timestamptz)"
    return f"m.{name}"
