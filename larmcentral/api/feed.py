"""The hub of the live feed: reads the timeline once, shows each scope its part once, hands it to all its readers.

The poll alone is enough; a hint only makes it sooner. While the database is gone the ticks say so, and the next
reading begins where the last good one ended.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import structlog

from larmcentral.api.asks import ChangeLog, Incidents, Readiness, Sessions
from larmcentral.api.metrics import ApiMetrics
from larmcentral.api.problems import Refusal
from larmcentral.api.stream import QUEUE_LIMIT, Subscription, frame, resync
from larmcentral.domain.errors import Collision, Poison, StoreUnavailable
from larmcentral.domain.feed import Cursor, StandingAlarm, concerned
from larmcentral.domain.roles import Reach, Role, Scope, Viewer
from larmcentral.domain.views import FeedIncident
from larmcentral.ports import Clock

POLL_S: Final = 0.1
GAP_S: Final = 0.02
"""Between two readings, however many hints come. After a long one it is as long, so that more goes into the next."""
LONGEST_GAP_S: Final = 0.5
TICK_S: Final = 2.0
BREATH_EVENTS: Final = QUEUE_LIMIT // 4
"""So many at a stretch: a reader who keeps up shall not drown in one large round."""
CHECK_SESSIONS_EVERY_S: Final = 20.0
"""So long a reader may go on whose session ended or whose rights changed."""
CHECK_WRITES_EVERY_S: Final = 2.0
"""A database whose disk is full tells us everything and takes nothing; a console that says all is well would lie."""
READERS_LIMIT: Final = 5000
JOINING_LIMIT: Final = 100
"""Phones that wait to be told what they missed. When all of a town's come back at once they are let in by and by: each
gives up after 7 s, and whoever is served later than that was served for nothing. Desks always wait."""
READERS_A_USER: Final = 12
"""Windows of one user; a console shares one feed, so this is a fault of the page."""

LOG = structlog.get_logger("larmcentral.api.feed")
_STORE_ERRORS: Final = (StoreUnavailable, Collision, Poison)


class FeedHub:
    """One a process. start() and stop() may be called twice and in any order."""

    def __init__(
        self,
        changes: ChangeLog,
        incidents: Incidents,
        sessions: Sessions,
        readiness: Readiness,
        clock: Clock,
        metrics: ApiMetrics,
    ) -> None:
        self._changes = changes
        self._incidents = incidents
        self._sessions = sessions
        self._readiness = readiness
        self._clock = clock
        self._metrics = metrics
        self._readers: set[Subscription] = set()
        self._joining = 0
        self._cursor: Cursor | None = None
        self._ahead: frozenset[Cursor] = frozenset()
        self._alarms: frozenset[StandingAlarm] = frozenset()
        self._check_at_s = 0.0
        self._check_writes_at_s = 0.0
        self._takes_writes = True
        self._hint = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._open = False
        self.ready = False

    def wake(self) -> None:
        """Something may have happened: read at once. Costs next to nothing when called too often."""
        self._hint.set()

    async def start(self) -> None:
        """Begin to read."""
        if not self._tasks:
            self._open = True
            self._tasks = [asyncio.create_task(self._read_on()), asyncio.create_task(self._tick_on())]

    async def stop(self) -> None:
        """Let all readers go, then stop reading. Must come before the server's end, which waits for its streams."""
        self._open = False
        for reader in tuple(self._readers):
            reader.end()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        self._cursor, self._ahead = None, frozenset()

    async def join(
        self, viewer: Viewer, token_hash: bytes, scope: Scope, after: str | None
    ) -> tuple[Subscription, list[bytes]]:
        """Take in a reader; return his subscription and what he is to be sent first.

        after: the place he resumes from, as he was told it; None for a reader who needs nothing old.
        Raises Refusal, StoreUnavailable.
        """
        windows = Counter(reader.viewer.user_id for reader in self._readers)
        if not self._open or len(self._readers) >= READERS_LIMIT or windows[viewer.user_id] >= READERS_A_USER:
            raise Refusal(429, "too_many", headers={"Retry-After": "5"})
        if scope.reach is not Reach.ALL and self._joining >= JOINING_LIMIT:
            raise Refusal(429, "too_many", headers={"Retry-After": "2"})
        reader = Subscription(scope, viewer, token_hash)
        self._readers.add(reader)  # from here on he is told what is new; what he hears twice does no harm
        self._metrics.readers.set(len(self._readers))
        self.wake()
        self._joining += 1
        try:
            return reader, [b"retry: 1000\n\n", *await self._first(scope, after)]
        except BaseException:
            self.leave(reader)
            raise
        finally:
            self._joining -= 1

    def leave(self, reader: Subscription) -> None:
        """Forget a reader."""
        self._readers.discard(reader)
        self._metrics.readers.set(len(self._readers))

    def operators(self) -> tuple[Viewer, ...]:
        """Return the operators who have a feed open just now, each once, in the order of their ids."""
        found = {one.viewer.user_id: one.viewer for one in self._readers if one.viewer.role is Role.OPERATOR}
        return tuple(found[user_id] for user_id in sorted(found))

    async def _first(self, scope: Scope, after: str | None) -> list[bytes]:
        """Return what a reader missed. Reads what is newer than the hub's own place, which stands still before."""
        await self._find_place()
        place = None if after is None else Cursor.parse(after)
        missed = None if place is None else await self._changes.missed(scope, place)
        if missed is not None:
            here, touched = missed
            relevant = [one for one in touched if one.concerns(scope)]
            found = await self._incidents.changed({scope: relevant}) if relevant else {scope: ()}
            events = [frame("incident", None, one) for one in found[scope]]
        else:
            here = await self._changes.here()
            events = [] if after is None else [resync(here)]
            if after is not None:
                self._metrics.resyncs.labels("unknown").inc()
        alarms = await self._incidents.system_alarms(scope) if scope.reach is Reach.ALL else ()
        return [*events, frame("system", None, {"system_alarms": alarms}), self._tick(here, ready=self._takes_writes)]

    async def _find_place(self) -> None:
        if self._cursor is None:
            here = await self._changes.here()
            self._cursor = self._cursor or here  # whoever was first: it only moves by reading from now on

    async def _read_on(self) -> None:
        while True:
            self._hint.clear()
            began_s = self._clock.monotonic()
            more = await self._round()
            await self._clock.sleep(gap_s(self._clock.monotonic() - began_s))
            if not more:
                await self._hint_or(POLL_S - GAP_S if self._readers else TICK_S)

    async def _round(self) -> bool:
        """Read once; True if there is more to read at once. One of a flow's loops: it outlives every error."""
        try:
            more = await self._read() if self._readers else await self._idle()
            await self._check_sessions()
            await self._check_writes()
        except _STORE_ERRORS as error:
            self._now_ready(False, type(error).__name__)
            return False
        except Exception as error:  # a bug in one round must not end the feed: nothing moved on, the next one repeats
            LOG.exception("feed_round_failed", error=type(error).__name__)
            self._now_ready(False, type(error).__name__)
            return False
        self._now_ready(self._takes_writes, "" if self._takes_writes else "takes no writes")
        return more

    async def _idle(self) -> bool:
        """Keep up while nobody listens; also says whether the database is there."""
        here = await self._changes.here()
        if not self._readers:  # else one came meanwhile, who counts on the old place
            self._cursor, self._ahead, self._alarms = here, frozenset(), frozenset()
        return False

    async def _read(self) -> bool:
        """Tell all readers what is new; nobody hears of a reading that failed half-way."""
        await self._find_place()
        before = self._cursor
        assert before is not None
        changes = await self._changes.read(before, self._ahead)
        here = {reader.scope for reader in self._readers}
        touched = concerned(here, changes.touched)
        told = _written(await self._incidents.changed(touched) if touched else {}, before, changes.cursor)
        for scope in here:
            if _of(scope, changes.alarms) != _of(scope, self._alarms):
                alarms = await self._incidents.system_alarms(scope)
                told.setdefault(scope, []).append(frame("system", None, {"system_alarms": alarms}))
        for reader in tuple(self._readers):
            # no entry: nothing concerns him, or he came meanwhile, and read by himself what was new
            for number, event in enumerate(told.get(reader.scope, ()), start=1):
                self._put(reader, event, changes.cursor)
                if number % BREATH_EVENTS == 0:
                    await self._clock.sleep(0)
        self._cursor, self._ahead, self._alarms = changes.cursor, changes.ahead, changes.alarms
        return changes.more

    async def _check_sessions(self) -> None:
        """Let go of readers whose session is over or whose rights have changed; who may, comes back at once."""
        now_s = self._clock.monotonic()
        if not self._readers or now_s < self._check_at_s:
            return
        readers = tuple(self._readers)
        standing = await self._sessions.standing({reader.token_hash for reader in readers}, self._clock.now())
        self._check_at_s = now_s + CHECK_SESSIONS_EVERY_S
        for reader in readers:
            if standing.get(reader.token_hash) != reader.viewer:
                reader.end()

    async def _check_writes(self) -> None:
        now_s = self._clock.monotonic()
        if now_s >= self._check_writes_at_s:
            self._takes_writes = await self._readiness.ready()
            self._check_writes_at_s = now_s + CHECK_WRITES_EVERY_S

    async def _tick_on(self) -> None:
        while True:
            await self._clock.sleep(TICK_S)
            tick = self._tick(self._cursor, ready=self.ready)
            for reader in tuple(self._readers):
                self._put(reader, tick, self._cursor or Cursor(0, 0))

    def _tick(self, cursor: Cursor | None, *, ready: bool) -> bytes:
        return frame("tick", cursor, {"server_time": self._clock.now(), "ready": ready})

    def _put(self, reader: Subscription, event: bytes, cursor: Cursor) -> None:
        if not reader.put(event, cursor):
            self._metrics.resyncs.labels("slow").inc()

    def _now_ready(self, ready: bool, why: str) -> None:
        self._metrics.rounds.labels("read" if ready else "failed").inc()
        if ready != self.ready:
            self.ready = ready
            LOG.info("feed_readiness", ready=ready, why=why)

    async def _hint_or(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hint.wait()


def gap_s(took_s: float) -> float:
    """Return how long to rest after a reading that took so long: the feed uses half of the time at the most."""
    return min(max(GAP_S, took_s), LONGEST_GAP_S)


def _written(found: Mapping[Scope, Sequence[FeedIncident]], before: Cursor, after: Cursor) -> dict[Scope, list[bytes]]:
    """Return each scope's events. Only the last lets a reader resume behind them all; what several see alike is written
    out once."""
    frames: dict[tuple[int, Cursor], bytes] = {}
    told: dict[Scope, list[bytes]] = {}
    for scope, incidents in found.items():
        told[scope] = []
        for number, one in enumerate(incidents, start=1):
            key = (id(one), after if number == len(incidents) else before)
            if key not in frames:
                frames[key] = frame("incident", key[1], one)
            told[scope].append(frames[key])
    return told


def _of(scope: Scope, alarms: frozenset[StandingAlarm]) -> frozenset[StandingAlarm]:
    """Those that a scope is told of. A phone hears not even that there was one: it may be about a silent alarm."""
    if scope.reach is not Reach.ALL:
        return frozenset()
    return frozenset(
        one for one in alarms if one.organisation_id == scope.organisation_id and one.committee_id in scope.committees
    )
