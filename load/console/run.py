"""A run with many screens: the same alarms without them, with them, and without them again."""

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
from load import afterwards
from load.afterwards import Check
from load.analysed import settle
from load.complaints import complaints_of
from load.console import judged
from load.console.judged import Answers, Incident
from load.console.plan import PHASES, ConsolePlan
from load.console.screen import Asked, Habits
from load.console.screens import Screens
from load.console.staff import enter
from load.figures import NOTICE, Figure, Second, by_second, figures
from load.fleet import LEAD_S, Fleet
from load.house import House, delivered, standing
from load.machine import Machine, this_machine, wall_ahead_s
from load.match import Journey, Matched, match
from load.operators import Operators
from load.processes import Part, count_parts
from load.profile import Profile
from load.run import enough_files
from load.schedule import Presses
from load.usage import Holding, holding

WITH: Final = 1
"""The phase with all screens, of PHASES."""
NAMES: Final = ("without screens", "with all screens", "without screens again")

_INCIDENTS: Final = """
SELECT i.id, i.entries AS lines, ARRAY (
    SELECT r.person_id::text FROM responders r
    WHERE r.organisation_id = i.organisation_id AND r.incident_id = i.id) AS told
FROM incidents i WHERE i.id = ANY ($1::uuid[])
"""
_NEWS: Final = """
SELECT id, state = 'withdrawn' AS withdrawn FROM notices
WHERE purpose <> 'test' AND channel <> 'console' AND about <> 'alarm'
"""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Phase:
    """The same alarms once. web: what the web role holds at its end."""

    name: str
    figures: Sequence[Figure]
    seconds: Sequence[Second]
    parts: Sequence[Part]
    web: Holding | None

    @property
    def notices(self) -> Figure | None:
        """From the intended press to each push notice."""
        return next((one for one in self.figures if one.what == NOTICE), None)


@dataclass(frozen=True, slots=True)
class ConsoleResult:
    """Everything a reader needs to believe a run, or not to."""

    profile: Profile
    plan: ConsolePlan
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    entered: int
    phases: Sequence[Phase]
    seen: Sequence[Figure]
    answers: Sequence[Answers]
    cuts: int
    breaks: int
    resyncs: int
    coming: int
    checks: Sequence[Check]
    complaints: Sequence[str]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)

    @property
    def push_ratio(self) -> float | None:
        """p99 from press to push with the screens, divided by the mean of both without; None if none was sent."""
        found = [one.notices.p99_ms for one in self.phases if one.notices is not None]
        return None if len(found) < PHASES else found[WITH] * (PHASES - 1) / (sum(found) - found[WITH])


async def console(profile: Profile, plan: ConsolePlan, command: str, tell: Tell) -> ConsoleResult:
    """Run a profile with many screens. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    enough_files(profile, tell)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(standing(profile, statements=False, tell=tell))
        connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        began_s = time.monotonic()
        seats = await enter(house, plan.operators, plan.phones)
        await connection.execute("ANALYZE users, user_committees, sessions")
        tell(f"{len(seats)} users with a session after {time.monotonic() - began_s:.1f} s")
        operators, fleet = Operators(house), Fleet(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        connected = await fleet.connect()
        tell(f"{connected} of {profile.devices} devices connected")
        await settle(connection, profile.devices, profile.watched_over_s, tell)
        habits = Habits(house.web, plan.operators, plan.cut_every_s, plan.coming, plan.answer_s)
        screens = Screens(house, seats, habits, browsers=plan.browsers, enter_s=plan.enter_s)
        shift = _Shift(house, fleet, operators, connection, tell)

        await shift.work(0)
        entered = await screens.open()
        tell(f"{entered} of {len(seats)} screens hear their feed")
        await shift.work(WITH)
        shown, asked = await screens.finish()
        tell("all screens closed")
        await shift.work(2)

        tell("matching presses, incidents, notices and screens; checking the facts")
        matched, news = await shift.matched()
        await operators.stop()
        fallen = house.crew.fallen()
        await house.crew.end(*fleet.names, *house.servers)
        with_all = [one for one in matched.journeys if shift.phase_of(one) == WITH]
        incidents = await _incidents(connection, with_all)
        told = {one.id: one.told for one in incidents}
        limit_ms = profile.targets.worst_ms
        phases = shift.phases(matched)
        return ConsoleResult(
            profile=profile,
            plan=plan,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await connection.fetchval("SHOW server_version")),
            connected=connected,
            entered=entered,
            phases=phases,
            seen=judged.figures(shown, [one for one in with_all if shift.counts(one)], limit_ms, told),
            answers=judged.answers(asked, limit_ms),
            cuts=sum(one.cuts for one in shown),
            breaks=sum(one.breaks for one in shown),
            resyncs=sum(one.resyncs for one in shown),
            coming=_coming(asked),
            checks=[
                Check("screens that heard their feed", entered, len(seats)),
                *judged.checks(shown, incidents, asked),
                *await afterwards.checks(connection, matched),
                news,
            ],
            complaints=[*(f"{name} ended by itself" for name in fallen), *complaints_of(house)],
        )


class _Shift:
    """The phases, one after another: each is a warm-up and a run, and ends when nothing is open any more."""

    def __init__(
        self, house: House, fleet: Fleet, operators: Operators, connection: asyncpg.Connection, tell: Tell
    ) -> None:
        self._house, self._profile = house, house.profile
        self._fleet, self._operators, self._connection, self._tell = fleet, operators, connection, tell
        self._count = self._profile.warm_up_presses + self._profile.run_presses
        self._worked: list[tuple[float, Sequence[Part], Holding | None]] = []

    async def work(self, phase: int) -> None:
        """Press, and return when every notice is sent and every incident stood down."""
        profile, house = self._profile, self._house
        self._tell(f"{NAMES[phase]}: {profile.alarms_per_s:g} alarms/s, {profile.warm_up_s:g} + {profile.run_s:g} s")
        begun_s = time.monotonic() + LEAD_S
        run_s = begun_s + profile.warm_up_s
        counting = asyncio.create_task(count_parts(house.crew, house.database.pid, run_s, profile.run_s))
        await self._fleet.press(
            Presses(begun_s, profile.alarms_per_s, phase * self._count, self._count, profile.devices)
        )
        await afterwards.all_sent(self._connection, house)
        pids = house.crew.pids
        held = holding(pids.get("web") or pids["all"])
        self._worked.append((run_s, await counting, held))
        await self._operators.empty()
        await self._connection.execute("ANALYZE")

    async def matched(self) -> tuple[Matched, Check]:
        """Follow every press of all phases to the notices that call; the fact is about those that tell what came."""
        received = await delivered(self._house)
        news = {str(row["id"]): row["withdrawn"] for row in await self._connection.fetch(_NEWS)}
        matched = match(
            self._fleet.pressed(),
            await afterwards.alarms(self._connection, wall_ahead_s()),
            [one for one in await afterwards.notices(self._connection) if str(one.id) not in news],
            [one for one in received if one.notice_id not in news],
            {},
        )
        got = {one.notice_id for one in received}
        lost = sum(one not in got and not withdrawn for one, withdrawn in news.items())
        return matched, Check("news of an incident that no push receiver got", lost, 0)

    def phase_of(self, journey: Journey) -> int:
        """Return which phase a press is of."""
        return journey.press.number // self._count

    def counts(self, journey: Journey) -> bool:
        """Say whether a press is past its phase's warm-up."""
        return journey.press.number % self._count >= self._profile.warm_up_presses

    def phases(self, matched: Matched) -> list[Phase]:
        """Return what came of each."""
        found = []
        for number, (run_s, parts, held) in enumerate(self._worked):
            of_phase = [one for one in matched.journeys if self.phase_of(one) == number]
            counted = [one for one in of_phase if self.counts(one)]
            times = figures(counted, self._profile.targets.worst_ms)
            found.append(Phase(NAMES[number], times, by_second(of_phase, run_s), parts, held))
        return found


async def _incidents(connection: asyncpg.Connection, journeys: Sequence[Journey]) -> list[Incident]:
    ids = [one.signal.incident_id for one in journeys if one.signal is not None and one.signal.incident_id is not None]
    rows = await connection.fetch(_INCIDENTS, ids)
    return [Incident(row["id"], row["lines"], frozenset(row["told"])) for row in rows]


def _coming(asked: Sequence[Asked]) -> int:
    return sum(one.what.endswith("/on-the-way") and one.status == 200 for one in asked)
