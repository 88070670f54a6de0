"""Chunks off the wire to one whole document: it is complete when its root element closes.

There is no length and no terminator, the other side keeps the connection open, and a connection carries one document.
What is well-formed is the codec's question; here tags are only counted. Source: facts/alarm-protocols.md part 1.1.
"""

from __future__ import annotations

from typing import Final

from protocols.errors import ContentError, FrameTooLong, RemoteProtocolError

MAX_DOCUMENT_BYTES: Final = 100_000
"""Header and tags included; a sign is one byte in ISO-8859-1. More is answered with status 1."""

# what is not a tag: how it begins -> how it ends
_ENDS: Final = {b"<?": b"?>", b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_LONGEST_BEGINNING: Final = max(map(len, _ENDS))
_SPACE: Final = b" \t\r\n"


class DocumentType(ContentError):
    """The document brings definitions of its own (a DTD): never read, for it can be made to grow without end."""


class OneDocument:
    """Collects the document of one connection, at most MAX_DOCUMENT_BYTES. What it returns or raises does not depend
    on where the stream was cut; the work is linear in the bytes."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._at = 0  # everything before it is counted
        self._sought = 0  # within the construct at _at: everything before it has been searched for its end
        self._quote = 0  # the quotation mark that is open in the tag at _at, 0 for none
        self._depth = 0
        self._over = False
        self._behind = b""
        self._refused: RemoteProtocolError | None = None

    @property
    def begun(self) -> bool:
        """True if anything but blanks has come."""
        return bool(self._heard.strip(_SPACE))

    @property
    def heard(self) -> bytes:
        """What has come so far, whole or not."""
        return bytes(self._heard)

    @property
    def behind(self) -> bytes:
        """What came behind the root in the same chunk; empty before the document is whole."""
        return self._behind

    def feed(self, chunk: bytes) -> bytes | None:
        """Take the next bytes; return the document once, when its root closes, and None before and after.

        Bytes behind the root are no part of it; see behind. Raises FrameTooLong, or ContentError for what can become
        no document; then every later call raises the same.
        """
        if self._refused is not None:
            raise self._refused
        if self._over:
            return None
        room = MAX_DOCUMENT_BYTES - len(self._heard)
        self._heard += chunk[:room]
        try:
            if self._scan():
                self._behind = bytes(self._heard[self._at :]) + chunk[room:]
                return bytes(self._heard[: self._at])
            if len(chunk) > room:
                raise FrameTooLong(limit_bytes=MAX_DOCUMENT_BYTES)
        except RemoteProtocolError as error:
            self._refused = error
            raise
        return None

    def _scan(self) -> bool:
        """Count what has come; True once the root has closed."""
        while self._step():
            if self._over:
                return True
        return False

    def _step(self) -> bool:
        """Count one construct; False if it is not whole yet."""
        if self._heard[self._at : self._at + 1] != b"<":
            return self._text()
        beginning = bytes(self._heard[self._at : self._at + _LONGEST_BEGINNING])
        for begins, ends in _ENDS.items():
            if beginning.startswith(begins):
                return self._until(ends, len(begins))
        if beginning[:2] == b"<!":
            if any(begins.startswith(beginning) for begins in _ENDS):
                return False
            raise DocumentType("a document type or an unknown declaration")
        return len(beginning) > 1 and self._tag(closing=beginning[:2] == b"</")

    def _text(self) -> bool:
        found = self._heard.find(b"<", max(self._at, self._sought))
        end = len(self._heard) if found < 0 else found
        if self._depth == 0 and self._heard[self._at : end].strip(_SPACE):
            raise ContentError("text outside the root element")
        self._at = self._sought = end
        return found >= 0

    def _until(self, ends: bytes, begun: int) -> bool:
        start = max(self._at + begun, self._sought)
        found = self._heard.find(ends, start)
        if found < 0:
            self._sought = max(start, len(self._heard) - len(ends) + 1)
            return False
        self._at = self._sought = found + len(ends)
        return True

    def _tag(self, *, closing: bool) -> bool:
        end = self._end_of_tag()
        if end is None:
            return False
        empty = self._heard[end - 1] == ord("/")
        self._at = self._sought = end + 1
        if closing:
            self._depth -= 1
        elif not empty:
            self._depth += 1
        if self._depth < 0:
            raise ContentError("an element ends that never began")
        self._over = self._depth == 0
        return True

    def _end_of_tag(self) -> int | None:
        """Find the > that is in no attribute's value."""
        here = max(self._at + 1, self._sought)
        while here < len(self._heard):
            sign = self._heard[here]
            if self._quote:
                if sign == self._quote:
                    self._quote = 0
            elif sign in b"\"'":
                self._quote = sign
            elif sign == ord(">"):
                return here
            here += 1
        self._sought = here
        return None
