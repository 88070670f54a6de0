"""Somebody should look: a hint inside the process, never the only road."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Hints:
    """Tells those who wait that something was committed. What it loses, their polls find."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this after each commit. It must be quick and must not raise."""
        self._listeners.append(listener)

    def changed(self) -> None:
        """Say that a commit changed something."""
        for listener in self._listeners:
            listener()


class Bell:
    """An event that one loop waits for, with a limit."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake the loop, now or at its next wait."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return when rung, or after that long at the most."""
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()
