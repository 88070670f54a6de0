"""Hints from other processes over LISTEN: they make a reading sooner, and nothing is lost without them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from larmcentral.ports import Clock
from larmcentral.store.pool import CONNECT_DEADLINE_S

RETRY_S: Final = 1.0

LOG = structlog.get_logger("larmcentral.store.listening")
_DRIVER_ERRORS: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    EOFError,
)


class Listening:
    """Calls `wake` for every NOTIFY on a channel, over one connection of its own that it mends when it breaks."""

    def __init__(self, dsns: Sequence[str], channel: str, wake: Callable[[], None], clock: Clock) -> None:
        self._dsns = tuple(dsns)
        self._channel = channel
        self._wake = wake
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self.listening = False

    async def start(self) -> None:
        """Begin to listen; does not wait for the first connection."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen_on())

    async def stop(self) -> None:
        """Stop listening. May be called twice."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen_on(self) -> None:
        while True:
            for dsn in self._dsns:
                with suppress(*_DRIVER_ERRORS):  # a standby refuses LISTEN, a dead host the connection: the next one
                    await self._listen(dsn)
            await self._clock.sleep(RETRY_S)

    async def _listen(self, dsn: str) -> None:
        """Listen until the connection is lost."""
        gone = asyncio.Event()
        connection: asyncpg.Connection = await asyncpg.connect(
            dsn, timeout=CONNECT_DEADLINE_S, server_settings={"application_name": "larmcentral-hints"}
        )
        try:
            connection.add_termination_listener(lambda _: gone.set())
            await connection.add_listener(self._channel, lambda *_: self._wake())
            self.listening = True
            LOG.info("hints_listening", channel=self._channel)
            self._wake()  # whatever was said while nobody listened
            await gone.wait()
        finally:
            if self.listening:
                LOG.info("hints_lost", channel=self._channel)
            self.listening = False
            connection.terminate()
