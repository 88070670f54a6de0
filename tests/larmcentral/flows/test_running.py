"""Loops that go on whatever a turn comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from larmcentral.domain.errors import StoreUnavailable
from larmcentral.flows.running import Loop
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop


def turns_in(seconds: float, turn: Callable[[], None]) -> int:
    """Let a loop, each of whose turns takes a second and then comes to this, run so long; return its turns."""
    turns = 0

    async def story(clock: VirtualClock) -> None:
        async def one() -> None:
            nonlocal turns
            turns += 1
            await clock.sleep(1.0)
            turn()

        loop = Loop("story", one, clock)
        loop.start()
        loop.start()
        await clock.sleep(seconds)
        await loop.stop()
        await loop.stop()
        await clock.sleep(seconds)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story(VirtualClock(runner.get_loop())))
    return turns


def comes_to(error: BaseException) -> Callable[[], None]:
    def turn() -> None:
        raise error

    return turn


def test_it_goes_on_until_it_is_stopped_and_starts_once() -> None:
    assert turns_in(4.5, lambda: None) == 5


@pytest.mark.parametrize(
    "error",
    [StoreUnavailable("away"), RuntimeError("a bug"), asyncio.CancelledError()],
    ids=["the database is away", "a bug", "something within was cancelled, and not the loop"],
)
def test_an_error_ends_the_turn_and_never_the_loop(error: BaseException) -> None:
    assert turns_in(4.5, comes_to(error)) == 4
