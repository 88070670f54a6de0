"""Reads tests/captures/sos_access: documents from outside, and exactly what they mean."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from protocols.sos_access.fields import ROOTS
from protocols.sos_access.messages import AlarmType, Message

FOLDER = Path(__file__).parents[2] / "captures" / "sos_access"


def understood() -> list[tuple[str, bytes, Message]]:
    """Return (name, document, what it means) of every document that means something."""
    found = [
        (name, bytes.fromhex(row["hex"]), _message(row["message"]))
        for name, row in _rows("requests", "documents") + _rows("answers", "documents")
    ]
    assert found
    return found


def refused() -> list[tuple[str, bytes, int]]:
    """Return (name, document, status to answer) of every document that means nothing."""
    found = [(name, bytes.fromhex(row["hex"]), row["status"]) for name, row in _rows("refused", "refused")]
    assert found
    return found


def _rows(file: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
    return list(_named(file, tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))[kind]))


def _named(file: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        yield f"{file}: {row['name']}", row


def _message(said: dict[str, Any]) -> Message:
    fields = {name: value for name, value in said.items() if name != "root"}
    if "alarm_type" in fields:
        fields["alarm_type"] = AlarmType(fields["alarm_type"])
    if "unknown" in fields:
        fields["unknown"] = tuple((tag, text) for tag, text in fields["unknown"])
    return ROOTS[said["root"]](**fields)
