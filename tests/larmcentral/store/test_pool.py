"""The pool: deadlines that abort, errors by fault, connections that died."""

from __future__ import annotations

import asyncio
import gc
import os
import signal

import asyncpg
import pytest

from escalation.incident import Refused
from larmcentral.domain.errors import Collision, Poison, StoreUnavailable
from larmcentral.store.embedded import EmbeddedServer
from larmcentral.store.pool import Pool
from tests.waiting import until
from tests.world import CARE, SOCIAL


async def count_of(postgres: EmbeddedServer, application: str) -> int:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    found = await connection.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", application)
    await connection.close()
    return int(found)


async def test_a_statement_past_its_deadline_is_aborted_and_the_pool_goes_on(database_dsn: str) -> None:
    pool = Pool([database_dsn], role=None, size=1, deadline_s=0.3)

    async def wait_too_long() -> None:
        async with pool.transaction() as connection:
            await connection.execute("SELECT pg_sleep(60)")

    with pytest.raises(StoreUnavailable):
        await wait_too_long()
    assert await pool.ready()
    await pool.close()


async def test_errors_are_named_by_fault_and_leave_nothing_behind(database_dsn: str) -> None:
    pool = Pool([database_dsn], role=None, size=1, deadline_s=5)

    async def twice() -> None:
        async with pool.transaction() as connection:
            for _ in range(2):
                await connection.execute("INSERT INTO organisations VALUES ($1, 'a')", CARE)

    async def refused() -> None:
        async with pool.transaction() as connection:
            await connection.execute("INSERT INTO organisations VALUES ($1, '')", CARE)

    with pytest.raises(Collision):
        await twice()
    with pytest.raises(Poison):
        await refused()
    async with pool.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM organisations") == 0
        assert not connection.is_in_transaction()
    await pool.close()


async def test_a_refusal_costs_no_connection(database_dsn: str) -> None:
    pool = Pool([database_dsn], role=None, size=1, deadline_s=5)

    async def backend() -> int:
        async with pool.connection() as connection:
            return int(connection.get_server_pid())

    async def refuse() -> None:
        async with pool.transaction():
            raise Refused("taken")

    before = await backend()
    with pytest.raises(Refused):
        await refuse()
    assert await backend() == before
    await pool.close()


async def test_a_full_disk_costs_no_connection_for_a_new_one_could_not_be_made(database_dsn: str) -> None:
    pool = Pool([database_dsn], role=None, size=1, deadline_s=5)

    async def write() -> None:
        async with pool.transaction() as connection:
            await connection.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$")

    async with pool.connection() as connection:
        before = await connection.fetchval("SELECT pg_backend_pid()")
    with pytest.raises(StoreUnavailable):
        await write()
    async with pool.connection() as connection:
        assert await connection.fetchval("SELECT pg_backend_pid()") == before
    await pool.close()


async def test_who_is_cancelled_beside_a_frozen_database_ends_as_cancelled(database_dsn: str) -> None:
    pool = Pool([database_dsn], role=None, size=1, deadline_s=5)
    inside: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def work() -> None:
        async with pool.transaction() as connection:
            inside.set_result(connection.get_server_pid())
            await asyncio.get_running_loop().create_future()

    task = asyncio.create_task(work())
    pid = await inside
    os.kill(pid, signal.SIGSTOP)
    try:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), "a loop that is stopped would otherwise take it for an outage and go on"
    finally:
        os.kill(pid, signal.SIGCONT)
    await pool.close()


async def test_idle_connections_that_died_are_not_lent(postgres: EmbeddedServer, database_dsn: str) -> None:
    pool = Pool([database_dsn], role=None, size=3, deadline_s=5, application="pool under test")
    await pool.fill()
    assert await count_of(postgres, "pool under test") == 3
    killer = await asyncpg.connect(postgres.dsn("postgres"))
    await killer.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'pool under test'"
    )
    await killer.close()
    for _ in range(3):
        await asyncio.sleep(0)
    assert await pool.ready()
    await pool.close()
    await pool.close()
    assert not await pool.ready()


async def test_a_dead_host_beside_a_living_one_does_not_matter(database_dsn: str) -> None:
    pool = Pool(["postgresql://nobody@127.0.0.1:1/none", database_dsn], role=None, size=1, deadline_s=5)
    assert await pool.ready()
    await pool.close()
    nowhere = Pool(["postgresql://nobody@127.0.0.1:1/none"], role=None, size=1, deadline_s=5)
    await nowhere.fill()
    assert not await nowhere.ready()


async def test_a_transaction_sees_with_the_eyes_it_was_given_and_no_longer(database_dsn: str) -> None:
    pool = Pool([database_dsn], role="larm_web", size=1, deadline_s=5)
    async with pool.transaction({CARE, SOCIAL}) as connection:
        assert set(await connection.fetchval("SELECT larm_committees()")) == {CARE, SOCIAL}
    async with pool.transaction(frozenset()) as connection:
        assert not await connection.fetchval("SELECT larm_committees()")
    async with pool.connection() as connection:
        assert not await connection.fetchval("SELECT larm_committees()")
        assert await connection.fetchval("SELECT current_user") == "larm_web"
    await pool.close()


async def test_of_hosts_that_answer_together_one_is_kept_and_no_connection_is_forgotten(
    postgres: EmbeddedServer, database_dsn: str
) -> None:
    name = "several hosts"
    pool = Pool([f"{database_dsn}&application_name={name.replace(' ', '%20')}"] * 6, role=None, size=1, deadline_s=5)

    async def none_left() -> bool:
        return await count_of(postgres, name) == 0

    for _ in range(10):
        (await pool.dedicated()).terminate()
    gc.collect()  # a connection that was forgotten complains now
    await until(none_left, "all are gone")
    await pool.close()
