"""Codec 07, of the GH3000 family of personal trackers: bytes <-> records. Blocks come and go by a mask."""

from __future__ import annotations

import struct
from typing import Final

from protocols.errors import ContentError
from protocols.teltonika.messages import Cell, Element, Record

EPOCH_S: Final = 1_167_609_600
"""2007-01-01 UTC, from which seconds are counted."""
SECONDS: Final = 0x3FFF_FFFF
"""The time is in the low 30 bits; nobody explains the upper two."""

_GPS, _GROUPS = 0x01, ((0x02, 1), (0x04, 2), (0x08, 4))
_PLACE, _ALTITUDE, _COURSE, _SPEED, _SATELLITES, _CELL, _LEVEL, _OPERATOR = (1 << bit for bit in range(8))


class _Reader:
    """Reads big-endian numbers one after the other; raises ContentError at the end."""

    def __init__(self, body: bytes, at: int, limit: int) -> None:
        self.body, self.at, self._limit = body, at, limit

    def take(self, count: int) -> bytes:
        self.at += count
        if self.at > self._limit:
            raise ContentError("the record ends too early")
        return self.body[self.at - count : self.at]

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")


def parse_records(body: bytes, count: int) -> tuple[tuple[Record, ...], int, tuple[str, ...]]:
    """As records.parse_records()."""
    records: list[Record] = []
    last = len(body) - 1
    at = 2
    for _ in range(count):
        record, at = _record(body, at, last)
        if record is None:
            return tuple(records), count - len(records), ()
        records.append(record)
        if not record.is_whole:
            return tuple(records), count - len(records) + 1, ()
    if at == last and body[last] == count:
        return tuple(records), 0, ()
    return tuple(records), 0, ("record counts disagree" if body[at] != count else "surplus bytes behind the records",)


def serialise_record(record: Record) -> bytes:
    """Write one record; a GPS block if it has a place, a satellite count or a cell."""
    gps, gps_mask = b"", 0
    if record.lat is not None and record.lon is not None:
        gps_mask, gps = _PLACE, struct.pack(">ff", record.lat, record.lon)
    cell = record.cell or Cell()
    course = None if record.course_deg is None else round(record.course_deg * 256 / 360) % 256
    for bit, form, value in (
        (_ALTITUDE, ">h", record.altitude_m),
        (_COURSE, ">B", course),
        (_SPEED, ">B", record.speed_kmh),
        (_SATELLITES, ">B", record.satellites),
        (_CELL, ">I", None if cell.lac is None else cell.lac << 16 | (cell.cid or 0)),
        (_LEVEL, ">B", cell.level),
        (_OPERATOR, ">I", cell.operator),
    ):
        if value is not None:
            gps_mask |= bit
            gps += struct.pack(form, value)
    mask, parts = 0, []
    if gps_mask:
        mask, parts = _GPS, [bytes((gps_mask,)), gps]
    for bit, size in _GROUPS:
        of_size = [element for element in record.elements if len(element.raw) == size]
        if of_size:
            mask |= bit
            parts += [bytes((len(of_size),)), *(bytes((element.id,)) + element.raw for element in of_size)]
    seconds = (record.at_ms // 1000 - EPOCH_S) & SECONDS
    return b"".join((struct.pack(">IB", seconds, mask), *parts))


def _record(body: bytes, start: int, limit: int) -> tuple[Record | None, int]:
    """Read one record as far as it goes; None if it has not even a time."""
    reader = _Reader(body, start, limit)
    try:
        seconds, mask = reader.number(4) & SECONDS, reader.number(1)
    except ContentError:
        return None, start
    lat = lon = course = None
    altitude = speed = satellites = None
    cell: Cell | None = None
    elements: list[Element] = []
    is_whole = True
    try:
        if mask & _GPS:
            told = reader.number(1)
            lat, lon = struct.unpack(">ff", reader.take(8)) if told & _PLACE else (None, None)
            altitude = int.from_bytes(reader.take(2), "big", signed=True) if told & _ALTITUDE else None
            course = reader.number(1) * 360 / 256 if told & _COURSE else None
            speed = reader.number(1) if told & _SPEED else None
            satellites = reader.number(1) if told & _SATELLITES else None
            cell = _cell(reader, told)
        for bit, size in _GROUPS:
            for _ in range(reader.number(1) if mask & bit else 0):
                elements.append(Element(reader.number(1), reader.take(size)))
    except ContentError:
        is_whole = False
    end = min(reader.at, limit)
    record = Record(
        at_ms=(EPOCH_S + seconds) * 1000,
        priority=None,
        lat=lat,
        lon=lon,
        altitude_m=altitude,
        course_deg=course,
        satellites=satellites,
        speed_kmh=speed,
        elements=tuple(elements),
        cell=cell,
        is_whole=is_whole,
        raw=body[start:end],
    )
    return record, end


def _cell(reader: _Reader, told: int) -> Cell | None:
    if not told & (_CELL | _LEVEL | _OPERATOR):
        return None
    lac, cid = (reader.number(2), reader.number(2)) if told & _CELL else (None, None)
    level = reader.number(1) if told & _LEVEL else None
    return Cell(lac, cid, level, reader.number(4) if told & _OPERATOR else None)
