"""Wearers who press again and again: whoever's last case is closed may press anew, so that each press is a case."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from load.chaos.desk import ChaosDesk
from load.chaos.scene import Wearers
from load.generator import Pressed, account


class Regulars:
    """Presses at a steady rate among those who have no open case. skipped: turns at which nobody was free.

    A press with no ack yet keeps its watch busy; it repeats by itself.
    """

    def __init__(self, wearers: Wearers, count: int, desk: ChaosDesk) -> None:
        self._wearers, self._desk = wearers, desk
        self._free = deque(range(count))
        self._closing: dict[int, float] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self.skipped = 0

    @property
    def pressed(self) -> Sequence[Pressed]:
        """What became of the presses that are over."""
        return self._wearers.pressed

    @property
    def waiting(self) -> int:
        """How many presses have no ack yet."""
        return len(self._under_way)

    def acked_since(self, since_s: float) -> float | None:
        """When the first ack came for a press begun after a moment; None if none did."""
        return min(
            (one.acked_s for one in reversed(self.pressed) if one.begun_s > since_s and one.acked_s is not None),
            default=None,
        )

    async def press(self, per_s: float) -> None:
        """Press on schedule until cancelled."""
        begin_s, turn = time.monotonic(), 0
        while True:
            intended_s = begin_s + turn / per_s
            await asyncio.sleep(max(0.0, intended_s - time.monotonic()))
            turn += 1
            self._let_go()
            if not self._free:
                self.skipped += 1
                continue
            task = asyncio.create_task(self._press(self._free.popleft(), intended_s))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def answered(self) -> None:
        """Return when each press is acked or given up."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Press no more, whatever became of it."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _press(self, number: int, intended_s: float) -> None:
        await self._wearers.press_one(number, intended_s)
        self._closing[number] = time.monotonic()

    def _let_go(self) -> None:
        """Whoever's case was not open in a look begun after his ack may press again."""
        for number, acked_s in list(self._closing.items()):
            if acked_s < self._desk.looked_s and account(number) not in self._desk.open_accounts:
                del self._closing[number]
                self._free.append(number)
