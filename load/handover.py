"""The hand-over under load: real cases, each told to two alarm receiving centres at once; then to silent ones.

The server is one process with all roles, the centres are another. A case begins with a watch's press; what came of it
is read from the incident's timeline, from the centres' own records and from the desk's feed.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from escalation.ids import IncidentId
from larmcentral.clock import SystemClock
from larmcentral.domain.case_number import case_number
from load import afterwards, centres
from load.afterwards import Check
from load.analysed import analyse_all
from load.complaints import complaints_of
from load.figures import Figure
from load.fleet import LEAD_S, PATIENCE_S, Fleet
from load.handover_figures import (
    Case,
    Handed,
    Measured,
    Try,
    facts,
    matched,
    measured,
    scene_of,
    taken_twice,
    unaware_of,
)
from load.house import House, standing
from load.machine import Machine, this_machine, wall_ahead_s
from load.operators import UNREACHABLE, Operators
from load.processes import Part, count_parts
from load.profile import Profile
from load.report import Verdict
from load.schedule import Presses, main_presses

Tell = Callable[[str], None]

LOOK_EVERY_S: Final = 0.1
FAULT_S: Final = 30.0
"""Two paths of five seconds each, and twice that for good measure."""

_OPENED: Final = """
SELECT s.account, s.incident_id, t.at FROM signals s
JOIN incidents i ON (i.organisation_id, i.id) = (s.organisation_id, s.incident_id) AND i.purpose = 'real'
LEFT JOIN timeline t ON (t.organisation_id, t.incident_id) = (i.organisation_id, i.id)
    AND t.kind = 'step_begun' AND t.detail ->> 'step' = '0'
WHERE s.kind = 'panic' ORDER BY t.at
"""
_TRIES: Final = """
SELECT incident_id, detail ->> 'receiver' AS receiver, detail ->> 'path' AS path, at,
    (detail ->> 'seconds')::float AS seconds, detail ->> 'took' = 'yes' AS took
FROM timeline WHERE kind = 'path_tried' ORDER BY at, seq
"""
_TOOK: Final = """
SELECT incident_id, detail ->> 'receiver' AS receiver, min(at) AS at FROM timeline
WHERE kind = 'receiver_took' GROUP BY incident_id, detail ->> 'receiver'
"""
_FAULTS: Final = """
SELECT incident_id, min(raised_at) AS at FROM system_alarms
WHERE fault = $1 AND incident_id IS NOT NULL GROUP BY incident_id
"""
_COUNTS: Final = """
SELECT (SELECT count(*) FROM incidents WHERE purpose = 'real') AS incidents,
    (SELECT count(*) FROM notices WHERE state = 'pending') AS pending,
    (SELECT count(*) FROM notices WHERE state NOT IN ('pending', 'sent', 'delivered')) AS not_sent,
    (SELECT count(*) FROM incidents i WHERE i.state <> 'stood_down' AND NOT EXISTS
        (SELECT FROM deadlines d WHERE (d.organisation_id, d.incident_id) = (i.organisation_id, i.id)))
        AS without_deadline
"""


@dataclass(frozen=True, slots=True)
class HandoverResult:
    """What came of a run. taken_twice: cases that stand more than once in a centre's records."""

    profile: Profile
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    measured: Sequence[Measured]
    parts: Sequence[Part]
    checks: Sequence[Check]
    taken_twice: int
    complaints: Sequence[str]

    @property
    def figures(self) -> Sequence[Figure]:
        """Everything that was timed."""
        return [one.figure for one in self.measured]

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """Every target and what was found."""
        return [one.verdict for one in self.measured if one.verdict is not None]

    @property
    def holds(self) -> bool:
        """True if every fact holds and no target was missed: this run is there for its times."""
        return all(check.holds for check in self.checks) and all(one.ratio <= 1 for one in self.verdicts)


async def run_handover(profile: Profile, command: str, tell: Tell) -> HandoverResult:
    """Run a profile of centres. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(standing(profile, statements=False, tell=tell))
        connection: asyncpg.Connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        operators = Operators(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        fleet = Fleet(house)
        connected = await fleet.connect()
        tell(f"{connected} of {profile.devices} watches connected")
        parts = await _well(house, fleet, connection, tell)
        await _primaries_silent(house, fleet, connection, tell)
        await _all_silent(house, fleet, connection, operators, tell)
        recorded = await centres.fetch_recorded(house.peers)
        await operators.stop()
        fallen = house.crew.fallen()
        await house.crew.end(*fleet.names, *house.servers)
        complaints = [*(f"{name} ended by itself" for name in fallen), *complaints_of(house)]

        cases, handed = await _read(connection, fleet, operators, recorded, profile)
        return HandoverResult(
            profile=profile,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await connection.fetchval("SHOW server_version")),
            connected=connected,
            measured=measured(handed, cases, profile),
            parts=parts,
            checks=[*facts(handed, cases, profile), *await _checks(connection, len(cases))],
            taken_twice=taken_twice(handed),
            complaints=complaints,
        )


async def _well(house: House, fleet: Fleet, connection: asyncpg.Connection, tell: Tell) -> list[Part]:
    """Warm-up and run, with centres that answer at once."""
    profile = house.profile
    presses = main_presses(profile, time.monotonic() + LEAD_S)
    tell(f"{presses.count} cases, {profile.alarms_per_s:g} a second, to centres that answer")
    counted_from_s = presses.begin_s + profile.warm_up_s
    async with asyncio.TaskGroup() as group:
        counting = group.create_task(count_parts(house.crew, house.database.pid, counted_from_s, profile.run_s))
        group.create_task(analyse_all(connection, presses.begin_s + profile.warm_up_s / 2))
        await fleet.press(presses)
    await _all_taken(connection, presses.count)
    return counting.result()


async def _primaries_silent(house: House, fleet: Fleet, connection: asyncpg.Connection, tell: Tell) -> None:
    """A quarter of the cases meets the silence; the rest comes when these are through."""
    profile = house.profile
    unaware = unaware_of(profile)
    tell(f"the primaries fall silent; {unaware} cases, and {profile.fail_over - unaware} when these are through")
    await centres.silence(house.peers, centres.PRIMARIES)
    first = profile.warm_up_presses + profile.run_presses
    for count in (unaware, profile.fail_over - unaware):
        await fleet.press(_presses(profile, first, count))
        first += count
        await _all_taken(connection, first)


async def _all_silent(
    house: House, fleet: Fleet, connection: asyncpg.Connection, operators: Operators, tell: Tell
) -> None:
    """No receiver answers, until the desk knows of each case; then all of them do again, and get it."""
    profile = house.profile
    tell(f"no receiver answers any more; {profile.silent} cases")
    await centres.silence(house.peers, centres.RECEIVERS)
    first = profile.warm_up_presses + profile.run_presses + profile.fail_over
    await fleet.press(_presses(profile, first, profile.silent))
    await operators.hear_of_unreached(profile.silent, FAULT_S)
    tell("all receivers answer again")
    await centres.wake(house.peers)
    await _all_taken(connection, first + profile.silent)


def _presses(profile: Profile, first: int, count: int) -> Presses:
    return Presses(time.monotonic() + LEAD_S, profile.alarms_per_s, first, count, profile.devices)


async def _all_taken(connection: asyncpg.Connection, cases: int) -> None:
    """Return when so many incidents are open and no notice is under way. Raises RuntimeError when patience is over."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        row = await connection.fetchrow(_COUNTS)
        if row is not None and row["incidents"] >= cases and not row["pending"]:
            return
        await asyncio.sleep(LOOK_EVERY_S)
    raise RuntimeError(f"not all of {cases} cases were taken {PATIENCE_S:.0f} s after the last press")


async def _read(
    connection: asyncpg.Connection,
    fleet: Fleet,
    operators: Operators,
    recorded: Sequence[centres.Recorded],
    profile: Profile,
) -> tuple[list[Case], list[Handed]]:
    """Bring timeline, records and feed together; a watch presses once, so its name is the case's."""
    ahead_s = wall_ahead_s()

    def monotonic(at: datetime | None) -> float | None:
        return None if at is None else at.timestamp() - ahead_s

    opened = {row["account"]: row for row in await connection.fetch(_OPENED)}
    raised_s = {row["incident_id"]: monotonic(row["at"]) for row in await connection.fetch(_FAULTS, UNREACHABLE)}
    cases = []
    for press in sorted(fleet.pressed(), key=lambda one: one.number):
        row = opened.get(press.account)
        incident_id: UUID | None = None if row is None else row["incident_id"]
        cases.append(
            Case(
                press=press,
                scene=scene_of(profile, press.number),
                incident_id=incident_id,
                number="" if incident_id is None else case_number(IncidentId(incident_id)),
                step_s=None if row is None else monotonic(row["at"]),
                raised_s=None if incident_id is None else raised_s.get(incident_id),
                drawn_s=None if incident_id is None else operators.unreached_s.get(incident_id),
            )
        )
    tries: defaultdict[tuple[UUID, str], list[Try]] = defaultdict(list)
    for row in await connection.fetch(_TRIES):
        at_s = row["at"].timestamp() - ahead_s
        tries[row["incident_id"], row["receiver"]].append(
            Try(row["path"], at_s, at_s + row["seconds"], took=row["took"])
        )
    lines_s = {
        (row["incident_id"], row["receiver"]): row["at"].timestamp() - ahead_s for row in await connection.fetch(_TOOK)
    }
    return cases, matched(cases, tries, lines_s, recorded)


async def _checks(connection: asyncpg.Connection, cases: int) -> list[Check]:
    row = await connection.fetchrow(_COUNTS)
    if row is None:
        raise AssertionError("one row always comes")
    broken, looked_at = await afterwards.broken_timelines(connection)
    return [
        Check("real incidents", row["incidents"], cases),
        Check("notices pending", row["pending"], 0),
        Check("notices refused, failed or withdrawn", row["not_sent"], 0),
        Check("open incidents without a deadline", row["without_deadline"], 0),
        Check(f"broken timelines among {looked_at}", broken, 0),
    ]
