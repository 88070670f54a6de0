"""Records in binary of parameters by id, CCE, little endian."""

from __future__ import annotations

import struct
from datetime import timedelta
from typing import Final

from protocols.errors import ContentError
from protocols.meitrack.binary import EPOCH, MICRO
from protocols.meitrack.messages import AccessPoint, Cell, Record, Records

MAX_RECORDS: Final = 500
"""More than fit into the largest frame."""

_HEAD: Final = struct.Struct("<IH")
# The groups of numbers, in their order: an id of one byte, and one, two or four bytes.
_GROUPS: Final = (struct.Struct("<BB"), struct.Struct("<BH"), struct.Struct("<Bi"))
_LARGE_ID: Final = 0xFE
"""First byte of an id of two."""

_CELL: Final = struct.Struct("<HHHIh")
_HOTSPOT: Final = struct.Struct("<6sh")
_CELL_IDS: Final = range(0x0E, 0x14)
_HOTSPOT_IDS: Final = range(0x1D, 0x26)
_TEMPERATURE_IDS: Final = range(0x2A, 0x32)
_EVENT_IDS: Final = (0x40, 0x01)
_BATTERY_PCT: Final = 0xFE69
_NAMES: Final = {
    0x0C: "odometer_m",
    0x0D: "run_s",
    0x14: "outputs",
    0x15: "inputs",
    0x16: "ad1",
    0x17: "ad2",
    0x1A: "external",
    0x25: "rfid",
}
_READ: Final = frozenset({*range(0x01, 0x0C), 0x19, 0x40, _BATTERY_PCT})
_MAX_OTHERS: Final = 40
_MAX_OCTETS: Final = 32


def parse_cce(body: bytes) -> Records:
    """Read records, each at its stated size, whatever its groups say. Raises ContentError for a body without a head.

    A sound record behind the stated number of them is one all the same.
    """
    if len(body) < _HEAD.size:
        raise ContentError("CCE without its head")
    waiting, stated = _HEAD.unpack_from(body)
    records: list[Record] = []
    at, count = _HEAD.size, 0
    while at + 2 <= len(body) and count < MAX_RECORDS:
        size = int.from_bytes(body[at : at + 2], "little")
        content = body[at + 2 : at + 2 + size]
        at += 2 + size
        record = _record(content, whole=len(content) == size)
        if count >= stated and (record is None or record.doubts):
            break
        count += 1
        if record:
            records.append(record)
    return Records(tuple(records), waiting, max(stated, count), max(min(stated, MAX_RECORDS), count) - len(records))


def _record(raw: bytes, *, whole: bool) -> Record | None:
    """Read one record's four groups as far as they go; None if nothing in it can be read."""
    numbers: dict[int, int] = {}
    texts: list[tuple[int, bytes]] = []
    adds_up = _groups(raw, numbers, texts)
    if not numbers:
        return None
    told = numbers.get
    cells, points, others = _named(texts)
    named = [(_NAMES.get(id_) or _name(id_), str(value)) for id_, value in numbers.items() if id_ not in _READ]
    lat, lon, seconds, battery, hdop = told(0x02), told(0x03), told(0x04), told(0x19), told(0x0A)
    return Record(
        raw=raw,
        events=tuple(dict.fromkeys(str(numbers[id_]) for id_ in _EVENT_IDS if id_ in numbers)),
        at=None if seconds is None else EPOCH + timedelta(seconds=seconds & 0xFFFF_FFFF),
        fix=told(0x05) == 1,
        lat=None if lat is None else lat / MICRO,
        lon=None if lon is None else lon / MICRO,
        satellites=told(0x06),
        network=told(0x07),
        speed_kmh=_float(told(0x08)),
        course_deg=_float(told(0x09)),
        hdop=None if hdop is None else hdop / 10,
        altitude_m=_float(_signed(told(0x0B))),
        cells=cells,
        access_points=points,
        battery_v=battery / 100 if battery else None,
        battery_pct=told(_BATTERY_PCT),
        others=(*named, *others)[:_MAX_OTHERS],
        doubts=() if whole and adds_up else ("record does not add up",) if whole else ("record cut short",),
    )


def _groups(raw: bytes, numbers: dict[int, int], texts: list[tuple[int, bytes]]) -> bool:
    """Walk through the groups of one, two, four and any number of bytes; return False where they overrun."""
    at = 2  # how many parameters there are is said again by each group
    try:
        for pair in _GROUPS:
            begin, count, step = at + 1, raw[at], pair.size
            at = begin + count * step
            if at <= len(raw) and _LARGE_ID not in raw[begin:at:step]:
                numbers.update(pair.iter_unpack(raw[begin:at]))
            else:
                at = _large_ids(raw, begin, count, step - 1, numbers)
        count = raw[at]
        at += 1
        for _ in range(count):
            id_, at = _id(raw, at)
            begin, at = at + 1, at + 1 + raw[at]
            if at > len(raw):
                return False
            texts.append((id_, raw[begin:at]))
    except IndexError:
        return False
    return True


def _large_ids(raw: bytes, at: int, count: int, width: int, numbers: dict[int, int]) -> int:
    """Read a group in which some ids have two bytes, one by one; return where it ends. Raises IndexError if it
    overruns."""
    for _ in range(count):
        id_, at = _id(raw, at)
        begin, at = at, at + width
        if at > len(raw):
            raise IndexError
        numbers[id_] = int.from_bytes(raw[begin:at], "little", signed=width == 4)
    return at


def _id(raw: bytes, at: int) -> tuple[int, int]:
    """Return the id that stands here, and where its value begins."""
    if raw[at] == _LARGE_ID:
        return _LARGE_ID << 8 | raw[at + 1], at + 2
    return raw[at], at + 1


def _named(
    texts: list[tuple[int, bytes]],
) -> tuple[tuple[Cell, ...], tuple[AccessPoint, ...], list[tuple[str, str]]]:
    cells: list[Cell] = []
    points: list[AccessPoint] = []
    others: list[tuple[str, str]] = []
    for id_, value in texts:
        if id_ in _CELL_IDS and len(value) == _CELL.size:
            mcc, mnc, lac, cid, dbm = _CELL.unpack(value)
            if mcc:
                cells.append(Cell(mcc, mnc, lac, cid, dbm))
        elif id_ in _HOTSPOT_IDS and len(value) == _HOTSPOT.size:
            mac, dbm = _HOTSPOT.unpack(value)
            points.append(AccessPoint(mac.hex(":").upper(), dbm))
        elif id_ in _TEMPERATURE_IDS and len(value) == 3:
            celsius = int.from_bytes(value[1:], "little", signed=True) / 100
            others.append(("temperature_c", f"{value[0]},{celsius:g}"))
        else:
            others.append((_name(id_), value[:_MAX_OCTETS].hex()))
    return tuple(cells), tuple(points), others


def _name(id_: int) -> str:
    return f"id_{id_:02X}"


def _signed(value: int | None) -> int | None:
    return value - 0x10000 if value is not None and value >= 0x8000 else value


def _float(value: int | None) -> float | None:
    return None if value is None else float(value)
