"""Cutting a gt06 stream: two heads, a length of one or two octets, and clones that count otherwise."""

from __future__ import annotations

from typing import Final

from protocols.concox_framing import LengthFramer, around_lengths

SHORT_HEAD: Final = b"\x78\x78"
LONG_HEAD: Final = b"\x79\x79"

WIFI: Final = frozenset({0x17, 0x69})
"""Types that some units send in topin's layout: the length counts access points, and there is no serial."""


def framer() -> LengthFramer:
    """Return what cuts one connection."""
    return LengthFramer((SHORT_HEAD, LONG_HEAD), _lengths)


def _lengths(buffer: bytes | bytearray, start: int) -> tuple[int, ...]:
    have = len(buffer) - start
    if have < 5:
        return (5,)
    if buffer[start] == LONG_HEAD[0]:
        return ((buffer[start + 2] << 8 | buffer[start + 3]) + 6,)
    stated = buffer[start + 2] + 5
    if buffer[start + 3] in WIFI:
        return (stated, *around_lengths(buffer, start, wide=False))
    return (stated,)
