"""Chunks off the wire become frames, cut by their stated length; a length that does not end in "*hh" CR LF is not
believed, and the frame then ends at the first line end or before the next head."""

from __future__ import annotations

import re
from typing import Final

from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_FRAME_BYTES: Final = 16 * 1024
"""The largest records seen make frames of some 1,500 bytes, and a part of a picture is 1 kB."""

MAX_GARBAGE_BYTES: Final = MAX_FRAME_BYTES
"""The worst honest garbage is the tail of one frame."""

_HEAD: Final = re.compile(rb"\$\$[A-z]([0-9]{1,5}),")
_HEAD_BEGUN: Final = re.compile(rb"\$(?:\$(?:[A-z][0-9]{0,5})?)?\Z")
_LONGEST_HEAD_BYTES: Final = 9
_TAIL: Final = re.compile(rb"\*[0-9A-Fa-f]{2}\r\n")
_TAIL_BYTES: Final = 5
_TAIL_BEGUN: Final = re.compile(rb"\*[0-9A-Fa-f]{2}(?:\r\n?)?\Z")
_BINARY: Final = re.compile(rb"\$\$[A-z][0-9]{1,5},[^,*]{1,20},(?:CCC|CCE|D00)\b")
_NEXT_HEAD: Final = rb"\$\$[A-z][0-9]{1,5},[0-9]{10,20},[A-Z]"
_END_OF_TEXT: Final = re.compile(rb"\r\n|" + _NEXT_HEAD)
_END_OF_BINARY: Final = re.compile(rb"\*[0-9A-Fa-f]{2}\r\n|" + _NEXT_HEAD)
_NEXT_HEAD_BYTES: Final = 34
_BLANK: Final = b" \t\r\n\x00"


class Framer:
    """Cut one connection's bytes into pieces. Each byte is looked at a few times at most, and one frame is kept."""

    __slots__ = ("_buffer", "_frame_bytes", "_garbage_bytes", "_over", "_scanned")

    def __init__(self) -> None:
        self._buffer = bytearray()
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
        """True if what waits ends with a checksum: its length was wrong, or its line end was lost."""
        return self._frame_bytes > 0 and _TAIL_BEGUN.search(self._buffer[-_TAIL_BYTES:]) is not None

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        self._buffer += chunk
        pieces: list[Piece] = []
        start = 0
        while not self._over:
            if self._frame_bytes == 0:
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
        raw, inside, whole = bytes(self._buffer), self._frame_bytes > 0, self.may_be_whole
        self._buffer.clear()
        self._frame_bytes = self._scanned = 0
        if not raw:
            return []
        if whole:
            return [Whole(raw)]
        return [CutShort(raw) if inside else Garbage(raw[:SAMPLE_BYTES])]

    def _skip_to_head(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """Throw away what comes before the next head. Return where it is, and whether it is whole."""
        if start == len(self._buffer):
            return start, False
        head = _HEAD.search(self._buffer, start)
        if head:
            at = head.start()
        else:
            begun = _HEAD_BEGUN.search(self._buffer, max(start, len(self._buffer) - _LONGEST_HEAD_BYTES))
            at = begun.start() if begun else len(self._buffer)
        if at > start:
            self._throw_away(bytes(self._buffer[start:at]), pieces)
        if head is None or self._over:
            return at, False
        # A length beyond all reason is damaged like any other: the line end decides.
        length = head.end() - 1 - at + int(head[1])
        self._frame_bytes = length if _TAIL_BYTES < length <= MAX_FRAME_BYTES else 1
        self._scanned, self._garbage_bytes = head.end(), 0
        return at, True

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
        buffer, end = self._buffer, start + self._frame_bytes
        if len(buffer) < end:
            return start, False
        if _TAIL.fullmatch(buffer, max(start, end - _TAIL_BYTES), end):
            return self._ends(pieces, Whole(bytes(buffer[start:end])), end)
        is_binary = _BINARY.match(buffer, start) is not None
        mark = (_END_OF_BINARY if is_binary else _END_OF_TEXT).search(buffer, self._scanned, start + MAX_FRAME_BYTES)
        if mark is None:
            if len(buffer) - start >= MAX_FRAME_BYTES:
                self._over = True
                pieces.append(TooLong(bytes(buffer[start : start + SAMPLE_BYTES]), MAX_FRAME_BYTES))
            self._scanned = max(self._scanned, len(buffer) - _NEXT_HEAD_BYTES)
            return start, False
        if mark[0].startswith(b"$"):
            return self._ends(pieces, CutShort(bytes(buffer[start : mark.start()])), mark.start())
        return self._ends(pieces, Whole(bytes(buffer[start : mark.end()])), mark.end())

    def _ends(self, pieces: list[Piece], piece: Piece, at: int) -> tuple[int, bool]:
        pieces.append(piece)
        self._frame_bytes = 0
        return at, True
