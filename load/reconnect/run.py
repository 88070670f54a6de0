"""One run of outages from an empty folder to its paper: who was back when, who could call for help meanwhile."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg

from larmcentral.clock import SystemClock
from load.afterwards import Check
from load.complaints import complaints_of
from load.figures import Figure, figure
from load.fleet import LEAD_S
from load.generator import Place, Pressed
from load.house import House, line_of, standing
from load.machine import Machine, this_machine, wall_ahead_s
from load.match import Journey, Matched
from load.operators import Operators
from load.processes import Part, allow_many_files, count_parts
from load.profile import NOTICES_PER_ALARM, Profile
from load.reconnect.house_again import Missed, kill, make_older, missed, receivers_of, start_again
from load.reconnect.plan import Outage, ReconnectPlan
from load.reconnect.schedule import presses
from load.storm import afterwards
from load.storm.counted import Counting, Sample

CONNECTED_S: Final = 120.0
SUPERVISED_S: Final = 180
"""Supervision takes up devices that were heard 200 at a time, every half a minute at the least."""
LIMIT_MS: Final = 1000.0
COUNTED_S: Final = 10.0
"""From the end of an outage, for who used the machine; not longer than presses may come."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Back:
    """One outage. end_s: when network or server were back (monotonic). back_s: how long after that each device was
    answered, in order of time. never: those that were not. ready_s: how long the receivers took to start, 0 where they
    stayed. missed: what supervision had found when it was over.
    """

    outage: Outage
    begin_s: float
    end_s: float
    ready_s: float
    back_s: Sequence[float]
    never: int
    answered: Figure | None
    presses: Sequence[Pressed]
    parts: Sequence[Part]
    missed: Missed


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Everything a reader needs to believe a run, or not to.

    told: from each press, or from the end of the outage it was made in, to each of its notices; by outage. heard: from
    when the server had it: without what its device waits for between its attempts.
    """

    profile: Profile
    plan: ReconnectPlan
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    connected: int
    open_files: int
    outages: Sequence[Back]
    told: Sequence[Figure]
    heard: Sequence[Figure]
    samples: Sequence[Sample]
    checks: Sequence[Check]
    complaints: Sequence[str]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)


class Crowds:
    """The processes full of devices, from the harness's side."""

    def __init__(self, house: House, plan: ReconnectPlan) -> None:
        self._house, self._profile, self._plan = house, house.profile, plan
        self.names = tuple(f"generator {number}" for number in range(self._profile.generators))
        self._processes: list[asyncio.subprocess.Process] = []

    async def connect(self) -> int:
        """Start them and let all devices connect; return how many did."""
        profile = self._profile
        for number, name in enumerate(self.names):
            place = Place(
                ports=self._house.listeners(number % profile.receivers),
                families=profile.families,
                devices=profile.devices,
                generator=number,
                generators=profile.generators,
                ramp_s=profile.ramp_s,
                keepalive_s=profile.keepalive_s,
            )
            words = ("--place", json.dumps(asdict(place)), "--results", str(self._results(number)))
            crew, log = self._house.crew, self._house.log("generator")
            self._processes.append(
                await crew.start(name, "-m", "load.reconnect.generator", *words, log=log, limit_bytes=2**24)
            )
        limit_s = profile.ramp_s + CONNECTED_S
        return sum([json.loads(await line_of(one, limit_s))["connected"] for one in self._processes])

    def order(self, turn: int, *, cut: bool, begin_s: float, end_s: float, pressing: bool) -> None:
        """Order one outage; heard() tells when it is over."""
        due = presses(self._plan, self._profile.devices, turn) if pressing else []
        order = {"cut": cut, "begin_s": begin_s, "end_s": end_s, "within_s": self._plan.within_s, "presses": due}
        for process in self._processes:
            if process.stdin is None:
                raise AssertionError("it was started with a pipe")
            process.stdin.write(json.dumps(order).encode() + b"\n")

    async def heard(self, limit_s: float) -> None:
        """Return when every device is back or given up, and every press acked or given up."""
        for process in self._processes:
            await line_of(process, limit_s + CONNECTED_S)

    def came_back(self, turn: int) -> list[float | None]:
        """Return when each device was answered after an outage, None for never; by the device's number."""
        found: list[float | None] = [None] * self._profile.devices
        for number in range(len(self.names)):
            lines = [json.loads(line) for line in self._results(number).read_text("utf-8").splitlines()]
            found[number :: len(self.names)] = [line["back"] for line in lines if "back" in line][turn]
        return found

    def pressed(self) -> list[Pressed]:
        """Return every press."""
        lines = [line for number in range(len(self.names)) for line in self._results(number).read_text().splitlines()]
        return [Pressed(**said["pressed"]) for line in lines if "pressed" in (said := json.loads(line))]

    def _results(self, number: int) -> Path:
        return self._house.folder / f"back-{number}.jsonl"


async def reconnect(profile: Profile, plan: ReconnectPlan, command: str, tell: Tell) -> Reconnect:
    """Live through the outages. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    open_files = allow_many_files()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(standing(profile, statements=False, tell=tell))
        connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        operators = Operators(house)
        stack.push_async_callback(operators.stop)
        await operators.start()
        crowds = Crowds(house, plan)
        connected = await crowds.connect()
        tell(f"{connected} of {profile.devices} devices connected")
        if plan.silence_s:
            tell(f"{await _all_supervised(connection, profile.devices)} of them supervised")
        await connection.execute("ANALYZE")

        outages: list[Back] = []
        samples: list[Sample] = []
        for turn, outage in enumerate(Outage):
            if outage is Outage.SILENCE and not plan.silence_s:
                continue
            tell(f"outage of the {outage.value}")
            outages.append(await _live_through(outage, turn, house, plan, crowds, connection, samples))
            back = outages[-1]
            tell(f"  {len(back.back_s)} devices back within {max(back.back_s, default=0.0):.1f} s, {back.never} never")
        await afterwards.all_sent(connection, house)
        await operators.stop()

        tell("matching presses, incidents and notices; checking the facts")
        fallen = house.crew.fallen()
        matched = await afterwards.follow(connection, house, crowds.pressed(), wall_ahead_s())
        await house.crew.end(*crowds.names, *house.servers)
        return Reconnect(
            profile=profile,
            plan=plan,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await connection.fetchval("SHOW server_version")),
            connected=connected,
            open_files=open_files,
            outages=outages,
            told=[one for back in outages if (one := _told(back, matched.journeys)) is not None],
            heard=[one for back in outages if (one := _heard(back, matched.journeys)) is not None],
            samples=samples,
            checks=_checks(profile, connected, outages, matched),
            complaints=[*(f"{name} ended by itself" for name in fallen), *complaints_of(house)],
        )


async def _live_through(
    outage: Outage,
    turn: int,
    house: House,
    plan: ReconnectPlan,
    crowds: Crowds,
    connection: asyncpg.Connection,
    samples: list[Sample],
) -> Back:
    begin_s, ready_s = time.monotonic() + LEAD_S, 0.0
    lasts_s = plan.silence_s if outage is Outage.SILENCE else plan.outage_s
    end_s = begin_s + lasts_s
    cut = outage is Outage.NETWORK
    # Devices try again from the moment they are cut; until the server is back they do so for nothing.
    crowds.order(turn, cut=cut, begin_s=begin_s, end_s=end_s if cut else begin_s, pressing=outage is not Outage.SILENCE)
    await asyncio.sleep(max(0.0, begin_s - time.monotonic()))
    if not cut:
        await kill(house)
        if outage is Outage.SILENCE:
            await make_older(connection, timedelta(seconds=plan.silent_for_s))
    await asyncio.sleep(max(0.0, end_s - time.monotonic()))
    found = await missed(connection)
    if not cut:
        started_s = time.monotonic()
        end_s = await start_again(house)
        ready_s = end_s - started_s
    counting = Counting(
        f"http://127.0.0.1:{house.ports[receivers_of(house)[0]]}/metrics", house.crew.pids[receivers_of(house)[0]]
    )
    await counting.start()
    try:
        parts = asyncio.create_task(
            count_parts(house.crew, house.database.pid, end_s, min(COUNTED_S, plan.press_over_s))
        )
        await crowds.heard(plan.within_s)
        counted = await parts
    finally:
        await counting.stop()
    samples += counting.samples
    back = crowds.came_back(turn)
    after = sorted(max(0.0, at_s - end_s) for at_s in back if at_s is not None)
    first, last = turn * plan.presses, (turn + 1) * plan.presses
    return Back(
        outage=outage,
        begin_s=begin_s,
        end_s=end_s,
        ready_s=ready_s,
        back_s=after,
        never=sum(at_s is None for at_s in back),
        answered=figure(f"{outage.value}: until a device is answered again", after, LIMIT_MS),
        presses=[one for one in crowds.pressed() if first <= one.number < last],
        parts=counted,
        missed=found,
    )


async def _all_supervised(connection: asyncpg.Connection, devices: int) -> int:
    supervised = 0
    for _ in range(SUPERVISED_S):
        if (supervised := (await missed(connection)).supervised) >= devices:
            break
        await asyncio.sleep(1.0)
    return supervised


def _told(back: Back, journeys: Sequence[Journey]) -> Figure | None:
    return figure(
        f"{back.outage.value}: press, or the outage's end, to each notice",
        (
            max(0.0, at_s - max(journey.press.intended_s, back.end_s))
            for journey in _of(back, journeys)
            for _, at_s in journey.notices
        ),
        LIMIT_MS,
    )


def _heard(back: Back, journeys: Sequence[Journey]) -> Figure | None:
    return figure(
        f"{back.outage.value}: press taken in to each notice",
        (
            at_s - journey.signal.received_s
            for journey in _of(back, journeys)
            if journey.signal is not None
            for _, at_s in journey.notices
        ),
        LIMIT_MS,
    )


def _of(back: Back, journeys: Sequence[Journey]) -> list[Journey]:
    numbers = {one.number for one in back.presses}
    return [journey for journey in journeys if journey.press.number in numbers]


def _checks(profile: Profile, connected: int, outages: Sequence[Back], matched: Matched) -> list[Check]:
    acked = [journey for journey in matched.journeys if journey.press.acked_s is not None]
    ours = [back for back in outages if back.outage is Outage.SILENCE]
    return [
        Check("devices connected before", connected, profile.devices),
        Check("devices that never came back", sum(back.never for back in outages), 0),
        Check("presses acked", len(acked), len(matched.journeys)),
        Check("acked presses without a stored signal", sum(j.signal is None for j in acked), 0),
        Check("presses with two stored signals", matched.twice, 0),
        Check(
            f"acked presses without their {NOTICES_PER_ALARM} notices received",
            sum(len(j.notices) != NOTICES_PER_ALARM for j in acked),
            0,
        ),
        *(Check("devices missed one by one for an outage of our own house", back.missed.raised, 0) for back in ours),
        *(Check("outages of our own house said as one", back.missed.banners, 1) for back in ours),
    ]
