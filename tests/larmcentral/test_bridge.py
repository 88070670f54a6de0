"""Where Twisted and asyncio meet."""

from __future__ import annotations

import asyncio
import gc

import pytest
from twisted.internet.defer import CancelledError, Deferred

from larmcentral.bridge import GuestReactor, Tasks, from_deferred, start_reactor, to_deferred
from tests.fakes.intake import eventually


async def test_asyncio_work_becomes_a_deferred_and_back() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 3

    assert await from_deferred(to_deferred(work())) == 3


async def test_an_error_crosses_as_itself() -> None:
    async def work() -> int:
        raise LookupError("x")

    with pytest.raises(LookupError, match="x"):
        await from_deferred(to_deferred(work()))


async def test_cancelling_the_deferred_cancels_the_task() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    deferred = to_deferred(work())
    await asyncio.sleep(0)
    deferred.addErrback(lambda failure: failure.trap(CancelledError, asyncio.CancelledError))
    deferred.cancel()
    await ended.wait()


async def test_cancelling_the_task_cancels_the_deferred() -> None:
    cancelled: list[Deferred[int]] = []
    task = asyncio.ensure_future(from_deferred(Deferred(cancelled.append)))
    await asyncio.sleep(0)
    task.cancel()
    await eventually(lambda: len(cancelled) == 1)
    assert task.cancelled() or await asyncio.wait([task])


async def test_a_task_is_kept_until_it_ends_and_its_error_is_told() -> None:
    failed: list[BaseException] = []
    tasks = Tasks(failed.append)
    go = asyncio.Event()

    async def work(error: Exception | None) -> None:
        await go.wait()
        if error is not None:
            raise error

    tasks.start(work(None))
    tasks.start(work(LookupError("x")))
    await asyncio.sleep(0)
    gc.collect()
    assert len(tasks) == 2
    go.set()
    assert await tasks.finish(within_s=5.0) == 0
    assert len(tasks) == 0
    assert [str(error) for error in failed] == ["x"]


async def test_what_does_not_finish_in_time_is_cancelled() -> None:
    tasks = Tasks(lambda error: None)
    tasks.start(asyncio.Event().wait())
    await asyncio.sleep(0)
    assert await tasks.finish(within_s=0.01) == 1
    assert len(tasks) == 0
    assert await tasks.finish(within_s=0.01) == 0


async def test_twisteds_own_timers_follow_the_monotonic_clock(reactor: GuestReactor) -> None:
    assert reactor.seconds() == pytest.approx(asyncio.get_running_loop().time(), abs=1.0)
    rung: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    reactor.callLater(0.01, rung.set_result, None)
    await asyncio.wait_for(rung, 5.0)


async def test_a_reactor_that_runs_is_not_started_again(reactor: GuestReactor) -> None:
    start_reactor(reactor)
    assert reactor.running
