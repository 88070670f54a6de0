"""Several writes are one statement, all or nothing, and each finds its own values."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import asyncpg
import pytest

from larmcentral.store.embedded import EmbeddedServer
from larmcentral.store.together import Together

TEN: Final = (
    "INSERT INTO rooms SELECT $1::int, concat($2::text, " + ", ".join(f"${n}::text" for n in range(3, 12)) + ")"
)


@pytest.fixture
async def connection(postgres: EmbeddedServer) -> AsyncIterator[asyncpg.Connection]:
    found: asyncpg.Connection = await asyncpg.connect(postgres.dsn("postgres"))
    await found.execute("CREATE TEMP TABLE rooms (number int PRIMARY KEY, name text)")
    await found.execute("CREATE TEMP TABLE keys (room int REFERENCES rooms, teeth int)")
    yield found
    await found.close()


async def rows(connection: asyncpg.Connection, table: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1")]


async def test_each_part_finds_its_own_values_and_may_name_what_another_files(connection: asyncpg.Connection) -> None:
    together = Together()
    together.add("INSERT INTO keys SELECT $1, unnest($2::int[])", 7, [3, 5])
    together.add("INSERT INTO rooms VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET name = $2", 7, "linen")

    await together.send(connection)

    assert await rows(connection, "rooms") == [(7, "linen")]
    assert await rows(connection, "keys") == [(7, 3), (7, 5)]


async def test_one_part_that_cannot_be_written_leaves_nothing_of_the_others(connection: asyncpg.Connection) -> None:
    together = Together()
    together.add("INSERT INTO rooms VALUES ($1, $2)", 7, "linen")
    together.add("INSERT INTO keys VALUES ($1, $2)", 8, 3)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await together.send(connection)

    assert await rows(connection, "rooms") == []


async def test_more_than_nine_values_are_not_mistaken_for_one_another(connection: asyncpg.Connection) -> None:
    together = Together()
    together.add(TEN, 1, *"abcdefghij")
    together.add(TEN, 2, *"klmnopqrst")

    await together.send(connection)

    assert await rows(connection, "rooms") == [(1, "abcdefghij"), (2, "klmnopqrst")]


async def test_nothing_is_asked_of_the_database_where_there_is_nothing_to_write(connection: asyncpg.Connection) -> None:
    await connection.close()

    await Together().send(connection)
