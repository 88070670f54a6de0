"""Records of the codecs 8, 8 Extended and 16: bytes <-> messages.

A record says nowhere how long it is, so one that cannot be read leaves the next one's beginning to be looked for.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from protocols.errors import ContentError
from protocols.teltonika.messages import CODEC_8, CODEC_8E, CODEC_16, Element, Record

MAX_TRIES: Final = 16
"""Places where the next record is looked for after a broken one; each costs at most one reading of the rest."""

MARK: Final = b"\x00\x00\x01"
"""Upper bytes of every time from 2004 to 2039: how a record's beginning is recognised."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one codec writes its records. head: time to event id. id_bytes, count_bytes: of elements and groups."""

    codec: int
    head: struct.Struct
    id_bytes: int
    count_bytes: int
    has_generation: bool = False
    has_variable: bool = False


LAYOUTS: Final[dict[int, Layout]] = {
    CODEC_8: Layout(CODEC_8, struct.Struct(">QBiihHBHBB"), 1, 1),
    CODEC_8E: Layout(CODEC_8E, struct.Struct(">QBiihHBHHH"), 2, 2, has_variable=True),
    CODEC_16: Layout(CODEC_16, struct.Struct(">QBiihHBHHBB"), 2, 1, has_generation=True),
}
GROUPS: Final = (1, 2, 4, 8)
WIDE_GROUPS: Final = (1, 2, 4, 8, 16)
"""A few vehicle units put a group of 16-byte values behind the others, and nothing says so."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a row of records. end: where the next byte stands. is_exact: the row fits to the byte."""

    records: tuple[Record, ...]
    end: int
    is_exact: bool

    @property
    def sound(self) -> int:
        """How many records were read whole with their counts adding up, before the first that was not."""
        return next(
            (at for at, one in enumerate(self.records) if not (one.is_whole and one.adds_up)), len(self.records)
        )


def parse_records(codec: int, body: bytes, count: int) -> tuple[tuple[Record, ...], int, tuple[str, ...]]:
    """Read a body's records. Returns (records, how many are broken or missing, doubts in words). Never raises.

    body: from the codec to the second count, as it came; count: the first one.
    """
    layout = LAYOUTS[codec]
    best = _row(layout, body, 2, count, GROUPS)
    if not best.is_exact:
        wide = _row(layout, body, 2, count, WIDE_GROUPS)
        if wide.is_exact or wide.sound > best.sound == 0:
            best = wide
    if best.is_exact:
        return best.records, 0, ()
    sound = best.sound
    fits = best.end == len(body) - 1 and body[-1] == count
    if sound == count or (fits and len(best.records) == count):
        return best.records, 0, (_tail_doubt(body, best.end, count),)
    broken_at = 2 + sum(len(record.raw) for record in best.records[:sound])
    broken = tuple(_beginning(record) for record in best.records[sound : sound + 1])
    found = _look_further(layout, body, broken_at, count - sound - 1)
    return (*best.records[:sound], *broken, *found), count - sound - len(found), ()


def serialise_record(codec: int, record: Record) -> bytes:
    """Write one record; its raw and cell are not looked at. Raises KeyError for a codec without such records."""
    layout = LAYOUTS[codec]
    groups = WIDE_GROUPS if any(len(element.raw) == WIDE_GROUPS[-1] for element in record.elements) else GROUPS
    total = len(record.elements) + len(record.variable)
    head = [record.at_ms, record.priority or 0, _tenmillionths(record.lon), _tenmillionths(record.lat)]
    head += [record.altitude_m or 0, round(record.course_deg or 0), record.satellites or 0, record.speed_kmh or 0]
    head += [record.event_id or 0, *([record.generation or 0] if layout.has_generation else []), total]
    parts = [layout.head.pack(*head)]
    for size in groups:
        of_size = [element for element in record.elements if len(element.raw) == size]
        parts.append(len(of_size).to_bytes(layout.count_bytes, "big"))
        parts += [element.id.to_bytes(layout.id_bytes, "big") + element.raw for element in of_size]
    if layout.has_variable:
        parts.append(len(record.variable).to_bytes(layout.count_bytes, "big"))
        for element in record.variable:
            parts.append(element.id.to_bytes(2, "big") + len(element.raw).to_bytes(2, "big") + element.raw)
    return b"".join(parts)


def _row(layout: Layout, body: bytes, start: int, count: int, groups: Sequence[int]) -> Reading:
    """Read count records from start; stop at one that ends too early, which is kept as far as it goes."""
    records: list[Record] = []
    at = start
    last = len(body) - 1  # the second count stands there
    for _ in range(count):
        try:
            record, at = _record(layout, body, at, last, groups)
        except ContentError:
            break
        records.append(record)
        if not record.is_whole:
            break
    read = len(records) == count and all(record.is_whole and record.adds_up for record in records)
    return Reading(tuple(records), at, read and at == last and body[last] == count)


def _record(layout: Layout, body: bytes, start: int, limit: int, groups: Sequence[int]) -> tuple[Record, int]:
    """Read one record. Raises ContentError if not even its head is there."""
    at = start + layout.head.size
    if at > limit:
        raise ContentError("no room for a record")
    if layout.has_generation:
        at_ms, priority, lon, lat, altitude, course, satellites, speed, event_id, generation, total = (
            layout.head.unpack_from(body, start)
        )
    else:
        at_ms, priority, lon, lat, altitude, course, satellites, speed, event_id, total = layout.head.unpack_from(
            body, start
        )
        generation = None
    elements: list[Element] = []
    variable: list[Element] = []
    is_whole = True
    id_bytes, count_bytes = layout.id_bytes, layout.count_bytes
    for size in groups:
        if at >= limit:
            is_whole = False
            break
        many = body[at] if count_bytes == 1 else body[at] << 8 | body[at + 1]
        at += count_bytes
        if not many:
            continue
        step = id_bytes + size
        if at + many * step > limit:
            many, is_whole = 0, False
        for value_at in range(at + id_bytes, at + id_bytes + many * step, step):
            element_id = body[value_at - 1] if id_bytes == 1 else body[value_at - 2] << 8 | body[value_at - 1]
            elements.append(Element(element_id, body[value_at : value_at + size]))
        at += many * step
        if not is_whole:
            break
    if layout.has_variable and is_whole:
        at, is_whole = _variable(body, at, limit, variable)
    is_whole = is_whole and at <= limit
    return (
        Record(
            at_ms=at_ms,
            priority=priority,
            lat=lat / 1e7,
            lon=lon / 1e7,
            altitude_m=altitude,
            course_deg=course,
            satellites=satellites,
            speed_kmh=speed,
            event_id=event_id,
            generation=generation,
            elements=tuple(elements),
            variable=tuple(variable),
            adds_up=total == len(elements) + len(variable),
            is_whole=is_whole,
            raw=body[start : at if is_whole else limit],
        ),
        at,
    )


def _variable(body: bytes, at: int, limit: int, found: list[Element]) -> tuple[int, bool]:
    """Read the variable group; return where it ends, and whether it does."""
    many = int.from_bytes(body[at : at + 2], "big")
    at += 2
    for _ in range(many):
        end = at + 4 + int.from_bytes(body[at + 2 : at + 4], "big")
        if at + 4 > limit or end > limit:
            return at, False
        found.append(Element(int.from_bytes(body[at : at + 2], "big"), body[at + 4 : end]))
        at = end
    return at, True


def _look_further(layout: Layout, body: bytes, broken_at: int, at_most: int) -> tuple[Record, ...]:
    """Find the records behind a broken one: the first place from which a row of them ends exactly with the body."""
    at = broken_at
    for _ in range(MAX_TRIES if at_most > 0 else 0):
        at = body.find(MARK, at + 1)
        if at < 0:
            break
        for groups in (GROUPS, WIDE_GROUPS):
            if row := _to_the_end(layout, body, at, at_most, groups):
                return row
    return ()


def _beginning(record: Record) -> Record:
    """Return what of a broken record stands before the place where it may have broken: all behind is read askew."""
    elements = tuple(element for element in record.elements if len(element.raw) == GROUPS[0])
    return replace(record, elements=elements, variable=(), is_whole=False)


def _to_the_end(layout: Layout, body: bytes, at: int, at_most: int, groups: Sequence[int]) -> tuple[Record, ...]:
    records: list[Record] = []
    last = len(body) - 1
    while at < last and len(records) < at_most and body.startswith(MARK, at):
        try:
            record, at = _record(layout, body, at, last, groups)
        except ContentError:
            return ()
        if not (record.is_whole and record.adds_up):
            return ()
        records.append(record)
    return tuple(records) if at == last else ()


def _tail_doubt(body: bytes, end: int, count: int) -> str:
    if body[end] != count:
        return "record counts disagree"
    return "surplus bytes behind the records" if end < len(body) - 1 else "number of elements does not add up"


def _tenmillionths(degrees: float | None) -> int:
    return round((degrees or 0.0) * 1e7)
