"""A framer for the families whose frames say in their head how long they are.

A head that cannot be one is skipped byte by byte; bytes between frames are reported once a stretch. A stated length
is believed, since the tongue's checksum or content decides; one beyond the family's limit is no head.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_GARBAGE_BYTES: Final = 64 * 1024
"""The worst honest garbage is the tail of one frame; after more than that nobody here speaks our protocol."""

_BLANK: Final = b" \t\r\n\x00"


class SizedFramer:
    """Cut one connection's bytes into pieces. Each byte is looked at once, and no more than one frame is kept.

    marks: the bytes a frame may begin with. head_bytes: how many bytes size() needs; it returns the length of the whole
    frame, at least head_bytes, or None if this is no head.
    """

    __slots__ = ("_begun", "_buffer", "_garbage_bytes", "_head_bytes", "_marks", "_over", "_size", "_wanted_bytes")

    def __init__(self, marks: tuple[bytes, ...], head_bytes: int, size: Callable[[bytes], int | None]) -> None:
        self._marks, self._begun = _patterns(marks)
        self._head_bytes, self._size = head_bytes, size
        self._buffer = bytearray()
        self._garbage_bytes = 0
        self._wanted_bytes = 0
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    @property
    def may_be_whole(self) -> bool:
        """False: the head says when a frame is whole."""
        return False

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        buffer = self._buffer
        if not buffer and self._is_one_frame(chunk):  # how nearly all of them arrive
            self._garbage_bytes = 0
            return [Whole(bytes(chunk))]
        buffer += chunk
        pieces: list[Piece] = []
        start = 0
        while len(buffer) - start >= max(self._wanted_bytes, 1) and not self._over:
            at, length = self._head(start)
            if at > start:
                self._throw_away(start, at, pieces)
                start = at
            left = len(buffer) - start
            if length is None or left < length:
                self._wanted_bytes = length or left + 1
                break
            pieces.append(Whole(bytes(buffer[start : start + length])))
            start += length
            self._wanted_bytes = self._garbage_bytes = 0
        del buffer[: len(buffer) if self._over else start]
        return pieces

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        raw = bytes(self._buffer)
        self._buffer.clear()
        self._wanted_bytes = 0
        if not raw:
            return []
        if self._marks.match(raw):
            return [CutShort(raw)]
        return [Garbage(raw[:SAMPLE_BYTES])]

    def _is_one_frame(self, chunk: bytes) -> bool:
        length = self._size(chunk[: self._head_bytes]) if len(chunk) >= self._head_bytes else None
        return length == len(chunk) and self._marks.match(chunk) is not None

    def _head(self, start: int) -> tuple[int, int | None]:
        """Return where the next head is and the length it states; without one, where one may have begun, or the end."""
        buffer, at = self._buffer, start
        while mark := self._marks.search(buffer, at):
            at = mark.start()
            if len(buffer) - at < self._head_bytes:
                return at, None
            length = self._size(bytes(buffer[at : at + self._head_bytes]))
            if length is not None:
                return at, length
            at += 1
        begun = [len(head) for head in self._begun if len(buffer) - at >= len(head) and buffer.endswith(head)]
        return len(buffer) - max(begun, default=0), None

    def _throw_away(self, start: int, end: int, pieces: list[Piece]) -> None:
        garbage = bytes(self._buffer[start:end])
        if self._garbage_bytes == 0:
            garbage = garbage.lstrip(_BLANK)  # line ends and padding between frames are nobody's fault
            if garbage:
                pieces.append(Garbage(garbage[:SAMPLE_BYTES]))
        self._garbage_bytes += len(garbage)
        if self._garbage_bytes > MAX_GARBAGE_BYTES:
            self._over = True
            pieces.append(TooLong(garbage[:SAMPLE_BYTES], MAX_GARBAGE_BYTES))


@cache
def _patterns(marks: tuple[bytes, ...]) -> tuple[re.Pattern[bytes], tuple[bytes, ...]]:
    """Return what finds a mark, and how one may have begun: the same for all connections of a family."""
    begun = {mark[:length] for mark in marks for length in range(1, len(mark))}
    return re.compile(b"|".join(re.escape(mark) for mark in marks)), tuple(begun)
