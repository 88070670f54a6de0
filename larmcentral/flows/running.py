"""Loops that start and stop, twice in a row and in any order, and that survive their own errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from larmcentral.domain.errors import StoreUnavailable
from larmcentral.ports import Clock

log = structlog.get_logger(__name__)

_PAUSE_S: Final = 0.2
"""After a failure: long enough not to spin, short beside a step's wait."""


T = TypeVar("T")


class CancelledWithin(Exception):
    """Something that was waited for was cancelled by whoever made it, and not the one who waits."""


async def within(work: Awaitable[T]) -> T:
    """Await work of somebody else's. Raises CancelledWithin where it was cancelled and we were not.

    asyncio has one exception for both, and whoever takes the one for the other ends for good.
    """
    try:
        return await work
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise CancelledWithin from None


class Loop:
    """Calls `turn` again and again until stopped. An error ends the turn, never the loop."""

    def __init__(self, name: str, turn: Callable[[], Awaitable[None]], clock: Clock) -> None:
        self._name, self._turn, self._clock = name, turn, clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; nothing happens if it runs already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """End the loop and wait for it. Nothing happens if it does not run."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        while True:
            try:
                await within(self._turn())
            except StoreUnavailable as error:
                log.warning("store_unavailable", loop=self._name, why=str(error))
                await self._clock.sleep(_PAUSE_S)
            except Exception:
                log.exception("loop_failed", loop=self._name)
                await self._clock.sleep(_PAUSE_S)
