"""UUIDv7: an id that the client makes and that sorts by time (RFC 9562 section 5.7)."""

from datetime import datetime
from uuid import UUID


def uuid7(now: datetime, random_bytes: bytes) -> UUID:
    """Make an id. now: aware, from 1970 on. random_bytes: ten bytes, from the shell's random source."""
    milliseconds = int(now.timestamp() * 1000)
    raw = bytearray(milliseconds.to_bytes(6, "big") + random_bytes[:10])
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return UUID(bytes=bytes(raw))
