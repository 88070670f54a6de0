"""Hints over LISTEN come, and come back."""

from __future__ import annotations

from typing import Final

import asyncpg

from larmcentral.clock import SystemClock
from larmcentral.store.listening import Listening

CLOCK: Final = SystemClock()


async def tell(dsn: str, command: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(command)
    await connection.close()


async def test_a_hint_from_another_process_wakes_the_hub(database_dsn: str) -> None:
    woken: list[None] = []
    listening = Listening([database_dsn], "larm_feed", lambda: woken.append(None), CLOCK)
    await listening.start()
    await listening.start()
    while not listening.listening:
        await CLOCK.sleep(0.01)
    woken.clear()
    await tell(database_dsn, "NOTIFY larm_feed")
    while not woken:
        await CLOCK.sleep(0.01)
    await listening.stop()
    await listening.stop()
    assert not listening.listening


async def test_a_hint_connection_that_is_cut_is_mended(database_dsn: str) -> None:
    woken: list[None] = []
    listening = Listening([database_dsn], "larm_feed", lambda: woken.append(None), CLOCK)
    await listening.start()
    while not listening.listening:
        await CLOCK.sleep(0.01)
    await tell(
        database_dsn,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'larmcentral-hints'"
        " AND datname = current_database()",
    )
    while listening.listening:
        await CLOCK.sleep(0.01)
    while not listening.listening:
        await CLOCK.sleep(0.01)
    assert len(woken) >= 2, "whoever comes back looks at once: hints may have been lost"
    await listening.stop()
