"""A new house and an old one beside it, pressed in by turns, so that the machine's moods meet both."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from larmcentral.clock import SystemClock
from load.afterwards import Check
from load.complaints import complaints_of
from load.figures import NOTICE, Figure, figures, merged
from load.flat import found
from load.flat.found import Read
from load.flat.home import Home, home
from load.flat.old import Filled, fill
from load.flat.plan import FlatPlan
from load.flat.statements import Compared, Counted, compare
from load.machine import Machine, this_machine
from load.processes import Part
from load.profile import Profile
from load.run import enough_files

NEW: Final = "new"
OLD: Final = "old"

Tell = Callable[[str], None]


class NoRoom(RuntimeError):
    """The disk is too small for so many old incidents."""

    def __init__(self, wanted_bytes: int, free_bytes: int) -> None:
        wanted, free = (each / 2**30 for each in (wanted_bytes, free_bytes))
        super().__init__(
            f"{wanted:.1f} GiB are needed in the temporary folder and {free:.1f} are free: fewer incidents"
        )
        self.wanted_bytes, self.free_bytes = wanted_bytes, free_bytes


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one house. house: NEW or OLD."""

    house: str
    round: int
    figures: Sequence[Figure]
    parts: Sequence[Part]

    @property
    def notices(self) -> Figure | None:
        """From the intended press to each push notice."""
        return next((one for one in self.figures if one.what == NOTICE), None)


@dataclass(frozen=True, slots=True)
class FlatResult:
    """Everything a reader needs to believe a run, or not to. reads: of both houses, new first, page by page."""

    profile: Profile
    plan: FlatPlan
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    filled: Filled
    turns: Sequence[Turn]
    new: Figure | None
    old: Figure | None
    statements: Sequence[Compared]
    new_ms: float
    old_ms: float
    reads: Sequence[tuple[Read, Read]]
    checks: Sequence[Check]
    complaints: Sequence[str]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)

    @property
    def ratio(self) -> float | None:
        """p99 from press to push in the old house, divided by that in the new one; None if none was sent."""
        return None if self.new is None or self.old is None else self.old.p99_ms / self.new.p99_ms


async def flat(profile: Profile, plan: FlatPlan, command: str, tell: Tell) -> FlatResult:
    """Run both houses. Nothing of them is left behind, however it ends. Raises NoRoom."""
    machine, began_at = this_machine(), SystemClock().now()
    enough_files(profile, tell)
    free_bytes = shutil.disk_usage(tempfile.gettempdir()).free
    tell(f"{plan.disk_bytes / 2**30:.1f} GiB of disk are needed at the most, {free_bytes / 2**30:.1f} are free")
    if free_bytes < plan.disk_bytes:
        raise NoRoom(plan.disk_bytes, free_bytes)
    async with AsyncExitStack() as stack:
        old = await stack.enter_async_context(home(OLD, profile, plan.persons, tell))
        await old.make_one(1)
        await old.house.crew.end(*old.house.servers)
        filled = await fill(old.house.dsn, plan, SystemClock().now(), tell)
        size_gib = filled.size_bytes / 2**30
        tell(f"{plan.incidents} old incidents filled in within {filled.took_s:.0f} s, {size_gib:.2f} GiB")
        await old.house.serve()
        new = await stack.enter_async_context(home(NEW, profile, profile.devices, tell))
        await new.make_one(1)
        homes = (new, old)
        for one in homes:
            await one.move_in()

        turns = [(one.name, number, await one.turn(number)) for number in range(plan.rounds) for one in homes]
        new_reads, old_reads = [await found.read_pages(one.connection, one.house, plan.reads) for one in homes]

        tell("matching presses, incidents and notices; checking the facts")
        judged = {
            one.name: await _judge(one, kept, profile.targets.worst_ms)
            for one, kept in ((new, 1), (old, plan.incidents + 1))  # one was made first in each
        }
        done = [Turn(name, number, judged[name].figures.get(number, ()), parts) for name, number, parts in turns]
        whole = {name: _whole(name, done) for name in judged}
        counted = {name: one.statements for name, one in judged.items()}
        refused = sum(one.refused for one in (*new_reads, *old_reads))
        return FlatResult(
            profile=profile,
            plan=plan,
            machine=machine,
            began_at=began_at,
            command=command,
            postgresql=str(await new.connection.fetchval("SHOW server_version")),
            filled=filled,
            turns=done,
            new=whole[NEW],
            old=whole[OLD],
            statements=compare(counted[NEW], counted[OLD]),
            new_ms=sum(one.total_ms for one in counted[NEW].values()),
            old_ms=sum(one.total_ms for one in counted[OLD].values()),
            reads=list(zip(new_reads, old_reads, strict=True)),
            checks=[*judged[NEW].checks, *judged[OLD].checks, Check("pages refused", refused, 0)],
            complaints=[*judged[NEW].complaints, *judged[OLD].complaints],
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one house says. figures: by round."""

    figures: dict[int, Sequence[Figure]]
    statements: dict[str, Counted]
    checks: Sequence[Check]
    complaints: Sequence[str]


async def _judge(one: Home, kept: int, limit_ms: float) -> _Judged:
    """Ask one house, and leave it. kept: incidents that were there before."""
    statements = await found.counted(one.connection)  # before we ask ourselves
    matched = await one.matched()
    rounds = {number for journey in matched.journeys if (number := one.round_of(journey)) is not None}
    checks = await found.checks(one.connection, one.name, matched, one.since, kept)
    fallen = [f"{name} ended by itself" for name in one.house.crew.fallen()]
    await one.leave()
    return _Judged(
        figures={
            number: figures([each for each in matched.journeys if one.round_of(each) == number], limit_ms)
            for number in rounds
        },
        statements=statements,
        checks=checks,
        complaints=[f"{one.name} house: {words}" for words in (*fallen, *complaints_of(one.house))],
    )


def _whole(name: str, turns: Sequence[Turn]) -> Figure | None:
    return merged(f"{NOTICE}, {name} house", [turn.notices for turn in turns if turn.house == name and turn.notices])
