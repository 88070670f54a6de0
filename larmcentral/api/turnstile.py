"""Whose request is begun next among callers that nobody knows: one of each address in turn, and few at a time.

A request costs some milliseconds of a process that also serves those who have logged in. They do not pass here.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque


class Turnstile:
    """at_once: requests inside at a time."""

    def __init__(self, at_once: int) -> None:
        self._room = at_once
        self._rows: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._rows.values()))

    async def enter(self, address: str) -> None:
        """Return when there is room; who waits is bounded by the connections."""
        if self._room > 0 and not self._rows:
            self._room -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rows.setdefault(address, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """One is through; the next may enter."""
        self._room += 1
        while self._room > 0 and self._rows:
            address, row = self._rows.popitem(last=False)
            turn = row.popleft()
            if row:
                self._rows[address] = row
            if not turn.done():
                self._room -= 1
                turn.set_result(None)
