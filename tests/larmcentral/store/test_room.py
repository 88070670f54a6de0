"""Room to write: asked for by writing, and nothing stays of it."""

from __future__ import annotations

from structlog.testing import capture_logs

from larmcentral.store.pool import Pool
from larmcentral.store.room import Room


async def test_a_database_that_answers_and_cannot_write_a_file_is_not_ready(empty_database_dsn: str) -> None:
    """A limit on temporary files stands in for a full disk, which a test cannot have everywhere."""
    full = Pool([empty_database_dsn], role=None, size=1, deadline_s=5)
    room = Room(full)
    async with full.connection() as connection:
        await connection.execute("SET temp_file_limit = 0")

    with capture_logs() as said:
        assert await full.ready(), "it answers all the same"
        assert not await room.ready()
        assert not await room.ready()
        async with full.connection() as connection:
            await connection.execute("RESET temp_file_limit")
        assert await room.ready()

    assert [line["event"] for line in said] == ["database_takes_no_writes", "database_takes_writes_again"]
    await full.close()


async def test_a_database_that_is_away_is_not_ready() -> None:
    nowhere = Pool(["postgresql://larm@/larm?host=/nowhere"], role=None, size=1, deadline_s=1)

    assert not await Room(nowhere).ready()


async def test_the_probe_is_written_to_disk_and_changes_no_setting(database_dsn: str) -> None:
    pool = Pool([database_dsn], role="larm_service", size=1, deadline_s=5)
    async with pool.connection() as connection:
        before = await connection.fetchval("SHOW work_mem")

    assert await Room(pool).ready()

    async with pool.connection() as connection:
        assert await connection.fetchval("SHOW work_mem") == before
    await pool.close()
