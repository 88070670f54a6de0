"""The API before a town of its own, for every test that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.larmcentral.api.house import ApiHouse, api_house


@pytest.fixture
async def house(database_dsn: str) -> AsyncIterator[ApiHouse]:
    """Two committees, a user in every role in each, and a clock that stands at noon."""
    async with api_house(database_dsn) as made:
        yield made
