"""One provider's queue in this process: alarms first, the rest at the agreed rate, and a bound on tries under way."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from larmcentral.domain.life_safety import is_life_safety
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.flows.pacing import Pace
from larmcentral.flows.ways_out import WayOut
from larmcentral.ports import Clock

KEPT_FREE: Final = 4
"""One in so many places is kept free for alarms: ordinary notices that a provider sits on are not in their way."""
LONGEST_IN_MEMORY_S: Final = 1.0
"""Whoever must wait longer for his turn waits in the database, where everybody sees until when."""

Queued = tuple[OutgoingNotice, float]


class ProviderLine:
    """Nothing in it waits for another provider.

    send: gets a notice, the way and the seconds that it waited here. put_off: gets a notice and the seconds until its
    turn; it is not ours any more. elsewhere: takes a notice, and since when it waits in monotonic seconds, to another
    provider if this one is dead; False if it stays.
    """

    def __init__(
        self,
        way: WayOut,
        clock: Clock,
        *,
        send: Callable[[OutgoingNotice, WayOut, float], Coroutine[Any, Any, None]],
        put_off: Callable[[OutgoingNotice, float], None],
        elsewhere: Callable[[OutgoingNotice, WayOut, float], bool],
    ) -> None:
        self._way, self._clock = way, clock
        self._send, self._put_off, self._elsewhere = send, put_off, elsewhere
        self._pace = Pace(way.per_second, clock.monotonic())
        self._alarms: deque[Queued] = deque()
        self._others: deque[Queued] = deque()
        self._others_at_once = way.at_once - (way.at_once // KEPT_FREE or (1 if way.at_once > 1 else 0))
        self._under_way: set[asyncio.Task[None]] = set()
        self._others_under_way = 0
        self._turn: asyncio.Task[None] | None = None
        self._running = False

    @property
    def waiting(self) -> int:
        """How many notices have not begun."""
        return len(self._alarms) + len(self._others)

    def start(self) -> None:
        """Begin to send."""
        self._running = True
        self._fill()

    async def stop(self) -> None:
        """Forget what waits, and end the tries under way."""
        self._running = False
        self._alarms.clear()
        self._others.clear()
        ending = [*self._under_way, *([] if self._turn is None else [self._turn])]
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending)
        self._turn = None

    def put(self, notice: OutgoingNotice, since_s: float | None = None) -> None:
        """Take a notice; an alarm goes before everything that is none. since_s: it waited elsewhere before."""
        now_s = self._clock.monotonic()
        since_s = now_s if since_s is None else since_s
        if is_life_safety(notice):
            self._alarms.append((notice, since_s))
        elif self._pace.wait_s(now_s, len(self._others)) > LONGEST_IN_MEMORY_S:
            self._put_off(notice, self._pace.promise_s(now_s, len(self._others)))
            return
        else:
            self._others.append((notice, since_s))
        self._fill()

    def _fill(self) -> None:
        while self._running and len(self._under_way) < self._way.at_once:
            if self._alarms:
                notice, since_s = self._alarms.popleft()
            elif self._others and self._others_under_way < self._others_at_once and self._may_go():
                notice, since_s = self._others.popleft()
            else:
                return
            if not self._elsewhere(notice, self._way, since_s):
                self._begin(notice, since_s)

    def _may_go(self) -> bool:
        """True if the rate has room for one more; else come back when it has."""
        wait_s = self._pace.wait_s(self._clock.monotonic())
        if wait_s and self._turn is None:
            self._turn = asyncio.create_task(self._wait_for_turn(wait_s))
        return not wait_s

    async def _wait_for_turn(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._turn = None
        self._fill()

    def _begin(self, notice: OutgoingNotice, since_s: float) -> None:
        now_s = self._clock.monotonic()
        self._pace.take(now_s)
        alarm = is_life_safety(notice)
        self._others_under_way += not alarm
        task = asyncio.create_task(self._send(notice, self._way, now_s - since_s))
        self._under_way.add(task)
        task.add_done_callback(self._ended_alarm if alarm else self._ended_other)

    def _ended_alarm(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._fill()

    def _ended_other(self, task: asyncio.Task[None]) -> None:
        self._others_under_way -= 1
        self._ended_alarm(task)
