"""kill -9, round after round, of whoever it hits: a role of the server, PostgreSQL as a whole, or one process of it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from typing import Final

import aiohttp
import asyncpg

from load.afterwards import Check
from load.chaos.desk import ChaosDesk
from load.chaos.line import Line, Wanted
from load.chaos.promises import Promises, disarmed, judged, promises, signals, walks
from load.chaos.regulars import Regulars
from load.chaos.scene import Plan, Scene, Tell
from load.chaos.steps import Outage
from load.chaos.supervised import Supervised, a_supervised_scene
from load.house import delivered
from load.machine import wall_ahead_s

PER_S: Final = 20.0
PLAN: Final = Plan(per_s=PER_S, seconds=20.0)
"""Four hundred watches: a case lives some nine seconds, and longer while the server is dead."""
CALM_S: Final = 3.0
BEFORE_S: Final = (0.2, 1.7)
"""Into a round, and then the kill."""
AFTER_S: Final = 2.5
"""With service, before the next round."""
BACK_S: Final = 60.0
REST_S: Final = 60.0
LOOK_EVERY_S: Final = 0.05
LOOK_BACK_S: Final = 30.0
"""What a round looks at again of those before: cases that go on."""
BACK_WANTED_S: Final = 5.0
VICTIMS: Final = ("receiver", "escalation", "web", "postgresql", "postmaster", "backend")
"""postgresql: all its processes at once. postmaster: alone. backend: one that serves a connection of the server."""
STEPPING: Final = frozenset({"escalation", "postgresql", "postmaster", "backend"})
"""While they are away no step can begin."""

_BACKENDS: Final = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
AND application_name = 'larmcentral' ORDER BY pid
"""


@dataclass(frozen=True, slots=True)
class Round:
    """One kill. back_s: until all roles were ready, the desk was answered and a new press was acked; None: never."""

    victim: str
    back_s: float | None


async def kills(tell: Tell, *, rounds: int, seed: int) -> list[Line]:
    """Play the rounds; return a line for each, and one for them all."""
    chance = random.Random(seed)
    tell(f"kills: seed {seed}, {rounds} rounds")
    async with a_supervised_scene("kills", PLAN, tell) as (scene, kept), aiohttp.ClientSession() as http:
        desk = ChaosDesk(scene.house)
        regulars = Regulars(scene.wearers, PLAN.wearers, desk)
        await desk.log_in()
        at_work = [asyncio.create_task(desk.work()), asyncio.create_task(regulars.press(PER_S))]
        night = _Night(scene, kept, desk, regulars, http, chance)
        try:
            await asyncio.sleep(CALM_S)
            lines = [await night.round(number, victim, tell) for number, victim in enumerate(order(chance, rounds), 1)]
            at_work.pop().cancel()
            found = await night.end()
        finally:
            for task in at_work:
                task.cancel()
            await asyncio.gather(*at_work, return_exceptions=True)
            await regulars.close()
            await desk.close()
        return [*lines, night.line(found)]


def order(chance: random.Random, rounds: int) -> list[str]:
    """Everybody has his turn before anybody has a second one."""
    order: list[str] = []
    while len(order) < rounds:
        order += chance.sample(VICTIMS, len(VICTIMS))
    return order[:rounds]


class _Night:
    """All rounds on one house."""

    def __init__(
        self,
        scene: Scene,
        kept: Supervised,
        desk: ChaosDesk,
        regulars: Regulars,
        http: aiohttp.ClientSession,
        chance: random.Random,
    ) -> None:
        self._scene, self._kept, self._desk, self._regulars = scene, kept, desk, regulars
        self._http, self._chance = http, chance
        self._ahead_s = wall_ahead_s()
        self._rounds: list[Round] = []
        self._outages: list[Outage] = []
        self._disarmed = 0
        self._looked = 0

    async def round(self, number: int, victim: str, tell: Tell) -> Line:
        """Wait, kill, wait for service, look."""
        begun_s = time.monotonic()
        await asyncio.sleep(self._chance.uniform(*BEFORE_S))
        killed_s = time.monotonic()
        await self._kill(victim)
        back_s = await self._back(killed_s)
        self._rounds.append(Round(victim, back_s))
        if victim in STEPPING:
            self._outages.append(Outage(killed_s, time.monotonic()))
        await asyncio.sleep(AFTER_S)
        line = await self._look(number, victim, begun_s, back_s)
        tell(f"{line.drill}  {line.figures}")
        return line

    async def end(self) -> Promises:
        """Let everything come to rest, and hold it against what was promised."""
        await self._regulars.answered()
        until_s = time.monotonic() + REST_S
        connection = await self._scene.connection()
        try:
            while time.monotonic() < until_s:
                pending = await connection.fetchval("SELECT count(*) FROM notices WHERE state = 'pending'")
                if not pending and not self._desk.open_accounts and self._desk.looked_s > until_s - REST_S:
                    break
                await asyncio.sleep(LOOK_EVERY_S)
            receipts = await delivered(self._scene.house)
            found = await walks(connection, 0.0, self._ahead_s)
            verdict = judged(found, self._outages, time.monotonic())
            return await promises(connection, self._regulars.pressed, self._desk.acts, receipts, found, verdict)
        finally:
            await connection.close()

    def line(self, found: Promises) -> Line:
        """Say the whole night in one line."""
        of, steps = found.signals, found.judged
        figures = (
            f"{len(self._rounds)} rounds  acked {of.acked} lost {of.lost}  steps {steps.begun} lost "
            f"{len(steps.missing)} late {len(steps.late_s)}  presses sent again {of.sent_again} known {of.known} "
            f"filed twice {of.twice}  notices {found.notices} received again {found.again}  acts {found.acts} "
            f"({self._desk.tries} tried again, {self._desk.logins} log-in)  turns without a free watch "
            f"{self._regulars.skipped}  back after {self._said()}"
        )
        never = sum(one.back_s is None for one in self._rounds)
        own = [
            Check("kills without service again", never, 0),
            Check("open cases without a deadline, at the end of a round", self._disarmed, 0),
        ]
        worst = max((one.back_s or BACK_S for one in self._rounds), default=0.0)
        return Line(
            "kills", figures, [*own, *found.checks], [Wanted("kills: longest until back, s", worst, BACK_WANTED_S)]
        )

    def _said(self) -> str:
        by_victim: dict[str, list[float]] = defaultdict(list)
        for one in self._rounds:
            by_victim[one.victim].append(BACK_S if one.back_s is None else one.back_s)
        every = [one for times in by_victim.values() for one in times]
        apart = ", ".join(f"{victim} {median(times):.1f}/{max(times):.1f}" for victim, times in by_victim.items())
        return f"{median(every):.1f} s at the median, {max(every):.1f} s at most (median/most: {apart})"

    async def _kill(self, victim: str) -> None:
        match victim:
            case "postgresql":
                self._kept.kill_postgres(whole=True)
            case "postmaster":
                self._kept.kill_postgres(whole=False)
            case "backend":
                connection = await self._scene.connection()
                pids = [row["pid"] for row in await connection.fetch(_BACKENDS)]
                with suppress(ProcessLookupError):
                    os.kill(self._chance.choice(pids), signal.SIGKILL)
                connection.terminate()
            case role:
                self._kept.kill(role)

    async def _back(self, killed_s: float) -> float | None:
        """Return when everybody is served again, in seconds since the kill."""
        until_s = killed_s + BACK_S
        while time.monotonic() < until_s:
            acked = self._regulars.acked_since(killed_s) is not None
            if acked and await self._kept.all_ready(self._http) and await self._desk.serves():
                return time.monotonic() - killed_s
            await asyncio.sleep(LOOK_EVERY_S)
        return None

    async def _look(self, number: int, victim: str, begun_s: float, back_s: float | None) -> Line:
        now_s = time.monotonic()
        new = self._regulars.pressed[self._looked :]
        self._looked += len(new)
        since_s = begun_s - LOOK_BACK_S + self._ahead_s
        connection = await asyncpg.connect(self._scene.house.dsn)
        try:
            of = await signals(connection, new, since_s - BACK_S)
            recent = await walks(connection, since_s, self._ahead_s)
            without = await disarmed(connection)
        finally:
            await connection.close()
        self._disarmed += without
        verdict = judged(recent, self._outages, now_s)
        steps = sum(begun_s <= at_s < now_s for walk in recent for at_s in walk.begun_s)
        said = "never" if back_s is None else f"{back_s:.1f} s"
        late = len(verdict.late_s) + len(verdict.missing)
        figures = (
            f"acked {of.acked} lost {of.lost}  steps {steps} late {late}  repeats {of.sent_again} known {of.known}  "
            f"waiting {self._regulars.waiting}  back after {said}"
        )
        return Line(f"kill {victim}  round {number}", figures, [Check("acked signals lost", of.lost, 0)])
