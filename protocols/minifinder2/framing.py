"""Chunks off the wire become frames of minifinder2: AB, properties, length, checksum, sequence, body."""

from __future__ import annotations

from typing import Final

from protocols.sized import SizedFramer

MARK: Final = 0xAB
HEAD_BYTES: Final = 8

MAX_BODY_BYTES: Final = 0xFFFF
"""All that the length can say. A frame refused for its size would be sent again for ever, an SOS in it unheard."""


def size(head: bytes) -> int | None:
    """Return the length of the frame that this head begins, or None if it is no head."""
    body_bytes = int.from_bytes(head[2:4], "little")
    return HEAD_BYTES + body_bytes if head[0] == MARK and body_bytes else None


def framer() -> SizedFramer:
    """Return what cuts one connection."""
    return SizedFramer((bytes((MARK,)),), HEAD_BYTES, size)
