"""A clock whose wall and monotonic time are set by hand; its sleeps are the loop's, so that sockets go on."""

from __future__ import annotations

import asyncio
import time as machine
from datetime import UTC, datetime, timedelta

MIDDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class SettableClock:
    """ports.Clock. Begins at MIDDAY unless told otherwise, and stands still until moved."""

    def __init__(self, now: datetime = MIDDAY) -> None:
        self._now = now
        self._passed_s = machine.monotonic()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._passed_s

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def pass_by(self, time: timedelta) -> None:
        """Let both clocks run on."""
        self._now += time
        self._passed_s += time.total_seconds()

    def step(self, by: timedelta) -> None:
        """Set the wall clock, as NTP does; the monotonic one knows nothing of it."""
        self._now += by
