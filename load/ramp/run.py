"""A ramp from an empty folder to its knee: a rate a step, each from rest, until the house no longer keeps up.

Every incident is left open: an operator who stood hundreds a second down would be load that no centre has. So nobody
presses twice, and the ramp ends at the latest when all devices have pressed.
"""

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
from load import afterwards, floor
from load.afterwards import SYSTEM_ALARMS, Check
from load.analysed import analyse, settle
from load.ceiling import Ceiling, ceilings
from load.complaints import complaints_of
from load.figures import ACK, DRAWN, NOTICE, completed_within, figures, lateness, rate
from load.fleet import LEAD_S, Fleet
from load.floor import Floor
from load.house import House, standing
from load.house import delivered as fetch_delivered
from load.machine import Machine, this_machine, wall_ahead_s
from load.match import Matched, match
from load.operators import Operators
from load.processes import count_parts
from load.profile import Profile
from load.ramp.plan import RampPlan
from load.ramp.steps import Step, ended, knee, next_rate
from load.run import ANALYSED_AFTER, enough_files
from load.schedule import Presses

REST_S: Final = 1.0
"""Between the last notice of a step and the first press of the next, for what the server does afterwards."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RampResult:
    """Everything a reader needs to believe a knee, or not to. ended: why the ramp went no further.

    system_alarms: what the house said of itself; past its limit that is right, and no fact that must not be.
    """

    profile: Profile
    plan: RampPlan
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    open_files: int
    floor: Floor
    steps: Sequence[Step]
    knee: Step | None
    ended: str
    ceilings: Sequence[Ceiling]
    checks: Sequence[Check]
    system_alarms: int
    complaints: Sequence[str]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)

    @property
    def of_ceiling(self) -> float | None:
        """The knee's rate divided by the highest ceiling; None where one of them was not found."""
        highest = max((one.alarms_per_s for one in self.ceilings), default=None)
        return None if highest is None or self.knee is None else self.knee.per_s / highest


async def ramp(profile: Profile, plan: RampPlan, command: str, tell: Tell) -> RampResult:
    """Run a ramp. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    open_files = enough_files(profile, tell)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(standing(profile, statements=False, tell=tell))
        connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        lowest = await floor.measure(connection)
        operators = Operators(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        climb = _Climb(house, plan, connection, operators, tell)
        connected = await climb.fleet.connect()
        tell(f"{connected} of {profile.devices} devices connected")
        await climb.warm_up(await settle(connection, profile.devices, profile.watched_over_s, tell))
        await climb.up()
        matched = await climb.matched()
        await operators.stop()
        fallen = house.crew.fallen()
        await house.crew.end(*climb.fleet.names, *house.servers)
        complaints = [*(f"{name} ended by itself" for name in fallen), *complaints_of(house)]
        checks = await afterwards.checks(connection, matched)
        highest = knee(climb.steps, plan)
        tell("writing the same rows with a bare client, in batches as at the knee")
        last = highest or climb.steps[-1]
        return RampResult(
            profile=profile,
            plan=plan,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await connection.fetchval("SHOW server_version")),
            connected=connected,
            open_files=open_files,
            floor=lowest,
            steps=climb.steps,
            knee=highest,
            ended=ended(climb.steps, plan),
            ceilings=await ceilings(house.dsn, last.batches, profile.ceiling_s),
            checks=[one for one in checks if one.what != SYSTEM_ALARMS],
            system_alarms=sum(one.found for one in checks if one.what == SYSTEM_ALARMS),
            complaints=complaints,
        )


class _Climb:
    """The steps taken so far, and those who take them."""

    def __init__(
        self, house: House, plan: RampPlan, connection: asyncpg.Connection, operators: Operators, tell: Tell
    ) -> None:
        self._house, self._profile, self._plan = house, house.profile, plan
        self._connection, self._operators, self._tell = connection, operators, tell
        self._pressed = 0
        self.fleet = Fleet(house)
        self.steps: list[Step] = []

    async def warm_up(self, empty: Sequence[str]) -> None:
        """Press at the first rate; in the middle of it analyse those tables that were empty before."""
        profile = self._profile
        presses = self._next(profile.alarms_per_s, profile.warm_up_s)
        if not presses.count:
            return
        at_s = presses.begin_s + profile.warm_up_s * ANALYSED_AFTER
        analysing = asyncio.create_task(analyse(self._connection, empty, at_s))
        await self.fleet.press(presses)
        await analysing
        await afterwards.all_sent(self._connection, self._house)

    async def up(self) -> None:
        """Take step after step."""
        profile = self._profile
        while (per_s := next_rate(self.steps, self._plan, profile.alarms_per_s)) is not None:
            if self._pressed + round(per_s * profile.run_s) > profile.devices:
                return
            step = await self._step(per_s)
            self.steps.append(step)
            longest = "none came" if step.notices is None else f"p99.9 {step.notices.p999_ms:.0f} ms"
            self._tell(f"{per_s:g} alarms/s for {profile.run_s:g} s: {longest}")

    async def matched(self) -> Matched:
        """Follow every press so far to its notices."""
        ahead_s = wall_ahead_s()
        return match(
            self.fleet.pressed(),
            await afterwards.alarms(self._connection, ahead_s),
            await afterwards.notices(self._connection),
            await fetch_delivered(self._house),
            self._operators.drawn_s,
        )

    async def _step(self, per_s: float) -> Step:
        house, for_s = self._house, self._profile.run_s
        await asyncio.sleep(REST_S)
        presses = self._next(per_s, for_s)
        counting = asyncio.create_task(count_parts(house.crew, house.database.pid, presses.begin_s, for_s))
        await self.fleet.press(presses)
        to_s = await afterwards.all_sent(self._connection, house)
        parts = await counting
        found = await self.matched()
        journeys = [one for one in found.journeys if one.press.number >= presses.first]
        reached = rate(journeys, per_s)
        of = {one.what: one for one in figures(journeys, self._plan.limit_ms)}
        return Step(
            per_s=per_s,
            for_s=for_s,
            presses=presses.count,
            noticed_per_s=0.0 if reached is None else reached.noticed_per_s,
            notices=of.get(NOTICE),
            acks=of.get(ACK),
            feed=of.get(DRAWN),
            late=lateness(one.press for one in journeys),
            parts=parts,
            completed=completed_within(journeys, presses.begin_s, presses.begin_s + for_s),
            batches=await afterwards.batches(self._connection, presses.begin_s, to_s, wall_ahead_s()),
        )

    def _next(self, per_s: float, for_s: float) -> Presses:
        presses = Presses(time.monotonic() + LEAD_S, per_s, self._pressed, round(per_s * for_s), self._profile.devices)
        self._pressed += presses.count
        return presses
