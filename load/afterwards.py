"""What the database says after the run: the rows behind each press, the facts that must hold, the batches it wrote."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from escalation.ids import IncidentId
from larmcentral.domain.timeline import FIRST_HASH, line_hash
from load.fleet import PATIENCE_S
from load.generator import digest
from load.house import House
from load.match import Matched, StoredAlarm, StoredNotice
from load.profile import NOTICES_PER_ALARM

TIMELINES_CHECKED: Final = 200
SYSTEM_ALARMS: Final = "system alarms raised"

_ALARMS: Final = """
SELECT s.account, s.raw, s.incident_id, s.received_at, s.attempts, i.opened_at
FROM signals s LEFT JOIN incidents i ON (i.organisation_id, i.id) = (s.organisation_id, s.incident_id)
WHERE s.kind = 'panic' AND (i.purpose IS NULL OR i.purpose <> 'test')
"""
_NOTICES: Final = "SELECT id, incident_id, channel, state FROM notices WHERE purpose <> 'test'"
_COUNTS: Final = """
SELECT
    (SELECT count(*) FROM signals WHERE kind = 'panic' AND incident_id IS NULL) AS orphan_signals,
    (SELECT count(*) FROM incidents i WHERE i.purpose <> 'test' AND
        (SELECT count(*) FROM notices n
         WHERE (n.organisation_id, n.incident_id) = (i.organisation_id, i.id) AND n.channel <> 'console'
            AND n.about = 'alarm') <> $1) AS incidents_without_notices,
    (SELECT count(*) FROM incidents WHERE purpose <> 'test') AS incidents,
    (SELECT count(*) FROM notices WHERE state = 'pending') AS pending,
    (SELECT count(*) FROM notices WHERE state NOT IN ('pending', 'sent', 'delivered')
        AND (about = 'alarm' OR state <> 'withdrawn')) AS not_sent,  -- news that nobody needs any more is withdrawn
    (SELECT count(*) FROM incidents i WHERE i.state <> 'stood_down' AND NOT EXISTS
        (SELECT FROM deadlines d WHERE (d.organisation_id, d.incident_id) = (i.organisation_id, i.id)))
        AS without_deadline,
    (SELECT count(*) FROM system_alarms WHERE fault <> 'chain_used_up') AS system_alarms
"""
_TIMELINE: Final = """
SELECT seq, at, kind, actor, detail, hash FROM timeline WHERE incident_id = $1 ORDER BY seq
"""
_BATCHES: Final = """
SELECT xact, min(at) AS at, count(*) AS lines FROM timeline WHERE kind = $1 GROUP BY xact ORDER BY min(at)
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One fact. found must be `expected`."""

    what: str
    found: int
    expected: int

    @property
    def holds(self) -> bool:
        """True if it is so."""
        return self.found == self.expected


async def alarms(connection: asyncpg.Connection, wall_ahead_s: float) -> list[StoredAlarm]:
    """Return every alarm signal on disk. wall_ahead_s: wall clock minus monotonic clock."""
    return [
        StoredAlarm(
            account=row["account"],
            frame=digest(row["raw"]),
            incident_id=row["incident_id"],
            received_s=row["received_at"].timestamp() - wall_ahead_s,
            opened_s=None if row["opened_at"] is None else row["opened_at"].timestamp() - wall_ahead_s,
            attempts=row["attempts"],
            raw=row["raw"],
        )
        for row in await connection.fetch(_ALARMS)
    ]


async def all_sent(connection: asyncpg.Connection, house: House) -> float:
    """Wait until every notice on disk is settled, or PATIENCE_S at the most; return the monotonic time of it."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s and not house.crew.fallen():
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM notices WHERE state = 'pending')"):
            break
        await asyncio.sleep(0.2)
    return time.monotonic()


async def notices(connection: asyncpg.Connection) -> list[StoredNotice]:
    """Return every notice on disk."""
    rows = await connection.fetch(_NOTICES)
    return [StoredNotice(row["id"], row["incident_id"], row["channel"], row["state"]) for row in rows]


async def checks(connection: asyncpg.Connection, matched: Matched) -> list[Check]:
    """Return the facts that must hold whatever the times were."""
    presses = [journey.press for journey in matched.journeys]
    row = await connection.fetchrow(_COUNTS, NOTICES_PER_ALARM)
    if row is None:
        raise AssertionError("one row always comes")
    acked = [journey for journey in matched.journeys if journey.press.acked_s is not None]
    broken, looked_at = await broken_timelines(connection)
    return [
        Check("presses acked", len(acked), len(presses)),
        Check("acked presses without a stored signal", sum(j.signal is None for j in acked), 0),
        Check("presses with two stored signals", matched.twice, 0),
        Check("stored alarm signals of no press", matched.strangers, 0),
        Check("acked presses without an incident", sum(_alone(j.signal) for j in acked), 0),
        Check("stored alarm signals without an incident", row["orphan_signals"], 0),
        Check("incidents opened", row["incidents"], len(presses)),
        Check(
            "presses that joined an incident still open", sum(j.signal is not None and not j.first for j in acked), 0
        ),
        Check(f"incidents without their {NOTICES_PER_ALARM} notices", row["incidents_without_notices"], 0),
        Check("notices pending", row["pending"], 0),
        Check("notices refused, failed or withdrawn", row["not_sent"], 0),
        Check("notices that no push receiver got", matched.never_received, 0),
        Check("notices received that are not on disk", matched.received_unknown, 0),
        Check("open incidents without a deadline", row["without_deadline"], 0),
        Check(SYSTEM_ALARMS, row["system_alarms"], 0),
        Check(f"broken timelines among {looked_at}", broken, 0),
    ]


def _alone(signal: StoredAlarm | None) -> bool:
    return signal is not None and signal.incident_id is None


async def broken_timelines(connection: asyncpg.Connection, limit: int = TIMELINES_CHECKED) -> tuple[int, int]:
    """Look at some timelines; return how many do not follow from line to line, and how many were looked at."""
    rows = await connection.fetch("SELECT id, entries, last_hash FROM incidents ORDER BY id")
    sample = random.Random(len(rows)).sample(rows, min(limit, len(rows)))
    broken = 0
    for row in sample:
        lines = await connection.fetch(_TIMELINE, row["id"])
        ends = _last_hash(IncidentId(row["id"]), lines)
        broken += ends != row["last_hash"] or len(lines) != row["entries"]
    return broken, len(sample)


def _last_hash(incident_id: IncidentId, lines: Sequence[Any]) -> bytes | None:
    """Return the hash of the last line, computed anew from the first; None where one does not follow."""
    before = FIRST_HASH
    for seq, line in enumerate(lines, start=1):
        actor, detail = json.loads(line["actor"]), json.loads(line["detail"])
        computed = line_hash(before, incident_id, seq, line["at"], line["kind"], actor, detail)
        if line["seq"] != seq or line["hash"] != computed:
            return None
        before = computed
    return before


@dataclass(frozen=True, slots=True)
class Batches:
    """How many alarms and how many results the server put into one transaction, one figure each, in order of time."""

    alarms: tuple[int, ...]
    results: tuple[int, ...]

    @property
    def mean_alarms(self) -> float:
        """Alarms a transaction; 0 without any."""
        return sum(self.alarms) / len(self.alarms) if self.alarms else 0.0

    @property
    def mean_results(self) -> float:
        """Results a transaction; 0 without any."""
        return sum(self.results) / len(self.results) if self.results else 0.0


async def batches(connection: asyncpg.Connection, from_s: float, to_s: float, wall_ahead_s: float) -> Batches:
    """Return the server's batches in a span of monotonic time."""
    found = []
    for kind in ("opened", "notice_sent"):
        rows = await connection.fetch(_BATCHES, kind)
        found.append(tuple(row["lines"] for row in rows if from_s <= row["at"].timestamp() - wall_ahead_s <= to_s))
    return Batches(*found)


_STATEMENTS: Final = """
SELECT s.calls, s.total_exec_time AS ms, s.mean_exec_time AS mean_ms, s.rows, s.wal_bytes::bigint AS wal_bytes,
    left(regexp_replace(s.query, '\\s+', ' ', 'g'), 110) AS query, pg_get_userbyid(s.userid) AS role
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
WHERE d.datname = current_database() ORDER BY s.total_exec_time DESC LIMIT $1
"""


async def forget_statements(connection: asyncpg.Connection) -> None:
    """Begin to count statements anew."""
    await connection.execute("SELECT pg_stat_statements_reset()")


async def statements(connection: asyncpg.Connection, limit: int = 30) -> list[dict[str, Any]]:
    """Return the statements that took most time."""
    rows = await connection.fetch(_STATEMENTS, limit)
    return [dict(row) | {"ms": round(row["ms"], 1), "mean_ms": round(row["mean_ms"], 4)} for row in rows]
