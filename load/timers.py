"""The timekeeper under load: many armed deadlines, some of which fall due each second; how late is each acted on?

Every deadline is a row of an open incident, made by the rules themselves and filed by the store. Two ends are looked
at: when the decision was taken, by the database's clock, and when the push receiver had the notices that follow.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from escalation.alarm import AlarmKind
from escalation.chain import DeskTarget, EscalationChain, Medium, Roster, Step, TeamTarget
from escalation.effects import ArmTimer
from escalation.events import AlarmRaised
from escalation.ids import ChainId, IncidentId, PersonId, TeamId
from escalation.incident import Decision
from escalation.opening import open_incident
from escalation.purpose import Purpose
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Change, Record, Subject
from larmcentral.domain.timeline import FIRST_HASH
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from load.afterwards import Check
from load.figures import Figure, figure
from load.generator import PROTOCOL, account
from load.house import COMMITTEE, ORGANISATION, STEP_WAIT, House, an_id, delivered, standing, unit_id
from load.machine import Machine, this_machine
from load.profile import NOTICES_PER_ALARM, Profile
from load.report import heading

Tell = Callable[[str], None]

DECIDED: Final = "due to decided, by the database's clock"
RECEIVED: Final = "due to each push notice"
LEAD: Final = timedelta(seconds=5)
"""Between the last row filed and the first deadline: the server has seen them all by then."""
FAR: Final = timedelta(hours=2)
"""The rest is armed and not due while we measure."""
BATCH: Final = 400
FILLERS: Final = 2
PATIENCE_S: Final = 30.0
EARLY_S: Final = -0.001
"""A microsecond's rounding is not early."""

_DECIDED: Final = """
SELECT t.incident_id, extract(epoch FROM min(t.at)) AS at_s, count(*) AS times FROM timeline t
WHERE t.kind = 'step_begun' AND t.detail ->> 'step' = '1' GROUP BY t.incident_id
"""
_NOTICES: Final = "SELECT id, incident_id FROM notices WHERE purpose <> 'test' AND channel <> 'console'"
_LEFT: Final = """
SELECT (SELECT count(*) FROM notices WHERE state = 'pending') AS pending,
    (SELECT count(*) FROM deadlines WHERE due_at < clock_timestamp() - interval '2 seconds') AS overdue,
    (SELECT count(*) FROM deadlines) AS armed
"""


@dataclass(frozen=True, slots=True)
class TimersResult:
    """What came of a run. armed_before: deadlines on disk when the first fell due."""

    profile: Profile
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    armed_before: int
    figures: Sequence[Figure]
    checks: Sequence[Check]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)


async def run_timers(profile: Profile, command: str, tell: Tell) -> TimersResult:
    """Run a profile of deadlines. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    async with standing(profile, statements=False, tell=tell, serve=False) as house:
        due_at = await _arm(house, tell)
        await house.serve()
        connection: asyncpg.Connection = await asyncpg.connect(house.dsn)
        try:
            await connection.execute("ANALYZE")
            shifted = await _begin_soon(connection, due_at)
            armed = int(await connection.fetchval("SELECT count(*) FROM deadlines"))
            last = max(shifted.values())
            tell(f"{armed} deadlines armed, {len(shifted)} of them due within {profile.warm_up_s + profile.run_s:g} s")
            await _wait_until(connection, last)
            received = {one.notice_id: one.at_s for one in await delivered(house) if one.status == 200}
            await house.crew.end(*house.servers)
            return await _judge(connection, profile, machine, began_at, command, armed, shifted, received)
        finally:
            await connection.close()


async def _arm(house: House, tell: Tell) -> dict[IncidentId, timedelta]:
    """File an open incident for every wearer; return which fall due, and how long after the start."""
    profile, began_s = house.profile, time.monotonic()
    clock = SystemClock()
    pool = Pool([house.dsn], role="larm_service", size=FILLERS, deadline_s=60)
    store = PostgresStore(pool, pool, clock, SystemIds(clock))
    wanted = profile.warm_up_presses + profile.run_presses
    every = profile.devices // wanted
    due: dict[IncidentId, timedelta] = {}
    far = clock.now() + FAR
    try:

        async def fill(first: int) -> None:
            for start in range(first * BATCH, profile.devices, FILLERS * BATCH):
                numbers = range(start, min(start + BATCH, profile.devices))
                changes = [_opened(number, profile, clock.now(), far) for number in numbers]
                for number, change in zip(numbers, changes, strict=True):
                    place, rest = divmod(number, every)
                    if not rest and place < wanted:
                        due[change.after.incident.id] = timedelta(seconds=place / profile.alarms_per_s)
                async with store.transaction() as tx:
                    await tx.save(changes, lease=Lease(an_id("filler"), timedelta()))

        await asyncio.gather(*(fill(number) for number in range(FILLERS)))
    finally:
        await pool.close()
    tell(f"{profile.devices} incidents filed in {time.monotonic() - began_s:.0f} s")
    return due


def _opened(number: int, profile: Profile, now: datetime, due_at: datetime) -> Change:
    """An incident whose desk was told and whose team is next; only its deadline is filed, no notice."""
    team = number % profile.teams
    chain = EscalationChain(
        id=ChainId(an_id(f"timers {team}")),
        version=1,
        name=f"Kedja {team + 1}",
        steps=(
            Step(targets=(DeskTarget(),), media=(Medium.CONSOLE,), wait=STEP_WAIT),
            Step(targets=(TeamTarget(TeamId(an_id(f"team {team}"))),), media=(Medium.PUSH,), wait=STEP_WAIT),
        ),
    )
    person_id = PersonId(an_id(f"wearer {number}"))
    raised = AlarmRaised(
        signal_id=None, kind=AlarmKind.PANIC, silent=False, lateness=None, chain=chain, roster=Roster()
    )
    incident_id = IncidentId(an_id(f"timer {number}"))
    decision = open_incident(incident_id, Purpose.REAL, raised, now, person_id)
    (timer,) = (effect for effect in decision.effects if isinstance(effect, ArmTimer))
    subject = Subject(
        organisation_id=ORGANISATION,
        committee_id=COMMITTEE,
        protocol=PROTOCOL,
        account=account(number),
        device_id=an_id(f"watch {number}"),
        person_id=person_id,
        unit_id=unit_id(team),
    )
    record = Record(subject=subject, incident=decision.incident, version=1, entries=0, last_hash=FIRST_HASH)
    armed = Decision(decision.incident, (dataclasses.replace(timer, due_at=due_at),), decision.entries[:1])
    return Change(before=None, after=record).then(armed)


async def _begin_soon(connection: asyncpg.Connection, due: dict[IncidentId, timedelta]) -> dict[IncidentId, float]:
    """Let those that are to fall due do so from a moment ahead on; return when each is, in seconds of the epoch."""
    start = (await connection.fetchval("SELECT clock_timestamp()")) + LEAD
    wanted = {incident_id: start + after for incident_id, after in due.items()}
    await connection.execute(
        "UPDATE deadlines d SET due_at = w.due_at FROM unnest($1::uuid[], $2::timestamptz[]) AS w (id, due_at) "
        "WHERE d.incident_id = w.id",
        list(wanted),
        list(wanted.values()),
    )
    return {incident_id: at.timestamp() for incident_id, at in wanted.items()}


async def _wait_until(connection: asyncpg.Connection, last_s: float) -> None:
    """Return when the last deadline is over and nothing is under way any more, or patience is."""
    await asyncio.sleep(max(last_s - SystemClock().now().timestamp(), 0))
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        row = await connection.fetchrow(_LEFT)
        if row is not None and not row["pending"] and not row["overdue"]:
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(0.5)


async def _judge(
    connection: asyncpg.Connection,
    profile: Profile,
    machine: Machine,
    began_at: datetime,
    command: str,
    armed: int,
    due_s: dict[IncidentId, float],
    received: dict[str, float],
) -> TimersResult:
    decided = {row["incident_id"]: row for row in await connection.fetch(_DECIDED)}
    ahead_s = SystemClock().now().timestamp() - time.monotonic()
    notices: dict[str, UUID] = {str(row["id"]): row["incident_id"] for row in await connection.fetch(_NOTICES)}
    warm_s = min(due_s.values()) + profile.warm_up_s
    counted = {incident_id for incident_id, at_s in due_s.items() if at_s >= warm_s}
    late = {i: float(decided[i]["at_s"]) - due_s[i] for i in due_s if i in decided}
    told = Counter(notices[notice_id] for notice_id in received if notice_id in notices)
    of_notices = [
        received[notice_id] + ahead_s - due_s[IncidentId(incident_id)]
        for notice_id, incident_id in notices.items()
        if notice_id in received and incident_id in counted
    ]
    row = await connection.fetchrow(_LEFT)
    found = (
        figure(DECIDED, (seconds for i, seconds in late.items() if i in counted), profile.targets.worst_ms),
        figure(RECEIVED, of_notices, profile.targets.worst_ms),
    )
    return TimersResult(
        profile=profile,
        machine=machine,
        began_at=began_at,
        command=command,
        postgresql=str(await connection.fetchval("SHOW server_version")),
        armed_before=armed,
        figures=[one for one in found if one is not None],
        checks=[
            Check("deadlines due and acted on", len(late), len(due_s)),
            Check("acted on early", sum(seconds < EARLY_S for seconds in late.values()), 0),
            Check("acted on twice", sum(one["times"] != 1 for one in decided.values()), 0),
            Check("acted on without being due", len(decided.keys() - due_s.keys()), 0),
            Check(f"without their {NOTICES_PER_ALARM} notices", sum(told[i] != NOTICES_PER_ALARM for i in due_s), 0),
            Check("still armed", row["armed"] if row is not None else -1, armed),
        ],
    )


def timers_as_text(result: TimersResult) -> str:
    """Return the report for a terminal."""
    profile = result.profile
    lines = [
        *heading(profile, result.machine, result.began_at, result.command, result.postgresql),
        f"{result.armed_before} deadlines armed when the first fell due\n",
    ]
    for one in result.figures:
        lines.append(
            f"{one.what:<42} n {one.count:>6}  p50 {one.p50_ms:8.1f}  p99 {one.p99_ms:8.1f}  "
            f"p99.9 {one.p999_ms:8.1f}  max {one.max_ms:8.1f} ms"
        )
        ratio = one.p99_ms / profile.targets.p99_ms
        lines.append(f"    p99 against {profile.targets.p99_ms:g} ms: ratio {ratio:.2f}")
    for check in result.checks:
        lines.append(f"{'ok ' if check.holds else 'NO '} {check.what}: {check.found} (expected {check.expected})")
    return "\n".join(lines)


def timers_as_json(result: TimersResult) -> str:
    """Return everything as JSON."""
    return json.dumps(asdict(result), default=_plain, indent=1)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
