"""What goes wrong: a plan drawn from the seed, and the doors to store and channels that carry it out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from escalation.chain import Channel
from escalation.ids import CommitteeId
from escalation.vigil import VigilKind
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.notice import Delivery, DeliveryState, OutgoingNotice, PathTry
from tests.simulation.watched import Watched

if TYPE_CHECKING:
    from tests.simulation.world import World

POLL_S: Final = 0.25
"""Behind every hint stands a poll at least so frequent; here polls are stretched, and each fault calls for the next."""
CHANNEL_DEADLINE_S: Final = 5.0
"""A channel's own patience with its provider."""


IN_TEST: Final = 0.05
"""The share of cases that find us in the centre's test state."""


class Unreachable(Exception):
    """The process was not there, or died over what it was asked."""


class Commit(Enum):
    """What becomes of one transaction."""

    WELL = "well"
    FAILS = "fails"
    ANSWER_LOST = "answer lost"
    SLOW = "slow"
    ANSWER_SLOW = "answer slow"


class Line(Enum):
    """What becomes of one sending."""

    WELL = "well"
    HANGS = "hangs"
    THROTTLED = "throttled"
    SLOW = "slow"
    ACCEPTED_AND_FORGOTTEN = "accepted and forgotten"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which something is the matter. at, until: seconds of the loop."""

    at: float
    until: float
    what: str


@dataclass(frozen=True, slots=True)
class Death:
    """A process dies at the k-th callback after at, and is back so many seconds later.

    ambush: the callbacks count from the next press of a button, or whatever else a device is not heard with every day.
    overlap_s: in a rolling restart the next one starts first, and the old one goes on beside it for so long.
    """

    at: float
    callbacks: int
    away_s: float
    overlap_s: float | None = None
    ambush: bool = False


@dataclass(slots=True)
class Weather:
    """The plan. All of it ends before healed_s; afterwards everything works."""

    healed_s: float
    away: list[Spell] = field(default_factory=list)
    commits: list[Spell] = field(default_factory=list)
    channels: dict[Channel, list[Spell]] = field(default_factory=dict)
    centres: list[Spell] = field(default_factory=list)
    """When no alarm receiving centre is well; no trouble of ours, for nothing else may wait for it."""
    deaths: list[Death] = field(default_factory=list)
    steps: list[tuple[float, timedelta]] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    """Addresses that no longer exist at their provider."""
    lost: float = 0.0
    """The share of a device's messages, and of our acks to it, that are lost on the way; as many come doubled."""

    def hot(self, rng: Random) -> float:
        """Draw a moment in which something is about to go wrong, or goes wrong; where nothing does, any moment."""
        deaths = [(death.at + 0.001, death.at + 0.001) for death in self.deaths]
        spells = [*deaths, *deaths, *((spell.at - 5, spell.until) for spell in self.away)]
        from_s, until_s = rng.choice(spells) if spells else (0.0, self.healed_s)
        return max(rng.uniform(from_s, until_s), 0.0)


def fair(seconds: float) -> Weather:
    """Nothing goes wrong."""
    return Weather(healed_s=seconds)


def draw_weather(rng: Random, seconds: float, addresses: Sequence[str]) -> Weather:
    """Draw what goes wrong in so many seconds; the last sixth of a day and more of a longer time stays healed."""
    healed_s = seconds - min(seconds / 4, 6 * 3600.0)
    apart = Random(repr(rng.getstate()))

    def spells(most: int, shortest_s: float, longest_s: float, what: Sequence[str]) -> list[Spell]:
        drawn = []
        for _ in range(rng.randint(0, most)):
            at = rng.uniform(0, healed_s)
            long_s = shortest_s * (longest_s / shortest_s) ** rng.random()
            drawn.append(Spell(at, min(at + long_s, healed_s), rng.choice(what)))
        return sorted(drawn, key=lambda spell: spell.at)

    bad_commits = [kind.value for kind in Commit if kind is not Commit.WELL]
    steps = [
        (at, timedelta(seconds=rng.choice((-1, 1)) * 3600 ** rng.random()))
        for at in sorted(rng.uniform(0, healed_s * 0.9) for _ in range(rng.choice((0, 0, 1, 2))))
    ]
    away = spells(3, 1, 240, ["away"])
    return Weather(
        healed_s=healed_s,
        away=away,
        commits=spells(6, 600, 12 * 3600, bad_commits),
        channels={
            channel: spells(2, 60, 8 * 3600, [line.value for line in Line if line is not Line.WELL])
            for channel in Channel
            if channel is not Channel.CONSOLE
        },
        centres=_away_for_days(apart, healed_s),
        deaths=sorted(
            (
                _death(rng, rng.uniform(0, healed_s) if not away or rng.random() < 0.6 else _within(rng, away))
                for _ in range(rng.randint(0, 6))
            ),
            key=lambda death: death.at,
        ),
        steps=[*steps, *([(healed_s, -sum((by for _, by in steps), timedelta()))] if steps else [])],
        gone=frozenset(address for address in addresses if rng.random() < 0.05),
        lost=rng.choice((0.0, 0.02, 0.2)),
    )


def _away_for_days(rng: Random, healed_s: float) -> list[Spell]:
    """Draw when centres are ill: for hours, or for days."""
    bad = [line.value for line in Line if line is not Line.WELL]
    times = ((rng.uniform(0, healed_s), rng.uniform(0, healed_s)) for _ in range(rng.choice((0, 1, 2))))
    return [Spell(min(pair), max(pair), rng.choice(bad)) for pair in times]


def _death(rng: Random, at: float) -> Death:
    away_s = rng.choice((0.5, 2.0, 5.0, 30.0, 600.0))
    if rng.random() < 0.5:
        return Death(at, int(2 ** rng.uniform(0, 5)), away_s, ambush=True)
    return Death(at, int(2 ** rng.uniform(0, 9)), away_s, rng.choice((None, 1.0, 600.0)))


def _within(rng: Random, spells: Sequence[Spell]) -> float:
    spell = rng.choice(spells)
    return rng.uniform(spell.at, spell.until)


class StoreDoor:
    """ports.Store as one incarnation of the server sees it: with faults, and shut once it is dead."""

    def __init__(self, world: World, incarnation: int) -> None:
        self.world, self.incarnation, self._store = world, incarnation, world.store
        self.looked_until: dict[Collection[VigilKind] | None, datetime | None] = {}
        """What the loops that wait for deadlines know of the next one; None for those of incidents."""

    def transaction(self, sight: frozenset[CommitteeId] | None = None) -> AbstractAsyncContextManager[Any]:
        return _Faulty(self, sight)

    async def next_due(self) -> datetime | None:
        self.gate()
        due = self.looked_until[None] = await self._store.next_due()
        return due

    async def next_vigil_due(self, kinds: Collection[VigilKind]) -> datetime | None:
        self.gate()
        due = self.looked_until[kinds] = await self._store.next_vigil_due(kinds)
        return due

    def gate(self) -> None:
        """Let nobody through who is dead, nor anybody while the store is away."""
        if self.incarnation in self.world.loop.dead:
            raise StoreUnavailable("this process is dead")
        if self.world.away:
            raise StoreUnavailable("the store is away")

    def __getattr__(self, name: str) -> Any:
        """What needs no transaction: the same store, through the same gate."""
        method = getattr(self._store, name)

        async def gated(*words: Any, **more: Any) -> Any:
            self.gate()
            result = await method(*words, **more)
            self.gate()
            return result

        self.__dict__[name] = gated
        return gated


class _Faulty:
    """One transaction, with whatever becomes of it."""

    def __init__(self, door: StoreDoor, sight: frozenset[CommitteeId] | None) -> None:
        self._door, self._real = door, door.world.store.transaction(sight)

    async def __aenter__(self) -> Watched:
        door, world = self._door, self._door.world
        door.gate()
        self._fate = world.fate_of_commit()
        self._began_at = world.clock.now()
        self._watched = Watched(door, await self._real.__aenter__())
        return self._watched

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        door, world, fate, watched = self._door, self._door.world, self._fate, self._watched
        long_s = world.chance.uniform(0.5, 8.0) if fate in _SLOW else 0.0
        try:
            if error is not None:
                return await self._real.__aexit__(kind, error, trace)
            try:
                await world.pause(long_s if fate is Commit.SLOW else 0)
                door.gate()
                if fate is Commit.FAILS and watched.wrote:
                    raise StoreUnavailable("the commit failed")
            except BaseException as fault:
                await self._real.__aexit__(type(fault), fault, fault.__traceback__)
                raise
            await self._real.__aexit__(None, None, None)
            watched.committed()
            await world.pause(long_s if fate is Commit.ANSWER_SLOW else 0)
            door.gate()
            if fate is Commit.ANSWER_LOST and watched.wrote:
                raise StoreUnavailable("the answer was lost")
            watched.known()
            return None
        finally:
            if fate is not Commit.WELL:
                world.trouble(self._began_at, fate.value)


_SLOW: Final = frozenset({Commit.SLOW, Commit.ANSWER_SLOW})


class ChannelDoor:
    """ports.Channel as one incarnation sees it: what it sends reaches the world, or not."""

    def __init__(self, world: World, incarnation: int, channel: Channel) -> None:
        self.world, self.incarnation, self.channel = world, incarnation, channel

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, notice: OutgoingNotice) -> Delivery:
        world = self.world
        if world.is_dead(self.incarnation):
            return _retry("this process is dead")
        line = world.line_of(self.channel)
        if notice.address in world.weather.gone and not world.healed and self.channel is not Channel.CONSOLE:
            world.handed(notice, accepted=False)
            return Delivery(state=DeliveryState.GONE, reason="unregistered")
        world.handed(notice, accepted=line not in {Line.HANGS, Line.THROTTLED, Line.REFUSED})
        match line:
            case Line.HANGS:
                await world.pause(CHANNEL_DEADLINE_S)
                return _retry("silent")
            case Line.ACCEPTED_AND_FORGOTTEN:
                await world.pause(CHANNEL_DEADLINE_S)
                return _retry("cut")
            case Line.THROTTLED:
                return Delivery(state=DeliveryState.RETRY, reason="throttled", retry_after=timedelta(seconds=7))
            case Line.REFUSED:
                return Delivery(state=DeliveryState.REFUSED, reason="bad content")
            case Line.SLOW:
                await world.pause(world.chance.uniform(0.2, 4.0))
            case Line.WELL:
                pass
        return self._centre_took() if self.channel is Channel.RECEIVER else Delivery(state=DeliveryState.SENT)

    def _centre_took(self) -> Delivery:
        """A centre answers for the case; now and then it has us in its test state."""
        chance, at = self.world.chance, self.world.clock.now()
        took = PathTry(path=chance.choice(("primary", "secondary")), at=at, seconds=0.1, took=True, result="ack")
        return Delivery(state=DeliveryState.SENT, paths=(took,), in_test=chance.random() < IN_TEST)


def _retry(reason: str) -> Delivery:
    return Delivery(state=DeliveryState.RETRY, reason=reason)
