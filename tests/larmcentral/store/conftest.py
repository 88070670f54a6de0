"""Places for embedded servers of a test's own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.embedded_cluster import ClusterFolder
from tests.store_fixtures import PREFIX, SHORT_ROOT, name_of


@pytest.fixture
async def empty_folder() -> AsyncIterator[Path]:
    """A short, empty place; whatever PostgreSQL still runs in it afterwards is ended by its pid."""
    with short_home() as home:
        yield home / "pg"
        for data in home.rglob("data/PG_VERSION"):
            await end_server(data.parent.parent)


@pytest.fixture(scope="session")
async def made_once() -> AsyncIterator[Path]:
    """A cluster after its first start and stop: initdb takes longer than most of these tests."""
    with short_home() as home:
        server = await start(home / "pg", settings={})
        await server.stop()
        yield home / "pg"


@pytest.fixture
async def folder(made_once: Path) -> AsyncIterator[Path]:
    """A place with a cluster in it that is ready to start; the tests take turns with it."""
    yield made_once
    await end_server(made_once)


@contextmanager
def short_home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=SHORT_ROOT))
    (home / "owner").write_text(name_of(os.getpid()))
    yield home
    shutil.rmtree(home)


async def end_server(folder: Path) -> None:
    cluster = ClusterFolder(folder)
    found = cluster.postmaster()
    if found is not None and cluster.runs_here(found.pid):
        await EmbeddedServer(cluster, found, None).stop()
