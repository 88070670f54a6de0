"""Look for GOAWAY before h2 sees it.

h2 closes its state at GOAWAY and can no longer read the answers that the server still sends for the streams it
took (RFC 9113, section 6.8). So this frame is taken out of the flow; h2 gets all others untouched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

HEADER_BYTES = 9
GOAWAY_TYPE = 0x7
MAX_GOAWAY_BYTES = 16_384  # SETTINGS_MAX_FRAME_SIZE that we announce: h2's default


@dataclass(frozen=True, slots=True)
class GoAway:
    """The server takes no new streams. debug_data: Apple puts its JSON with the reason here."""

    last_stream_id: int
    error_code: int
    debug_data: bytes


class FrameCutter:
    """Follows the frame boundaries of one connection."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._passing = 0
        self._goaway: bytearray | None = None
        self._goaway_bytes = 0

    def receive(self, data: bytes) -> Iterator[bytes | GoAway]:
        """Yield what h2 shall read and each GOAWAY, in order. Raises ValueError for a GOAWAY of absurd length."""
        at = start = 0
        while at < len(data):
            if self._goaway is not None:
                missing = self._goaway_bytes - len(self._goaway)
                self._goaway += data[at : at + missing]
                at = start = min(at + missing, len(data))
                if len(self._goaway) == self._goaway_bytes:
                    yield self._take()
            elif self._passing:
                step = min(self._passing, len(data) - at)
                self._passing -= step
                at += step
            else:
                missing = HEADER_BYTES - len(self._header)
                self._header += data[at : at + missing]
                header_at = at
                at = min(at + missing, len(data))
                if len(self._header) < HEADER_BYTES:
                    if data[start:header_at]:
                        yield data[start:header_at]
                    return  # the header's beginning is kept: only its type says whose it is
                length = int.from_bytes(self._header[:3], "big")
                if self._header[3] == GOAWAY_TYPE:
                    if data[start:header_at]:
                        yield data[start:header_at]
                    start = at
                    self._expect(length)
                elif missing < HEADER_BYTES:  # its beginning came in an earlier chunk and was kept
                    yield bytes(self._header)
                    start = at
                    self._passing = length
                else:
                    self._passing = length
                self._header.clear()
        if data[start:]:
            yield data[start:]

    def _expect(self, length: int) -> None:
        if not 8 <= length <= MAX_GOAWAY_BYTES:
            raise ValueError("GOAWAY of impossible length")
        self._goaway = bytearray()
        self._goaway_bytes = length

    def _take(self) -> GoAway:
        assert self._goaway is not None
        body, self._goaway = bytes(self._goaway), None
        return GoAway(int.from_bytes(body[:4], "big") & 0x7FFFFFFF, int.from_bytes(body[4:8], "big"), body[8:])
