"""Counts of tried log-ins hold against many at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from larmcentral.domain.users import LOGIN_LIMIT, keys_of
from larmcentral.store.attempts import Attempts
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def test_tries_at_the_same_moment_are_all_counted(made: Rooms) -> None:
    attempts = Attempts(made.service)
    waits = await asyncio.gather(*(attempts.admit(keys_of("eva", f"192.0.2.{n}"), NOON) for n in range(20)))
    assert sum(not wait for wait in waits) == LOGIN_LIMIT.free


async def test_a_try_that_must_wait_makes_the_wait_no_longer(made: Rooms) -> None:
    attempts = Attempts(made.service)
    for _ in range(50):
        await attempts.admit(keys_of("eva", "192.0.2.1"), NOON)
    assert not await attempts.admit(keys_of("eva", "192.0.2.1"), NOON + timedelta(seconds=1))


async def test_old_counts_are_forgotten(made: Rooms) -> None:
    attempts = Attempts(made.service)
    await attempts.admit(keys_of("eva", "192.0.2.1"), NOON)
    await attempts.admit(keys_of("bo", "192.0.2.2"), NOON + timedelta(days=1, seconds=1))
    keys = await made.town.connection.fetch("SELECT key FROM sign_in_attempts ORDER BY key")
    assert [row["key"] for row in keys] == ["address:192.0.2.2", "login:bo"]
