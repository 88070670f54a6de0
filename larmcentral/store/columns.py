"""Rows to columns: a statement takes its rows as arrays, one a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Turn rows, at least one, into the columns that unnest() takes."""
    return [list(column) for column in zip(*rows, strict=True)]
