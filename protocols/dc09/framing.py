"""Bytes off the wire to whole DC-09 frames, and back. A damaged frame never costs the good one behind it.

LF crc 0LLL "name"... CR; the checksum and the length count the text from the first quote to the last byte
before CR. The checksum is four hex digits, or on some panels two raw bytes (which may be LF and CR themselves).
Source: ANSI/SIA DC-09, message format (public-review draft of 2013); deviations in README.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from protocols.errors import ChecksumMismatch, FrameTooLong, FramingError, LocalProtocolError, RemoteProtocolError

MAX_TEXT_BYTES: Final = 0x0FFF
"""Three hex digits of length: what 0LLL can say with its fixed leading zero."""
MAX_FRAME_BYTES: Final = 1 + 4 + 4 + MAX_TEXT_BYTES + 1

LF: Final = 0x0A
CR: Final = b"\r"
BLANK: Final = b"\x00\r\n\t "
"""What panels and modems leave between frames without meaning anything."""

# crc 0LLL quote, with the checksum as four hex digits or as two raw bytes
_HEX_HEADER: Final = re.compile(rb'([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})"')
_RAW_HEADER: Final = re.compile(rb'(..)([0-9A-Fa-f]{4})"', re.DOTALL)
_HEX_BEGINS: Final = re.compile(rb"[0-9A-Fa-f]{0,8}\Z")
_RAW_BEGINS: Final = re.compile(rb".{0,2}\Z|..[0-9A-Fa-f]{0,4}\Z", re.DOTALL)
_HEX_HEADER_BYTES: Final = 9
_BLANK_RUN: Final = re.compile(rb"[\x00\r\t ]+")
_ACCOUNT: Final = re.compile(rb'"[^"]{1,20}"[^#\[]{0,20}#([0-9A-Za-z]{1,16})\[')


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame with the right length and checksum. text: from the first quote to the last byte before CR."""

    raw: bytes
    text: bytes
    binary_checksum: bool = False


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes that are no good frame, and why."""

    error: RemoteProtocolError
    raw: bytes


class LengthMismatch(FramingError):
    """The frame says one length and has another: cut short, or two run together. No answer; the unit repeats."""

    def __init__(self, *, declared_bytes: int, found_bytes: int) -> None:
        super().__init__(f"length {declared_bytes} bytes declared, {found_bytes} found")
        self.declared_bytes, self.found_bytes = declared_bytes, found_bytes


def _row(index: int) -> int:
    for _ in range(8):
        index = (index >> 1) ^ (0xA001 if index & 1 else 0)
    return index


# CRC-16/ARC: polynomial 0x8005 reflected, initial value 0, no final xor
_CRC_ROWS: Final = tuple(_row(index) for index in range(256))


def checksum(text: bytes) -> int:
    """CRC-16/ARC of the text."""
    crc = 0
    for byte in text:
        crc = (crc >> 8) ^ _CRC_ROWS[(crc ^ byte) & 0xFF]
    return crc


def frame(text: bytes, *, binary_checksum: bool = False) -> bytes:
    """Put the text on the wire. Raises LocalProtocolError for text that no frame can hold."""
    if not text.startswith(b'"') or CR in text or b"\n" in text or len(text) > MAX_TEXT_BYTES:
        raise LocalProtocolError(f"no DC-09 frame holds this text of {len(text)} bytes")
    crc = checksum(text)
    sum_bytes = crc.to_bytes(2, "big") if binary_checksum else b"%04X" % crc
    return b"\n" + sum_bytes + b"%04X" % len(text) + text + CR


class Framer:
    """Collects one stream. Holds at most one unfinished frame (MAX_FRAME_BYTES); what it returns does not depend
    on where the stream was cut, and the work is linear in the bytes."""

    def __init__(self) -> None:
        self._pending = b""

    @property
    def partial(self) -> bytes:
        """The bytes of a frame that has begun and not ended; empty if there is none."""
        return self._pending if self._pending.strip(BLANK) else b""

    def feed(self, chunk: bytes) -> list[Frame | Damaged]:
        """Take the next bytes; return what they complete, oldest first."""
        buffer = self._pending + chunk
        found: list[Frame | Damaged] = []
        at, stop = -1, 0
        while stop > at:
            at = _past_blank(buffer, stop)
            stop = _step(buffer, at, found)
        self._pending = buffer[at:]
        return found


def _past_blank(buffer: bytes, at: int) -> int:
    blank = _BLANK_RUN.match(buffer, at)
    return blank.end() if blank else at


def _step(buffer: bytes, start: int, found: list[Frame | Damaged]) -> int:
    """Read one thing at this place; return where it ends, or start itself if more bytes are needed first."""
    if start == len(buffer):
        return start
    if buffer[start] != LF:
        return _junk(buffer, start, start, found)
    window = buffer[start + 1 : start + 1 + _HEX_HEADER_BYTES]
    header = _HEX_HEADER.match(window) or _RAW_HEADER.match(window)
    if header is not None:
        return _frame(buffer, start, header, found)
    if len(window) < _HEX_HEADER_BYTES and (_HEX_BEGINS.match(window) or _RAW_BEGINS.match(window)):
        return start
    return _junk(buffer, start, start + 1, found)


def _junk(buffer: bytes, start: int, look_from: int, found: list[Frame | Damaged]) -> int:
    """Pass over bytes that begin no frame, to the next LF or behind the next CR."""
    end = start + MAX_FRAME_BYTES
    line_feed = buffer.find(b"\n", look_from, end)
    stop = buffer.find(CR, look_from, end if line_feed < 0 else line_feed) + 1 or line_feed
    if stop < 0:
        if len(buffer) < end:
            return start
        stop = end
    junk = buffer[start:stop]
    if junk.strip(BLANK):
        found.append(Damaged(FramingError("bytes that begin no DC-09 frame"), junk))
    return stop


def _frame(buffer: bytes, start: int, header: re.Match[bytes], found: list[Frame | Damaged]) -> int:
    quote = start + header.end()
    limit = quote + MAX_TEXT_BYTES + 1
    end = buffer.find(CR, quote, limit)
    if end < 0:
        if len(buffer) < limit:
            return start
        # a later LF within reach may begin a good frame; from the last one, so that the work stays linear
        stop = buffer.rfind(b"\n", start + 1, limit)
        stop = limit if stop < 0 else stop
        found.append(Damaged(FrameTooLong(limit_bytes=MAX_FRAME_BYTES), buffer[start:stop]))
        return stop
    text, declared = buffer[quote:end], int(header[2], 16)
    if declared == len(text):
        found.append(_verified(buffer[start : end + 1], text, header[1]))
        return end + 1
    stop = _next_start(buffer, quote, end)
    mismatch = LengthMismatch(declared_bytes=declared, found_bytes=min(stop, end) - quote)
    found.append(Damaged(mismatch, buffer[start:stop]))
    return stop


def _next_start(buffer: bytes, quote: int, end: int) -> int:
    """Where a frame begins inside a broken one that lost its CR; behind the CR if nowhere."""
    at = buffer.find(b"\n", quote, end)
    while at >= 0:
        if _HEX_HEADER.match(buffer, at + 1, end) or _RAW_HEADER.match(buffer, at + 1, end):
            return at
        at = buffer.find(b"\n", at + 1, end)
    return end + 1


def _verified(raw: bytes, text: bytes, sum_bytes: bytes) -> Frame | Damaged:
    binary = len(sum_bytes) == 2
    received = int.from_bytes(sum_bytes, "big") if binary else int(sum_bytes, 16)
    computed = checksum(text)
    if received == computed:
        return Frame(raw, text, binary)
    named = _ACCOUNT.match(text)
    account = named[1].decode("ascii") if named else None
    return Damaged(ChecksumMismatch(account=account, received=received, computed=computed), raw)
