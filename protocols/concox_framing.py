"""Cutting frames that begin with a head, say their length, and end with CR LF: gt06 and topin.

The length is trusted if CR LF stands where it says. If not, the frame goes to the next CR LF; a frame that began inside
it and fits to its end shows that the outer one was cut short.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from protocols.concox import END
from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_FRAME_BYTES: Final = 1536
"""Two hundred access points in one topin frame; the longest gt06 frame known has under 1 KiB."""

MAX_GARBAGE_BYTES: Final = 64 * 1024
"""What one connection may send outside of frames before we stop listening."""

HEAD_BYTES: Final = 2

Lengths = Callable[[bytes | bytearray, int], tuple[int, ...]]
"""Returns how long the frame that begins here may be, likeliest first. Where more octets are needed to tell, a length
beyond what is there: then the framer waits."""

_BLANK: Final = b" \t\r\n\x00"


class LengthFramer:
    """Cut one connection's bytes into pieces. Each byte is looked at a bounded number of times; one frame is kept."""

    __slots__ = ("_begun", "_buffer", "_end", "_garbage_bytes", "_heads", "_lengths", "_over", "_searched", "_starts")

    def __init__(self, heads: tuple[bytes, ...], lengths: Lengths) -> None:
        self._starts = heads
        # Looking ahead only, so that a head is found that begins within what looked like another.
        self._heads = re.compile(b"(?=" + b"|".join(map(re.escape, heads)) + b")")
        self._begun = frozenset(head[0] for head in heads)
        self._lengths = lengths
        self._buffer = bytearray()
        self._end = -1
        self._searched = 0
        self._garbage_bytes = 0
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    @property
    def may_be_whole(self) -> bool:
        """True if what waits ends like a frame, or has all that its length says but for the end."""
        buffer = self._buffer
        if len(buffer) <= HEAD_BYTES:
            return False
        return buffer.endswith(END) or len(buffer) >= self._lengths(buffer, 0)[0] - len(END)

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        if not self._buffer and self._is_one_frame(chunk):  # how nearly all of them arrive
            self._garbage_bytes = 0
            return [Whole(bytes(chunk))]
        self._buffer += chunk
        return self._cut(ended=False)

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        pieces = self._cut(ended=True)
        raw = bytes(self._buffer)
        self._forget(len(raw))
        if raw:
            pieces.append(CutShort(raw) if self._heads.match(raw) else Garbage(raw[:SAMPLE_BYTES]))
        return pieces

    def _is_one_frame(self, chunk: bytes) -> bool:
        if not HEAD_BYTES + 2 < len(chunk) <= MAX_FRAME_BYTES:
            return False
        return chunk.endswith(END) and chunk.startswith(self._starts) and self._lengths(chunk, 0)[0] == len(chunk)

    def _cut(self, *, ended: bool) -> list[Piece]:
        pieces: list[Piece] = []
        start = search_from = 0
        while True:
            start, found = self._skip_to_head(start, search_from, pieces)
            if not found:
                break
            end, trusted = self._end_of(start, ended=ended)
            if end is None:
                if len(self._buffer) - start <= MAX_FRAME_BYTES:
                    break
                search_from = start + 1  # no end within reach: this was no head
                continue
            inner = None if trusted else self._inner_head(start, end)
            if inner is not None:
                pieces.append(CutShort(bytes(self._buffer[start:inner])))
                start = inner
            pieces.append(Whole(bytes(self._buffer[start:end])))
            self._garbage_bytes = 0
            start = search_from = end
        self._forget(len(self._buffer) if self._over else start)
        return pieces

    def _forget(self, count: int) -> None:
        del self._buffer[:count]
        self._end = max(-1, self._end - count)
        self._searched = max(0, self._searched - count)

    def _skip_to_head(self, start: int, search_from: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Throw away what comes before the next head. Return where it is, and whether it is whole."""
        buffer = self._buffer
        search_from = max(start, search_from)
        head = self._heads.search(buffer, search_from)
        if head:
            at = head.start()
        else:
            begun = len(buffer) > search_from and buffer[-1] in self._begun
            at = len(buffer) - 1 if begun else len(buffer)
        if at > start:
            self._throw_away(bytes(buffer[start:at]), pieces)
        return at, head is not None and not self._over

    def _throw_away(self, garbage: bytes, pieces: list[Piece]) -> None:
        if self._garbage_bytes == 0:
            garbage = garbage.lstrip(_BLANK)  # line ends and padding between frames are nobody's fault
            if garbage:
                pieces.append(Garbage(garbage[:SAMPLE_BYTES]))
        self._garbage_bytes += len(garbage)
        if self._garbage_bytes > MAX_GARBAGE_BYTES:
            self._over = True
            pieces.append(TooLong(garbage[:SAMPLE_BYTES], MAX_GARBAGE_BYTES))

    def _end_of(self, start: int, *, ended: bool) -> tuple[int | None, bool]:
        """Return where the frame that begins here ends, or None, and whether its length says the same."""
        buffer = self._buffer
        for total in self._lengths(buffer, start):
            if total > MAX_FRAME_BYTES:
                continue
            end = start + total
            if end > len(buffer):
                if ended:
                    continue
                return None, False
            if buffer[end - 1] == END[1] and buffer[end - 2] == END[0]:
                return end, True
        least = start + HEAD_BYTES + 2
        if self._end < least:
            self._end = buffer.find(END, max(least, self._searched))
            if self._end < 0:
                self._searched = max(self._searched, len(buffer) - 1)
        return (self._end + len(END) if 0 <= self._end <= start + MAX_FRAME_BYTES else None), False

    def _inner_head(self, start: int, end: int) -> int | None:
        """Return where a frame begins that lies inside this one and fits to its end."""
        for head in self._heads.finditer(self._buffer, start + 1, end):
            if end - head.start() in self._lengths(self._buffer, head.start()):
                return head.start()
        return None


def around_lengths(buffer: bytes | bytearray, start: int, *, wide: bool) -> tuple[int, ...]:
    """Return how long a frame in topin's Wi-Fi layout may be: its length octet counts access points.

    wide: LAC and CID are u32. A count of cells followed by CR LF is the end, for no country code looks like that.
    """
    at = 4 + CLOCK_AND_POINTS[buffer[start + 2]]
    have = len(buffer) - start
    if have < at + 3:
        return (at + 2,) if buffer[start + at : start + at + 2] == END else (at + 3,)
    cells = start + at
    if buffer[cells : cells + 2] == END:
        return (at + 2,)
    if buffer[cells + 1 : cells + 3] == END:
        return (at + 3,)
    end = at + 4 + buffer[cells] * (9 if wide else 5) + len(END)
    return end, end + 1


CLOCK_AND_POINTS: Final = tuple(6 + 7 * count for count in range(256))
"""Octets of the time and so many access points."""
