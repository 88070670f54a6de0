"""Where the database is: somebody else's by its DSNs, or the embedded one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from larmcentral.assembly_files import secret_text
from larmcentral.config import Config
from larmcentral.store.migrate import migrate
from larmcentral.store.provided import provide

DATABASE: Final = "larmcentral"
EMBEDDED_SETTINGS: Final = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    # Statements are planned once a connection; a house in its first minutes must not keep the plans of empty tables.
    "autovacuum_naptime": "15s",
}


async def embedded_dsn(config: Config) -> str:
    """Find or start the embedded database, bring it up to this version, and return its DSN."""
    if config.database.data_dir is None:
        raise ValueError("no embedded database in these settings")
    provided = await provide(None, config.database.data_dir, database=DATABASE, settings=EMBEDDED_SETTINGS)
    await migrate(provided.dsn)
    return provided.dsn


def database_dsns(config: Config) -> list[str]:
    """Return the DSNs of a database that somebody else runs."""
    database = config.database
    if database.dsns_file is not None:
        lines = Path(database.dsns_file).read_text("utf-8").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [secret_text(dsn) for dsn in database.dsns]
