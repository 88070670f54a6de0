"""What was heard a short while ago: copies of encrypted frames, and messages refused for their time."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(seconds=120)
"""Longer than the time window of encrypted messages (60 s) and as long as a message keeps its identity."""

LIMIT: Final = 20_000
"""Entries kept, about 5 MB: 160 encrypted messages a second over the window. Beyond it the oldest are forgotten."""


class Recent:
    """Remembers keys for a while. One for all conversations of a process, or a copy on a new connection is not seen."""

    def __init__(self, *, window: timedelta = WINDOW, limit: int = LIMIT) -> None:
        self._window, self._limit = window, limit
        self._heard_at: OrderedDict[str, datetime] = OrderedDict()

    def again(self, key: str, now: datetime) -> bool:
        """Remember the key; True if it was heard within the window before now."""
        while self._heard_at and (
            len(self._heard_at) > self._limit or now - next(iter(self._heard_at.values())) > self._window
        ):
            self._heard_at.popitem(last=False)
        before = self._heard_at.pop(key, None)
        self._heard_at[key] = now
        return before is not None and now - before <= self._window

    def __len__(self) -> int:
        return len(self._heard_at)
