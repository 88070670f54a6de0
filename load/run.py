"""One load run from an empty folder to its result: build, connect, press, wait, count, compare, clean up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import asyncpg

from larmcentral.clock import SystemClock
from load import afterwards, floor
from load.afterwards import Batches, Check
from load.analysed import analyse, settle
from load.ceiling import Ceiling, ceilings
from load.complaints import complaints_of
from load.figures import (
    NOTICE,
    Figure,
    OfFamily,
    Rate,
    Second,
    by_family,
    by_second,
    completed_within,
    figures,
    lateness,
    rate,
    stages,
)
from load.fleet import LEAD_S, Fleet
from load.floor import Floor
from load.house import delivered as fetch_delivered
from load.house import standing
from load.machine import Machine, this_machine, wall_ahead_s
from load.match import Journey, Matched, match
from load.operators import Operators
from load.processes import Part, allow_many_files, count_parts
from load.profile import Profile
from load.schedule import Phase, flood_presses, main_presses, phase_of

ANALYSED_AFTER: Final = 0.5
"""Of the warm-up. Without it the run would be of a centre in its very first minute, and of autovacuum's mood."""
FILES_BESIDE: Final = 500
"""What a receiver opens beside its watches: database, push providers, logs."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a reader needs to believe a run, or not to.

    lateness: the generators' own, in the run. completed: alarms whose last notice came while `parts` was counted.
    """

    profile: Profile
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    open_files: int
    floor: Floor
    lateness: Figure | None
    figures: Sequence[Figure]
    stages: Sequence[Figure]
    warm_up: Sequence[Figure]
    seconds: Sequence[Second]
    parts: Sequence[Part]
    completed: int
    families: Sequence[OfFamily]
    flood: Rate | None
    flood_figures: Sequence[Figure]
    batches: Batches
    flood_batches: Batches
    ceilings: Sequence[Ceiling]
    checks: Sequence[Check]
    received_twice: int
    retransmitted: int
    stood_down: int
    stand_downs_refused: int
    feed_events: int
    feed_resyncs: int
    complaints: Sequence[str]
    statements: Sequence[dict[str, Any]]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)

    @property
    def notices(self) -> Figure | None:
        """The figure that the targets are about."""
        return next((one for one in self.figures if one.what == NOTICE), None)


@dataclass(frozen=True, slots=True)
class _Span:
    """From the first press to the last notice, in monotonic seconds."""

    from_s: float
    to_s: float


async def run(profile: Profile, command: str, tell: Tell, *, statements: bool = False) -> Result:
    """Run a profile. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    open_files = enough_files(profile, tell)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(standing(profile, statements=statements, tell=tell))
        connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        lowest = await floor.measure(connection)
        operators = Operators(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        fleet = Fleet(house)
        connected = await fleet.connect()
        tell(f"{connected} of {profile.devices} devices connected")
        empty = await settle(connection, profile.devices, profile.watched_over_s, tell)
        if statements:
            await afterwards.forget_statements(connection)
        presses = main_presses(profile, time.monotonic() + LEAD_S)
        tell(f"pressing {profile.alarms_per_s:g} times a second for {profile.warm_up_s:g} + {profile.run_s:g} s")
        counting = asyncio.create_task(
            count_parts(house.crew, house.database.pid, presses.begin_s + profile.warm_up_s, profile.run_s)
        )
        analysing = asyncio.create_task(
            analyse(connection, empty, presses.begin_s + profile.warm_up_s * ANALYSED_AFTER)
        )
        await fleet.press(presses)
        await analysing
        main = _Span(presses.begin_s + profile.warm_up_s, await afterwards.all_sent(connection, house))
        parts = await counting
        found_statements = await afterwards.statements(connection) if statements else []
        if profile.stand_down_after_s:
            await operators.empty()
        flooded = _Span(0.0, 0.0)
        # In the flood the house is asked for more than it takes, and says so: its own presses come too late as well.
        raised_before = int(await connection.fetchval("SELECT count(*) FROM system_alarms"))
        if profile.flood:
            presses = flood_presses(profile, time.monotonic() + LEAD_S)
            tell(f"flood of {profile.flood} presses at {profile.flood_per_s:g} a second")
            await fleet.press(presses)
            flooded = _Span(presses.begin_s, await afterwards.all_sent(connection, house))
            if profile.stand_down_after_s:
                await operators.empty()
        delivered = await fetch_delivered(house)
        await operators.stop()
        fallen = house.crew.fallen()
        await house.crew.end(*fleet.names, *house.servers)
        complaints = [*(f"{name} ended by itself" for name in fallen), *complaints_of(house)]

        tell("matching presses, incidents and notices; checking the facts")
        ahead_s = wall_ahead_s()
        matched = match(
            fleet.pressed(),
            await afterwards.alarms(connection, ahead_s),
            await afterwards.notices(connection),
            delivered,
            operators.drawn_s,
        )
        of_phase = {phase: _of_phase(profile, matched, phase) for phase in Phase}
        batches = await afterwards.batches(connection, main.from_s, main.to_s, ahead_s)
        flood_batches = await afterwards.batches(connection, flooded.from_s, flooded.to_s, ahead_s)
        checks = [
            replace(one, what=f"{one.what} before the flood", found=raised_before)
            if one.what == afterwards.SYSTEM_ALARMS
            else one
            for one in await afterwards.checks(connection, matched)
        ]
        tell("writing the same rows with a bare client")
        highest = await ceilings(house.dsn, flood_batches if profile.flood else batches, profile.ceiling_s)
        limit_ms = profile.targets.worst_ms
        return Result(
            profile=profile,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await connection.fetchval("SHOW server_version")),
            connected=connected,
            open_files=open_files,
            floor=lowest,
            lateness=lateness(journey.press for journey in of_phase[Phase.RUN]),
            figures=figures(of_phase[Phase.RUN], limit_ms),
            stages=stages(of_phase[Phase.RUN], limit_ms),
            warm_up=figures(of_phase[Phase.WARM_UP], limit_ms),
            seconds=by_second([*of_phase[Phase.WARM_UP], *of_phase[Phase.RUN]], main.from_s),
            parts=parts,
            completed=completed_within(matched.journeys, main.from_s, main.from_s + profile.run_s),
            families=by_family(of_phase[Phase.RUN], profile.families, profile.devices, limit_ms),
            flood=rate(of_phase[Phase.FLOOD], profile.flood_per_s),
            flood_figures=figures(of_phase[Phase.FLOOD], limit_ms),
            batches=batches,
            flood_batches=flood_batches,
            ceilings=highest,
            checks=checks,
            received_twice=matched.received_twice,
            retransmitted=sum(journey.press.attempts > 1 for journey in matched.journeys),
            stood_down=operators.stood_down,
            stand_downs_refused=operators.refused,
            feed_events=operators.events,
            feed_resyncs=operators.resyncs,
            complaints=complaints,
            statements=found_statements,
        )


def enough_files(profile: Profile, tell: Tell) -> int:
    """Allow as many open files as the machine lets us; say so where they do not suffice. Return how many."""
    allowed = allow_many_files()
    for what, processes in (("receiver", profile.receivers), ("generator", profile.generators)):
        if allowed < (each := -(-profile.devices // processes) + FILES_BESIDE):
            tell(f"WARNING: {allowed} open files are allowed here, and each {what} needs {each}: more {what}s")
    return allowed


def _of_phase(profile: Profile, matched: Matched, phase: Phase) -> list[Journey]:
    return [journey for journey in matched.journeys if phase_of(profile, journey.press.number) is phase]
