"""Reads tests/captures/dc09: frames from outside, and exactly what they mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from protocols.conversation import Account
from protocols.dc09.messages import Block, Header, Message
from protocols.signal import AccountId, Position, Signal, SignalKind
from tests.protocols.dc09.support import Enrolled

FOLDER = Path(__file__).parents[2] / "captures" / "dc09"


class Capture:
    """One frame of a file, with the accounts that the file enrols."""

    def __init__(self, path: Path, whole: Mapping[str, Any], frame: Mapping[str, Any]) -> None:
        self.name = f"{path.stem}: {frame['name']}"
        self.heard_at: datetime = whole["heard_at"]
        self.accounts = Enrolled(*(_account(account) for account in whole["accounts"]))
        self.raw = bytes.fromhex(frame["hex"])
        self.said = frame
        self.message = _message(frame["message"]) if "message" in frame else None
        self.signals = tuple(_signal(signal) for signal in frame.get("signals", ()))
        self.unproven = tuple(_signal(signal) for signal in frame.get("unproven", ()))

    def key(self) -> bytes | None:
        """The key of the account that the capture's message names."""
        account = self.message and self.message.header.account
        found = self.accounts.find(AccountId(account.upper())) if account else None
        return found.secret if found else None

    def opened_reply(self) -> Message:
        """What the encrypted answer says."""
        return _message(self.said["reply_opened"])


def every_capture() -> list[Capture]:
    """All frames of all files, in the order of the files."""
    captures = []
    for path in sorted(FOLDER.glob("*.toml")):
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
        captures += [Capture(path, whole, frame) for frame in whole["frames"]]
    return captures


def without_identity(signal: Signal) -> dict[str, object]:
    """Every field of a signal but the repeat key and window, which are computed."""
    return {
        field.name: getattr(signal, field.name)
        for field in fields(signal)
        if field.name not in ("repeat_key", "repeat_window")
    }


def _account(said: Mapping[str, Any]) -> Account:
    secret = said["key_ascii"].encode("ascii") if "key_ascii" in said else None
    secret = bytes.fromhex(said["key_hex"]) if "key_hex" in said else secret
    return Account(device=AccountId(said["device"]), secret=secret, options=said.get("options", {}))


def _message(said: Mapping[str, Any]) -> Message:
    return Message(
        name=said["name"],
        header=Header(said["seq"], said.get("receiver"), said.get("line"), said.get("account")),
        data=said["data"].encode("utf-8"),
        blocks=tuple(Block(letter, text.encode("utf-8")) for letter, text in said.get("blocks", ())),
        sent_at=said.get("sent_at"),
        encrypted=said.get("encrypted", False),
        tail=said.get("tail", "").encode("latin-1"),
    )


def _signal(said: Mapping[str, Any]) -> Signal:
    named = {**said, "kind": SignalKind(said["kind"]), "repeat_key": ""}
    named["evidence"] = tuple((name, text) for name, text in said.get("evidence", ()))
    named["doubts"] = tuple(said.get("doubts", ()))
    if "position" in said:
        named["position"] = Position(**said["position"])
    return Signal(**named)
