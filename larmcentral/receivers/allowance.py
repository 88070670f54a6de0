"""How much of something is granted over time, and what was last granted to whom. Pure: seconds come in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

ADDRESSES_REMEMBERED: Final = 10_000
BURST_S: Final = 2.0
"""All units of a street report at once when its power is back."""


class Allowance:
    """So many a minute, and a burst on top of a quiet spell. now_s: monotonic."""

    def __init__(self, *, per_minute: float, burst: float, now_s: float) -> None:
        self._per_s, self._burst = per_minute / 60, burst
        self._left, self._at_s = burst, now_s

    def grant(self, now_s: float) -> bool:
        """Take one if there is one."""
        self._left = min(self._burst, self._left + max(0.0, now_s - self._at_s) * self._per_s)
        self._at_s = max(self._at_s, now_s)
        if self._left < 1:
            return False
        self._left -= 1
        return True


class OnceIn:
    """True once for each key in `every_s` seconds. Remembers at most `most` keys; the oldest is forgotten."""

    def __init__(self, *, every_s: float, most: int) -> None:
        self._every_s, self._most = every_s, most
        self._granted_at_s: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._granted_at_s)

    def grant(self, key: Hashable, now_s: float) -> bool:
        """Say whether it is this key's turn, and remember that it was. now_s: monotonic."""
        granted_at_s = self._granted_at_s.get(key)
        if granted_at_s is not None and now_s - granted_at_s < self._every_s:
            return False
        self._granted_at_s[key] = now_s
        self._granted_at_s.move_to_end(key)
        if len(self._granted_at_s) > self._most:
            self._granted_at_s.popitem(last=False)
        return True


class Allowances:
    """An Allowance for each key. Remembers at most `most` keys; who was not heard for longest starts afresh."""

    def __init__(self, *, per_minute: float, burst: float, most: int) -> None:
        self._per_minute, self._burst, self._most = per_minute, burst, most
        self._of: OrderedDict[Hashable, Allowance] = OrderedDict()

    def __len__(self) -> int:
        return len(self._of)

    def grant(self, key: Hashable, now_s: float) -> bool:
        """Take one of the key's if there is one. now_s: monotonic."""
        allowance = self._of.get(key)
        if allowance is None:
            allowance = self._of[key] = Allowance(per_minute=self._per_minute, burst=self._burst, now_s=now_s)
            if len(self._of) > self._most:
                self._of.popitem(last=False)
        self._of.move_to_end(key)
        return allowance.grant(now_s)


class DatagramRates:
    """How many datagrams are looked at, by the address that they say they come from.

    An address from which an enrolled device has spoken has an allowance of its own; all others share one, and each of
    them has a part of it. Remembers at most `most` addresses of either kind. Bursts are of BURST_S seconds.
    """

    def __init__(self, *, known_per_s: float, strange_per_s: float, strange_each_per_s: float, now_s: float) -> None:
        self._known = Allowances(per_minute=known_per_s * 60, burst=known_per_s * BURST_S, most=ADDRESSES_REMEMBERED)
        self._each = Allowances(
            per_minute=strange_each_per_s * 60, burst=strange_each_per_s * BURST_S, most=ADDRESSES_REMEMBERED
        )
        self._strange = Allowance(per_minute=strange_per_s * 60, burst=strange_per_s * BURST_S, now_s=now_s)
        self._heard: OrderedDict[str, None] = OrderedDict()

    def know(self, address: str) -> None:
        """An enrolled device spoke from there."""
        self._heard[address] = None
        self._heard.move_to_end(address)
        if len(self._heard) > ADDRESSES_REMEMBERED:
            self._heard.popitem(last=False)

    def grant(self, address: str, now_s: float) -> bool:
        """Say whether one more is looked at. now_s: monotonic."""
        if address in self._heard:
            return self._known.grant(address, now_s)
        return self._each.grant(address, now_s) and self._strange.grant(now_s)
