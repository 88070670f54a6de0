"""When Python looks for garbage: never through everything while alarms come in.

What nobody refers to goes at once; only cycles have to be looked for. Python's own rhythm walked through each object of
the process 36 times in 40 s of load: a fifth of the processor, with 10,000 devices connected up to 0.4 s at a time, in
which no alarm moved. Young objects are still looked through often. All of them are when the process has time.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from larmcentral.flows.running import Loop
from larmcentral.ports import Clock

log = structlog.get_logger(__name__)

YOUNG: Final = 5_000
"""So many new objects more than went, and the new ones are looked through."""
MIDDLE: Final = 10
OLD: Final = 200
"""Ten million objects more: then at once, whatever comes in, as memory has an end too."""
WORTH_IT: Final = 10
"""Rounds through the middle-aged since the last look through everything."""
LOOK_EVERY_S: Final = 5.0
QUIET: Final = 0.1
"""Of a core, since the last look."""
LATE_S: Final = 0.02
"""Who wakes later than that has a full machine around it, however little of it was its own doing."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """The interpreter's, or a test's. grown: rounds since everything was looked through. used_s: processor so far."""

    collect: Callable[[], int] = gc.collect
    grown: Callable[[], int] = lambda: gc.get_count()[2]
    used_s: Callable[[], float] = time.process_time


def keep_out_of_the_way() -> None:
    """Set the rhythm, once the process has read its code: that will never be garbage, and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


class Collecting:
    """Looks through everything when it is worth it and the process is quiet."""

    def __init__(self, clock: Clock, garbage: Garbage | None = None) -> None:
        self._clock, self._garbage = clock, garbage or Garbage()
        self._used_s = self._garbage.used_s()
        self._loop = Loop("collecting", self._turn, clock)

    def start(self) -> None:
        """Begin to look."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop looking; the rhythm stays."""
        await self._loop.stop()

    async def _turn(self) -> None:
        slept_s = self._clock.monotonic()
        await self._clock.sleep(LOOK_EVERY_S)
        late_s = self._clock.monotonic() - slept_s - LOOK_EVERY_S
        used_s, self._used_s = self._garbage.used_s() - self._used_s, self._garbage.used_s()
        if self._garbage.grown() >= WORTH_IT and used_s <= QUIET * LOOK_EVERY_S and late_s <= LATE_S:
            began_s = self._clock.monotonic()
            found = self._garbage.collect()
            log.info("collected", objects=found, took_s=round(self._clock.monotonic() - began_s, 3))
