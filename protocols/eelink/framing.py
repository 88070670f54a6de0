"""Chunks off the wire become eelink's packages (67 67) and UDP envelopes (45 4C)."""

from __future__ import annotations

from typing import Final

from protocols.sized import SizedFramer

PACKAGE_MARK: Final = b"\x67\x67"
ENVELOPE_MARK: Final = b"\x45\x4c"
HEAD_BYTES: Final = 5
ENVELOPE_HEAD_BYTES: Final = 14
"""Mark, length, sum, IMEI."""

MAX_PACKAGE_BYTES: Final = 16 * 1024
"""A camera sends its pictures in pieces of a packet or so; a position with all it can say is below 1 kB."""


def size(head: bytes) -> int | None:
    """Return the length of the package or envelope that this head begins, or None if it is no head."""
    if head.startswith(PACKAGE_MARK):
        stated = int.from_bytes(head[3:5], "big")
        return 5 + stated if 2 <= stated <= MAX_PACKAGE_BYTES else None
    stated = int.from_bytes(head[2:4], "big")
    return 4 + stated if ENVELOPE_HEAD_BYTES - 4 <= stated <= MAX_PACKAGE_BYTES else None


def framer() -> SizedFramer:
    """Return what cuts one connection or one datagram."""
    return SizedFramer((PACKAGE_MARK, ENVELOPE_MARK), HEAD_BYTES, size)
