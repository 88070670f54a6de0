"""The database dies under a running server and comes back: no ack meanwhile, and nobody has to do anything."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.migrate import migrate
from tests.processes.house import a_house, account, watch
from tests.waiting import until


@pytest.fixture
async def own_postgres() -> AsyncIterator[tuple[EmbeddedServer, Path]]:
    """A server that this test may kill."""
    folder = Path(tempfile.mkdtemp(prefix="larmgone-", dir="/tmp"))
    server = await start(folder / "pg", settings={})
    await server.ensure_database("larm")
    await migrate(server.dsn("larm"))
    yield server, folder
    again = await start(folder / "pg", settings={})
    await again.stop()
    shutil.rmtree(folder)


async def test_no_ack_without_a_database_and_all_goes_on_by_itself(
    own_postgres: tuple[EmbeddedServer, Path], tmp_path: Path
) -> None:
    postgres, folder = own_postgres
    async with a_house(postgres.dsn("larm"), tmp_path) as house, httpx.AsyncClient() as http:
        await house.start()
        health = f"http://127.0.0.1:{house.web_port}/api/health/ready"

        async def ready() -> bool:
            return (await http.get(health)).status_code == 200

        async def not_ready() -> bool:
            return (await http.get(health)).status_code == 503

        assert (await watch(0, house.watch_port).press()).acked
        assert await ready()

        os.kill(postgres.pid, signal.SIGKILL)
        await until(not_ready, "readiness is false")
        second = asyncio.create_task(watch(1, house.watch_port).press())

        async def said_so() -> bool:
            return any(line.get("event") == "lane_waits" for line in house.log)

        await until(said_so, "the alarm waits in its lane")
        assert not second.done()

        again = await start(folder / "pg", settings={})
        assert (await second).acked
        await until(ready, "ready again")
        stored = await house.query("SELECT account FROM incidents ORDER BY account")
        assert [row["account"] for row in stored] == [account(0), account(1)]
        assert again.pid != postgres.pid
