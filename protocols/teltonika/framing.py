"""Chunks off the wire become frames: a log-in, a ping, a data frame by its length, or a UDP envelope."""

from __future__ import annotations

import re
from typing import Final

from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole

MAX_FRAME_BYTES: Final = 64 * 1024
"""255 records with forty elements each are 50 kB; devices themselves stop at some 1.3 kB."""

MAX_GARBAGE_BYTES: Final = MAX_FRAME_BYTES
"""The worst honest garbage is the rest of one frame; after more than that nobody here speaks our protocol."""

PING: Final = 0xFF
PREAMBLE_BYTES: Final = 8
"""Four zero bytes and the length of the body."""
AROUND_BODY_BYTES: Final = 12
"""Preamble, length and checksum."""

SHORTEST_NAME_BYTES: Final = 5
LONGEST_NAME_BYTES: Final = 20
"""An IMEI is 15 digits; test units are given shorter names."""
SHORTEST_PACKET_BYTES: Final = 6 + SHORTEST_NAME_BYTES + 3
LONGEST_PACKET_BYTES: Final = 2048
"""A datagram over a mobile network is 1.5 kB at most."""

# What a frame begins with, where one is looked for among garbage: a name, or a preamble before a codec we know.
_HEAD: Final = re.compile(rb"\x00[\x05-\x14][0-9A-Za-z]{5}|\x00{6}..[\x07\x08\x0c\x0d\x0e\x10\x8e]", re.DOTALL)
_LONGEST_HEAD_BYTES: Final = 9
_NAME: Final = re.compile(rb"[0-9A-Za-z]*")
_MORE: Final = 0
_NONE: Final = -1


class Framer:
    """Cut one connection's bytes into pieces. Each byte is looked at a few times at most; one frame is kept."""

    __slots__ = ("_buffer", "_garbage_bytes", "_lost", "_over")

    may_be_whole = False

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._garbage_bytes = 0
        self._lost = False
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the pieces they complete. A stretch of garbage is reported once, as it begins."""
        if self._over:
            return []
        buffer = self._buffer
        buffer += chunk
        pieces: list[Piece] = []
        start, end = 0, len(buffer)
        while start < end:
            if self._lost:
                start = self._skip_to_head(start, pieces)
                if self._lost:
                    break
            length = _frame_bytes(buffer, start)
            if length == _NONE:
                self._lost = True
                start = self._throw_away(start, start + 1, pieces)
            elif length == _MORE or start + length > end:
                break
            else:
                pieces.append(Whole(bytes(buffer[start : start + length])))
                start += length
                self._garbage_bytes = 0
        del buffer[: end if self._over else start]
        return pieces

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        raw, lost = bytes(self._buffer), self._lost
        self._buffer.clear()
        self._lost = False
        if not raw:
            return []
        return [Garbage(raw[:SAMPLE_BYTES]) if lost else CutShort(raw)]

    def _skip_to_head(self, start: int, pieces: list[Piece]) -> int:
        """Throw away what comes before the next head; return where to go on. Still lost if there is none."""
        buffer = self._buffer
        if head := _HEAD.search(buffer, start):
            self._lost = False
            at = head.start()
        else:
            begun = buffer.find(0, max(start, len(buffer) - _LONGEST_HEAD_BYTES + 1))
            at = len(buffer) if begun < 0 else begun
        return self._throw_away(start, at, pieces)

    def _throw_away(self, start: int, end: int, pieces: list[Piece]) -> int:
        if start == end:
            return end
        if self._garbage_bytes == 0:
            pieces.append(Garbage(bytes(self._buffer[start : start + SAMPLE_BYTES])))
        self._garbage_bytes += end - start
        if self._garbage_bytes > MAX_GARBAGE_BYTES:
            self._over = self._lost = True
            pieces.append(TooLong(bytes(self._buffer[start : start + SAMPLE_BYTES]), MAX_GARBAGE_BYTES))
        return end


def _frame_bytes(buffer: bytearray, start: int) -> int:
    """Return the length of the frame that begins at start, _MORE if that cannot be told yet, _NONE if none does."""
    have = len(buffer) - start
    if buffer[start] == PING:
        return 1
    if have >= PREAMBLE_BYTES and not buffer[start]:
        stated = int.from_bytes(buffer[start : start + PREAMBLE_BYTES], "big")  # with its four zeros: nearly all frames
        if 1 <= stated <= MAX_FRAME_BYTES - AROUND_BODY_BYTES:
            return stated + AROUND_BODY_BYTES
    if have < 2:
        return _MORE if buffer[start] <= LONGEST_PACKET_BYTES >> 8 else _NONE
    stated = buffer[start] << 8 | buffer[start + 1]
    if stated == 0:
        return _NONE if any(buffer[start + 2 : start + 6]) or have >= PREAMBLE_BYTES else _MORE
    if SHORTEST_NAME_BYTES <= stated <= LONGEST_NAME_BYTES:
        named = _NAME.match(buffer, start + 2, start + 2 + stated)
        if named is not None and named.end() - start == min(have, stated + 2):
            return 2 + stated
    return _packet_bytes(buffer, start, have, stated)


def _packet_bytes(buffer: bytearray, start: int, have: int, stated: int) -> int:
    """Read a UDP envelope: length, packet id, 01, AVL packet id, then the name's length and the name."""
    if not SHORTEST_PACKET_BYTES <= stated <= LONGEST_PACKET_BYTES:
        return _NONE
    if have > 4 and buffer[start + 4] != 1:
        return _NONE
    if have > 6 and buffer[start + 6] != 0:
        return _NONE
    if have > 7:
        name_bytes = buffer[start + 7]
        if not SHORTEST_NAME_BYTES <= name_bytes <= min(LONGEST_NAME_BYTES, stated - 9):
            return _NONE
        named = _NAME.match(buffer, start + 8, start + 8 + name_bytes)
        if named is None or named.end() - start < min(have, 8 + name_bytes):
            return _NONE
    return 2 + stated
