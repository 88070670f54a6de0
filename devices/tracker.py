"""An emulated wearable of any family: memory, coverage, patience and obedience around a Talk, which owns the words.

One frame is under way at a time, and the next leaves when it was answered: that is how an SOS waits behind a backlog.
A frame is repeated, the same bytes, until it is answered; a reboot makes the device tell it anew from memory.
"""

from __future__ import annotations

import asyncio
import copy
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, assert_never

from devices.datagram_link import DatagramLink
from devices.device import DeviceSettings, NotInProtocol, Receipt, Surroundings
from devices.link import Link
from devices.memory import MAX_NOTES, Kept, Memory
from devices.scenario import Circumstances
from devices.talk import Answered, Note, Ordered, Said, Talk, What
from devices.way import Dial
from protocols.orders import Locate

POSITION: Final = frozenset({What.POSITION})

MAX_MISSES: Final = 3
"""Frames in a row without an answer, after which a device hangs up and calls the next address."""

POSITION_EVERY: Final = 10
"""Keepalives between two positions; option position_every."""

LOW_BATTERY_PCT: Final = 15.0
CHARGED_AGAIN_PCT: Final = 20.0
"""Low battery is noted once, and again only after a charge."""

MAX_HEARD: Final = 20
"""Downlinks remembered, for tests and for who looks."""

AFTER_LOSS_S: Final = 0.1
"""A receiver that hangs up on every frame is called ten times a second and not as fast as can be."""

MAX_LATE: Final = 64
"""Replies of a late device that are still to be sent; more orders than that go unanswered."""

MAX_OPTION: Final = 1_000_000


class Tracker:
    """One wearable. Keeps Device, Movable, Wearable and Tardy.

    link: what makes the way to the receiver; Link by default, DatagramLink with option udp=1. Options: udp,
    newest_first ("1": the latest records leave first), memory (records), position_every (keepalives), indoors
    ("1": no fix); a Talk may have more. Raises ValueError for a number that is none. give_up_s: how long a press is
    waited for and a backlog tried without pause; what was not told stays in memory and leaves on the next occasion.
    """

    can_be_late: Final = True

    def __init__(
        self, settings: DeviceSettings, surroundings: Surroundings, talk: Talk, link: Dial | None = None
    ) -> None:
        options = settings.options
        dial = link or (DatagramLink if options.get("udp") == "1" else Link)
        self._settings, self._surroundings, self._talk = settings, surroundings, talk
        self._way = dial(settings.addresses, surroundings, self._heard, self._lost)
        self._memory = Memory(
            newest_first=options.get("newest_first") == "1", max_notes=_whole(options, "memory", MAX_NOTES)
        )
        self._position_every = _whole(options, "position_every", POSITION_EVERY)
        self._turn = asyncio.Lock()
        self._awaited: tuple[Hashable, asyncio.Future[Answered | None]] | None = None
        self._under_way: tuple[Said, tuple[Kept, ...]] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._replying: set[asyncio.Task[None]] = set()
        self._until_s = 0.0
        self._begun_on = self._greeted_on = 0
        self._misses = 0
        self._low_noted = False
        self.circumstances = Circumstances(settings.lat, settings.lon, settings.battery_pct)
        self.heard: deque[Ordered] = deque(maxlen=MAX_HEARD)

    @property
    def connected(self) -> bool:
        """True if there is a connection, and its greeting was answered where the family has one."""
        return self._way.connected and self._greeted_on == self._way.generation

    @property
    def waiting(self) -> int:
        """How many notes are in memory and not yet told."""
        return len(self._memory)

    async def press(self) -> Receipt:
        """Press the SOS key. Raises NotInProtocol where the family has no words for it, as the others do."""
        return await self._deliver("press", What.PRESS)

    async def fall(self) -> Receipt:
        """Fall hard."""
        return await self._deliver("fall", What.FALL)

    async def man_down(self) -> Receipt:
        """Lie still for too long."""
        return await self._deliver("man-down", What.MAN_DOWN)

    async def check_in(self) -> Receipt:
        """Say that all is well: the family's check-in, else its keepalive, else a position."""
        try:
            return await self._deliver("check-in", What.CHECK_IN)
        except NotInProtocol:
            if self._talk.keepalive(self._surroundings.now(), self.circumstances.battery_pct) is None:
                return await self._deliver("check-in", What.POSITION)
        return await self._keep_alive(self._settings.give_up_s)

    async def run(self) -> None:
        """Stay connected and send keepalives and positions until cancelled."""
        has_keepalive = self._talk.keepalive(self._surroundings.now(), self.circumstances.battery_pct) is not None
        beats = 0
        while True:
            if self.circumstances.running:
                if beats % self._position_every == 0 or not has_keepalive:
                    self._note("position", What.POSITION)
                elif self._is_low():
                    self._note("low battery", What.LOW_BATTERY)
                if has_keepalive and beats % self._position_every:
                    await self._keep_alive(self._settings.retransmit_s)
                beats += 1
            if self._memory:
                self._tell()
            await self._surroundings.sleep(self._settings.keepalive_s * self._surroundings.chance.uniform(0.9, 1.0))

    async def close(self) -> None:
        """Hang up; safe to call twice."""
        for task in (*self._replying, *([self._telling] if self._telling else ())):
            task.cancel()
        self._way.drop()
        await asyncio.sleep(0)

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the device; without coverage or power its connection is gone at once."""
        reachable = circumstances.covered and circumstances.running
        self.circumstances, self._way.covered = circumstances, reachable
        self._low_noted = self._low_noted and circumstances.battery_pct < CHARGED_AGAIN_PCT
        if not circumstances.running:
            self._under_way = None
        if not reachable:
            self._memory.mark_stored()
            self._way.drop()
        elif self._memory:
            self._tell()

    def remember(self, records: int, every_s: float) -> None:
        """Find so many old positions in memory, the last of them every_s ago; they leave with what comes next."""
        now = self._surroundings.now().replace(microsecond=0)
        for back in range(records, 0, -1):
            note = self._noted(POSITION)
            note = replace(note, at=now - timedelta(seconds=back * every_s), stored=True)
            self._memory.keep(Kept("old position", note, self._surroundings.monotonic_s()))

    async def _deliver(self, name: str, what: What) -> Receipt:
        # A device has no key for what its family cannot say: refused at once, and not only once somebody listens.
        copy.deepcopy(self._talk).tell([self._noted(frozenset({what}))])
        kept = self._note(name, what)
        self._tell()
        try:
            async with asyncio.timeout(self._settings.give_up_s):
                await kept.settled.wait()
        except TimeoutError:
            pass  # it stays in memory, as in a real one
        if self._telling is not None and self._telling.done() and not self._telling.cancelled():
            self._telling.result()  # a Talk that fell over is a fault of ours, and no silence of the receiver's
        if kept.refused is not None:
            raise kept.refused
        return kept.receipt

    def _note(self, name: str, what: What) -> Kept:
        low = {What.LOW_BATTERY} if self._is_low() else set()
        self._low_noted = self._low_noted or bool(low)
        note = self._noted(frozenset({what, *low}))
        kept = Kept(name, replace(note, stored=not self._way.covered), self._surroundings.monotonic_s())
        self._memory.keep(kept)
        return kept

    def _noted(self, whats: frozenset[What]) -> Note:
        now = self.circumstances
        return Note(
            whats=whats,
            at=self._surroundings.now().replace(microsecond=0),
            lat=now.lat,
            lon=now.lon,
            fix=self._settings.options.get("indoors") != "1",
            battery_pct=now.battery_pct,
            speed_mps=now.speed_mps,
            course_deg=now.course_deg,
        )

    def _is_low(self) -> bool:
        return self.circumstances.battery_pct < LOW_BATTERY_PCT and not self._low_noted

    def _tell(self) -> None:
        """See to it that what is in memory is being told."""
        self._until_s = max(self._until_s, self._surroundings.monotonic_s() + self._settings.give_up_s)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tell_all())

    async def _tell_all(self) -> None:
        try:
            while self._memory and self._surroundings.monotonic_s() < self._until_s:
                async with self._turn:
                    await self._tell_next()
        finally:
            self._memory.nobody_tries()

    async def _tell_next(self) -> None:
        """Try once to have the next frame answered."""
        if not await self._greeted(self._until_s):
            if not self._way.connected and self._under_way is None:
                self._memory.mark_stored()
            return
        if self._under_way is None:
            self._under_way = self._put_into_words()
        if self._under_way is None:
            return
        said, told = self._under_way
        for kept in told:
            kept.sent, kept.attempts = said.octets, kept.attempts + 1
        if said.key is None:
            if await self._say(said.octets):
                for kept in told:
                    kept.owed = False
                self._told(told)
        elif (answered := await self._ask(said)) is not None:
            for kept in told:
                kept.answer = answered.octets
                kept.ack_ms = (self._surroundings.monotonic_s() - kept.begun_s) * 1000
            self._told(told)

    def _told(self, told: Sequence[Kept]) -> None:
        self._under_way = None
        self._memory.forget(told)

    def _put_into_words(self) -> tuple[Said, tuple[Kept, ...]] | None:
        """Return the next frame and what it tells; None where the family has no words for it, which is then refused."""
        most = self._talk.records_per_frame
        while batch := self._memory.next(most):
            try:
                return self._talk.tell([kept.note for kept in batch]), batch
            except NotInProtocol as refused:
                if most > 1:
                    most = 1
                elif What.LOW_BATTERY in (whats := batch[0].note.whats):  # said by its percentage, if at all
                    batch[0].note = replace(batch[0].note, whats=whats - {What.LOW_BATTERY} or POSITION)
                else:
                    batch[0].refused = refused
                    self._memory.forget(batch)
        return None

    async def _keep_alive(self, patience_s: float) -> Receipt:
        begun_s = self._surroundings.monotonic_s()
        sent, attempts = b"", 0
        while (until_s := begun_s + patience_s) > self._surroundings.monotonic_s():
            async with self._turn:
                if not await self._greeted(until_s):
                    continue
                said = self._talk.keepalive(self._surroundings.now(), self.circumstances.battery_pct)
                if said is None:
                    break
                sent, attempts = said.octets, attempts + 1
                if said.key is None:
                    if await self._say(said.octets):
                        return Receipt("check-in", sent, b"", attempts, None, owed=False)
                elif answered := await self._ask(said):
                    ack_ms = (self._surroundings.monotonic_s() - begun_s) * 1000
                    return Receipt("check-in", sent, answered.octets, attempts, ack_ms)
        return Receipt("check-in", sent, b"", attempts, None)

    async def _greeted(self, until_s: float) -> bool:
        """Connect, and log in on a new connection: nothing else is said before that is answered."""
        if self.connected:
            return True
        if not await self._way.connect(until_s):
            return False
        self._begin()
        greeting = self._talk.greeting(self._surroundings.now())
        generation = self._way.generation
        if greeting is not None:
            done = await self._say(greeting.octets) if greeting.key is None else await self._ask(greeting) is not None
            if not done:
                return False
        self._greeted_on = generation
        return self.connected

    def _begin(self) -> None:
        if self._begun_on != self._way.generation:
            self._begun_on = self._way.generation
            self._talk.connected()

    async def _say(self, octets: bytes) -> bool:
        if self.circumstances.late_s:
            await self._surroundings.sleep(self.circumstances.late_s)
        return self._way.send(octets)

    async def _ask(self, said: Said) -> Answered | None:
        """Send and wait for the answer, retransmit_s at most; None if none came or it was "send again"."""
        waits: asyncio.Future[Answered | None] = asyncio.get_running_loop().create_future()
        self._awaited = (said.key, waits)
        try:
            if not await self._say(said.octets):
                return None
            async with asyncio.timeout(self._settings.retransmit_s):
                answered = await waits
        except TimeoutError:
            self._missed()
            return None
        finally:
            self._awaited = None
        if answered is None:
            await self._surroundings.sleep(AFTER_LOSS_S)
        elif not answered.accepted:
            await self._surroundings.sleep(self._settings.retransmit_s)
            return None
        return answered

    def _missed(self) -> None:
        self._misses += 1
        if self._misses >= MAX_MISSES:
            self._misses = 0
            self._way.try_another()

    def _heard(self, chunk: bytes) -> None:
        self._begin()
        for heard in self._talk.hear(chunk, self._surroundings.now()):
            match heard:
                case Answered(key):
                    self._misses = 0
                    self._way.answered()
                    if self._awaited is not None and self._awaited[0] == key and not self._awaited[1].done():
                        self._awaited[1].set_result(heard)
                case Ordered():
                    self._obey(heard)
                case _:
                    assert_never(heard)

    def _obey(self, ordered: Ordered) -> None:
        self.heard.append(ordered)
        if ordered.reply and not self.circumstances.late_s:
            self._way.send(ordered.reply)
        elif ordered.reply and len(self._replying) < MAX_LATE:
            task = asyncio.get_running_loop().create_task(self._reply_late(ordered.reply))
            self._replying.add(task)
            task.add_done_callback(self._replying.discard)
        if isinstance(ordered.order, Locate):
            self._note("located", What.POSITION)
            self._tell()

    async def _reply_late(self, reply: bytes) -> None:
        await self._say(reply)

    def _lost(self) -> None:
        if self._awaited is not None and not self._awaited[1].done():
            self._awaited[1].set_result(None)


def _whole(options: Mapping[str, str], name: str, usual: int) -> int:
    written = options.get(name, str(usual))
    if not (written.isascii() and written.isdecimal() and len(written) < 8 and 0 < int(written) <= MAX_OPTION):
        raise ValueError(f"option {name} is a whole number of 1 to {MAX_OPTION}, not {written:.20}")
    return int(written)
