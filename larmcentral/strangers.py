"""Who among many callers makes room for the next: the oldest, of the address with the most of them. Pure."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar

LOOKED_AT: Final = 8
"""Callers of one address that are looked at for one who waits for nothing; then the first must go."""


class Caller(Protocol):
    """One connection."""

    @property
    def waits(self) -> bool:
        """True if it has said something that it was not answered yet."""
        ...


C = TypeVar("C", bound=Caller)


class Strangers(Generic[C]):
    """Callers that nobody knows yet, by address, in the order in which they came. Every question costs the same,
    however many there are: a flood must not make us search."""

    def __init__(self) -> None:
        self._rows: dict[str, OrderedDict[C, None]] = {}
        self._ranks: defaultdict[int, OrderedDict[str, None]] = defaultdict(OrderedDict)
        self._most = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def has(self, caller: C, address: str) -> bool:
        """Say whether this one is among them."""
        return caller in self._rows.get(address, ())

    def of(self, address: str) -> int:
        """Return how many an address has."""
        return len(self._rows.get(address, ()))

    def add(self, caller: C, address: str) -> None:
        """Somebody came."""
        self._rows.setdefault(address, OrderedDict())[caller] = None
        self._moved(address, +1)

    def discard(self, caller: C, address: str) -> None:
        """He is known, or gone. Nothing happens if he is not among them."""
        if self.has(caller, address):
            del self._rows[address][caller]
            self._moved(address, -1)

    def crowded(self) -> str:
        """Return the address with the most, of several the one that has so many for longest. There must be one."""
        return next(iter(self._ranks[self._most]))

    def first(self, address: str) -> C:
        """Return the one of an address who has had the longest time to say who he is, and waits for nothing."""
        row = self._rows[address]
        return next((one for one in islice(row, LOOKED_AT) if not one.waits), next(iter(row)))

    def _moved(self, address: str, by: int) -> None:
        self._count += by
        now = len(self._rows[address])
        self._ranks[now - by].pop(address, None)
        if not self._ranks[now - by]:
            del self._ranks[now - by]
        if now:
            self._ranks[now][address] = None
        else:
            del self._rows[address]
        self._most = max(self._most, now)
        while self._most and self._most not in self._ranks:
            self._most -= 1
