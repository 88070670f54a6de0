"""One run of storms from an empty folder to its paper: backlog, capacity, flood, what came of each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from larmcentral.clock import SystemClock
from load import floor
from load.afterwards import Check
from load.complaints import complaints_of
from load.figures import Figure, figures, stages
from load.fleet import LEAD_S, Fleet
from load.floor import Floor
from load.house import standing
from load.machine import Machine, this_machine, wall_ahead_s
from load.match import Journey
from load.operators import Operators
from load.processes import Part, allow_many_files, count_parts
from load.profile import Profile
from load.schedule import Presses
from load.storm import afterwards
from load.storm.counted import Counting, Sample
from load.storm.offered import Offered, Storms
from load.storm.plan import StormPlan

CALM_S: Final = 2.0
"""Between two storms, so that what is left of the one does not weigh on the other."""
LOOKS: Final = 10
"""Each has the patience of ten seconds."""
FIRST_COUNTED_S: Final = 1
"""Of the capacity: in its first second all begin at once."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Blow:
    """One storm and the panics in it. refused: what the server itself says it did not store, by reason."""

    name: str
    begin_s: float
    offered: Offered
    journeys: Sequence[Journey]
    figures: Sequence[Figure]
    stages: Sequence[Figure]
    parts: Sequence[Part]
    refused: dict[str, float]


@dataclass(frozen=True, slots=True)
class Storm:
    """Everything a reader needs to believe a run, or not to. capacity_per_s: messages answered, offered in a circle."""

    profile: Profile
    plan: StormPlan
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    floor: Floor
    backlog: Blow
    capacity: Offered
    capacity_per_s: float
    flood_per_s: float
    flood: Blow
    samples: Sequence[Sample]
    unanswered_looks: int
    checks: Sequence[Check]
    complaints: Sequence[str]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)


async def storm(profile: Profile, plan: StormPlan, command: str, tell: Tell) -> Storm:
    """Let it storm. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    allow_many_files()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(standing(profile, statements=False, tell=tell, serve=False))
        connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        await afterwards.enter_units(connection, plan.units, profile.teams, began_at)
        await house.serve()
        lowest = await floor.measure(connection)
        operators = Operators(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        counting = Counting(f"http://127.0.0.1:{house.ports['receiver']}/metrics", house.crew.pids["receiver"])
        stack.push_async_callback(counting.stop)
        await counting.start()
        fleet, storms = Fleet(house), Storms(house, plan)
        connected = await fleet.connect()
        await storms.start()
        await connection.execute("ANALYZE")
        tell(f"{connected} devices connected, {plan.units} units out of coverage")

        tell(f"backlog: {plan.buffered} messages within {plan.buffered_s:g} s, {plan.panics} panics among them")
        marks = [await _mark(counting)]
        begun_s = time.monotonic() + LEAD_S
        parts = asyncio.create_task(count_parts(house.crew, house.database.pid, begun_s, plan.buffered_s))
        back = await storms.order("backlog", LEAD_S + plan.buffered_s, begin_s=begun_s)
        await afterwards.all_sent(connection, house)
        of_backlog = await parts
        marks.append(await _mark(counting))

        tell(f"capacity: {plan.window} messages of each unit under way, for {plan.capacity_s:g} s")
        capacity = await storms.order(
            "capacity", LEAD_S + plan.capacity_s, begin_s=time.monotonic() + LEAD_S, for_s=plan.capacity_s
        )
        capacity_per_s = capacity.acked_per_s(FIRST_COUNTED_S, int(plan.capacity_s))
        await asyncio.sleep(CALM_S)

        flood_per_s = plan.times * capacity_per_s
        tell(f"flood: {capacity_per_s:.0f}/s were answered, {flood_per_s:.0f}/s are offered for {plan.flood_s:g} s")
        marks.append(await _mark(counting))
        flooded_s = time.monotonic() + LEAD_S
        parts = asyncio.create_task(count_parts(house.crew, house.database.pid, flooded_s, plan.flood_s))
        presses = Presses(flooded_s, plan.presses_per_s, 0, plan.presses, profile.devices)
        flooding = asyncio.create_task(
            storms.order(
                "flood",
                LEAD_S + plan.flood_s,
                begin_s=flooded_s,
                for_s=plan.flood_s,
                per_s=flood_per_s / profile.generators,
            )
        )
        await fleet.press(presses)
        flood = await flooding
        await afterwards.all_sent(connection, house)
        of_flood = await parts
        await _gone(counting, connected)
        marks.append(await _mark(counting))
        await operators.stop()
        await counting.stop()

        tell("matching panics, incidents and notices; checking the facts")
        fallen = house.crew.fallen()
        panics, events = storms.kept()
        matched = await afterwards.follow(connection, house, [*panics, *fleet.pressed()], wall_ahead_s())
        await house.crew.end(*storms.names, *fleet.names, *house.servers)
        units = {one.account for one in panics}
        acked = sum(one.totals[2] for one in (back, capacity, flood))
        counted = sum(marks[-1].sum("larm_frames_total", receiver=receiver) for receiver in _receivers(marks[-1]))
        return Storm(
            profile=profile,
            plan=plan,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await connection.fetchval("SHOW server_version")),
            connected=connected,
            floor=lowest,
            backlog=_blow(
                "backlog",
                begun_s,
                back,
                [journey for journey in matched.journeys if journey.press.account in units],
                of_backlog,
                _refused(marks[0], marks[1]),
                plan,
            ),
            capacity=capacity,
            capacity_per_s=capacity_per_s,
            flood_per_s=flood_per_s,
            flood=_blow(
                "flood",
                flooded_s,
                flood,
                [journey for journey in matched.journeys if journey.press.account not in units],
                of_flood,
                _refused(marks[2], marks[3]),
                plan,
            ),
            samples=counting.samples,
            unanswered_looks=counting.unanswered,
            checks=await afterwards.checks(connection, matched, events, max(0, acked - round(counted))),
            complaints=[*(f"{name} ended by itself" for name in fallen), *complaints_of(house)],
        )


async def _mark(counting: Counting) -> Sample:
    """Look until the server answers: it may be deaf for a while after a flood."""
    for _ in range(LOOKS):
        if (sample := await counting.look()) is not None:
            return sample
    raise RuntimeError(f"the receiver did not say what it counts, asked {LOOKS} times")


async def _gone(counting: Counting, staying: int) -> None:
    """Return when the server has done with the units that hung up: what it had read of them it still stores."""
    for _ in range(LOOKS):
        sample = await counting.look()
        if sample is not None and sample.sum("larm_open_connections") <= staying:
            return
        await asyncio.sleep(CALM_S)


def _receivers(sample: Sample) -> list[str]:
    return list(sample.by("larm_frames_total", "receiver"))


def _refused(before: Sample, after: Sample) -> dict[str, float]:
    was, found = before.by("larm_not_stored_total", "reason"), after.by("larm_not_stored_total", "reason")
    return {reason: count - was.get(reason, 0.0) for reason, count in found.items() if count > was.get(reason, 0.0)}


def _blow(
    name: str,
    begin_s: float,
    offered: Offered,
    journeys: Sequence[Journey],
    parts: Sequence[Part],
    refused: dict[str, float],
    plan: StormPlan,
) -> Blow:
    limit_ms = plan.panic_p99_ms
    return Blow(
        name=name,
        begin_s=begin_s,
        offered=offered,
        journeys=journeys,
        figures=figures(journeys, limit_ms),
        stages=stages(journeys, limit_ms),
        parts=parts,
        refused=refused,
    )
