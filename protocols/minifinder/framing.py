"""Chunks off the wire become messages of minifinder: from ! to ;."""

from __future__ import annotations

import re
from typing import Final

from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_FRAME_BYTES: Final = 4 * 1024
"""A position is some 100 bytes; the longest list of settings is ten times that."""

MAX_GARBAGE_BYTES: Final = 16 * 1024

# "!" type ",": inside a message only this restarts it, so that a reply's words may hold an exclamation mark.
_HEAD: Final = re.compile(rb"![0-9A-Za-z][,;]")
_MARK: Final = re.compile(rb"[!;]")
_OTHER_ENDS: Final = (b"\n", b"\r", b"\0")

_COMMAS: Final = {ord("A"): 4, ord("B"): 9, ord("C"): 9, ord("D"): 9, ord("5"): 2}
"""So many commas, and a message without its semicolon has said what it is for: for D, the flags and the battery."""

_BLANK: Final = b" \t\r\n\x00;"


class MinifinderFramer:
    """Cut one connection's bytes into pieces. Each byte is looked at once, and no more than one message is kept."""

    __slots__ = ("_buffer", "_garbage_bytes", "_inside", "_over", "_scanned")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._garbage_bytes = 0
        self._inside = False
        self._scanned = 0
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their message."""
        return len(self._buffer)

    @property
    def may_be_whole(self) -> bool:
        """True if a line end stands where the semicolon should, or all that matters of a message is there."""
        buffer = self._buffer
        if not self._inside or len(buffer) < 3:
            return False
        return buffer.endswith(_OTHER_ENDS) or buffer.count(b",") >= _COMMAS.get(buffer[1], 1)

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        self._buffer += chunk
        pieces: list[Piece] = []
        start = 0
        found = True
        while found and not self._over:
            start, found = self._cut(start, pieces) if self._inside else self._skip(start, pieces)
        del self._buffer[: len(self._buffer) if self._over else start]
        self._scanned = max(0, self._scanned - start)
        return pieces

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        raw, inside, whole = bytes(self._buffer), self._inside, self.may_be_whole
        self._buffer.clear()
        self._inside, self._scanned = False, 0
        if not raw:
            return []
        if whole:
            return [Whole(raw)]
        return [CutShort(raw) if inside else Garbage(raw[:SAMPLE_BYTES])]

    def _skip(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Throw away what comes before the next head. Return where it is, and whether it is whole."""
        buffer = self._buffer
        head = _HEAD.search(buffer, start)
        if head:
            at = head.start()
        else:
            begun = buffer.rfind(b"!", max(start, len(buffer) - 2))
            at = begun if begun >= 0 else len(buffer)
        self._throw_away(bytes(buffer[start:at]), pieces)
        if head and not self._over:
            self._inside, self._scanned, self._garbage_bytes = True, at + 2, 0
        return at, head is not None

    def _throw_away(self, garbage: bytes, pieces: list[Piece]) -> None:
        if self._garbage_bytes == 0:
            garbage = garbage.lstrip(_BLANK)  # line ends and padding between messages are nobody's fault
            if garbage:
                pieces.append(Garbage(garbage[:SAMPLE_BYTES]))
        self._garbage_bytes += len(garbage)
        if self._garbage_bytes > MAX_GARBAGE_BYTES:
            self._over = True
            pieces.append(TooLong(garbage[:SAMPLE_BYTES], MAX_GARBAGE_BYTES))

    def _cut(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Look for the end of the message that begins at start. Return where to go on, and whether one was found."""
        buffer = self._buffer
        while mark := _MARK.search(buffer, self._scanned):
            at = mark.start()
            if at - start >= MAX_FRAME_BYTES:
                break
            if buffer[at] == ord(";"):
                pieces.append(Whole(bytes(buffer[start : at + 1])))
                self._inside = False
                return at + 1, True
            if len(buffer) - at < 3:
                self._scanned = at
                return start, False
            if _HEAD.match(buffer, at):
                raw = bytes(buffer[start:at])
                pieces.append(Whole(raw) if raw.endswith(_OTHER_ENDS) else CutShort(raw))
                start = at
            self._scanned = at + 2
        else:
            self._scanned = len(buffer)
            if len(buffer) - start <= MAX_FRAME_BYTES:
                return start, False
        self._over = True
        pieces.append(TooLong(bytes(buffer[start : start + SAMPLE_BYTES]), MAX_FRAME_BYTES))
        return start, False
