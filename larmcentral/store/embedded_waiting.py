"""Waiting for a database server: with a limit, with growing pauses, and with a word to the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from larmcentral.store.embedded_cluster import ClusterFolder, try_lock
from larmcentral.store.embedded_errors import StartFailed

FIRST_PAUSE_S: Final = 0.01
LONGEST_PAUSE_S: Final = 0.5
"""Each look at a recovering server is a line in its log, so a long wait looks seldom."""

WORD_EVERY_S: Final = 5.0

# The server's answer to our own knocking, which is no news.
KNOCKED: Final = "FATAL:  the database system"

LOG = structlog.get_logger("larmcentral.store.embedded")


class Patience:
    """Waits for a server that is there but does not answer yet, and says so now and then."""

    def __init__(self, folder: ClusterFolder, pid: int) -> None:
        self._folder = folder
        self._pid = pid
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()
        self._word_at_s = self._began_s + WORD_EVERY_S

    def so_far_s(self) -> float:
        """Seconds since the wait began."""
        return self._loop.time() - self._began_s

    async def a_moment(self, deadline_s: float) -> None:
        """Wait a little. Raises StartFailed when the limit has passed; the server is left to its work."""
        now_s = self._loop.time()
        if now_s >= deadline_s:
            reason = f"PostgreSQL (pid {self._pid}) still takes no connections after {self.so_far_s():.0f} s"
            raise StartFailed(reason=reason, log=self._folder.log, said=self._last_word())
        if now_s >= self._word_at_s:
            waited_s = round(self.so_far_s())
            LOG.warning("postgres_not_ready_yet", pid=self._pid, waited_s=waited_s, last_word=self._last_word())
            self._word_at_s = now_s + WORD_EVERY_S
        await asyncio.sleep(min(max(FIRST_PAUSE_S, self.so_far_s() / 10), LONGEST_PAUSE_S))

    def _last_word(self) -> str:
        words = [line for line in self._folder.log_since(0).splitlines() if KNOCKED not in line]
        return words[-1] if words else ""


@asynccontextmanager
async def alone(folder: ClusterFolder, deadline_s: float) -> AsyncIterator[None]:
    """One starter at a time: several roles may come up together on one folder."""
    loop = asyncio.get_running_loop()
    with folder.lock_file() as file:
        if not await until(lambda: try_lock(file), deadline_s - loop.time()):
            raise StartFailed(reason="somebody else is still starting the server", log=folder.log, said="")
        yield


async def until(true: Callable[[], bool], limit_s: float, pause_s: float = FIRST_PAUSE_S) -> bool:
    """Look until it is true; False when the limit passes first."""
    loop = asyncio.get_running_loop()
    deadline_s = loop.time() + limit_s
    while not true():
        if loop.time() >= deadline_s:
            return False
        await asyncio.sleep(pause_s)
    return True
