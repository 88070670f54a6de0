"""Hints between processes: NOTIFY after the commit, coalesced; polls stand behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import asyncpg
import structlog

from larmcentral.ports import Clock
from larmcentral.store.pool import Pool

log = structlog.get_logger(__name__)

CHANNEL: Final = "larm_changed"
TOGETHER_S: Final = 0.02
"""At most one NOTIFY in that time: inside each ingest transaction it would cost two thirds of the throughput."""
_PAUSE_S: Final = 1.0
_ALIVE_EVERY_S: Final = 10.0


class HintPost:
    """One connection that sends our hints and hears the others'. What it loses, polls find."""

    def __init__(self, pool: Pool, clock: Clock, heard: Callable[[], None]) -> None:
        self._pool, self._clock, self._heard = pool, clock, heard
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._own_pid = 0

    def changed(self) -> None:
        """Tell the other processes, soon."""
        self._changed.set()

    def start(self) -> None:
        """Begin to send and to hear."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="hints")

    async def stop(self) -> None:
        """Stop."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        while True:
            connection: asyncpg.Connection | None = None
            try:
                connection = await self._pool.dedicated()
                self._own_pid = connection.get_server_pid()
                await connection.add_listener(CHANNEL, self._on_notify)
                await self._send(connection)
            except Exception as error:
                log.warning("hints_lost", why=type(error).__name__)
            finally:
                if connection is not None:
                    connection.terminate()
            await self._clock.sleep(_PAUSE_S)

    async def _send(self, connection: asyncpg.Connection) -> None:
        while True:
            try:
                async with asyncio.timeout(_ALIVE_EVERY_S):
                    await self._changed.wait()
            except TimeoutError:
                await connection.execute("SELECT")
                continue
            await self._clock.sleep(TOGETHER_S)
            self._changed.clear()
            await connection.execute(f"NOTIFY {CHANNEL}")

    def _on_notify(self, connection: object, pid: int, channel: str, payload: object) -> None:
        if pid != self._own_pid:
            self._heard()
