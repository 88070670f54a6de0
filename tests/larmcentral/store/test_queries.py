"""Every named block of SQL prepares against a fresh schema."""

from __future__ import annotations

import asyncpg
import pytest

from larmcentral.store.queries import SQL_FOLDER, load

BLOCKS = [(path.stem, name) for path in sorted(SQL_FOLDER.glob("*.sql")) for name in load(path.stem)]


async def test_every_block_prepares(database_dsn: str) -> None:
    connection = await asyncpg.connect(database_dsn)
    refused = {}
    for file, name in BLOCKS:
        try:
            await connection.prepare(load(file)[name])
        except asyncpg.PostgresError as error:
            refused[f"{file}.{name}"] = str(error)
    await connection.close()
    assert refused == {}
    assert len(BLOCKS) > 40


def test_a_block_without_a_line_of_purpose_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "bad.sql").write_text("-- name: one\nSELECT 1;\n")
    monkeypatch.setattr("larmcentral.store.queries.SQL_FOLDER", folder)
    with pytest.raises(ValueError, match="purpose"):
        load("bad")
