"""Chunks off the wire become frames: text up to "$", NUL, the next head or a silence; binary by its length."""

from __future__ import annotations

import re
from typing import Final

from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_FRAME_BYTES: Final = 8 * 1024
"""Fifteen position blocks of 100 bytes, and the same again for a newer unit's extras, with room."""

MAX_GARBAGE_BYTES: Final = MAX_FRAME_BYTES
"""The worst honest garbage is the tail of one frame."""

# Where the u16 or u8 with the length of a binary frame stands, by its head: (offset, bytes).
_LENGTHS: Final = {
    **dict.fromkeys((b"+RSP", b"+BSP", b"+EVT", b"+BVT"), (9, 2)),
    **dict.fromkeys((b"+INF", b"+BNF"), (7, 2)),
    **dict.fromkeys((b"+CRD", b"+BRD", b"+LGN"), (6, 2)),
    b"+HBD": (5, 1),
    b"+ACK": (6, 1),
}
_SHORT_LENGTH: Final = (2, 2)
"""Of the binary frame that is known by a zero in its second byte."""

_HEAD: Final = re.compile(rb"\+(?:[A-Za-z]{3,5}:|(?:RSP|BSP|EVT|BVT|INF|BNF|HBD|CRD|BRD|LGN)[^:]|ACK[^:])", re.DOTALL)
_HEAD_BEGUN: Final = re.compile(rb"\+[A-Za-z]{0,5}\Z")
_LONGEST_HEAD_BYTES: Final = 7
_TEXT_END: Final = re.compile(rb"[$\x00]|\+(?i:RESP|BUFF|ACK):(?i:GT)")
_INNER_HEAD_BYTES: Final = 8
# A frame without an end mark ends with its send time and its counter.
_LAST_FIELDS: Final = re.compile(rb",[0-9]{14}(?:,[0-9A-Fa-f]{4})?[ \t\r\n]*\Z")
_LAST_FIELDS_BYTES: Final = 32
_BLANK: Final = b" \t\r\n\x00$"


class Framer:
    """Cut one connection's bytes into pieces. Each byte is looked at once, and no more than one frame is kept."""

    __slots__ = ("_buffer", "_frame_bytes", "_garbage_bytes", "_inside", "_over", "_scanned")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._inside = False
        self._frame_bytes = 0
        self._scanned = 0
        self._garbage_bytes = 0
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    @property
    def may_be_whole(self) -> bool:
        """True if what waits is text that lacks nothing but its end mark; some units send none."""
        return self._inside and self._frame_bytes == 0 and _looks_whole(self._buffer)

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        self._buffer += chunk
        pieces: list[Piece] = []
        start = 0
        while not self._over:
            if not self._inside:
                start, found = self._skip_to_head(start, pieces)
                if not found:
                    break
                if not self._inside:
                    continue
            start, found = self._cut(start, pieces)
            if not found:
                break
        del self._buffer[: len(self._buffer) if self._over else start]
        self._scanned -= min(start, self._scanned)
        return pieces

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        raw, inside, whole = bytes(self._buffer), self._inside, self.may_be_whole
        self._buffer.clear()
        self._inside, self._frame_bytes, self._scanned = False, 0, 0
        if not raw:
            return []
        if whole:
            return [Whole(raw)]
        return [CutShort(raw) if inside else Garbage(raw[:SAMPLE_BYTES])]

    def _skip_to_head(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Throw away what comes before the next head. Return where to go on, and whether there is anything to go on
        with: a frame that has begun, or more to look through."""
        buffer = self._buffer
        if self._garbage_bytes == 0:
            while start < len(buffer) and buffer[start] in _BLANK:
                start += 1
            if start + 2 > len(buffer):
                return start, False
            if buffer[start + 1] == 0:
                return self._begin(start, start + 4, _SHORT_LENGTH, pieces)
        head = _HEAD.search(buffer, start)
        if head:
            at = head.start()
        else:
            begun = _HEAD_BEGUN.search(buffer, max(start, len(buffer) - _LONGEST_HEAD_BYTES))
            at = begun.start() if begun else len(buffer)
        self._throw_away(bytes(buffer[start:at]), pieces)
        if not head or self._over:
            return at, False
        if head[0].endswith(b":"):
            self._inside, self._scanned, self._garbage_bytes = True, head.end(), 0
            return at, True
        offset, size = place = _LENGTHS[bytes(head[0][:4])]
        return self._begin(at, at + offset + size, place, pieces)

    def _begin(self, at: int, needed: int, place: tuple[int, int], pieces: list[Piece]) -> tuple[int, bool]:
        """Begin a binary frame as soon as its length is there; a length that cannot be makes its head garbage."""
        if needed > len(self._buffer):
            return at, False
        offset, size = place
        length = int.from_bytes(self._buffer[at + offset : at + offset + size], "big")
        if needed - at <= length <= MAX_FRAME_BYTES:
            self._inside, self._frame_bytes, self._garbage_bytes = True, length, 0
            return at, True
        self._throw_away(bytes(self._buffer[at:needed]), pieces)
        return needed, True

    def _throw_away(self, garbage: bytes, pieces: list[Piece]) -> None:
        if self._garbage_bytes == 0 and garbage:
            pieces.append(Garbage(garbage[:SAMPLE_BYTES]))
        self._garbage_bytes += len(garbage)
        if self._garbage_bytes > MAX_GARBAGE_BYTES:
            self._over = True
            pieces.append(TooLong(garbage[:SAMPLE_BYTES], MAX_GARBAGE_BYTES))

    def _cut(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Look for the end of the frame that begins at start. Return where to go on, and whether an end was found."""
        buffer = self._buffer
        if self._frame_bytes:
            end = start + self._frame_bytes
            if len(buffer) < end:
                return start, False
            pieces.append(Whole(bytes(buffer[start:end])))
            self._inside, self._frame_bytes = False, 0
            return end, True
        mark = _TEXT_END.search(buffer, self._scanned, start + MAX_FRAME_BYTES)
        if mark is None:
            if len(buffer) - start >= MAX_FRAME_BYTES:
                self._over = True
                pieces.append(TooLong(bytes(buffer[start : start + SAMPLE_BYTES]), MAX_FRAME_BYTES))
            # the next head may be there in part
            self._scanned = max(self._scanned, len(buffer) - _INNER_HEAD_BYTES)
            return start, False
        self._inside = False
        if len(mark[0]) == 1:
            pieces.append(Whole(bytes(buffer[start : mark.end()])))
            return mark.end(), True
        raw = bytes(buffer[start : mark.start()]).rstrip(_BLANK)
        pieces.append(Whole(raw) if _looks_whole(raw) else CutShort(raw))
        return mark.start(), True


def _looks_whole(raw: bytes | bytearray) -> bool:
    return _LAST_FIELDS.search(raw[-_LAST_FIELDS_BYTES:]) is not None
