"""Chunks off the wire become frames. The bracket that balances the first one ends a frame; lengths are not believed."""

from __future__ import annotations

import re
from typing import Final

from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_FRAME_BYTES: Final = 128 * 1024
"""A 15 s voice clip (AMR 12.2 kbit/s) is 24 kB, a watch's picture some 50 kB, and escapes may double either."""

MAX_GARBAGE_BYTES: Final = MAX_FRAME_BYTES
"""The worst honest garbage is the tail of one picture; after more than that nobody here speaks our protocol."""

# "[" maker "*" id "*". Ids are digits; inside a frame only digits restart it, so that fewer Wi-Fi names can.
_HEAD: Final = re.compile(rb"\[[0-9A-Za-z]{2}\*[0-9A-Za-z]{1,20}\*")
_HEAD_BEGUN: Final = re.compile(rb"\[(?:[0-9A-Za-z]{1,2}|[0-9A-Za-z]{2}\*[0-9A-Za-z]{0,20})?\Z")
_INNER_HEAD: Final = re.compile(rb"\[[0-9A-Za-z]{2}\*[0-9]{1,20}\*")
_INNER_HEAD_BEGUN: Final = re.compile(rb"\[(?:[0-9A-Za-z]{1,2}|[0-9A-Za-z]{2}\*[0-9]{0,20})?\Z")
_LONGEST_HEAD_BYTES: Final = 25
# An alarm that has said all that decides: type, fields 0 to 14, and a status of eight digits.
_ALARM_SAID: Final = re.compile(
    rb"\[[^,\[\]]{0,60}\*[Aa][Ll][^,\[\]]{0,40}(?:,[^,\[\]]{0,40}){15},[ ]?[0-9A-Fa-f]{8}(?![^,])"
)
_BRACKET: Final = re.compile(rb"[\[\]]")
_BLANK: Final = b" \t\r\n\x00"
_CLOSE: Final = ord("]")


class Framer:
    """Cut one connection's bytes into pieces. Each byte is looked at once, and no more than one frame is kept."""

    __slots__ = ("_buffer", "_depth", "_garbage_bytes", "_over", "_scanned")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._depth = 0
        self._scanned = 0
        self._garbage_bytes = 0
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    @property
    def may_be_whole(self) -> bool:
        """True if what waits ends like a frame, for a Wi-Fi name may have opened a bracket that it never closed; and
        for an alarm of which nothing that decides is missing, though it counts as cut short."""
        return self._depth > 0 and (self._ends_like_a_frame or _ALARM_SAID.match(self._buffer) is not None)

    @property
    def _ends_like_a_frame(self) -> bool:
        return self._buffer.endswith(b"]")

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        self._buffer += chunk
        pieces: list[Piece] = []
        start = 0
        while not self._over:
            if self._depth == 0:
                start, found = self._skip_to_head(start, pieces)
                if not found:
                    break
            start, found = self._cut(start, pieces)
            if not found:
                break
        del self._buffer[: len(self._buffer) if self._over else start]
        self._scanned -= min(start, self._scanned)
        return pieces

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        raw, inside = bytes(self._buffer), self._depth > 0
        whole = inside and self._ends_like_a_frame
        self._buffer.clear()
        self._depth = self._scanned = 0
        if not raw:
            return []
        if whole:
            return [Whole(raw)]
        return [CutShort(raw) if inside else Garbage(raw[:SAMPLE_BYTES])]

    def _skip_to_head(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Throw away what comes before the next head. Return where it is, and whether it is whole."""
        head = _HEAD.search(self._buffer, start)
        if head:
            at = head.start()
        else:
            begun = _HEAD_BEGUN.search(self._buffer, max(start, len(self._buffer) - _LONGEST_HEAD_BYTES))
            at = begun.start() if begun else len(self._buffer)
        self._throw_away(bytes(self._buffer[start:at]), pieces)
        if head and not self._over:
            self._depth, self._scanned, self._garbage_bytes = 1, head.end(), 0
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

    def _cut(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Look for the end of the frame that begins at start. Return where to go on, and whether an end was found."""
        buffer = self._buffer
        while bracket := _BRACKET.search(buffer, self._scanned):
            at = bracket.start()
            if at - start >= MAX_FRAME_BYTES:
                break
            if buffer[at] == _CLOSE:
                self._depth -= 1
                self._scanned = at + 1
                if self._depth == 0:
                    pieces.append(Whole(bytes(buffer[start : at + 1])))
                    return at + 1, True
            elif inner := _INNER_HEAD.match(buffer, at):
                # The depth may never come down again: what follows is a new frame, whatever became of the old one.
                raw = bytes(buffer[start:at]).rstrip(_BLANK)
                pieces.append(Whole(raw) if raw.endswith(b"]") else CutShort(raw))
                start, self._depth, self._scanned = at, 1, inner.end()
            elif _INNER_HEAD_BEGUN.match(buffer, at):
                self._scanned = at
                return start, False
            else:
                self._depth += 1
                self._scanned = at + 1
        else:
            self._scanned = len(buffer)
            if len(buffer) - start <= MAX_FRAME_BYTES:
                return start, False
        self._over = True
        pieces.append(TooLong(bytes(buffer[start : start + SAMPLE_BYTES]), MAX_FRAME_BYTES))
        return start, False
