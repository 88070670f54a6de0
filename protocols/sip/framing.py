"""A SIP stream to whole messages: the head ends at an empty line, and Content-Length says how long the body is.

A message cannot be found again once a length is wrong, so the first garbage ends the stream (RFC 3261 section 18.3
closes the connection). A double line break between messages is a keep-alive and comes out as PING.
"""

from __future__ import annotations

import re
from typing import Final

from protocols.pieces import SAMPLE_BYTES, CutShort, Garbage, Piece, TooLong, Whole
from protocols.sip.codec import MAX_MESSAGE_BYTES

PING: Final = b"\r\n\r\n"
"""A device keeps its way through a firewall open and wants PONG (RFC 5626 section 3.5.1)."""
PONG: Final = b"\r\n"

_END: Final = re.compile(rb"\r?\n\r?\n")
_LONGEST_END: Final = 4
_BEGINS: Final = re.compile(rb"[A-Za-z0-9.!%*_+`'~-]{1,32}(?:[ /]|$)")
_LENGTH: Final = re.compile(rb"\n(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})[ \t]*\r?\n", re.IGNORECASE)


class SipFramer:
    """Cuts one connection's bytes. Keeps the Framer contract; at most MAX_MESSAGE_BYTES wait."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._searched = 0  # no end of the head before it
        self._whole_at: int | None = None  # how long the message is, once its head has been read
        self._over = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their message; half a keep-alive is none."""
        return 0 if self._pending.startswith((b"\r", b"\n")) else len(self._pending)

    @property
    def may_be_whole(self) -> bool:
        """Never: a length is always said."""
        return False

    def receive(self, chunk: bytes) -> list[Piece]:
        """Take the next bytes; return the messages they complete."""
        if self._over:
            return []
        self._pending += chunk
        pieces: list[Piece] = []
        while (piece := self._next()) is not None:
            pieces.append(piece)
            if isinstance(piece, Garbage | TooLong):
                self._over = True
                self._pending.clear()
                break
        return pieces

    def give_up(self) -> list[Piece]:
        """Stop waiting: return what is pending as it is."""
        rest = bytes(self._pending)
        self._pending.clear()
        self._searched, self._whole_at = 0, None
        return [CutShort(rest)] if rest.strip() else []

    def _next(self) -> Piece | None:
        if self._whole_at is None and (between := self._between()) is not None:
            return between
        if not self._pending or self._pending.startswith((b"\r", b"\n")):
            return None
        if self._whole_at is None:
            if not _BEGINS.match(self._pending[:33]):
                return Garbage(bytes(self._pending[:SAMPLE_BYTES]))
            self._find_head()
        if (self._whole_at or len(self._pending)) > MAX_MESSAGE_BYTES:
            return TooLong(bytes(self._pending[:SAMPLE_BYTES]), MAX_MESSAGE_BYTES)
        if self._whole_at is None or len(self._pending) < self._whole_at:
            return None
        raw = bytes(self._pending[: self._whole_at])
        del self._pending[: self._whole_at]
        self._searched, self._whole_at = 0, None
        return Whole(raw)

    def _between(self) -> Piece | None:
        """Take line breaks between messages: two together are a ping, a single one is somebody's pong."""
        if self._pending.startswith(PING):
            del self._pending[: len(PING)]
            return Whole(PING)
        while self._pending.startswith((b"\r", b"\n")) and not PING.startswith(self._pending):
            del self._pending[: 2 if self._pending.startswith(PONG) else 1]
        return None

    def _find_head(self) -> None:
        end = _END.search(self._pending, max(0, self._searched - _LONGEST_END))
        if end is None:
            self._searched = len(self._pending)
            return
        said = _LENGTH.search(self._pending, 0, end.end())
        self._whole_at = end.end() + (int(said[1]) if said else 0)
