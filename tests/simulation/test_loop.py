"""A process can be killed between any two of its callbacks, and nothing of it goes on afterwards."""

from __future__ import annotations

import asyncio
from contextvars import copy_context

import pytest

from tests.simulation.loop import INCARNATION, DyingLoop


@pytest.mark.parametrize("callbacks", [1, 2, 5])
def test_a_process_dies_at_the_callback_that_was_named(callbacks: int) -> None:
    loop = DyingLoop()
    inside, done = copy_context(), []
    inside.run(INCARNATION.set, 1)

    async def count() -> None:
        for number in range(10):
            done.append(number)
            await asyncio.sleep(0)

    def strike() -> None:
        loop.dead.add(1)
        for task in loop.tasks_of(1):
            task.cancel()

    async def live() -> list[asyncio.Task[object]]:
        loop.kill_after(1, callbacks, strike)
        loop.create_task(count(), context=inside)
        for _ in range(30):
            await asyncio.sleep(0)
        return loop.tasks_of(1)

    left = loop.run_until_complete(live())
    loop.close()

    assert len(done) == callbacks - 1
    assert left == []


def test_a_dead_process_begins_nothing_new() -> None:
    loop = DyingLoop()
    inside, done = copy_context(), []
    inside.run(INCARNATION.set, 1)

    async def speak() -> None:
        done.append("spoke")

    async def live() -> None:
        loop.dead.add(1)
        task = loop.create_task(speak(), context=inside)
        await asyncio.wait([task])

    loop.run_until_complete(live())
    loop.close()

    assert done == []
