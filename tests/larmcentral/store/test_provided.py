"""Where the database comes from, and that it comes back."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import asyncpg

from larmcentral.store.embedded import start
from larmcentral.store.embedded_cluster import ClusterFolder, Postmaster
from larmcentral.store.embedded_waiting import until
from larmcentral.store.provided import keep_running, provide


async def test_a_given_dsn_wins_over_the_embedded_server(empty_folder: Path) -> None:
    given = "postgresql://larm@db.example/larm"
    provided = await provide(given, empty_folder, database="larm", settings={})

    assert (provided.dsn, provided.server, empty_folder.exists()) == (given, None, False)


async def test_without_a_dsn_a_database_of_that_name_is_provided(empty_folder: Path) -> None:
    provided = await provide(None, empty_folder, database="larm", settings={})
    again = await provide(None, empty_folder, database="larm", settings={})
    connection = await asyncpg.connect(again.dsn)
    name = await connection.fetchval("select current_database()")
    await connection.close()

    assert (name, again.dsn) == ("larm", provided.dsn)


async def test_a_server_that_dies_is_started_again_at_the_same_address(folder: Path) -> None:
    server = await start(folder, settings={})
    keeping = asyncio.create_task(keep_running(server, settings={}))
    os.kill(server.pid, signal.SIGKILL)
    cluster = ClusterFolder(folder)
    assert await until(lambda: is_another(cluster.postmaster(), server.pid), limit_s=10)
    again = await start(folder, settings={})

    assert again.adopted
    assert again.dsn("postgres") == server.dsn("postgres")
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


def is_another(found: Postmaster | None, pid: int) -> bool:
    return found is not None and found.pid != pid
