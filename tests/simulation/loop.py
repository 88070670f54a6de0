"""A jumping loop that can kill one process between any two of its callbacks, and a process's wall clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from datetime import datetime, timedelta
from typing import Any, Final

from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

MANY: Final = 100_000
IN_S: Final = 3600.0
"""A week of a town has some 50,000 callbacks; twice that in an hour is a loop that spins."""
INCARNATION: ContextVar[int] = ContextVar("INCARNATION", default=0)
"""Which incarnation of the server a task belongs to; 0 is the world around it."""


class ServerTask(asyncio.Task[Any]):
    """A task that knows whose it is."""

    incarnation = 0


class DyingLoop(VirtualLoop):
    """Counts the callbacks of one incarnation and strikes at the k-th."""

    def __init__(self) -> None:
        super().__init__()
        self._victim = 0
        self._left = 0
        self._strike: Callable[[], None] | None = None
        self._calls, self._seen_at = 0, -IN_S
        self.dead: set[int] = set()
        self.set_task_factory(self._make)  # type: ignore[arg-type]  # the stubs know no context argument

    def kill_after(self, incarnation: int, callbacks: int, strike: Callable[[], None]) -> None:
        """Call strike before the k-th callback from now on that belongs to this incarnation."""
        self._victim, self._left, self._strike = incarnation, callbacks, strike

    def call_soon(  # type: ignore[override]  # the stubs bind callback and args together; here both are handed on
        self, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        self._calls += 1
        if self._calls == MANY:
            self._see_whether_time_passes()
        if self._strike is not None:
            owner = INCARNATION.get() if context is None else context.get(INCARNATION, 0)
            if owner == self._victim:
                self._left -= 1
                if self._left <= 0:
                    strike, self._strike = self._strike, None
                    # Next of all, before what is ready already: the k-th callback never runs.
                    self._ready.appendleft(asyncio.Handle(strike, (), self, _OUTSIDE))  # type: ignore[attr-defined]
        return super().call_soon(callback, *args, context=context)

    def _see_whether_time_passes(self) -> None:
        """Stop where so many callbacks take so little time: somebody asks again and again and hardly waits."""
        now = self.time()
        if now - self._seen_at < IN_S:
            self.stop()
        self._calls, self._seen_at = 0, now

    def tasks_of(self, incarnation: int) -> list[asyncio.Task[Any]]:
        """Every task of an incarnation that has not ended."""
        return [t for t in asyncio.all_tasks(self) if isinstance(t, ServerTask) and t.incarnation == incarnation]

    def _make(self, _: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **more: Any) -> asyncio.Task[Any]:
        context = more.get("context")
        owner = INCARNATION.get() if context is None else context.get(INCARNATION, 0)
        if not owner:
            return asyncio.Task(work, loop=self, **more)
        task = ServerTask(work, loop=self, **more)
        task.incarnation = owner
        if owner in self.dead:
            task.cancel()
        return task


_OUTSIDE = copy_context()
"""Callbacks of nobody's."""


class HouseClock(VirtualClock):
    """The wall clock of the machine that the server runs on: right, until somebody sets it."""

    off = timedelta()

    def now(self) -> datetime:
        return super().now() + self.off
