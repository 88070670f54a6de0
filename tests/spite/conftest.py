"""The house that is attacked: one for all tests that only look, for building it takes seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from larmcentral.store.embedded import EmbeddedServer
from tests import logged
from tests.spite.house import SpiteHouse, spite_house
from tests.store_fixtures import Databases


@pytest.fixture(scope="module")
async def house(
    postgres: EmbeddedServer, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SpiteHouse]:
    """The real web process before the made-up municipality."""
    name = await databases.lend()
    async with spite_house(postgres.dsn(name), tmp_path_factory.mktemp("spite")) as standing:
        yield standing
    await logged.keep_those_of(postgres.dsn(name))
    databases.give_back(name)
