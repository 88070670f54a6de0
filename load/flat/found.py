"""What one house says afterwards: every press followed to its notices, the facts, and its SQL statements.

Only what happened since a moment is fetched: behind it lie the old incidents, by the million.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import aiohttp
import asyncpg

from load.afterwards import Check
from load.flat.statements import Counted
from load.generator import Pressed, digest
from load.house import LOGIN, PASSWORD, House, delivered
from load.match import Matched, StoredAlarm, StoredNotice, match
from load.profile import NOTICES_PER_ALARM

PAGES: Final = (
    "/api/incidents",
    "/api/incidents?state=past&limit=50",
    "/api/incidents/{id}",
    "/api/incidents?state=all&limit=50&before={id}",
    "/api/desk/picture",
)
"""What a console fetches; {id} is an incident that was just stood down."""

_ALARMS: Final = """
SELECT s.account, s.raw, s.incident_id, s.received_at, s.attempts, i.opened_at
FROM signals s LEFT JOIN incidents i ON (i.organisation_id, i.id) = (s.organisation_id, s.incident_id)
WHERE s.kind = 'panic' AND (i.purpose IS NULL OR i.purpose <> 'test') AND s.received_at >= $1
"""
_NOTICES: Final = "SELECT id, incident_id, channel, state FROM notices WHERE purpose <> 'test' AND filed_at >= $1"
_COUNTS: Final = """
SELECT (SELECT count(*) FROM incidents WHERE purpose <> 'test' AND opened_at >= $1) AS incidents,
    (SELECT count(*) FROM incidents WHERE opened_at < $1) AS old,
    (SELECT count(*) FROM incidents WHERE state <> 'stood_down' AND purpose <> 'test') AS open,
    (SELECT count(*) FROM notices WHERE state NOT IN ('sent', 'delivered') AND filed_at >= $1) AS not_sent,
    (SELECT count(*) FROM system_alarms WHERE raised_at >= $1) AS system_alarms
"""
_STATEMENTS: Final = """
SELECT regexp_replace(s.query, '\\s+', ' ', 'g') AS query, sum(s.calls)::bigint AS calls,
    sum(s.total_exec_time) AS total_ms
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.userid
WHERE d.datname = current_database() AND r.rolname IN ('larm_service', 'larm_web') GROUP BY 1
"""
_LAST: Final = "SELECT id FROM incidents WHERE state = 'stood_down' ORDER BY opened_at DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Read:
    """One page, fetched some times. p50_ms, longest_ms: until the whole answer was there. refused: answers not 200."""

    page: str
    p50_ms: float
    longest_ms: float
    refused: int


async def follow(
    connection: asyncpg.Connection, house: House, pressed: Sequence[Pressed], since: datetime, wall_ahead_s: float
) -> Matched:
    """Follow every press to its notices. wall_ahead_s: wall clock minus monotonic clock."""
    signals = [
        StoredAlarm(
            account=row["account"],
            frame=digest(row["raw"]),
            incident_id=row["incident_id"],
            received_s=row["received_at"].timestamp() - wall_ahead_s,
            opened_s=None if row["opened_at"] is None else row["opened_at"].timestamp() - wall_ahead_s,
            attempts=row["attempts"],
            raw=row["raw"],
        )
        for row in await connection.fetch(_ALARMS, since)
    ]
    notices = [
        StoredNotice(row["id"], row["incident_id"], row["channel"], row["state"])
        for row in await connection.fetch(_NOTICES, since)
    ]
    ours = {str(one.id) for one in notices}
    received = [one for one in await delivered(house) if one.notice_id in ours]  # the model's own came before
    return match(pressed, signals, notices, received, {})


async def checks(connection: asyncpg.Connection, name: str, matched: Matched, since: datetime, old: int) -> list[Check]:
    """Return the facts about one house. old: incidents that must be there from before."""
    row = await connection.fetchrow(_COUNTS, since)
    if row is None:
        raise AssertionError("one row always comes")
    journeys = matched.journeys
    acked = [one for one in journeys if one.press.acked_s is not None]
    told = sum(len(one.notices) == NOTICES_PER_ALARM for one in journeys)
    return [
        Check(f"{name}: old incidents", row["old"], old),
        Check(f"{name}: presses acked", len(acked), len(journeys)),
        Check(f"{name}: acked presses without a stored signal", sum(one.signal is None for one in acked), 0),
        Check(f"{name}: incidents opened", row["incidents"], len(journeys)),
        Check(f"{name}: presses whose {NOTICES_PER_ALARM} notices were all received", told, len(journeys)),
        Check(f"{name}: incidents still open", row["open"], 0),
        Check(f"{name}: notices not sent", row["not_sent"], 0),
        Check(f"{name}: system alarms raised", row["system_alarms"], 0),
    ]


async def counted(connection: asyncpg.Connection) -> dict[str, Counted]:
    """Return the server's own statements by their words."""
    rows = await connection.fetch(_STATEMENTS)
    return {row["query"]: Counted(row["calls"], row["total_ms"]) for row in rows}


async def read_pages(connection: asyncpg.Connection, house: House, times: int) -> list[Read]:
    """Fetch each page of PAGES some times, one after another, as an operator."""
    last = await connection.fetchval(_LAST)
    found = []
    async with aiohttp.ClientSession(headers={"X-Larm": "1"}, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        login = {"login": LOGIN, "password": PASSWORD}
        async with http.post(f"{house.web}/api/session", json=login) as answer:
            answer.raise_for_status()
        for page in PAGES:
            took, refused = [], 0
            for _ in range(times):
                begun_s = time.monotonic()
                async with http.get(house.web + page.replace("{id}", str(last))) as answer:
                    await answer.read()
                    refused += answer.status != 200
                took.append((time.monotonic() - begun_s) * 1000)
            took.sort()
            found.append(Read(page, took[len(took) // 2], took[-1], refused))
    return found
