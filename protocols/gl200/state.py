"""What a gl200 message says of the device itself: battery, charging, and what is kept as evidence."""

from __future__ import annotations

import re
from typing import Final

from protocols.gl200.codes import DEVICE_TYPES, GL500M, MESSAGES, REPORTS, STATES
from protocols.gl200.messages import Cell, Message
from protocols.gl200.places import access_points_at, cells_at
from protocols.plausible import percent

MAX_EVIDENCE: Final = 64
"""Seven cells and twenty access points are the most that has been seen."""

CELLS: Final = 7
"""In GSM and LBS; the last is the one that serves."""

_MAX_TEXT: Final = 512
_PERCENT: Final = re.compile(r"[0-9]{1,3}")
_COUNT: Final = re.compile(r"[0-9]{1,2}")
_INF_FIELDS: Final = 25
"""Of the handhelds; a vehicle's INF differs from field 9 on."""

Pairs = tuple[tuple[str, str], ...]


def power_of(message: Message, place_end: int | None) -> tuple[int | None, bool | None]:
    """Return battery (0 to 100) and whether it is charging; None where the message does not say or we cannot tell.

    place_end: the first field after the position blocks, None where they were not found by the table.
    """
    fields = message.fields
    match message.name:
        case "BTC":
            return None, True
        case "STC":
            return None, False
        case "INF" if len(fields) == _INF_FIELDS:
            return _percent(fields[18]), {"0": False, "1": True}.get(fields[12])
        case "STR" | "CTN":
            return _percent(message.field(8)), None
        case "LBS":
            return _percent(message.field(6)), None
        case "WIF" if len(fields) > 8:
            return _percent(fields[-3]), None
        case name if name in REPORTS:
            return _battery_behind_blocks(message, place_end), None
        case _:
            return None, None


def evidence_of(message: Message, *, searched: bool) -> Pairs:
    """Return what is kept beside the signal. searched: the place was found by its look, not by the table."""
    told = [("version", message.version)] if message.version else []
    told += [("counter", message.counter)] if message.counter else []
    told += [("place", "found by its look")] if searched else []
    return (*told, *_own_words(message))[:MAX_EVIDENCE]


def _own_words(message: Message) -> list[tuple[str, str]]:
    one, two = message.field(4), message.field(5)
    match message.name:
        case "NMR":
            return [("motion", {"0": "at rest", "1": "moving"}.get(two, two))]
        case "GEO":
            return [("zone", one)]
        case "SOS" | "FRI" | "RTL" | "PNL" | "DOG" | "SPD" | "DIS" | "IGL":
            return [("report", f"{one},{two}")]
        case "STT":
            return [("state", f"{one} {STATES.get(one.upper(), '')}".rstrip())]
        case "BPL":
            return [("battery_v", one)]
        case "LBC":
            return [("called_by", one)]
        case "SWG":
            return [("fence_switch", one)]
        case "TEM":
            return [("temperature", f"{one},{two}")]
        case "JDS":
            return [("jamming", {"1": "ended", "2": "begun"}.get(one, one))]
        case "ERI":
            return [("mask", one), ("external_mv", two)]
        case "STR" | "CTN":
            return [("temperature_c", message.field(7))]
        case "PNR" | "PFR":
            return [("reason", one)]
        case "INF":
            return _status(message)
        case "VER":
            return [("type", one), ("firmware", two), ("hardware", message.field(6))]
        case "GSM":
            return [("reason", message.field(3)), *_cells(message, 4)]
        case "LBS":
            return [("motion", message.field(8)), *_cells(message, 12)]
        case "WIF":
            count = int(one) if _COUNT.fullmatch(one) else 0
            points = access_points_at(message.fields, 5, count)
            return [("wifi", f"{point.mac},{'' if point.dbm is None else point.dbm}") for point in points]
        case name if name in MESSAGES:
            return []
        case _:
            return [("fields", ",".join(message.fields[3:])[:_MAX_TEXT])]


def _status(message: Message) -> list[tuple[str, str]]:
    named = [("state", 4), ("network", 6)]
    if len(message.fields) == _INF_FIELDS:
        named += [("external_power", 8), ("battery_v", 11), ("last_fix", 17), ("temperature_c", 20)]
    return [(name, said) for name, at in named if (said := message.field(at))]


def _cells(message: Message, at: int) -> list[tuple[str, str]]:
    cells = cells_at(message.fields, at, CELLS)
    return [("cell", _cell(cell)) for cell in (*cells[-1:], *cells[:-1])]


def _cell(cell: Cell) -> str:
    return f"{cell.mcc},{cell.mnc},{cell.lac},{cell.cid},{'' if cell.level is None else cell.level}"


def _battery_behind_blocks(message: Message, place_end: int | None) -> int | None:
    """A handheld's report ends with its battery, send time and counter; a vehicle's with fuel, inputs and more."""
    if message.counter is None:
        return None
    if place_end is not None and len(message.fields) == place_end + 3:
        return _percent(message.fields[place_end])
    if message.device_type == GL500M and len(message.fields) > 14:
        return _percent(message.fields[-6])
    known = DEVICE_TYPES.get(message.device_type)
    return _percent(message.fields[-3]) if known and known.by_table and len(message.fields) > 14 else None


def _percent(text: str) -> int | None:
    return percent(int(text)) if _PERCENT.fullmatch(text) else None
