"""Ways out under load: 1,000 notices over five channels at once, and then the same with one channel silent.

The real outbox, the real channels and the real database; the stand-ins for the providers are one process of their own.
A notice's time runs from its hand-over to the outbox, just after its commit, until its provider has read it. One
channel after the other is dead in turn, and what counts is whether the others notice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Final

import aiohttp
import asyncpg

from escalation.chain import Channel
from larmcentral.clock import SystemClock
from larmcentral.store.pool import Pool
from load.afterwards import Check
from load.figures import Figure, figure
from load.house import standing
from load.machine import Machine, this_machine
from load.profile import WARM_UP, Profile
from load.ways_rig import Bout, Rig, Round
from load.ways_town import FIVE, enter_people, settings

Tell = Callable[[str], None]

CONNECTIONS: Final = 4
LIMIT_MS: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysFigures:
    """One channel, or all together, in one bout. dead: the channel that was silent in it, None for none.

    per_s, p99_ms: of the median round. ratio: the median of each round's p99 by that of the round with none dead just
    before it. rounds_p99_ms: of each round. figure: of all rounds in one.
    """

    dead: str | None
    channel: str
    per_s: float
    p99_ms: float
    ratio: float
    rounds_p99_ms: Sequence[float]
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysResult:
    """What came of a run. figures: first of all channels with none dead, then of the others with each one dead.

    together: of all living channels of a bout in one; the first with none dead. noise: the least and the greatest ratio
    of one round with none dead to the one before it: what the machine does by itself.
    """

    profile: Profile
    machine: Machine
    began_at: datetime
    command: str
    postgresql: str
    figures: Sequence[WaysFigures]
    together: Sequence[WaysFigures]
    noise: tuple[float, float]
    checks: Sequence[Check]

    @property
    def holds(self) -> bool:
        """True if every fact that must hold does; times have no part in it."""
        return all(check.holds for check in self.checks)


async def run_ways(profile: Profile, command: str, tell: Tell) -> WaysResult:
    """Run all rounds. Nothing of it is left behind, however it ends."""
    machine, began_at = this_machine(), SystemClock().now()
    bouts = [Bout(dead) for dead in (None, *FIVE)]
    notices = profile.told * len(FIVE)
    async with standing(profile, statements=False, tell=tell, serve=False) as house, AsyncExitStack() as stack:
        service = Pool([house.dsn], role="larm_service", size=CONNECTIONS, deadline_s=30)
        stack.push_async_callback(service.close)
        connection: asyncpg.Connection = await asyncpg.connect(house.dsn)
        stack.push_async_callback(connection.close)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        await enter_people(service, max(profile.told, WARM_UP))
        await connection.execute("ANALYZE")
        rig = Rig(house, settings(house), service, connection, http, profile.told)
        healthy, *dead = bouts
        for turn in range(profile.rounds):
            for bout in dead:
                await rig.round(healthy)
                await rig.round(bout)
                bout.before.append(healthy.rounds[-1])
            tell(f"turn {turn + 1} of {profile.rounds}: {2 * len(dead)} times {notices:,} notices")
        postgresql = str(await connection.fetchval("SHOW server_version"))
    return WaysResult(
        profile=profile,
        machine=machine,
        began_at=began_at,
        command=command,
        postgresql=postgresql,
        figures=_figures(bouts),
        together=_together(bouts),
        noise=_noise(bouts[0]),
        checks=_checks(bouts, profile.told),
    )


def _figures(bouts: Sequence[Bout]) -> list[WaysFigures]:
    each = (_of(bout, way.channel.value, [way.channel]) for bout in bouts for way in FIVE)
    return [one for one in each if one is not None]


def _together(bouts: Sequence[Bout]) -> list[WaysFigures]:
    living = ((bout, [way.channel for way in FIVE if way is not bout.dead]) for bout in bouts)
    each = (_of(bout, "together", channels) for bout, channels in living)
    return [one for one in each if one is not None]


def _of(bout: Bout, name: str, channels: Sequence[Channel]) -> WaysFigures | None:
    """Return the figures of some channels in one, None where nothing was received."""
    rounds, before = _rounds(bout.rounds, channels), _rounds(bout.before, channels)
    found = figure(name, (s for one in rounds for s in one), LIMIT_MS)
    if found is None:
        return None
    each_ms = [_p99_ms(one) for one in rounds]
    return WaysFigures(
        dead=_name(bout),
        channel=name,
        per_s=median(len(one) / max(one) for one in rounds),
        p99_ms=median(each_ms),
        ratio=median(ms / _p99_ms(than) for ms, than in zip(each_ms, before, strict=True)) if before else 1.0,
        rounds_p99_ms=each_ms,
        figure=found,
    )


def _rounds(rounds: Sequence[Round], channels: Sequence[Channel]) -> list[list[float]]:
    found = [[s for channel in channels for s in one.get(channel, ())] for one in rounds]
    return [one for one in found if one]


def _p99_ms(seconds: Sequence[float]) -> float:
    ordered = sorted(seconds)
    return ordered[-(-len(ordered) * 99 // 100) - 1] * 1000


def _noise(healthy: Bout) -> tuple[float, float]:
    each_ms = [_p99_ms(one) for one in _rounds(healthy.rounds, [way.channel for way in FIVE])]
    ratios = [later / sooner for sooner, later in pairwise(each_ms)]
    return (min(ratios), max(ratios)) if ratios else (1.0, 1.0)


def _name(bout: Bout) -> str | None:
    return None if bout.dead is None else bout.dead.channel.value


def _checks(bouts: Sequence[Bout], told: int) -> list[Check]:
    found = []
    for bout in bouts:
        name = "no channel dead" if bout.dead is None else f"{bout.dead.channel.value} dead"
        persons = told * len(bout.rounds)
        living = persons * (len(FIVE) - (bout.dead is not None))
        found += [
            Check(f"{name}: received by living providers", bout.facts["received"], living),
            Check(f"{name}: received twice", bout.facts["twice"], 0),
            Check(f"{name}: on disk as sent", bout.facts["living sent"], living),
        ]
        if bout.dead is not None:
            found.append(Check(f"{name}: its notices still wait", bout.facts["dead waiting"], persons))
    return found
