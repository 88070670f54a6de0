"""espa444: calls to pagers and DECT handsets, between us and the paging exchange.

Source: ESPA, "Proposal for serial data interface for paging equipment", publication 4.4.4, November 1984, after ISO
1745. Sections known to us: control characters, polling and selecting, data blocks; the meaning of the digits before
NAK other than 1 (damaged on the way) is from memory.

One call, we being the control station (address 1) and the exchange station 2:
    we  1 ENQ 2 ENQ        we poll ourselves and so become temporary master, then select the exchange
    it  ACK                it is ready; NAK: it is not
    we  SOH 1 STX ... ETX BCC
    it  ACK                it has the call, which says nothing of any reader; NAK, with a digit before it: why not
    we  EOT                the line is free

Deviations and choices:
- 2 ENQ alone would be a poll, for a poll follows EOT; many exchanges take it as a selection, all the one above.
- ACK with a digit before it is ACK. NUL, CR and LF between words mean nothing. RS before ETX is forgiven.
- Over TCP most gateways take eight bits; on the old wire a byte has seven and even parity (with_parity, seven_bits).
- An exchange that polls us while we have nothing to say hears EOT. It cannot select us: we take no status blocks.
- Whatever stands in one chunk behind the word that we answer was said before our answer came, so it is no reply to it
  and is dropped: a doubled ACK does not pass for the next one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

from protocols.errors import (
    ChecksumMismatch,
    ContentError,
    FrameTooLong,
    FramingError,
    LocalProtocolError,
    RemoteProtocolError,
)

SOH, STX, ETX, EOT, ENQ, ACK, NAK, RS, US = (bytes([code]) for code in (1, 2, 3, 4, 5, 6, 0x15, 0x1E, 0x1F))
OURS: Final = "1"
EXCHANGE: Final = "2"
CALL: Final = "1"
"""Header of a call to a pager; 2 and 3 are statuses, 4 calls a line, 5 is the maker's own."""
TRANSMISSION_ERROR: Final = "1"
MAX_BLOCK_BYTES: Final = 512
"""Six records with 128 signs of text are some 170 bytes."""
MAX_TEXT_CHARS: Final = 128
MAX_ADDRESS_CHARS: Final = 16

_ADDRESS: Final = re.compile(r"[0-9A-Za-z*#]{1,16}")
_TURNS: Final = re.compile(rb"[\x01\x03\x04\x05]")
_BETWEEN: Final = re.compile(rb"[\x00\r\n]+")
_JUNK: Final = re.compile(rb"[^\x01\x04\x05\x06\x150-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a handset.

    text: in the exchange's own bytes (espa444_text). beep 0 to 9. call_type: 1 reset, 2 speech, 3 standard.
    priority: 1 alarm, 2 high, 3 normal.
    """

    address: str
    text: bytes
    beep: int = 3
    call_type: int = 3
    transmissions: int = 1
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A block whose checksum was right. records: (identifier, value) in their order."""

    header: str
    records: tuple[tuple[str, bytes], ...]

    def record(self, identifier: str) -> bytes | None:
        """Return the first value of a record, None where there is none."""
        return next((value for found, value in self.records if found == identifier), None)


@dataclass(frozen=True, slots=True)
class Enquiry:
    """<address> ENQ: a poll or a selection. address: "" for a bare ENQ."""

    address: str


@dataclass(frozen=True, slots=True)
class Ready:
    """ACK."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """NAK. why: the digit before it, "" where there was none."""

    why: str


@dataclass(frozen=True, slots=True)
class Over:
    """EOT."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes that are nothing of this protocol, and why."""

    error: RemoteProtocolError
    raw: bytes


Word = Block | Enquiry | Ready | NotReady | Over | Damaged


def serialise(call: Call) -> bytes:
    """Return the block of a call. Raises LocalProtocolError for an address or text that no block can hold."""
    if not _ADDRESS.fullmatch(call.address):
        raise LocalProtocolError("no ESPA call address")
    if len(call.text) > MAX_TEXT_CHARS or any(byte < 0x20 for byte in call.text):
        raise LocalProtocolError(f"no ESPA text of {len(call.text)} bytes")
    numbers = (call.beep, call.call_type, call.transmissions, call.priority)
    values = (call.address.encode("ascii"), call.text, *(str(number).encode("ascii") for number in numbers))
    records = RS.join(str(place).encode("ascii") + US + value for place, value in enumerate(values, 1))
    checked = CALL.encode("ascii") + STX + records + ETX
    return SOH + checked + bytes([block_check(checked)])


def block_check(checked: bytes) -> int:
    """Return the BCC: all bytes after SOH up to and with ETX, added without carry."""
    return reduce(xor, checked, 0)


def parse(frame: bytes) -> Block:
    """Read a block, SOH to BCC. Raises ChecksumMismatch, ContentError."""
    checked, received = frame[1:-1], frame[-1]
    if (computed := block_check(checked)) != received:
        raise ChecksumMismatch(account=None, received=received, computed=computed)
    header, found, body = checked[:-1].partition(STX)
    if not found or not header:
        raise ContentError("an ESPA block without header or text")
    records = []
    for record in body.removesuffix(RS).split(RS):
        identifier, separated, value = record.partition(US)
        if not separated or not identifier:
            raise ContentError("an ESPA record without identifier")
        records.append((identifier.decode("latin-1"), value))
    return Block(header.decode("latin-1"), tuple(records))


class Framer:
    """Collects one stream into words. Holds at most one unfinished block (MAX_BLOCK_BYTES)."""

    def __init__(self, *, seven_bits: bool = False) -> None:
        """seven_bits: the eighth is parity and is dropped."""
        self._pending = b""
        self._seven_bits = seven_bits

    def feed(self, chunk: bytes) -> list[Word]:
        """Take the next bytes; return what they complete, oldest first."""
        buffer = self._pending + (bytes(byte & 0x7F for byte in chunk) if self._seven_bits else chunk)
        words: list[Word] = []
        start, end = -1, 0
        while end > start:
            between = _BETWEEN.match(buffer, end)
            start = between.end() if between else end
            end = _step(buffer, start, words)
        self._pending = buffer[start:]
        return words

    def forget(self) -> None:
        """Drop what has begun."""
        self._pending = b""


def _step(buffer: bytes, start: int, words: list[Word]) -> int:
    """Read one word; return where it ends, or start itself if more bytes are needed first."""
    first = buffer[start : start + 1]
    if first == b"":
        return start
    if first == SOH:
        return _block(buffer, start, words)
    if first.isdigit():
        prefix, control, end = first.decode("ascii"), buffer[start + 1 : start + 2], start + 2
        if control == b"":
            return start
    else:
        prefix, control, end = "", first, start + 1
    if control == ENQ:
        words.append(Enquiry(prefix))
    elif control == NAK:
        words.append(NotReady(prefix))
    elif control == ACK:
        words.append(Ready())
    elif control == EOT and not prefix:
        words.append(Over())
    else:
        junk = _JUNK.match(buffer, start)
        end = junk.end() if junk else start + 1
        words.append(Damaged(FramingError("bytes between ESPA words"), buffer[start:end]))
    return end


def _block(buffer: bytes, start: int, words: list[Word]) -> int:
    turn = _TURNS.search(buffer, start + 1)
    if turn is None or (turn[0] == ETX and turn.end() == len(buffer)):
        if len(buffer) - start <= MAX_BLOCK_BYTES:
            return start
        words.append(Damaged(FrameTooLong(limit_bytes=MAX_BLOCK_BYTES), buffer[start:]))
        return len(buffer)
    if turn[0] != ETX:
        words.append(Damaged(FramingError("an ESPA block was broken off"), buffer[start : turn.start()]))
        return turn.start()
    frame = buffer[start : turn.end() + 1]
    try:
        words.append(parse(frame))
    except RemoteProtocolError as error:
        words.append(Damaged(error, frame))
    return turn.end() + 1


def with_parity(data: bytes) -> bytes:
    """Return seven-bit bytes with even parity in the eighth. Raises LocalProtocolError where the eighth is in use."""
    if any(byte > 0x7F for byte in data):
        raise LocalProtocolError("parity needs bytes of seven bits")
    return bytes(byte | (byte.bit_count() % 2) << 7 for byte in data)
