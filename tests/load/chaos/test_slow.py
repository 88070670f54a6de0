"""The slow database: each transaction that writes is held up once, at its end."""

from __future__ import annotations

import asyncpg

from load.chaos.slow import prepare


async def test_a_transaction_is_held_up_once_whatever_it_writes(empty_database_dsn: str) -> None:
    connection = await asyncpg.connect(empty_database_dsn)
    await connection.execute("CREATE TABLE one (n integer); CREATE TABLE two (n integer)")
    await prepare(connection)
    held_up = "SELECT current_setting('chaos.slept', true) = pg_current_xact_id()::text"

    async with connection.transaction():
        await connection.execute("INSERT INTO one SELECT generate_series(1, 3); INSERT INTO two VALUES (1)")
        assert not await connection.fetchval(held_up), "not before its end"
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert await connection.fetchval(held_up)

    async with connection.transaction():
        await connection.execute("UPDATE two SET n = 2")
        assert not await connection.fetchval(held_up), "each has its own"
    await connection.close()
