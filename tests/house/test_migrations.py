"""A table that holds something about somebody says for how long."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.house.files import ROOT, named, ours

MIGRATIONS: Final = ROOT / "larmcentral" / "store" / "migrations"

NAME: Final = r"(?:if\s+(?:not\s+)?exists\s+)?((?:\w+\.)?\w+)"
CREATED: Final = re.compile(rf"\bcreate\s+(?:unlogged\s+)?table\s+{NAME}(?!\s+partition\s+of)(?=\s*\(|\s+as\b)", re.I)
DROPPED: Final = re.compile(rf"\bdrop\s+table\s+{NAME}", re.I)
RETAINED: Final = re.compile(rf"\bcomment\s+on\s+table\s+{NAME}\s+is\s+'retention: \S", re.I)
SQL_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)


def migrations() -> list[Path]:
    return [file for file in ours() if file.parent == MIGRATIONS and file.suffix == ".sql"]


def whole_sql() -> str:
    return "\n".join(SQL_COMMENT.sub(" ", file.read_text()) for file in migrations())


def bare(names: list[str]) -> set[str]:
    return {name.rpartition(".")[2].lower() for name in names}


def test_every_table_has_a_retention_class() -> None:
    sql = whole_sql()
    standing = bare(CREATED.findall(sql)) - bare(DROPPED.findall(sql))

    assert standing - bare(RETAINED.findall(sql)) == set()


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(file.name.partition("_")[0]) for file in migrations()]

    assert numbers == list(range(1, len(numbers) + 1)), [named(file) for file in migrations()]
