"""python -m load.storm.generator: a process of its own full of units that storm, as they are ordered to.

Orders come in as JSON lines on standard input; when one is done, what was offered and answered goes out as a JSON line
on standard output. What the server must have kept is written into the file of results: panics and acked events.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import uvloop

from larmcentral.clock import SystemClock
from load.generator import Pressed, digest
from load.storm.frames import What, Words, account, stamp_of
from load.storm.plan import StormPlan
from load.storm.schedule import Due, backlog, drawn
from load.storm.unit import Unit

FOLDED: Final = -1
"""The tag of a message of which only the last word is kept; an event's is its number, a panic's is below this."""
FIRST_PANIC: Final = 1_000_000
"""The number of unit 0's panic; those below it are presses of the fleet."""
TURN_S: Final = 0.005
TOGETHER: Final = 4
"""Messages of one unit in one write: it has gathered them while it looked for its network."""
SETTLE_S: Final = 45.0
"""For answers to what was said: longer than any unit would wait."""
AT_ONCE: Final = 256
"""Connections being made at a time, below what a listener keeps waiting."""
QUIET_S: Final = 5.0
AFTER_FLOOD_S: Final = 1.0


class Storm:
    """The units of one process."""

    def __init__(self, plan: StormPlan, port: int, generator: int, generators: int, results: Path) -> None:
        self._plan, self._port, self._results = plan, port, results
        self._generator, self._generators = generator, generators
        self._chance = random.Random(plan.seed * 1009 + generator)
        self._units: dict[int, Unit] = {}
        for number in range(generator, plan.units, generators):
            words = Words(number, 57.93 + self._chance.uniform(-0.1, 0.1), 12.09 + self._chance.uniform(-0.1, 0.1))
            self._units[number] = Unit(number, words, self._answered)
        self._began_at = SystemClock().now().replace(microsecond=0)
        self._stamps: list[bytes] = []
        self._pressed: list[Pressed] = []
        self._acked_events: list[tuple[int, int]] = []
        self._begin_s = 0.0
        self._again = False
        self._clear()

    def _clear(self) -> None:
        self._due, self._written, self._acked = Counter[int](), Counter[int](), Counter[int]()
        self._late_s: list[float] = []
        self._acked_events.clear()
        self._pressed.clear()

    # Orders

    async def backlog(self, begin_s: float) -> None:
        """Come back, one unit after another, and tell all that is in memory; return when it is answered."""
        self._begin_s = begin_s
        connecting: set[asyncio.Task[None]] = set()
        for due in backlog(self._plan):
            if due.unit % self._generators != self._generator:
                continue
            intended_s = begin_s + due.at_s
            if (wait_s := intended_s - time.monotonic()) > 0:
                await asyncio.sleep(wait_s)
            self._tell(due, intended_s)
            if due.place == 0:
                task = asyncio.create_task(self._units[due.unit].connect(self._port))
                connecting.add(task)
                task.add_done_callback(connecting.discard)
        if connecting:
            await asyncio.wait(connecting)
        await self._settled(SETTLE_S)

    async def capacity(self, begin_s: float, for_s: float) -> None:
        """Have `window` messages of each unit under way for so long, and return when they are answered."""
        await self._connect_all()
        await asyncio.sleep(max(0.0, begin_s - time.monotonic()))
        self._begin_s, self._again = begin_s, True
        for unit in self._units.values():
            unit.say(b"".join(self._word(unit) for _ in range(self._plan.window)))
            self._written[0] += self._plan.window
            self._due[0] += self._plan.window
        await asyncio.sleep(max(0.0, begin_s + for_s - time.monotonic()))
        self._again = False
        await self._settled(SETTLE_S)

    async def flood(self, begin_s: float, for_s: float, per_s: float) -> None:
        """Offer so many messages a second whatever comes of them; then hang up."""
        await self._connect_all()
        gc.collect()
        gc.freeze()  # walking through all units again and again would be our own lateness
        self._begin_s = begin_s
        units, turn, offered, total = list(self._units.values()), 0, 0, round(per_s * for_s)
        while offered < total:
            now_s = time.monotonic()
            due = min(total, int((now_s - begin_s) * per_s))
            if offered < due:
                self._late_s.append(now_s - begin_s - offered / per_s)
            while offered < due:
                together = min(TOGETHER, due - offered)
                unit = units[turn]
                turn = (turn + 1) % len(units)
                second = int(offered / per_s)
                self._due[second] += together
                if unit.has_room:
                    unit.say(b"".join(self._word(unit) for _ in range(together)))
                    self._written[int(now_s - begin_s)] += together
                offered += together
            await asyncio.sleep(TURN_S)
        await asyncio.sleep(AFTER_FLOOD_S)
        for unit in units:
            unit.abort()
        await asyncio.sleep(0)

    def report(self) -> dict[str, Any]:
        """Return what was offered and answered since the last report, by whole seconds; write down what must be kept.

        late_s: of every write.
        """
        lost = [one for one in self._pressed if one.acked_s is None]
        with self._results.open("a", encoding="utf-8") as file:
            for number, event in self._acked_events:
                at = self._began_at - timedelta(seconds=event + 1)
                file.write(json.dumps({"event": [account(number), at.isoformat()]}) + "\n")
            file.writelines(json.dumps({"pressed": asdict(one)}) + "\n" for one in self._pressed)
        said = {
            "due": sorted(self._due.items()),
            "written": sorted(self._written.items()),
            "acked": sorted(self._acked.items()),
            "acked_events": len(self._acked_events),
            "late_s": [round(each, 6) for each in self._late_s],
            "panics_not_acked": len(lost),
            "cut": sum(unit.cut for unit in self._units.values()),
        }
        self._clear()
        return said

    def close(self) -> None:
        """Hang up."""
        for unit in self._units.values():
            unit.abort()

    # Messages

    def _tell(self, due: Due, intended_s: float) -> None:
        unit, now_s = self._units[due.unit], time.monotonic()
        second = int(due.at_s)
        self._due[second] += 1
        self._written[second] += 1
        self._late_s.append(now_s - intended_s)
        if due.what is not What.PANIC:
            unit.say(self._worded(unit, due.what, buffered=True))
            return
        # The last message of a memory that grew until now: pressed in this moment, behind all that went before.
        number = len(self._pressed)
        frame = unit.word(What.PANIC, stamp_of(SystemClock().now()), FOLDED - 1 - number, buffered=False)
        self._pressed.append(
            Pressed(FIRST_PANIC + due.unit, account(due.unit), digest(frame), intended_s, now_s, None, 1)
        )
        unit.say(frame)

    def _word(self, unit: Unit) -> bytes:
        return self._worded(unit, drawn(self._chance, self._plan), buffered=False)

    def _worded(self, unit: Unit, what: What, *, buffered: bool) -> bytes:
        number = unit.events
        while number >= len(self._stamps):
            self._stamps.append(stamp_of(self._began_at - timedelta(seconds=len(self._stamps) + 1)))
        if what is not What.EVENT:
            return unit.word(what, self._stamps[number], FOLDED, buffered=buffered)
        unit.events += 1
        return unit.word(what, self._stamps[number], number, buffered=buffered)

    def _answered(self, unit: Unit, tag: int) -> None:
        now_s = time.monotonic()
        self._acked[int(now_s - self._begin_s)] += 1
        if tag >= 0:
            self._acked_events.append((unit.number, tag))
        elif tag < FOLDED:
            self._pressed[FOLDED - 1 - tag] = replace(self._pressed[FOLDED - 1 - tag], acked_s=now_s)
        if self._again:
            self._due[int(now_s - self._begin_s)] += 1
            self._written[int(now_s - self._begin_s)] += 1
            unit.say(self._word(unit))

    async def _connect_all(self) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def connect(unit: Unit) -> None:
            async with gate:
                await unit.connect(self._port)

        await asyncio.gather(*(connect(unit) for unit in self._units.values() if not unit.connected))

    async def _settled(self, within_s: float) -> None:
        """Return when all is answered, or nothing more comes."""
        until_s, seen, quiet_s = time.monotonic() + within_s, -1, time.monotonic()
        while any(unit.outstanding for unit in self._units.values()) and time.monotonic() < until_s:
            if (acked := self._acked.total()) != seen:
                seen, quiet_s = acked, time.monotonic()
            elif time.monotonic() - quiet_s > QUIET_S:
                break
            await asyncio.sleep(0.1)
        for unit in self._units.values():
            unit.outstanding.clear()


async def obey(storm: Storm) -> None:
    """Do as ordered until nobody is there to tell."""
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    try:
        while line := await orders.readline():
            order: dict[str, Any] = json.loads(line)
            match order.pop("order"):
                case "backlog":
                    await storm.backlog(**order)
                case "capacity":
                    await storm.capacity(**order)
                case "flood":
                    await storm.flood(**order)
                case other:
                    raise AssertionError(f"no such order: {other}")
            sys.stdout.write(json.dumps(storm.report()) + "\n")
            sys.stdout.flush()
    finally:
        storm.close()


def main() -> None:
    """Read the command line and storm."""
    parser = argparse.ArgumentParser(prog="python -m load.storm.generator", description=__doc__)
    for name in ("port", "generator", "generators"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--plan", type=json.loads, required=True, help="the table [storm] as JSON")
    parser.add_argument("--results", type=Path, required=True)
    given = vars(parser.parse_args())
    plan = StormPlan(**given.pop("plan"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the harness, which ends us in its order
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(obey(Storm(plan, **given)))


if __name__ == "__main__":
    main()
