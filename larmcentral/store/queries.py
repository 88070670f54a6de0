"""SQL lives in store/sql/*.sql as named blocks; this reads them once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

SQL_FOLDER: Final = Path(__file__).with_name("sql")
_BLOCK: Final = re.compile(r"^-- name: (\w+)\n((?:--[^\n]*\n)+)", re.MULTILINE)


def load(name: str) -> Mapping[str, str]:
    """Return the blocks of sql/<name>.sql by their names. Every block has a line of purpose under its name."""
    text = (SQL_FOLDER / f"{name}.sql").read_text("utf-8")
    heads = list(_BLOCK.finditer(text))
    if len({head[1] for head in heads}) != text.count("-- name: "):
        raise ValueError(f"{name}.sql: a block without a line of purpose, or a name used twice")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    blocks = {head[1]: text[head.end() : end].strip().rstrip(";") for head, end in zip(heads, ends, strict=True)}
    return MappingProxyType(blocks)
