"""A town for some days: the real flows on the memory store, people and devices around them, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import structlog

from escalation.chain import Channel
from larmcentral.domain.notice import OutgoingNotice
from tests.fakes.memory_register import MemoryRegister
from tests.fakes.memory_store import MemoryStore
from tests.fakes.plain_days import PlainDays
from tests.fakes.virtual_loop import CountedIds, VirtualClock
from tests.simulation.faults import POLL_S, Commit, Death, Line, Spell, Unreachable, draw_weather, fair
from tests.simulation.journal import Handing, Journal
from tests.simulation.loop import INCARNATION, DyingLoop, HouseClock
from tests.simulation.people import People
from tests.simulation.server import Server
from tests.simulation.town import draw_town

MONDAYS: Final = (
    datetime(2026, 3, 2, tzinfo=UTC),
    datetime(2026, 3, 23, tzinfo=UTC),  # the clocks go forward on its Sunday
    datetime(2026, 6, 15, tzinfo=UTC),  # Midsummer Eve on its Friday
    datetime(2026, 10, 19, tzinfo=UTC),  # the clocks go back on its Sunday
    datetime(2026, 12, 21, tzinfo=UTC),
)
MOST_HANDED: Final = 30_000
"""A week has some hundred notices; where nothing can be stood down, chains go round and round until the end."""
LEASE_S: Final = 15.0
START_S: Final = 5.0
"""A process has this long after its start to catch up; until then it counts as away."""


class World:
    """Everything around one seed. server: how an incarnation is put together, to be broken on purpose."""

    def __init__(
        self,
        seed: int,
        days: float,
        *,
        server: Callable[[World, int], Server] = Server,
        faults: bool = True,
        duress: bool = True,
        trace: bool = False,
    ) -> None:
        self.seed, self.seconds, self.duress = seed, days * 86_400.0, duress
        self.loop = DyingLoop()
        asyncio.set_event_loop(self.loop)
        self.outside = copy_context()
        rng = self.dice("world")
        epoch = rng.choice(MONDAYS)
        self.clock = VirtualClock(self.loop, epoch)
        self.house_clock = HouseClock(self.loop, epoch)
        self.ids = CountedIds(self.clock)
        self.calendar = PlainDays((epoch + timedelta(days=rng.randint(0, 6))).date())
        self.store = MemoryStore(self.clock)
        self.journal = Journal(lines=[] if trace else None)
        self.town = draw_town(self.dice("town"), epoch.date())
        addresses = [point.address for one in self.town.people for point in one.person.contact_points]
        self.weather = draw_weather(self.dice("weather"), self.seconds, addresses) if faults else fair(0.0)
        self.chance = self.dice("chance")
        self.people = People(self)
        self._make, self._count = server, 0
        self._alive: dict[int, Server] = {}
        self._back, self._struck = asyncio.Event(), asyncio.Event()
        self._actors: set[asyncio.Task[Any]] = set()
        self._looks: set[float] = set()
        self._away = 0
        self._ambush: int | None = None
        self._wild = asyncio.Event()

    def dice(self, *whose: object) -> Random:
        """Chance of one's own, so that what one does leaves the others' as it was."""
        return Random("/".join(str(word) for word in (self.seed, *whose)))

    # What happens, from beginning to end.

    def run(self) -> None:
        """Live through it all; afterwards store and journal tell."""
        structlog.configure(processors=[self._overheard], wrapper_class=structlog.make_filtering_bound_logger(40))
        try:
            self.loop.run_until_complete(self._live())
        finally:
            self.loop.close()
            asyncio.set_event_loop(None)

    async def _live(self) -> None:
        await self.town.settle_in(MemoryRegister(self.store), self.clock.now())
        self._start()
        self.spawn(self._die_again_and_again())
        for at, by in self.weather.steps:
            self.spawn(self._step_clock(at, by))
        for spell in self.weather.away:
            self.spawn(self._store_away(spell))
        for spells in (self.weather.away, self.weather.commits, *self.weather.channels.values()):
            for spell in spells:
                self._trouble(spell.at, spell.until, spell.what)
        self.people.begin()
        try:
            async with asyncio.timeout(self.seconds):
                await self._wild.wait()
            self.journal.complaints.append(f"a town of {MOST_HANDED} notices is out of hand: its life was cut short")
        except TimeoutError:
            pass
        for task in self._actors:
            task.cancel()
        left = [task for incarnation in self._alive for task in self.loop.tasks_of(incarnation)]
        for task in left:
            task.cancel()
        await asyncio.gather(*self._actors, *left, return_exceptions=True)

    @property
    def healed(self) -> bool:
        """True once everything works for good."""
        return self.loop.time() >= self.weather.healed_s

    # For people.

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let somebody outside do something."""
        context = self.outside.copy()
        task = self.loop.create_task(work, context=context)
        self._actors.add(task)
        task.add_done_callback(self._acted)

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

    async def until(self, at_s: float) -> None:
        """Wait for a moment, in seconds of the loop."""
        await asyncio.sleep(max(at_s - self.loop.time(), 0.0))

    async def ask(self, order: Callable[[Server], Awaitable[Any]]) -> Any:
        """Ask the server for something. Raises what it raises, and Unreachable if it is not there or dies over it."""
        if not self._alive:
            raise Unreachable
        server = self._alive[max(self._alive)]
        context = self.outside.copy()
        context.run(INCARNATION.set, server.incarnation)
        task = self.loop.create_task(server.ask(order), context=context)
        await asyncio.wait([task])
        if task.cancelled() or self.is_dead(server.incarnation):
            if not task.cancelled():
                task.exception()
            raise Unreachable
        return task.result()

    def press(self) -> None:
        """Somebody presses a button now: whoever lies in wait for that strikes a little later."""
        if self._ambush is not None and self._alive:
            victim, callbacks, self._ambush = max(self._alive), self._ambush, None
            self.loop.kill_after(victim, callbacks, lambda: self._strike(victim))

    async def server_back(self) -> None:
        """Wait until there is a server."""
        await self._back.wait()

    def _acted(self, task: asyncio.Task[Any]) -> None:
        self._actors.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.journal.complaints.append(f"somebody outside was answered with {error!r}")

    # For the doors.

    def is_dead(self, incarnation: int) -> bool:
        return incarnation in self.loop.dead

    @property
    def away(self) -> bool:
        """True while the store does not answer."""
        return self._away > 0

    @property
    def servers(self) -> list[Server]:
        """The processes that live; more than one in a rolling restart."""
        return list(self._alive.values())

    def fate_of_commit(self) -> Commit:
        """What becomes of the transaction that begins now."""
        now = self.loop.time()
        for spell in self.weather.commits:
            if spell.at <= now < spell.until:
                return Commit(spell.what) if self.chance.random() < 0.1 else Commit.WELL
        return Commit.WELL

    def line_of(self, channel: Channel) -> Line:
        """What becomes of a sending that begins now."""
        now = self.loop.time()
        centres = self.weather.centres if channel is Channel.RECEIVER else ()
        for spell in (*centres, *self.weather.channels.get(channel, ())):
            if spell.at <= now < spell.until:
                return Line(spell.what)
        return Line.WELL

    def handed(self, notice: OutgoingNotice, *, accepted: bool) -> None:
        """A channel was handed a notice."""
        at = self.clock.now()
        self.journal.handings.append(Handing(at, notice, accepted))
        self.journal.tell(at, notice.channel.value, notice.address, notice.text.about.value, notice.id, accepted)
        if accepted:
            self.people.hear(notice)
        if len(self.journal.handings) == MOST_HANDED:
            self._wild.set()

    def trouble(self, from_at: datetime, what: str) -> None:
        """Something was the matter from then until now, and the next poll mends what it left behind."""
        self.journal.troubles.append((from_at, self.clock.now() + timedelta(seconds=1), what))
        self.look_again_in(POLL_S)

    def look_again_in(self, seconds: float) -> None:
        """Some poll of the server would find something by then."""
        at = round(self.loop.time() + max(seconds, 0.0), 3)
        if at not in self._looks:
            self._looks.add(at)
            self.loop.call_at(at, self._look, at, context=self.outside)

    def _look(self, at: float) -> None:
        self._looks.discard(at)
        for server in self._alive.values():
            context = self.outside.copy()
            context.run(INCARNATION.set, server.incarnation)
            context.run(server.look_again)

    # What goes wrong.

    def _start(self) -> None:
        self._count += 1
        context = self.outside.copy()
        context.run(INCARNATION.set, self._count)
        made = self._alive[self._count] = context.run(self._make, self, self._count)
        self.loop.create_task(made.start(), context=context)
        self._back.set()
        self.journal.tell(self.clock.now(), "server", self._count, "starts")

    async def _die_again_and_again(self) -> None:
        for death in self.weather.deaths:
            await self._die(death)

    async def _die(self, death: Death) -> None:
        await self.until(death.at)
        await self.server_back()
        victim = max(self._alive)
        if death.overlap_s is not None:
            self._start()
            await self.pause(death.overlap_s)
        self._struck.clear()
        if death.ambush:
            self._ambush = death.callbacks
        else:
            self.loop.kill_after(victim, death.callbacks, lambda: self._strike(victim))
        await self._struck.wait()
        died_at = self.clock.now()
        if death.overlap_s is None:
            await self.pause(death.away_s)
            self._start()
            up_at = self.clock.now() + timedelta(seconds=START_S)
            self.journal.troubles.append((died_at, up_at, "no server"))
        # What the dead one had leased is claimed when the lease ends.
        self.journal.troubles.append((died_at, died_at + timedelta(seconds=LEASE_S + 1), "leases of the dead"))
        self.look_again_in(LEASE_S + POLL_S)

    def _strike(self, victim: int) -> None:
        """The process is gone: whatever its tasks still try as they end comes to nothing."""
        self._struck.set()
        self.loop.dead.add(victim)
        del self._alive[victim]
        if not self._alive:
            self._back.clear()
        for task in self.loop.tasks_of(victim):
            task.cancel()
        self.journal.tell(self.clock.now(), "server", victim, "dies")

    async def _step_clock(self, at: float, by: timedelta) -> None:
        await self.until(at)
        self.house_clock.off += by
        self.journal.tell(self.clock.now(), "clock steps", by)

    async def _store_away(self, spell: Spell) -> None:
        await self.until(spell.at)
        self._away += 1
        await self.until(spell.until)
        self._away -= 1
        self.look_again_in(POLL_S)

    def _trouble(self, at: float, until: float, what: str) -> None:
        start = self.clock.now() - timedelta(seconds=self.loop.time())
        self.journal.troubles.append((start + timedelta(seconds=at), start + timedelta(seconds=until), what))

    def _overheard(self, _: object, __: str, words: Any) -> str:
        event = str(words.get("event"))
        why = repr(words["exc_info"]) if words.get("exc_info") not in (None, True) else ""
        self.journal.complaints.append(f"{self.clock.now():%a %H:%M:%S} {event} {why}")
        raise structlog.DropEvent
