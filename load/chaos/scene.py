"""Where a drill plays: a house in three roles, some hundred watches that press on schedule, and somebody who looks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import aiohttp
import asyncpg

from devices.device import Address, DeviceSettings, Surroundings
from devices.watch import Watch
from escalation.chain import DeskTarget, EscalationChain, Medium, Step, TeamTarget
from escalation.ids import ChainId, TeamId
from larmcentral.clock import SystemClock
from larmcentral.domain.register import ChainChoice, Home
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from load.generator import Pressed, account, digest
from load.house import COMMITTEE, ORGANISATION, House, an_id, standing, unit_id
from load.profile import Profile

STEP_S: Final = 3.0
"""The team first, then the desk, so that a step is due all the time; the third one waits for an hour."""
STEPS: Final = 3
ROLES: Final = ("receiver", "escalation", "web")
RETRANSMIT_S: Final = 2.0
GIVE_UP_S: Final = 150.0
"""A watch of ours repeats through the longest of the faults; nobody's patience is what we measure."""
CONNECT_S: Final = 30.0
LOOK_EVERY_S: Final = 0.1
ANSWER_S: Final = 3.0
"""Of a page of health. A page that takes longer says no."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is offered. wearers: each presses once. teams: of three phones each, two by APNs and one by FCM."""

    per_s: float
    seconds: float
    teams: int = 2

    @property
    def wearers(self) -> int:
        """So many that nobody presses twice: a second press would join the first one's incident."""
        return round(self.per_s * self.seconds)

    def profile(self, name: str) -> Profile:
        """The house that the plan needs."""
        return Profile(
            name=name,
            words="",
            devices=self.wearers,
            alarms_per_s=self.per_s,
            run_s=self.seconds,
            warm_up_s=0.0,
            teams=self.teams,
            stand_down_after_s=0.0,
        )


class Wearers:
    """Watches of this process. Each press is repeated until it is acked, and written down either way."""

    def __init__(self, port: int, count: int) -> None:
        self._watches = [watch_of(number, port) for number in range(count)]
        self._lives: list[asyncio.Task[None]] = []
        self._under_way: set[asyncio.Task[Pressed]] = set()
        self._next = 0
        self.pressed: list[Pressed] = []

    @property
    def waiting(self) -> int:
        """How many presses have no ack yet."""
        return len(self._under_way)

    async def connect(self) -> None:
        """Let all watches live; return when each was answered."""
        self._lives = [asyncio.create_task(watch.run()) for watch in self._watches]
        until_s = time.monotonic() + CONNECT_S
        while not all(watch.connected for watch in self._watches):
            if time.monotonic() > until_s:
                raise RuntimeError(f"not all watches were answered within {CONNECT_S:.0f} s")
            await asyncio.sleep(LOOK_EVERY_S)

    async def press(self, per_s: float, seconds: float) -> None:
        """Press on schedule, whatever became of the presses before; return when the last one has begun."""
        begin_s = time.monotonic()
        for turn in range(round(per_s * seconds)):
            intended_s = begin_s + turn / per_s
            await asyncio.sleep(max(0.0, intended_s - time.monotonic()))
            task = asyncio.create_task(self.press_one(self._next, intended_s))
            self._next += 1
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def answered(self) -> None:
        """Return when each press is acked or given up."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Hang up."""
        for task in (*self._lives, *self._under_way):
            task.cancel()
        await asyncio.gather(*self._lives, *self._under_way, return_exceptions=True)
        for watch in self._watches:
            await watch.close()

    async def press_one(self, number: int, intended_s: float) -> Pressed:
        """Press one watch's button; return when it is acked or given up."""
        begun_s = time.monotonic()
        receipt = await self._watches[number].press()
        acked_s = time.monotonic() if receipt.acked else None
        said = Pressed(number, account(number), digest(receipt.sent), intended_s, begun_s, acked_s, receipt.attempts)
        self.pressed.append(said)
        return said


def watch_of(number: int, port: int) -> Watch:
    """A watch that repeats soon and for long."""
    settings = DeviceSettings(
        device=account(number),
        addresses=(Address("127.0.0.1", port),),
        retransmit_s=RETRANSMIT_S,
        give_up_s=GIVE_UP_S,
        keepalive_s=10.0,
    )
    return Watch(settings, Surroundings(random.Random(number)))


@dataclass(slots=True)
class Scene:
    """A house with its server up and its watches connected. ready: who said yes and who no, and since when."""

    house: House
    wearers: Wearers
    http: aiohttp.ClientSession
    ready: list[tuple[float, frozenset[str]]] = field(default_factory=list)

    async def connection(self) -> asyncpg.Connection:
        """Open a connection of the harness's own; the borrower closes it."""
        return await asyncpg.connect(self.house.dsn)

    async def not_ready(self) -> frozenset[str]:
        """Ask each role just now; return those that say no or nothing."""
        pages = {
            "web": f"{self.house.web}/api/health/ready",
            **{role: f"http://127.0.0.1:{self.house.ports[role]}/readyz" for role in ROLES if role != "web"},
        }
        said = await asyncio.gather(*(self._says_yes(page) for page in pages.values()))
        return frozenset(role for role, yes in zip(pages, said, strict=True) if not yes)

    async def metrics(self, role: str) -> str:
        """Return a role's figures as it gives them to Prometheus."""
        async with self.http.get(f"http://127.0.0.1:{self.house.ports[role]}/metrics") as answer:
            return await answer.text()

    async def order(self, peer: str, order: dict[str, object] | None) -> None:
        """Tell a push receiver how to behave; None: well again."""
        page = f"{self.house.peers[peer]['side']}/_orders"
        async with self.http.delete(page) if order is None else self.http.post(page, json=order) as answer:
            answer.raise_for_status()

    async def door(self, peer: str, *, open_: bool) -> None:
        """Open or shut a push receiver; one that is shut refuses connections."""
        page = f"{self.house.peers[peer]['side']}/_door"
        async with self.http.post(page) if open_ else self.http.delete(page) as answer:
            answer.raise_for_status()

    def said(self, words: Sequence[str], role: str = "receiver") -> int:
        """Return how many lines of a role's log have one of the words."""
        text = self.house.log(role).read_text("utf-8", "replace")
        return sum(any(word in line for word in words) for line in text.splitlines())

    async def watch_readiness(self) -> None:
        """Write down who is ready whenever that changes, until cancelled."""
        while True:
            now = await self.not_ready()
            if not self.ready or self.ready[-1][1] != now:
                self.ready.append((time.monotonic(), now))
            await asyncio.sleep(LOOK_EVERY_S)

    def ready_again_s(self, since_s: float) -> float | None:
        """When all roles said yes for good, after a time; None if they do not."""
        if not self.ready or self.ready[-1][1]:
            return None
        return max(self.ready[-1][0], since_s)

    def unready(self, from_s: float, to_s: float) -> frozenset[str]:
        """Return who said no at some moment of a span."""
        spans = zip(self.ready, [at_s for at_s, _ in self.ready[1:]] + [time.monotonic()], strict=True)
        return frozenset().union(*(who for (at_s, who), end_s in spans if at_s <= to_s and end_s >= from_s))

    async def _says_yes(self, page: str) -> bool:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self.http.get(page, timeout=aiohttp.ClientTimeout(total=ANSWER_S)) as answer:
                return answer.status == 200
        return False


@asynccontextmanager
async def a_scene(
    name: str,
    plan: Plan,
    tell: Tell,
    *,
    data_dir: Path | None = None,
    prepare: Callable[[asyncpg.Connection], Awaitable[None]] | None = None,
    serve: Callable[[House], Awaitable[object]] = House.serve,
) -> AsyncIterator[Scene]:
    """Build it, lend it, and leave nothing of it behind.

    data_dir: where the database lives, if not in the house. prepare: done to the database before the server starts.
    serve: starts the server, and returns when it is ready.
    """
    async with AsyncExitStack() as stack:
        profile = plan.profile(name)
        standing_ = standing(profile, statements=False, tell=lambda words: None, serve=False, data_dir=data_dir)
        house = await stack.enter_async_context(standing_)
        await _shorten_chains(house)
        if prepare is not None:
            connection = await asyncpg.connect(house.dsn)
            try:
                await prepare(connection)
            finally:
                await connection.close()
        await serve(house)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        wearers = Wearers(house.ports["watch"], plan.wearers)
        stack.push_async_callback(wearers.close)
        await wearers.connect()
        scene = Scene(house, wearers, http)
        looking = asyncio.create_task(scene.watch_readiness())
        stack.push_async_callback(_end, looking)
        tell(f"{name}: {plan.wearers} watches connected, {plan.per_s:g} alarms/s for {plan.seconds:g} s")
        yield scene


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _shorten_chains(house: House) -> None:
    """Give each unit a chain whose steps are due while we look."""
    pool = Pool([house.dsn], role="larm_service", size=1, deadline_s=30)
    wait = timedelta(seconds=STEP_S)
    try:
        for number in range(house.profile.teams):
            team = Step(targets=(TeamTarget(TeamId(an_id(f"team {number}"))),), media=(Medium.PUSH,), wait=wait)
            desk = Step(targets=(DeskTarget(),), media=(Medium.CONSOLE,), wait=wait)
            last = Step(targets=(DeskTarget(),), media=(Medium.CONSOLE,), wait=timedelta(hours=1))
            chain_id = ChainId(an_id(f"chain {number}"))
            chain = EscalationChain(id=chain_id, version=2, name=f"Kedja {number + 1}", steps=(team, desk, last))
            choice = ChainChoice(id=an_id(f"choice {number}"), chain=chain, unit_id=unit_id(number))
            await Register(pool).chain(Home(ORGANISATION, COMMITTEE), choice, SystemClock().now())
    finally:
        await pool.close()
