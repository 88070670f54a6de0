"""One load run from an empty folder to its result: build, connect, press, wait, count, compare, clean up."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import asyncpg

from larmcentral.clock import SystemClock
from load import afterwards, floor
from load.afterwards import Batches, Check
from load.ceiling import LANES, Ceiling, bare_client
from load.figures import NOTICE, Figure, Rate, Second, by_second, figures, rate, stages
from load.floor import Floor
from load.generator import read_pressed
from load.house import House, line_of, standing
from load.house import delivered as fetch_delivered
from load.machine import Machine, this_machine
from load.match import Journey, Matched, match
from load.operators import Operators
from load.processes import Crew, allow_many_files, spent
from load.profile import Profile
from load.schedule import Phase, Presses, flood_presses, main_presses, phase_of

LEAD_S: Final = 1.0
"""Between the order and the first press, so that every generator has it in time."""
PATIENCE_S: Final = 90.0
"""For the slowest press and the last notice; a watch gives up after 30 s, and a notice is tried for longer."""
ANALYSED_AFTER: Final = 0.5
"""Of the warm-up. Without it the run would be of a centre in its very first minute, and of autovacuum's mood."""
SAID_MOST: Final = 20
FILES_BESIDE: Final = 500
"""What a receiver opens beside its watches: database, push providers, logs."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the house used of the machine while the run was counted. cores: 1 is a whole one."""

    name: str
    cores: float


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a reader needs to believe a run, or not to."""

    profile: Profile
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    open_files: int
    floor: Floor
    figures: Sequence[Figure]
    stages: Sequence[Figure]
    warm_up: Sequence[Figure]
    seconds: Sequence[Second]
    parts: Sequence[Part]
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
    open_files = allow_many_files()
    if open_files < profile.devices + FILES_BESIDE:
        tell(
            f"WARNING: {open_files} open files are allowed here, too few for {profile.devices} watches on one receiver"
        )
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(standing(profile, statements=statements, tell=tell))
        connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        lowest = await floor.measure(connection)
        operators = Operators(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        fleet = _Fleet(house)
        connected = await fleet.connect()
        tell(f"{connected} of {profile.devices} watches connected")
        if statements:
            await afterwards.forget_statements(connection)
        presses = main_presses(profile, time.monotonic() + LEAD_S)
        tell(f"pressing {profile.alarms_per_s:g} times a second for {profile.warm_up_s:g} + {profile.run_s:g} s")
        counting = asyncio.create_task(_count_parts(house, presses))
        analysing = asyncio.create_task(_analyse(connection, presses.begin_s + profile.warm_up_s * ANALYSED_AFTER))
        await fleet.press(presses)
        await analysing
        main = _Span(presses.begin_s + profile.warm_up_s, await _all_sent(connection, house))
        parts = await counting
        found_statements = await afterwards.statements(connection) if statements else []
        if profile.stand_down_after_s:
            await operators.empty()
        flooded = _Span(0.0, 0.0)
        if profile.flood:
            presses = flood_presses(profile, time.monotonic() + LEAD_S)
            tell(f"flood of {profile.flood} presses at {profile.flood_per_s:g} a second")
            await fleet.press(presses)
            flooded = _Span(presses.begin_s, await _all_sent(connection, house))
            if profile.stand_down_after_s:
                await operators.empty()
        delivered = await fetch_delivered(house)
        await operators.stop()
        fallen = house.crew.fallen()
        await house.crew.end(*fleet.names, *house.servers)
        complaints = [*(f"{name} ended by itself" for name in fallen), *_complaints(house)]

        tell("matching presses, incidents and notices; checking the facts")
        ahead_s = _wall_ahead_s()
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
        checks = await afterwards.checks(connection, matched)
        tell("writing the same rows with a bare client")
        ceilings = await _ceilings(house, flood_batches if profile.flood else batches)
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
            figures=figures(of_phase[Phase.RUN], limit_ms),
            stages=stages(of_phase[Phase.RUN], limit_ms),
            warm_up=figures(of_phase[Phase.WARM_UP], limit_ms),
            seconds=by_second([*of_phase[Phase.WARM_UP], *of_phase[Phase.RUN]], main.from_s),
            parts=parts,
            flood=rate(of_phase[Phase.FLOOD], profile.flood_per_s),
            flood_figures=figures(of_phase[Phase.FLOOD], limit_ms),
            batches=batches,
            flood_batches=flood_batches,
            ceilings=ceilings,
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


class _Fleet:
    """The generators, from the harness's side."""

    def __init__(self, house: House) -> None:
        self._house, self._profile = house, house.profile
        self.names = tuple(f"generator {number}" for number in range(self._profile.generators))
        self._processes: list[asyncio.subprocess.Process] = []

    async def connect(self) -> int:
        """Start them and let all watches connect; return how many did."""
        crew: Crew = self._house.crew
        for number, name in enumerate(self.names):
            place = {
                "port": self._house.ports["watch"],
                "devices": self._profile.devices,
                "generator": number,
                "generators": self._profile.generators,
                "ramp-s": self._profile.ramp_s,
                "keepalive-s": self._profile.keepalive_s,
                "results": self._results(number),
            }
            words = [word for key, value in place.items() for word in (f"--{key}", str(value))]
            process = await crew.start(name, "-m", "load.generator", *words, log=self._house.log("generator"))
            self._processes.append(process)
        return sum([await self._heard(process, "connected", self._profile.ramp_s) for process in self._processes])

    async def press(self, presses: Presses) -> None:
        """Order the presses; return when each is acked or given up."""
        for process in self._processes:
            if process.stdin is None:
                raise AssertionError("it was started with a pipe")
            process.stdin.write(json.dumps(asdict(presses)).encode() + b"\n")
        limit_s = LEAD_S + presses.count / presses.per_s
        for process in self._processes:
            await self._heard(process, "pressed", limit_s)
            await self._heard(process, "connected", limit_s)

    def pressed(self) -> list[Any]:
        """Return every press of every generator."""
        return [one for number in range(len(self.names)) for one in read_pressed(self._results(number))]

    def _results(self, number: int) -> Path:
        return self._house.folder / f"presses-{number}.jsonl"

    async def _heard(self, process: asyncio.subprocess.Process, word: str, limit_s: float) -> int:
        said = json.loads(await line_of(process, limit_s + PATIENCE_S))
        return int(said[word])


async def _analyse(connection: asyncpg.Connection, at_s: float) -> None:
    """Give the database the statistics that any centre has that is older than a minute; within the warm-up."""
    await asyncio.sleep(max(0.0, at_s - time.monotonic()))
    await connection.execute("ANALYZE")


async def _count_parts(house: House, presses: Presses) -> list[Part]:
    """Watch what every part uses from the end of the warm-up to the last press."""
    from_s = presses.begin_s + house.profile.warm_up_s
    await asyncio.sleep(max(0.0, from_s - time.monotonic()))
    before = spent(house.crew.pids, house.database.pid)
    await asyncio.sleep(max(0.0, from_s + house.profile.run_s - time.monotonic()))
    after = spent(house.crew.pids, house.database.pid)
    used = {name: (after[name] - before.get(name, 0.0)) / house.profile.run_s for name in after}
    machine = used.pop("machine")
    others = max(0.0, machine - sum(used.values()))
    return [*(Part(name, cores) for name, cores in used.items()), Part("other programs", others)]


async def _all_sent(connection: asyncpg.Connection, house: House) -> float:
    """Return when every notice on disk is settled; the time of it."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s and not house.crew.fallen():
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM notices WHERE state = 'pending')"):
            break
        await asyncio.sleep(0.2)
    return time.monotonic()


def _wall_ahead_s() -> float:
    """How far the wall clock is ahead of the monotonic one, in the narrowest of some readings."""
    clock = SystemClock()
    found = []
    for _ in range(20):
        before_s = time.monotonic()
        wall_s = clock.now().timestamp()
        after_s = time.monotonic()
        found.append((after_s - before_s, wall_s - (before_s + after_s) / 2))
    return min(found)[1]


def _of_phase(profile: Profile, matched: Matched, phase: Phase) -> list[Journey]:
    return [journey for journey in matched.journeys if phase_of(profile, journey.press.number) is phase]


def _complaints(house: House) -> list[str]:
    """What was written into the logs at warning and above, counted."""
    said: list[str] = []
    for name in (*house.servers, "generator", "peers"):
        path = house.log(name)
        counted = Counter(map(_gist, path.read_text("utf-8", "replace").splitlines() if path.exists() else ()))
        said += [f"{name}: {times} x {gist}" for gist, times in counted.most_common(SAID_MOST)]
    return said


def _gist(line: str) -> str:
    """A line of the log without what differs from one to the next."""
    try:
        facts = json.loads(line)
    except ValueError:
        return re.sub(r"\d+", "…", line)[:200]
    if not isinstance(facts, dict):
        return line[:200]
    kept = ("event", "level", "reason", "why", "fault", "lane", "loop", "error")
    return " ".join(str(facts[key]) for key in kept if key in facts)[:200]


async def _ceilings(house: House, batches: Batches) -> list[Ceiling]:
    client = await bare_client(house.dsn)
    if client is None or not batches.alarms or not batches.results:
        return []
    return [await client.measure(lanes, batches, house.profile.ceiling_s) for lanes in LANES]
