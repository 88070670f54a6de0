"""One real PostgreSQL for the whole run, and a database of its own for every test that asks.

`postgres` is the server, `database_dsn` a fresh migrated database, `empty_database_dsn` a fresh one without tables.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.embedded_cluster import ClusterFolder

TEMPLATE: Final = "larmcentral_template"

SHORT_ROOT: Final = Path("/tmp")  # the socket's path must stay short
PREFIX: Final = "larmtests-"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[EmbeddedServer]:
    """A server with the real supervisor and its real durability, in a folder that goes away with the run."""
    clear_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=SHORT_ROOT))
    (folder / "owner").write_text(name_of(os.getpid()))
    server = await start(folder / "pg", settings={"max_connections": "200"})
    try:
        yield server
    finally:
        await server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def migrated_template(postgres: EmbeddedServer) -> str:
    """The name of a database that has all migrations; the fresh ones are copies of it."""
    from larmcentral.store.migrate import migrate

    await postgres.ensure_database(TEMPLATE)
    await migrate(postgres.dsn(TEMPLATE))
    return TEMPLATE


@pytest.fixture
async def database_dsn(postgres: EmbeddedServer, migrated_template: str) -> AsyncIterator[str]:
    """A database with all migrations and no rows, for one test alone."""
    name = await _create(postgres, migrated_template)
    yield postgres.dsn(name)
    await _drop(postgres, name)


@pytest.fixture
async def empty_database_dsn(postgres: EmbeddedServer) -> AsyncIterator[str]:
    """A database without any table, for one test alone."""
    name = await _create(postgres, "template1")
    yield postgres.dsn(name)
    await _drop(postgres, name)


def clear_leftovers() -> None:
    """End the servers of runs that were killed before they could do so, and only those."""
    for folder in SHORT_ROOT.glob(f"{PREFIX}*"):
        owner = folder / "owner"
        if folder.stat().st_uid != os.geteuid() or not owner.exists():
            continue
        pid = owner.read_text().partition(" ")[0]
        if owner.read_text() == name_of(int(pid)):
            continue  # another run, and alive
        for cluster in (ClusterFolder(data.parent) for data in folder.glob("*/data")):
            found = cluster.postmaster()
            if found is not None and cluster.runs_here(found.pid):
                os.kill(found.pid, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def name_of(pid: int) -> str:
    """A process's number and the tick it began at (proc(5), field 22): no other process ever has both."""
    try:
        after_command = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return f"{pid} gone"
    return f"{pid} {after_command[19]}"


async def _create(postgres: EmbeddedServer, template: str) -> str:
    name = f"test_{next(_numbers)}"
    await _tell(postgres, f'create database "{name}" template "{template}"')
    return name


async def _drop(postgres: EmbeddedServer, name: str) -> None:
    await _tell(postgres, f'drop database "{name}" with (force)')


async def _tell(postgres: EmbeddedServer, command: str) -> None:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await connection.execute(command)
    finally:
        await connection.close()
