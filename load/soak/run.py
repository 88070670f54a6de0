"""A soak from an empty folder to its paper: moderate load for long, looked at every some seconds."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from larmcentral.clock import SystemClock
from load import afterwards
from load.afterwards import Check
from load.analysed import settle
from load.complaints import complaints_of
from load.console.screen import Habits
from load.console.screens import Screens
from load.console.staff import enter
from load.figures import Figure, Second, by_second, figures
from load.fleet import LEAD_S, Fleet
from load.house import House, delivered, standing
from load.machine import Machine, this_machine, wall_ahead_s
from load.match import match
from load.operators import Operators
from load.processes import Part, count_parts
from load.profile import Profile
from load.run import enough_files
from load.schedule import main_presses
from load.soak import judged
from load.soak.judged import Grown
from load.soak.plan import SoakPlan
from load.soak.samples import Sample, Samples
from load.soak.slope import Growth
from load.soak.visitors import Visitors

BROWSERS: Final = 1
COUNTED: Final = 4
"""The processor's use is counted in the last fourth of the run."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SoakResult:
    """Everything a reader needs to believe a run, or not to.

    size_each: bytes that an alarm added to the database, in the middle third and in the last.
    """

    profile: Profile
    plan: SoakPlan
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    begin_s: float
    samples: Sequence[Sample]
    growths: Sequence[Growth]
    size_each: tuple[float, float] | None
    wal_each: float | None
    tables: Sequence[Grown]
    figures: Sequence[Figure]
    thirds: Sequence[Figure]
    seconds: Sequence[Second]
    parts: Sequence[Part]
    visits: int
    visits_to_consoles: int
    stood_down: int
    checks: Sequence[Check]
    complaints: Sequence[str]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)


async def soak(profile: Profile, plan: SoakPlan, command: str, tell: Tell) -> SoakResult:
    """Run a soak. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    everybody = dataclasses.replace(profile, devices=profile.devices + plan.visitors)
    enough_files(everybody, tell)
    async with AsyncExitStack() as stack:
        whole = await stack.enter_async_context(standing(everybody, statements=False, tell=tell))
        house = dataclasses.replace(whole, profile=profile)  # its watches stay, the others are visitors
        connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        seats = await enter(house, plan.consoles, 0)
        operators, fleet = Operators(house), Fleet(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        connected = await fleet.connect()
        tell(f"{connected} of {profile.devices} devices connected, {plan.visitors} more come and go")
        visitors = Visitors(range(profile.devices, everybody.devices), house.listeners(), plan.visit_s)
        stack.push_async_callback(visitors.stop)
        visitors.start()
        await settle(connection, everybody.devices, profile.watched_over_s, tell)
        habits = Habits(house.web, max(plan.consoles, 1), plan.cut_every_s, 0.0, 0.0, stay_s=plan.stay_s)
        screens = Screens(house, seats, habits, browsers=BROWSERS, enter_s=min(plan.stay_s, profile.run_s / 4))
        await screens.open()

        presses = main_presses(profile, time.monotonic() + LEAD_S)
        begin_s = presses.begin_s + profile.warm_up_s
        tell(f"{profile.alarms_per_s:g} alarms/s for {profile.run_s:g} s, a look every {plan.sample_s:g} s")
        samples = Samples(house, connection, plan.sample_s)
        looking = asyncio.create_task(samples.look_on(begin_s, profile.run_s))
        counting = asyncio.create_task(_count(house, begin_s, profile.run_s))
        analysing = asyncio.create_task(_analyse(house, presses.begin_s + profile.warm_up_s / 2))
        await fleet.press(presses)
        await analysing
        await looking
        parts = await counting
        await afterwards.all_sent(connection, house)
        await operators.empty()
        shown, asked = await screens.finish()
        await visitors.stop()

        tell("matching presses, incidents and notices; checking the facts")
        matched = match(
            fleet.pressed(),
            await afterwards.alarms(connection, wall_ahead_s()),
            await afterwards.notices(connection),
            await delivered(house),
            {},
        )
        await operators.stop()
        fallen = house.crew.fallen()
        await house.crew.end(*fleet.names, *house.servers)
        growths = judged.growths(samples.found, plan)
        limit_ms = profile.targets.worst_ms
        odd = sum(not 200 <= one.status < 300 for one in asked)
        return SoakResult(
            profile=profile,
            plan=plan,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await connection.fetchval("SHOW server_version")),
            connected=connected,
            begin_s=begin_s,
            samples=samples.found,
            growths=growths,
            size_each=judged.bytes_an_alarm(samples.found),
            wal_each=judged.wal_an_alarm(samples.found),
            tables=judged.tables(samples.found),
            figures=figures([one for one in matched.journeys if one.press.intended_s >= begin_s], limit_ms),
            thirds=judged.thirds(matched.journeys, begin_s, profile.run_s, limit_ms),
            seconds=by_second(matched.journeys, begin_s),
            parts=parts,
            visits=visitors.visits,
            visits_to_consoles=sum(one.what == "GET /api/me" for one in asked),
            stood_down=operators.stood_down,
            checks=[
                *judged.checks(samples.found, growths, house.servers, visitors.unanswered),
                Check("lines told twice as new on one connection", sum(one.twice for one in shown), 0),
                Check("requests of the screens unanswered or refused", odd, 0),
                *await afterwards.checks(connection, matched),
            ],
            complaints=[*(f"{name} ended by itself" for name in fallen), *complaints_of(house)],
        )


async def _count(house: House, begin_s: float, run_s: float) -> list[Part]:
    return await count_parts(house.crew, house.database.pid, begin_s + run_s * (1 - 1 / COUNTED), run_s / COUNTED)


async def _analyse(house: House, at_s: float) -> None:
    """On a connection of its own, for the samples have theirs."""
    await asyncio.sleep(max(0.0, at_s - time.monotonic()))
    connection: asyncpg.Connection = await asyncpg.connect(house.dsn)
    try:
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
