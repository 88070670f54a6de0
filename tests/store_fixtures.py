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
from tests import logged

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


@pytest.fixture(scope="session")
async def databases(postgres: EmbeddedServer, migrated_template: str) -> Databases:
    """The migrated databases of this run."""
    kept = Databases(postgres, migrated_template)
    await kept.start()
    return kept


@pytest.fixture
async def database_dsn(postgres: EmbeddedServer, databases: Databases) -> AsyncIterator[str]:
    """A database with all migrations and no rows, for one test alone."""
    name = await databases.lend()
    yield postgres.dsn(name)
    await logged.keep_those_of(postgres.dsn(name))
    databases.give_back(name)


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


class Databases:
    """Migrated databases without rows. Copying one takes 0.2 s and more, emptying one some milliseconds.

    So one that comes back is emptied and lent again, unless somebody is still connected to it or something was made or
    taken away in it: then it is dropped, and a new one is copied. Nothing of it happens beside a test: a transaction
    under way anywhere on the server holds the feed of every database back.
    """

    def __init__(self, postgres: EmbeddedServer, template: str) -> None:
        self._postgres, self._template = postgres, template
        self._back: list[str] = []
        self._shape = ""

    async def start(self) -> None:
        """Remember what a fresh one looks like."""
        connection = await asyncpg.connect(self._postgres.dsn(self._template))
        try:
            self._shape = await connection.fetchval(SHAPE)
            names = [row["name"] for row in await connection.fetch(NAMES)]
            filled = [name for name in names if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {name})")]
            assert filled == [], "a fresh database has rows that emptying it would lose"
        finally:
            await connection.close()

    async def lend(self) -> str:
        """Return the name of one that nobody else has, and that is as good as fresh."""
        while self._back:
            name = self._back.pop()
            if await self._empty(name):
                return name
            await _drop(self._postgres, name)
        return await _create(self._postgres, self._template)

    def give_back(self, name: str) -> None:
        """Take it back, in whatever state."""
        self._back.append(name)

    async def _empty(self, name: str) -> bool:
        """Take all rows out; False if it is no longer what it was."""
        connection = await asyncpg.connect(self._postgres.dsn(name))
        try:
            if await connection.fetchval(OTHERS) or await connection.fetchval(SHAPE) != self._shape:
                return False
            await connection.execute(EMPTY)
        except asyncpg.PostgresError:
            return False
        finally:
            await connection.close()
        return True


BOOKS: Final = "relname LIKE '%pogo%'"
"""The migrations' own tables."""

TABLES: Final = f"relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT {BOOKS}"

NAMES: Final = f"SELECT oid::regclass::text AS name FROM pg_class WHERE {TABLES}"

OTHERS: Final = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

SHAPE: Final = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
    SELECT n.nspname::text AS line FROM pg_namespace n WHERE n.nspname !~ '^pg_'
    UNION ALL
    SELECT s.setconfig::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = current_database()
    UNION ALL
    SELECT format('%s %s %s %s', c.relname, c.relkind, c.relacl, c.relrowsecurity) AS line
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('%s %s %s %s', a.attrelid::regclass, a.attname, a.atttypid, a.attnotnull)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
    UNION ALL
    SELECT format('%s %s', p.proname, md5(p.prosrc)) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('%s %s %s', k.conname, k.conrelid::regclass, k.convalidated) FROM pg_constraint k
    WHERE k.connamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('%s %s %s', g.tgname, g.tgrelid::regclass, g.tgenabled) FROM pg_trigger g WHERE NOT g.tgisinternal
    UNION ALL
    SELECT format('%s %s %s', y.polname, y.polrelid::regclass, y.polqual) FROM pg_policy y
) said
"""

EMPTY: Final = f"""
DO $empty$
DECLARE
    t text;
BEGIN
    SET LOCAL session_replication_role = replica; -- in any order, and no trigger fires
    FOR t IN {NAMES} LOOP
        EXECUTE format('DELETE FROM %s', t);
    END LOOP;
    FOR t IN SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
        PERFORM setval(t::regclass, 1, false);
    END LOOP;
END
$empty$
"""
