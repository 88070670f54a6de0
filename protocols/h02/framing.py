"""Chunks off the wire become frames: text from "*" to "#", binary from "$" by its length, and blocks of "X".

A binary message has no end mark and three lengths. The short and the tailed one begin alike: what follows decides
once, or a short silence does, and the connection keeps to it until it proves wrong. How the bytes were cut into
reads decides nothing.
"""

from __future__ import annotations

import re
from typing import Final

from protocols.h02.binary import DATAGRAM_BYTES, LONG_BYTES, SHORT_BYTES, TAILED_BYTES, is_long
from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_FRAME_BYTES: Final = 4096
"""The longest text seen has a dozen cells and 300 bytes."""

MAX_UNENDED_BYTES: Final = 512
"""A text of up to this length is looked at for its status; some units forget the last sign."""

MAX_GARBAGE_BYTES: Final = 16 * 1024
"""After more than that nobody here speaks our protocol."""

BLOCK_BYTES: Final = 32
"""An X block, of which nothing else is known."""

_BCD: Final = rb"[\x00-\x09\x10-\x19\x20-\x29\x30-\x39\x40-\x49\x50-\x59\x60-\x69\x70-\x79\x80-\x89\x90-\x99]"
_HEAD: Final = re.compile(rb"\*[0-9A-Za-z]{2},|\$" + _BCD + rb"{5}")
_HEAD_BEGUN: Final = re.compile(rb"(?:\*[0-9A-Za-z]{0,2}|\$" + _BCD + rb"{0,4})\Z")
_LONGEST_HEAD_BYTES: Final = 6
# The end of a text, or the head of another one that interrupts it. Only an id makes a head inside a text.
_TEXT_ENDS: Final = re.compile(rb"#|\*[A-Za-z]{2},[0-9]{6}")
_LONGEST_INNER_BYTES: Final = 10
_STATUS_SAID: Final = re.compile(rb"\*.*,[0-9]{6},[0-9A-Fa-f]{8}(?:,|\Z)", re.DOTALL)  # a date and a status
_BLANKS: Final = re.compile(rb"[ \t\r\n\x00]+")
# What may stand behind a short binary message. A tail can begin with the same sign, but hardly with a whole head.
_FOLLOWS: Final = re.compile(rb"\r?\n|X|" + _HEAD.pattern)
_FOLLOWS_PERHAPS: Final = re.compile(rb"\r\Z|" + _HEAD_BEGUN.pattern)

_TAIL_BYTES: Final = 3
"""Some tails are so much longer, as seen over UDP; no more of one is garbage than that."""


class Framer:
    """Cut one connection's bytes into pieces. Each byte is looked at a few times; one frame is kept."""

    __slots__ = ("_binary_bytes", "_buffer", "_garbage_bytes", "_over", "_scanned", "_tail_bytes")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._garbage_bytes = 0
        self._binary_bytes: int | None = None
        self._tail_bytes = 0
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    @property
    def may_be_whole(self) -> bool:
        """True for what has all fields that decide: a binary message, or a text without its last sign."""
        if self._buffer.startswith(b"$"):
            return len(self._buffer) >= SHORT_BYTES
        return len(self._buffer) <= MAX_UNENDED_BYTES and _STATUS_SAID.search(self._buffer) is not None

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        self._buffer += chunk
        pieces: list[Piece] = []
        start = 0
        while not self._over and start < len(self._buffer):
            end = self._next(start, pieces)
            if end is None:
                break
            start, self._scanned = end, 0
        del self._buffer[: len(self._buffer) if self._over else start]
        return pieces

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        raw, whole = bytes(self._buffer), self.may_be_whole
        self._buffer.clear()
        self._scanned = 0
        if not raw:
            return []
        if whole:
            if raw.startswith(b"$"):
                self._binary_bytes = SHORT_BYTES if len(raw) == SHORT_BYTES else None
            return [Whole(raw)]
        return [CutShort(raw) if _HEAD.match(raw) else Garbage(raw[:SAMPLE_BYTES])]

    def _next(self, start: int, pieces: list[Piece]) -> int | None:
        """Take what begins at start; return where it ends, or None if that has not come yet."""
        buffer = self._buffer
        if blanks := _BLANKS.match(buffer, start):
            return blanks.end()
        if _HEAD.match(buffer, start):
            self._garbage_bytes = self._tail_bytes = 0
            return self._text(start, pieces) if buffer[start] == ord("*") else self._binary(start, pieces)
        if _HEAD_BEGUN.match(buffer, start):
            return None
        if buffer[start] == ord("X") and not self._garbage_bytes:
            return self._cut(start, BLOCK_BYTES, pieces)
        return self._throw_away(start, pieces)

    def _text(self, start: int, pieces: list[Piece]) -> int | None:
        end = _TEXT_ENDS.search(self._buffer, max(start + 4, start + self._scanned))
        length = (end.end() if end else len(self._buffer)) - start
        if length > MAX_FRAME_BYTES:
            self._over = True
            pieces.append(TooLong(bytes(self._buffer[start : start + SAMPLE_BYTES]), MAX_FRAME_BYTES))
            return None
        if end is None:
            self._scanned = max(0, length - _LONGEST_INNER_BYTES)
            return None
        if end[0] == b"#":
            return self._cut(start, length, pieces)
        pieces.append(CutShort(bytes(self._buffer[start : end.start()])))
        return end.start()

    def _binary(self, start: int, pieces: list[Piece]) -> int | None:
        there = len(self._buffer) - start
        if there < SHORT_BYTES:
            return None
        if is_long(bytes(self._buffer[start : start + SHORT_BYTES])):
            return self._cut(start, LONG_BYTES, pieces)
        if self._binary_bytes is None:
            if there == SHORT_BYTES:
                return None
            follows = _FOLLOWS.match(self._buffer, start + SHORT_BYTES)
            if not follows and _FOLLOWS_PERHAPS.match(self._buffer, start + SHORT_BYTES):
                return None
            self._binary_bytes = SHORT_BYTES if follows else TAILED_BYTES
        end = self._cut(start, self._binary_bytes, pieces)
        self._tail_bytes = _TAIL_BYTES if end and self._binary_bytes == TAILED_BYTES else 0
        return end

    def _cut(self, start: int, length: int, pieces: list[Piece]) -> int | None:
        if len(self._buffer) - start < length:
            return None
        pieces.append(Whole(bytes(self._buffer[start : start + length])))
        return start + length

    def _throw_away(self, start: int, pieces: list[Piece]) -> int:
        self._binary_bytes = None  # the length that was believed may be why we are lost
        if self._tail_bytes:
            self._tail_bytes -= 1
            return start + 1  # one at a time, or it would matter in how many reads they came
        head = _HEAD.search(self._buffer, start + 1)
        if head is None:
            head = _HEAD_BEGUN.search(self._buffer, max(start + 1, len(self._buffer) - _LONGEST_HEAD_BYTES))
        end = head.start() if head else len(self._buffer)
        garbage = bytes(self._buffer[start:end])
        if not self._garbage_bytes:
            pieces.append(Garbage(garbage[:SAMPLE_BYTES]))
        self._garbage_bytes += len(garbage)
        if self._garbage_bytes > MAX_GARBAGE_BYTES:
            self._over = True
            pieces.append(TooLong(garbage[:SAMPLE_BYTES], MAX_GARBAGE_BYTES))
        return end


class DatagramFramer(Framer):
    """One datagram: a binary message fills it, whatever its tail is."""

    __slots__ = ()

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the datagram; return its pieces."""
        if len(chunk) in DATAGRAM_BYTES and chunk.startswith(b"$") and _HEAD.match(chunk):
            return [Whole(chunk)]
        return super().receive(chunk)
