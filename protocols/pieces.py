"""What a family's framer makes of a stream: whole frames, and what is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

SAMPLE_BYTES: Final = 512
"""Enough of what was thrown away to see by eye what it was."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A frame from its first byte to its last."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class CutShort:
    """A frame whose end never came: another one's head interrupted it, or the transmitter fell silent."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes outside any frame; sample holds the first of them."""

    sample: bytes


@dataclass(frozen=True, slots=True)
class TooLong:
    """More than a frame's worth of bytes without an end; the framer takes nothing more after it."""

    sample: bytes
    limit_bytes: int


Piece = Whole | CutShort | Garbage | TooLong


class Framer(Protocol):
    """Cuts one connection's bytes into pieces. Linear in time; keeps no more than one frame."""

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        ...

    @property
    def may_be_whole(self) -> bool:
        """True if what waits is a frame already should nothing follow; a short silence then settles it."""
        ...

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        ...

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        ...
