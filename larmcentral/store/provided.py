"""The database to work in: at an address that was given, or on an embedded server of ours, found, started and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import structlog

from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.embedded_errors import EmbeddedServerError

RESTART_PAUSE_S: Final = 1.0
"""Between two tries to start a server that will not."""

LOG = structlog.get_logger("larmcentral.store.provided")


@dataclass(frozen=True, slots=True)
class ProvidedDatabase:
    """A database to work in. server: None where somebody else runs it, and stopping it is not our affair."""

    dsn: str
    server: EmbeddedServer | None


async def provide(dsn: str | None, data_dir: Path, *, database: str, settings: Mapping[str, str]) -> ProvidedDatabase:
    """The database at a DSN where one is given, else one of that name on an embedded server that this starts."""
    if dsn is not None:
        return ProvidedDatabase(dsn, None)
    server = await start(data_dir, settings=settings)
    await server.ensure_database(database)
    return ProvidedDatabase(server.dsn(database), server)


async def keep_running(server: EmbeddedServer, *, settings: Mapping[str, str]) -> NoReturn:
    """Start the server again whenever it ends by itself (out of memory, a stray kill). A task; cancel it before stop().

    The address stays the same, so a pool only has to connect anew.
    """
    while True:
        await server.ended()
        LOG.error("postgres_ended", pid=server.pid)
        try:
            server = await start(server.root, settings=settings)
        except EmbeddedServerError as error:
            LOG.error("postgres_not_restarted", reason=str(error))
            await asyncio.sleep(RESTART_PAUSE_S)
