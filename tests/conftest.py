"""What every test may ask for. Tests run on uvloop, like the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import hypothesis
import pytest
import uvloop

from tests.logged import (
    nothing_secret_is_logged,
    pytest_configure,
    pytest_sessionfinish,
    pytest_testnodedown,
)
from tests.store_fixtures import (
    database_dsn,
    databases,
    empty_database_dsn,
    migrated_template,
    postgres,
)

__all__ = [
    "database_dsn",
    "databases",
    "empty_database_dsn",
    "migrated_template",
    "nothing_secret_is_logged",
    "postgres",
    "pytest_configure",
    "pytest_sessionfinish",
    "pytest_testnodedown",
]

hypothesis.settings.register_profile("house", deadline=None)  # a shared machine may stand still in any example
hypothesis.settings.load_profile("house")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """pytest-asyncio's way to choose the loop."""
    return {"uvloop": uvloop.new_event_loop}
