"""The real clock and the real source of ids: the only place where the server asks what time it is."""

import asyncio
import os
import time
from datetime import UTC, datetime
from uuid import UUID

from larmcentral.domain.ids import uuid7


class SystemClock:
    """ports.Clock on the machine's own clocks."""

    def now(self) -> datetime:
        """Return aware UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the one reader of the wall clock

    def monotonic(self) -> float:
        """Return seconds that never step."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the loop's monotonic time."""
        await asyncio.sleep(seconds)


class SystemIds:
    """ports.Ids with the kernel's randomness."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    def new(self) -> UUID:
        """Return a UUIDv7."""
        return uuid7(self._clock.now(), os.urandom(10))
