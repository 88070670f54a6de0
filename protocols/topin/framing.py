"""Cutting a topin stream: what the length octet counts depends on the type."""

from __future__ import annotations

from typing import Final

from protocols.concox_framing import LengthFramer, around_lengths

HEAD: Final = b"\x78\x78"

LOGIN: Final = 0x01
LOGIN_BYTES: Final = 15

WIFI: Final = {0x17: False, 0x69: False, 0x18: True, 0x1A: True, 0x19: True}
"""Types whose length octet counts access points; True where LAC and CID have four octets each."""


ANSWER_BYTES: Final = {LOGIN: 7, 0x30: 13, 0x99: 6, **dict.fromkeys((0x10, 0x11, 0x17, 0x69, 0x18, 0x1A, 0x19), 12)}
"""Whole answers by type: accepted or refused, the time, an echo, a record's own time."""


def framer() -> LengthFramer:
    """Return what cuts one connection."""
    return LengthFramer((HEAD,), _lengths)


def answers_framer() -> LengthFramer:
    """Return what cuts what a receiver says: its length octets repeat the device's and mean nothing there."""
    return LengthFramer((HEAD,), _answer_lengths)


def _lengths(buffer: bytes | bytearray, start: int) -> tuple[int, ...]:
    if len(buffer) - start < 4:
        return (4,)
    stated, kind = buffer[start + 2], buffer[start + 3]
    wide = WIFI.get(kind)
    if wide is not None:
        return around_lengths(buffer, start, wide=wide)
    if kind == LOGIN:
        return LOGIN_BYTES, stated + 5, stated + 6, stated + 4
    # type and content; content alone; paper's own count
    return stated + 5, stated + 6, stated + 4


def _answer_lengths(buffer: bytes | bytearray, start: int) -> tuple[int, ...]:
    if len(buffer) - start < 4:
        return (4,)
    known = ANSWER_BYTES.get(buffer[start + 3])
    return (buffer[start + 2] + 5,) if known is None else (known,)
