"""Every statement in store/sql is one that PostgreSQL takes, in the role that it runs in."""

from __future__ import annotations

import asyncpg
import pytest

from larmcentral.store.queries import SQL_FOLDER, load

FILES = sorted(file.stem for file in SQL_FOLDER.glob("*.sql"))
BY_THE_WEB = ("access", "reading", "registers")


@pytest.mark.parametrize("name", FILES)
async def test_every_block_prepares_on_a_fresh_schema(name: str, database_dsn: str) -> None:
    role = "larm_web" if name in BY_THE_WEB else "larm_service"
    connection = await asyncpg.connect(database_dsn, server_settings={"role": role})
    for sql in load(name).values():
        await connection.prepare(sql)
    await connection.close()
