"""What a receiver remembers between two connections: alarms and restores it has taken, who pinged when."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from protocols.signal import AccountId
from protocols.sos_access.signals import REPEAT_WINDOW

K = TypeVar("K")
V = TypeVar("V")

MOST: Final = 20_000
"""Entries of each kind, some 5 MB. Beyond it the oldest are forgotten: a repeat is then answered as if it were new,
and stored as a repeat all the same."""

PINGS_PER_LEVEL: Final = 12
"""Two are asked for in a level's time and six are the most that anybody advises; twice that is too often."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where a transmitter stands in its to and fro. restores: its last word was a restore."""

    number: int
    restores: bool
    at: datetime


class Memory:
    """One for all conversations of a process."""

    def __init__(self, *, most: int = MOST, window: timedelta = REPEAT_WINDOW) -> None:
        self._most, self._window = most, window
        self._taken: OrderedDict[str, datetime] = OrderedDict()
        self._pinged: OrderedDict[AccountId, datetime] = OrderedDict()
        self._turns: OrderedDict[AccountId, _Turn] = OrderedDict()

    def take(self, identity: str, now: datetime) -> None:
        """Remember that this alarm is on disk."""
        _put(self._taken, identity, now, self._most)

    def has(self, identity: str, now: datetime) -> bool:
        """Say whether this very alarm was taken within the window."""
        taken_at = self._taken.get(identity)
        return taken_at is not None and abs(now - taken_at) <= self._window

    def turn(self, device: AccountId, *, restores: bool, now: datetime) -> int:
        """Say how often a transmitter has gone to and fro between alarms and restores within the window.

        It goes into the name of what it says now: a press after a restore is a new one, however alike their words.
        restores: that it says one now.
        """
        last = self._turns.get(device)
        if last is None or abs(now - last.at) > self._window:
            return 0
        return last.number + (last.restores != restores)

    def turned(self, device: AccountId, number: int, *, restores: bool, now: datetime) -> None:
        """Remember that what was said in this turn is on disk."""
        _put(self._turns, device, _Turn(number, restores, now), self._most)

    def pings_too_often(self, device: AccountId, level: timedelta, now: datetime) -> bool:
        """Say whether a ping follows the last one that counted too closely; else count it."""
        before = self._pinged.get(device)
        if before is not None and timedelta() <= now - before < level / PINGS_PER_LEVEL:
            return True
        _put(self._pinged, device, now, self._most)
        return False

    def forget_ping(self, device: AccountId) -> None:
        """The last ping did not count after all: it never reached the disk."""
        self._pinged.pop(device, None)


def _put(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
