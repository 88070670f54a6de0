"""Writes that need nothing of one another go to the database as one statement.

Each round trip on the road of an alarm costs more than what it carries, in our own time and in waiting.
All parts see the rows as they stood before the statement, and foreign keys are looked at when it is done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import asyncpg

_PARAMETER: Final = re.compile(r"\$(\d+)")


class Together:
    """Collects writes, each of other rows than the rest, and sends them."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._values: list[Any] = []
        self._counts: list[int] = []

    def add(self, statement: str, *values: Any) -> None:
        """Take one more. statement: INSERT, UPDATE or DELETE with parameters $1 on; values: theirs."""
        self._statements.append(statement)
        self._values += values
        self._counts.append(len(values))

    async def send(self, connection: asyncpg.Connection) -> None:
        """Write all of them, or none. Nothing happens where none was added."""
        if self._statements:
            await connection.execute(_one(tuple(self._statements), tuple(self._counts)), *self._values)


@lru_cache(maxsize=256)
def _one(statements: Sequence[str], counts: Sequence[int]) -> str:
    """The same parts are the same text, and so one prepared statement."""
    if len(statements) == 1:
        return statements[0]
    parts = [
        f"part_{place} AS (\n{_shifted(statement, sum(counts[:place]))}\n)"
        for place, statement in enumerate(statements)
    ]
    return f"WITH {', '.join(parts)}\nSELECT true"


def _shifted(statement: str, by: int) -> str:
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + by}", statement)
