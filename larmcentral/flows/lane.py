"""A lane of signals: while one batch is being committed the next one gathers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

import structlog

from larmcentral.domain.errors import Collision, LaneFull, Poison, StoreUnavailable
from larmcentral.ports import Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")

BATCH_LIMIT: Final = 100
"""33,100 rows/s at 100 a batch on one connection; larger ones gain little and hold the first one up."""
TOLD_AT_ONCE: Final = 50
"""Each has an answer to write; between so many an alarm may come by."""
_LONGEST_PAUSE_S: Final = 1.0
_COLLISIONS_IN_A_ROW: Final = 20


class Lane(Generic[T]):
    """Takes items one by one, commits them in batches, and tells each one when it is on disk.

    commit: files a batch as a whole, and may be repeated with the same batch.
    reduce: makes of an item that the database refuses one that it will take, or raises; its last resort.
    limit: items that may wait. patience_s: how long one waits through an outage; None for as long as it takes.
    gather_s: how long a batch that is not full waits for company.
    """

    def __init__(
        self,
        name: str,
        commit: Callable[[Sequence[T]], Awaitable[None]],
        clock: Clock,
        *,
        reduce: Callable[[T], T] | None = None,
        limit: int,
        patience_s: float | None = None,
        gather_s: float = 0.0,
        batch_limit: int = BATCH_LIMIT,
    ) -> None:
        self._name, self._commit, self._clock, self._reduce = name, commit, clock, reduce
        self._limit, self._patience_s, self._gather_s = limit, patience_s, gather_s
        self._batch_limit = batch_limit
        self._waiting: deque[tuple[T, asyncio.Future[None], float]] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    async def put(self, item: T) -> None:
        """Return when the item is on disk. Raises LaneFull at once, StoreUnavailable when patience ends."""
        if len(self._waiting) >= self._limit:
            raise LaneFull(self._name)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future, self._clock.monotonic()))
        self._arrived.set()
        await future

    def start(self) -> None:
        """Begin to commit. Nothing happens if it runs."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"lane {self._name}")

    async def stop(self) -> None:
        """Stop committing; who waits is told that nothing is known of his item."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        while self._waiting:
            _, future, _ = self._waiting.popleft()
            _fail(future, StoreUnavailable("stopping"))

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            if self._gather_s and len(self._waiting) < self._batch_limit:  # with company enough there is no waiting
                await self._clock.sleep(self._gather_s)
            batch = [self._waiting.popleft() for _ in range(min(self._batch_limit, len(self._waiting)))]
            if not self._waiting:
                self._arrived.clear()
            try:
                await self._settle(batch)
            except BaseException:
                for _, future, _ in batch:
                    _fail(future, StoreUnavailable("stopping"))
                raise

    async def _settle(self, batch: list[tuple[T, asyncio.Future[None], float]]) -> None:
        pause_s, collisions = 0.02, 0
        while batch:
            try:
                await self._commit([item for item, _, _ in batch])
            except Collision:
                collisions += 1
                if collisions < _COLLISIONS_IN_A_ROW:
                    continue
                log.error("collisions_do_not_end", lane=self._name)
            except StoreUnavailable as error:
                log.warning("lane_waits", lane=self._name, items=len(batch), why=str(error))
            except Poison as error:
                await self._take_apart(batch, error)
                return
            except Exception as error:
                log.exception("lane_failed", lane=self._name, items=len(batch))
                await self._take_apart(batch, error)
                return
            else:
                for place, (_, future, _) in enumerate(batch, start=1):
                    if not future.done():
                        future.set_result(None)
                    if place % TOLD_AT_ONCE == 0:
                        await asyncio.sleep(0)
                return
            batch = self._give_up_old(batch)
            await self._clock.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _take_apart(self, batch: list[tuple[T, asyncio.Future[None], float]], error: Exception) -> None:
        """Halve a batch that is refused until the part that offends stands alone; then file that one reduced."""
        if len(batch) > 1:
            half = len(batch) // 2
            await self._settle(batch[:half])
            await self._settle(batch[half:])
            return
        ((item, future, _),) = batch
        try:
            if self._reduce is None:
                raise error
            reduced = self._reduce(item)
            await self._commit([reduced])
        except Exception as last:
            log.exception("item_refused", lane=self._name, why=type(last).__name__)
            _fail(future, StoreUnavailable(f"refused: {type(last).__name__}"))
        else:
            log.warning("item_reduced", lane=self._name, why=type(error).__name__)
            if not future.done():
                future.set_result(None)

    def _give_up_old(
        self, batch: list[tuple[T, asyncio.Future[None], float]]
    ) -> list[tuple[T, asyncio.Future[None], float]]:
        if self._patience_s is None:
            return batch
        oldest_s = self._clock.monotonic() - self._patience_s
        for _, future, since_s in batch:
            if since_s <= oldest_s:
                _fail(future, StoreUnavailable("patience ended"))
        return [waiting for waiting in batch if waiting[2] > oldest_s]


def _fail(future: asyncio.Future[None], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
