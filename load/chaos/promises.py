"""What was promised during a night of kills, held against what is on disk and what the push receivers got."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg

from load.afterwards import Check, broken_timelines
from load.chaos.desk import Act
from load.chaos.scene import STEP_S, STEPS
from load.chaos.steps import Judged, Outage, Walk, judge
from load.generator import PROTOCOL, Pressed, digest
from load.match import Delivered

ALL: Final = 10**9

_SIGNALS: Final = """
SELECT account, raw, incident_id, attempts FROM signals
WHERE kind = 'panic' AND protocol = $1 AND received_at >= to_timestamp($2)
"""
_WALKS: Final = """
SELECT i.id, t.kind, extract(epoch FROM t.at)::double precision AS at_s
FROM incidents i JOIN timeline t ON (t.organisation_id, t.incident_id) = (i.organisation_id, i.id)
WHERE i.opened_at >= to_timestamp($1) AND i.purpose <> 'test'
AND t.kind IN ('opened', 'step_begun', 'acknowledged', 'stood_down') ORDER BY i.id, t.seq
"""
_DISARMED: Final = """
SELECT count(*) FROM incidents i WHERE i.state <> 'stood_down' AND NOT EXISTS
    (SELECT FROM deadlines d WHERE (d.organisation_id, d.incident_id) = (i.organisation_id, i.id))
"""
_NOTICES: Final = """
SELECT id, incident_id, channel, state, coalesce(point_id, id) AS point_id, round, step, attempt FROM notices
WHERE purpose <> 'test' AND channel <> 'console'
"""
_ACTS: Final = """
SELECT incident_id, kind, detail FROM timeline WHERE kind IN ('note', 'acknowledged', 'stood_down')
"""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is on disk of some presses. lost: acked ones without a signal or without its case. known: that came again
    and were filed as repeats. twice: filed as two. shared: presses that found another one's case open."""

    acked: int
    lost: int
    sent_again: int
    known: int
    twice: int
    shared: int


async def signals(connection: asyncpg.Connection, pressed: Iterable[Pressed], since_s: float) -> Signals:
    """Hold presses against the signals. since_s: wall clock; nothing of these presses came earlier."""
    filed: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in await connection.fetch(_SIGNALS, PROTOCOL, since_s):
        filed[row["account"], digest(row["raw"])].append(row)
    acked = [one for one in pressed if one.acked_s is not None]
    cases = Counter[UUID]()
    lost = twice = known = 0
    for one in acked:
        rows = filed[one.account, one.frame]
        lost += not any(row["incident_id"] for row in rows)
        twice += len(rows) > 1
        known += any(row["attempts"] > 1 for row in rows)
        cases.update({row["incident_id"] for row in rows} - {None})
    shared = sum(times - 1 for times in cases.values())
    return Signals(len(acked), lost, sum(one.attempts > 1 for one in acked), known, twice, shared)


async def walks(connection: asyncpg.Connection, since_s: float, ahead_s: float) -> list[Walk]:
    """Return how each case opened since then went on. since_s: wall clock. ahead_s: wall minus monotonic clock."""
    begun: dict[UUID, list[float]] = defaultdict(list)
    quiet: dict[UUID, float] = {}
    for row in await connection.fetch(_WALKS, since_s):
        case, at_s = row["id"], row["at_s"] - ahead_s
        begun[case] += [at_s] if row["kind"] == "step_begun" else []
        if row["kind"] in {"acknowledged", "stood_down"}:
            quiet.setdefault(case, at_s)
    return [Walk(case, times, quiet.get(case)) for case, times in begun.items()]


def judged(found: Sequence[Walk], outages: Sequence[Outage], now_s: float) -> Judged:
    """Hold these cases against the chain of the scene."""
    return judge(found, outages, steps=STEPS, step_s=STEP_S, now_s=now_s)


async def disarmed(connection: asyncpg.Connection) -> int:
    """Return how many open cases have no next deadline just now."""
    return int(await connection.fetchval(_DISARMED))


@dataclass(frozen=True, slots=True)
class Promises:
    """The whole night. again: receipts of a notice that had been received before, under its own id."""

    signals: Signals
    judged: Judged
    cases: int
    notices: int
    again: int
    acts: int
    checks: Sequence[Check] = field(default_factory=tuple)


async def promises(
    connection: asyncpg.Connection,
    pressed: Sequence[Pressed],
    acts: Sequence[Act],
    receipts: Sequence[Delivered],
    found: Sequence[Walk],
    verdict: Judged,
) -> Promises:
    """Look at everything once more, when all has come to rest."""
    of_signals = await signals(connection, pressed, 0.0)
    rows = await connection.fetch(_NOTICES)
    known = {str(row["id"]) for row in rows}
    got = Counter(one.notice_id for one in receipts if one.status == 200)
    names = Counter(
        (row["incident_id"], row["channel"], row["point_id"], row["round"], row["step"], row["attempt"]) for row in rows
    )
    owed = [row for row in rows if row["state"] != "withdrawn"]
    broken, looked_at = await broken_timelines(connection, ALL)
    checks = [
        Check("presses not acked in the end", sum(one.acked_s is None for one in pressed), 0),
        Check("acked signals lost", of_signals.lost, 0),
        Check("presses filed twice", of_signals.twice, 0),
        Check("presses without a case of their own", of_signals.shared, 0),
        Check("cases nobody pressed for", len(found) - len(pressed), 0),
        Check("cases whose first step never began", sum(not walk.begun_s for walk in found), 0),
        Check("steps lost", len(verdict.missing), 0),
        Check("steps late after the server served again", len(verdict.late_s), 0),
        Check("steps too early", verdict.early, 0),
        Check("open cases without a deadline in the end", await disarmed(connection), 0),
        Check("notices under two names", sum(times > 1 for times in names.values()), 0),
        Check("notices received that are not on disk", len(got.keys() - known), 0),
        Check("notices that nobody received", sum(str(row["id"]) not in got for row in owed), 0),
        Check("notices not sent", sum(row["state"] not in {"sent", "delivered"} for row in owed), 0),
        Check("acts answered and not on the timeline", forgotten(acts, await _written(connection)), 0),
        Check(f"broken timelines among {looked_at}", broken, 0),
    ]
    again = sum(times - 1 for times in got.values())
    return Promises(of_signals, verdict, len(found), len(rows), again, len(acts), checks)


async def _written(connection: asyncpg.Connection) -> dict[tuple[UUID, str], set[str]]:
    written: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    for row in await connection.fetch(_ACTS):
        written[row["incident_id"], row["kind"]].add(str(json.loads(row["detail"]).get("text", "")))
    return written


def forgotten(acts: Sequence[Act], written: Mapping[tuple[UUID, str], set[str]]) -> int:
    """Return how many acts have no line of theirs."""
    return sum(act.words not in written.get((act.incident_id, act.kind), ()) for act in acts)
