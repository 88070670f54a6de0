"""Captures of the wearable families: what a frame means, written down by hand, value by value."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from protocols.conversation import Account
from protocols.signal import AccountId, Signal

FOLDER: Final = Path(__file__).parent.parent / "captures"


def captures(family: str, rows: str) -> list[tuple[str, datetime, dict[str, Any]]]:
    """Return (name, when it was heard, row) of every row of a family's files."""
    found = []
    for file in sorted((FOLDER / family).glob("*.toml")):
        loaded = tomllib.loads(file.read_text())
        found += [(f"{file.stem}: {row['name']}", loaded["heard_at"], row) for row in loaded[rows]]
    assert found
    return found


def told(signal: Signal) -> dict[str, Any]:
    """Return what a signal says as a capture writes it: without what is not said, and without its repeat_key."""
    plain = {name: value for name, value in asdict(signal).items() if value not in (None, ())}
    del plain["repeat_key"]
    plain["kind"] = signal.kind.value
    if signal.repeat_window is not None:
        plain["repeat_for_s"] = plain.pop("repeat_window").total_seconds()
    if signal.position is not None:
        plain["position"] = {name: value for name, value in plain["position"].items() if value is not None}
    for name in ("evidence", "doubts"):
        if name in plain:
            plain[name] = [list(item) if isinstance(item, tuple) else item for item in plain[name]]
    return plain


class Enrolled:
    """Accounts by name, or everybody if none is given."""

    def __init__(self, *accounts: Account, everybody: bool = False) -> None:
        self._accounts = {account.device: account for account in accounts}
        self._everybody = everybody

    def find(self, device: AccountId) -> Account | None:
        """Return the account, or None for a device we do not know."""
        return Account(device) if self._everybody else self._accounts.get(device)
