"""Frames and their items: parse() and serialise() side by side. Little endian throughout."""

from __future__ import annotations

import struct
from binascii import crc_hqx
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from protocols.errors import ChecksumMismatch, ContentError
from protocols.minifinder2.framing import HEAD_BYTES, MARK
from protocols.minifinder2.messages import SUCCESS, Command, Frame, Item, Key, Record, Service

_HEAD: Final = struct.Struct("<BBHHH")
_IMEI: Final = Key.IMEI.value
_MANY_IN_A_RECORD: Final = frozenset({Key.BEACON.value, Key.BEACON_BATTERY.value, Key.KNOWN_WIFI.value})
"""Their flags hold a running number."""


def checksum(body: bytes) -> int:
    """Return CRC-16/XMODEM of a frame's body."""
    return crc_hqx(body, 0)


def parse(raw: bytes) -> Frame:
    """Read one frame. raw: from AB to the end of its body.

    Raises ChecksumMismatch for a damaged frame, which the device will send again; ContentError if there is no head.
    """
    if len(raw) < HEAD_BYTES or raw[0] != MARK:
        raise ContentError("no head of a frame")
    _, properties, body_bytes, received, sequence = _HEAD.unpack_from(raw)
    body = raw[HEAD_BYTES : HEAD_BYTES + body_bytes]
    if (computed := checksum(body)) != received:
        raise ChecksumMismatch(account=None, received=received, computed=computed)
    items, cut_short = parse_items(body[1:])
    return Frame(properties, sequence, body[0] if body else None, items, cut_short or len(body) < body_bytes)


def serialise(frame: Frame) -> bytes:
    """Write one frame with its length and checksum. cut_short is not written: what is written is whole."""
    body = b"".join((
        b"" if frame.command is None else bytes((frame.command,)),
        *(bytes((len(item.value) + 1, item.key)) + item.value for item in frame.items),
    ))  # fmt: skip
    return _HEAD.pack(MARK, frame.properties, len(body), checksum(body), frame.sequence) + body


def parse_items(octets: bytes) -> tuple[tuple[Item, ...], bool]:
    """Read items; the second value is True if the last one runs past the end. It is kept as far as it came."""
    items: list[Item] = []
    at, end = 0, len(octets)
    while at < end:
        after = at + 1 + octets[at]
        at += 1
        if after > at:
            if at == end:
                return tuple(items), True
            items.append(Item(octets[at], octets[at + 1 : after]))
            at = after
    return tuple(items), at > end


def records(items: Iterable[Item]) -> tuple[Record, ...]:
    """Return the records of a data frame, in its order, without the IMEI.

    A key that the record has already begins the next one, but several beacons or known access points may stand in one.
    """
    told: list[Record] = []
    record: list[Item] = []
    keys: set[int] = set()
    for item in items:
        key = item.key
        if key == _IMEI:
            continue
        if key in keys and key not in _MANY_IN_A_RECORD:
            told.append(tuple(record))
            record, keys = [], set()
        record.append(item)
        keys.add(key)
    if record:
        told.append(tuple(record))
    return tuple(told)


_ANSWER_BODY: Final = bytes((Command.RESPONSE, 1, SUCCESS))
_ANSWER_HEAD: Final = _HEAD.pack(MARK, 0, len(_ANSWER_BODY), checksum(_ANSWER_BODY), 0)[:6]


def answer(sequence: int) -> bytes:
    """Write the plain answer: taken in, and kept. Its body never changes, nor does its checksum."""
    return _ANSWER_HEAD + sequence.to_bytes(2, "little") + _ANSWER_BODY


def service_answer(sequence: int, asked: Iterable[int], now: datetime) -> bytes:
    """Write what a services frame asks for; empty if it asks for nothing. We know no position: zeros are allowed."""
    items: list[Item] = []
    for key in asked:
        if key == Service.TIME:
            items.append(Item(Service.TIME, struct.pack("<I", int(now.timestamp()) & 0xFFFFFFFF)))
        elif key == Service.POSITION:
            items.append(Item(Service.POSITION, struct.pack("<iiB", 0, 0, 0)))
    return serialise(Frame(0, sequence, Command.SERVICES, tuple(items[:2]))) if items else b""
