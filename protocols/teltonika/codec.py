"""Frames <-> messages: log-ins, pings, data frames with their checksum, and UDP packets, in both directions."""

from __future__ import annotations

import struct
from typing import Final, assert_never

from protocols.errors import ChecksumMismatch, ContentError
from protocols.teltonika import gh3000, records
from protocols.teltonika.framing import PING, PREAMBLE_BYTES
from protocols.teltonika.messages import (
    CODEC_12,
    CODEC_GH3000,
    Batch,
    Body,
    Login,
    Message,
    Opaque,
    Packet,
    Ping,
    Record,
    Text,
)

ACCEPT: Final = b"\x01"
REFUSE: Final = b"\x00"
"""Answers to a log-in. We never refuse: a device handed out before it was enrolled must be able to call for help."""

_PAIR: Final = struct.Struct("<H")
_PACKET_HEAD_BYTES: Final = 8
"""Length, packet id, 01, AVL packet id, the name's length."""


def _table() -> tuple[int, ...]:
    table = []
    for octet in range(256):
        for _ in range(8):
            octet = octet >> 1 ^ 0xA001 if octet & 1 else octet >> 1
        table.append(octet)
    return tuple(table)


_ONE: Final = _table()
_TWO: Final = tuple(crc >> 8 ^ _ONE[crc & 0xFF] for crc in _ONE)
"""What an octet leaves in the checksum, and what it leaves when another has followed: two are taken at a time."""


def crc16(octets: bytes) -> int:
    """CRC-16/ARC ("IBM"): 0x8005 reflected, start 0, nothing at the end; 0xBB3D for b"123456789"."""
    crc, one, two = 0, _ONE, _TWO
    for (pair,) in _PAIR.iter_unpack(octets[: len(octets) & ~1]):
        crc ^= pair
        crc = two[crc & 0xFF] ^ one[crc >> 8]
    return crc >> 8 ^ one[(crc ^ octets[-1]) & 0xFF] if len(octets) & 1 else crc


def parse(raw: bytes) -> Message:
    """Read one whole frame as the framer cuts it.

    Raises ChecksumMismatch for a data frame that was damaged, ContentError for a body without codec and count.
    """
    if raw[0] == PING:
        return Ping()
    if not any(raw[:2]):
        body, stated = raw[PREAMBLE_BYTES:-4], int.from_bytes(raw[-4:], "big")
        computed = crc16(body)
        if stated != computed:
            raise ChecksumMismatch(account=None, received=stated, computed=computed)
        return parse_body(body)
    if raw[2:].isalnum():
        return Login(raw[2:].decode("ascii"))
    name_end = _PACKET_HEAD_BYTES + raw[7]
    imei = raw[_PACKET_HEAD_BYTES:name_end].decode("ascii", "replace")
    return Packet(int.from_bytes(raw[2:4], "big"), raw[5], imei, parse_body(raw[name_end:]))


def parse_part(raw: bytes) -> tuple[str | None, Body]:
    """Read a frame whose end never came, as far as it goes: (the name in a UDP envelope, the body).

    Raises ContentError for a frame of which there is not even a body's beginning.
    """
    imei, start = None, PREAMBLE_BYTES
    if any(raw[:2]):
        if len(raw) < _PACKET_HEAD_BYTES or raw[4] != 1:
            raise ContentError("a log-in cut short")
        start += raw[7]
        imei = raw[_PACKET_HEAD_BYTES:start].decode("ascii", "replace")
    body = raw[start:]
    return imei, parse_body(body + body[1:2])  # where the second count would stand


def parse_body(body: bytes) -> Body:
    """Read a body, from its codec to its second count. Raises ContentError if it is too short to have them."""
    if len(body) < 3:
        raise ContentError("a body without codec and counts")
    codec, count = body[0], body[1]
    if codec in records.LAYOUTS:
        return Batch(codec, count, *records.parse_records(codec, body, count))
    if codec == CODEC_GH3000:
        return Batch(codec, count, *gh3000.parse_records(body, count))
    if codec == CODEC_12 and len(body) >= 8:
        length = int.from_bytes(body[3:7], "big")
        return Text(body[2], body[7 : min(7 + length, len(body) - 1)])
    return Opaque(codec, count if body[-1] == count else None)


def serialise(message: Message) -> bytes:
    """Write a message. Raises ContentError for a body that we only keep."""
    match message:
        case Ping():
            return bytes((PING,))
        case Login(imei):
            name = imei.encode("ascii")
            return len(name).to_bytes(2, "big") + name
        case Packet(packet_id, avl_packet_id, imei, body):
            name = imei.encode("ascii")
            rest = b"".join((
                packet_id.to_bytes(2, "big"), b"\x01", bytes((avl_packet_id,)), len(name).to_bytes(2, "big"), name,
                serialise_body(body),
            ))  # fmt: skip
            return len(rest).to_bytes(2, "big") + rest
        case Batch() | Text() | Opaque():
            octets = serialise_body(message)
            return bytes(4) + len(octets).to_bytes(4, "big") + octets + crc16(octets).to_bytes(4, "big")
        case _:
            assert_never(message)


def serialise_body(body: Body) -> bytes:
    """Write a body. Raises ContentError for one that we only keep."""
    match body:
        case Batch(codec, count, rows):
            around = bytes((count,))
            return bytes((codec,)) + around + b"".join(serialise_record(codec, row) for row in rows) + around
        case Text(kind, words):
            return b"".join((bytes((CODEC_12, 1, kind)), len(words).to_bytes(4, "big"), words, b"\x01"))
        case Opaque(codec):
            raise ContentError(f"codec {codec:02X} is kept, not written")
        case _:
            assert_never(body)


def serialise_record(codec: int, record: Record) -> bytes:
    """Write one record as its codec has it."""
    return gh3000.serialise_record(record) if codec == CODEC_GH3000 else records.serialise_record(codec, record)


def serialise_count(count: int) -> bytes:
    """Answer a data frame: so many records are taken over."""
    return count.to_bytes(4, "big")


def serialise_packet_answer(packet: Packet, count: int) -> bytes:
    """Answer a UDP packet: so many records are taken over."""
    return b"".join((
        b"\x00\x05", packet.packet_id.to_bytes(2, "big"), b"\x01", bytes((packet.avl_packet_id, count)),
    ))  # fmt: skip
