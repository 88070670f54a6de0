"""Where Twisted and asyncio meet: asyncio owns the process, Twisted joins its loop as a guest."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.main import installReactor

T = TypeVar("T")

SHUTDOWN_S: Final = 5.0
"""What Twisted's own shutdown (thread pool, open ports) may take before the process goes on without it."""


class Tasks:
    """Keeps a strong reference to every task until it ends: the loop itself keeps only weak ones.

    failed: told of an exception that no one awaits. Cancelling is no failure.
    """

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._failed = failed

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
        """Run the work beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def finish(self, within_s: float) -> int:
        """Wait for all of them; cancel what is not done by then. Returns how many had to be cancelled."""
        late = set(self._running)
        if late:
            _, late = await asyncio.wait(late, timeout=within_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=within_s)
        return len(late)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)


def to_deferred(work: Coroutine[Any, Any, T]) -> Deferred[T]:
    """Run asyncio work from Twisted code; cancelling the Deferred cancels the task."""
    return Deferred.fromFuture(asyncio.ensure_future(work))


async def from_deferred(deferred: Deferred[T]) -> T:
    """Await Twisted's work from asyncio code; cancelling the task cancels the Deferred."""
    return await deferred.asFuture(asyncio.get_running_loop())


class GuestReactor(AsyncioSelectorReactor):
    """Twisted's reactor on a loop that belongs to somebody else.

    Its timers follow the loop's monotonic time (the stock ones follow the wall clock), and its end does not
    stop the loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.seconds = loop.time
        super().__init__(loop)

    def crash(self) -> None:
        """End Twisted's part; the stock method would stop the host's loop."""
        ReactorBase.crash(self)


def install_reactor() -> GuestReactor:
    """Make the running loop Twisted's. Once in a process, before anything imports twisted.internet.reactor."""
    reactor = GuestReactor(asyncio.get_running_loop())
    installReactor(reactor)  # type: ignore[no-untyped-call]  # Twisted has not typed it
    return reactor


def start_reactor(reactor: GuestReactor) -> None:
    """Let Twisted's services run; signals stay with asyncio. A reactor that runs is left alone."""
    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)


async def stop_reactor(reactor: GuestReactor) -> None:
    """Close what Twisted still holds. A reactor that does not run is left alone; it cannot be started again."""
    if not reactor.running:
        return
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    reactor.addSystemEventTrigger("after", "shutdown", ended.set_result, None)
    reactor.fireSystemEvent("shutdown")
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ended, SHUTDOWN_S)
