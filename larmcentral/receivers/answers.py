"""Answers leave in the order of the frames they belong to, however their commits end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class Owed:
    """The place of one answer in the row. data: None until it is known; empty for silence."""

    __slots__ = ("data",)

    def __init__(self) -> None:
        self.data: bytes | None = None


class Answers:
    """A row of answers, known and owed. Bounded by its owner, who stops reading while too many are owed."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._row: deque[Owed] = deque()

    def __len__(self) -> int:
        return len(self._row)

    def say(self, data: bytes) -> None:
        """Send bytes after all that is owed before them."""
        if not self._row:
            if data:
                self._write(data)
        elif data:
            self.give(self.owe(), data)

    def owe(self) -> Owed:
        """Keep a place for an answer that comes later."""
        owed = Owed()
        self._row.append(owed)
        return owed

    def give(self, owed: Owed, data: bytes) -> None:
        """Fill a place; what is ready at the head of the row is sent in one write."""
        owed.data = data
        ready = []
        while self._row and (known := self._row[0].data) is not None:
            ready.append(known)
            self._row.popleft()
        if whole := b"".join(ready):
            self._write(whole)

    def forget(self) -> None:
        """The connection is gone; nothing is owed any more."""
        self._row.clear()
