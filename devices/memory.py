"""What an emulated wearable has noted and nobody has taken yet: positions make room when it is full, alarms only to
later ones that say the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from devices.device import NotInProtocol, Receipt
from devices.talk import Note, What

MAX_NOTES: Final = 1000
"""What a tracker's flash keeps, give or take; alarms count too, but make no room for anything else."""

MAX_ALARMS: Final = 256
"""More calls for help than that wait only where a key is stuck; the latest of a kind is never thrown away."""


@dataclass(slots=True, eq=False)
class Kept:
    """One note on its way, and what has become of it.

    name: what the receipt calls it. begun_s: when it was noted (Surroundings' monotonic time). ack_ms: from then to
    the answer. owed: False once the family turned out to answer nothing to it. refused: no words for it.
    settled: set when nothing more will become of it, or nobody tries any more.
    """

    name: str
    note: Note
    begun_s: float
    attempts: int = 0
    sent: bytes = b""
    answer: bytes = b""
    ack_ms: float | None = None
    owed: bool = True
    refused: NotInProtocol | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def receipt(self) -> Receipt:
        """What became of it so far."""
        return Receipt(self.name, self.sent, self.answer, self.attempts, self.ack_ms, self.owed)


class Memory:
    """The notes that wait, in the order in which they were made. newest_first: the latest are told first."""

    def __init__(self, *, newest_first: bool = False, max_notes: int = MAX_NOTES) -> None:
        self._kept: list[Kept] = []
        self._newest_first, self._max_notes = newest_first, max_notes

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, kept: Kept) -> None:
        """Take one more. Where it is full, the oldest position makes room, which may be this one; where alarms alone
        are too many, the oldest that a later one repeats."""
        self._kept.append(kept)
        if len(self._kept) > self._max_notes and (old := self._first_position()):
            self.forget([old])
        elif len(self._kept) > max(self._max_notes, MAX_ALARMS):
            self.forget([self._first_repeated()])

    def _first_position(self) -> Kept | None:
        return next((old for old in self._kept if old.note.whats == {What.POSITION}), None)

    def _first_repeated(self) -> Kept:
        """There is one: fewer sets of things can be said at once than MAX_ALARMS."""
        left = Counter(kept.note.whats for kept in self._kept)
        return next(old for old in self._kept if left[old.note.whats] > 1)

    def next(self, most: int) -> tuple[Kept, ...]:
        """Return what the next frame tells, oldest first: at most so many, all stored or all live."""
        waiting = self._kept[-most:][::-1] if self._newest_first else self._kept[:most]
        alike = []
        for kept in waiting:
            if kept.note.stored != waiting[0].note.stored:
                break
            alike.append(kept)
        return tuple(reversed(alike)) if self._newest_first else tuple(alike)

    def forget(self, told: Sequence[Kept]) -> None:
        """Strike out what has been told, and tell whoever waits for it."""
        gone = set(told)
        self._kept = [kept for kept in self._kept if kept not in gone]
        for kept in told:
            kept.settled.set()

    def mark_stored(self) -> None:
        """Say that all of it has had to wait."""
        for kept in self._kept:
            if not kept.note.stored:
                kept.note = replace(kept.note, stored=True)

    def nobody_tries(self) -> None:
        """Tell whoever waits that no attempt is under way any more; the notes stay."""
        for kept in self._kept:
            kept.settled.set()
