"""What a record tells besides, kept word for word: radio, beacons, motion, and every element nobody has explained."""

from __future__ import annotations

from typing import Final

from protocols.teltonika.beacons import BEACONS, beacons
from protocols.teltonika.messages import Element, Record

MAX_EVIDENCE: Final = 96
"""A vehicle tracker with everything switched on sends some seventy elements."""
MAX_RAW_BYTES: Final = 128
"""Of one element without an explanation; the frame itself is kept in any case."""

PANIC_PRIORITY: Final = 2

NAMED: Final[dict[int, str]] = {
    16: "odometer_m",
    21: "gsm_of_5",
    24: "speed_kmh",
    66: "external_mv",
    67: "battery_mv",
    68: "battery_ma",
    69: "gnss",
    80: "data_mode",
    181: "pdop_tenths",
    182: "hdop_tenths",
    199: "trip_m",
    200: "sleep",
    239: "ignition",
    240: "moving",
}
GH_NAMED: Final[dict[int, str]] = {67: "battery_mv", 240: "moving"}
"""Codec 07 has ids of its own; these two are the same."""

_CID, _LAC, _OPERATOR, _CID_4G = 205, 206, 241, 636
_OF_THE_CELL: Final = frozenset({_CID, _LAC, _OPERATOR, _CID_4G})
_IN_THE_SIGNAL: Final = frozenset({113, 116})
_GH_IN_THE_SIGNAL: Final = frozenset({1})


def evidence_of(record: Record, is_gh: bool) -> tuple[tuple[str, str], ...]:
    """Return the record's other values, at most MAX_EVIDENCE; satellites and radio first. is_gh: codec 07."""
    told: list[tuple[str, str]] = []
    if record.priority:
        told.append(("priority", str(record.priority)))
    if record.satellites is not None:
        told.append(("satellites", str(record.satellites)))
    if record.generation is not None:
        told.append(("generation", str(record.generation)))
    named = GH_NAMED if is_gh else NAMED
    skipped = _GH_IN_THE_SIGNAL if is_gh else _IN_THE_SIGNAL
    if (cell := record.cell) is not None:
        told.append(("cell", _cell(cell.operator, cell.lac, cell.cid, cell.level)))
    of_the_cell: dict[int, int] = {}
    rest: list[tuple[str, str]] = []
    for element in record.elements:
        if name := named.get(element.id):
            rest.append((name, str(int.from_bytes(element.raw, "big"))))
        elif element.id in _OF_THE_CELL and not is_gh:
            of_the_cell[element.id] = element.number
        elif element.id not in skipped:
            rest.append(("element", _plain(element)))
    if of_the_cell:
        cid = of_the_cell.get(_CID_4G) or of_the_cell.get(_CID)
        told.append(("cell", _cell(of_the_cell.get(_OPERATOR), of_the_cell.get(_LAC), cid, None)))
    for element in record.variable:
        found = beacons(element) if element.id in BEACONS else ()
        rest += [("beacon", line) for line in found] or [("element", _plain(element))]
    return tuple((told + rest)[:MAX_EVIDENCE])


def _cell(operator: int | None, lac: int | None, cid: int | None, level: int | None) -> str:
    """Write "mcc,mnc,lac,cid,level". operator: 24007 is 240 and 7, 310410 is 310 and 410."""
    mcc, mnc = ("", "") if not operator else (str(operator)[:3], str(operator)[3:].lstrip("0") or "0")
    return ",".join((mcc, mnc, *("" if number is None else str(number) for number in (lac, cid, level))))


def _plain(element: Element) -> str:
    """Write "id=value": decimal up to eight bytes, hex beyond."""
    if len(element.raw) <= 8:
        return f"{element.id}={int.from_bytes(element.raw, 'big')}"
    return f"{element.id}={element.raw[:MAX_RAW_BYTES].hex()}{'…' if len(element.raw) > MAX_RAW_BYTES else ''}"
