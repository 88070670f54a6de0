"""A device as the receivers know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from protocols.signal import AccountId


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledDevice:
    """One row, each field as in protocols.conversation.Account. changed_at: the database's time."""

    protocol: str
    account: AccountId
    changed_at: datetime
    secret: bytes | None = field(default=None, repr=False)
    next_secret: bytes | None = field(default=None, repr=False)
    model: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
