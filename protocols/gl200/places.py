"""Where a message says that its device was: position blocks by the message's table, else by their look.

Newer types put fields before, into and after the blocks. What no type has changed is longitude, latitude with their
decimals and the time of the fix side by side; from there the neighbours are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from protocols.gl200.codec import moment
from protocols.gl200.messages import AccessPoint, Block, Cell, Place
from protocols.plausible import number

BLOCK_FIELDS: Final = 12
MAX_BLOCKS: Final = 15
"""As the vendor's paper has it; a count beyond it is none."""

MAX_ACCESS_POINTS: Final = 20

_FIRST_PLACE_AT: Final = 4
_LAST_FIELDS: Final = 2
_DEGREES: Final = re.compile(r"-?[0-9]{1,3}\.[0-9]{4,8}")
_FIX: Final = re.compile(r"[0-9]{14}")
_MCC: Final = re.compile(r"[0-9]{3,4}")
_MNC: Final = re.compile(r"[0-9]{1,4}")
_PADDED: Final = re.compile(r"0[0-9]{3}")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{1,8}")
_MAC: Final = re.compile(r"[0-9A-Fa-f]{12}")
_COUNT: Final = re.compile(r"[0-9]{1,2}")
_LEVEL: Final = re.compile(r"-?[0-9]{1,3}")
_HOTSPOT_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a message's blocks stand: the field with their number (None for exactly one), and the first block's."""

    first: int
    count: int | None = None


def place_of(fields: Sequence[str], layout: Layout | None, *, own_cells: bool = False) -> Place:
    """Return the blocks of a message. fields: all of them, send time and counter included.

    layout: None for a message with no table, of which only the first block that looks like one is believed.
    own_cells: the message lists cells outside of blocks, so that none is looked for.
    """
    starts = _starts(fields)
    if layout is not None and (blocks := _by_table(fields, layout)) is not None:
        says_where = any(block.lat is not None or block.cell is not None for block in blocks)
        if says_where or not (starts or _cell_anywhere(fields)):
            return Place(blocks, layout.first + BLOCK_FIELDS * len(blocks))
    if layout is None or layout.count is None:
        starts = starts[:1]
    if starts:
        return Place(tuple(_found_at(fields, at) for at in starts[:MAX_BLOCKS]), None)
    cell = None if own_cells else _cell_anywhere(fields)
    return Place((Block(cell=cell),) if cell else (), None)


def cell_at(fields: Sequence[str], at: int) -> Cell | None:
    """Read MCC, MNC, LAC and CID (both hex) from this field on; None where they are not there."""
    mcc, mnc, lac, cid = (*fields[at : at + 4], "", "", "", "")[:4]
    if not (_MCC.fullmatch(mcc) and _MNC.fullmatch(mnc) and _HEX.fullmatch(lac) and _HEX.fullmatch(cid)):
        return None
    return Cell(int(mcc), int(mnc), int(lac, 16), int(cid, 16))


def cells_at(fields: Sequence[str], at: int, count: int) -> tuple[Cell, ...]:
    """Read this many groups of MCC, MNC, LAC, CID, level and one field more; those that are empty are left out."""
    cells = []
    for start in range(at, at + 6 * count, 6):
        cell = cell_at(fields, start)
        if cell is not None:
            level = fields[start + 4] if start + 4 < len(fields) else ""
            heard = int(level) if _LEVEL.fullmatch(level) else None
            cells.append(Cell(cell.mcc, cell.mnc, cell.lac, cell.cid, heard))
    return tuple(cells)


def access_points_at(fields: Sequence[str], at: int, count: int) -> tuple[AccessPoint, ...]:
    """Read this many groups of MAC, dBm and three fields more, as far as they are there."""
    points = []
    for start in range(at, at + _HOTSPOT_FIELDS * min(count, MAX_ACCESS_POINTS), _HOTSPOT_FIELDS):
        mac, level = (*fields[start : start + 2], "", "")[:2]
        if not _MAC.fullmatch(mac):
            break
        spelled = ":".join(mac[pair : pair + 2] for pair in range(0, 12, 2))
        points.append(AccessPoint(spelled, int(level) if _LEVEL.fullmatch(level) else None))
    return tuple(points)


def _by_table(fields: Sequence[str], layout: Layout) -> tuple[Block, ...] | None:
    """Return the blocks where the table has them, or None if what stands there cannot be blocks."""
    count = 1
    if layout.count is not None:
        said = fields[layout.count] if layout.count < len(fields) else ""
        count = int(said) if _COUNT.fullmatch(said) else 0
    end = layout.first + BLOCK_FIELDS * count
    if not 1 <= count <= MAX_BLOCKS or len(fields) < end + _LAST_FIELDS:
        return None
    starts = range(layout.first, end, BLOCK_FIELDS)
    return tuple(_block(fields, at + 4) for at in starts) if all(_sound(fields, at) for at in starts) else None


def _sound(fields: Sequence[str], at: int) -> bool:
    """True if a position block, empty or not, may stand here."""
    numbers, fix, mcc = fields[at : at + 6], fields[at + 6], fields[at + 7]
    return (
        all(not text or number(text) is not None for text in numbers)
        and bool(numbers[4]) == bool(numbers[5])
        and (not fix or _FIX.fullmatch(fix) is not None)
        and (not mcc or _MCC.fullmatch(mcc) is not None)
    )


def _starts(fields: Sequence[str]) -> list[int]:
    """Return where longitude, latitude and fourteen digits stand side by side."""
    return [
        at
        for at in range(_FIRST_PLACE_AT, len(fields) - 2)
        if _FIX.fullmatch(fields[at + 2]) and _DEGREES.fullmatch(fields[at]) and _DEGREES.fullmatch(fields[at + 1])
    ]


def _found_at(fields: Sequence[str], at: int) -> Block:
    """Read a block by its longitude; hotspots may stand between the time and the cell (types 42 and newer)."""
    after = at + 3
    said = fields[after] if after < len(fields) else ""
    points: tuple[AccessPoint, ...] = ()
    if _COUNT.fullmatch(said):
        points = access_points_at(fields, after + 1, int(said))
        after += 1 + _HOTSPOT_FIELDS * len(points)
    return _block(fields, at, after, points)


def _block(fields: Sequence[str], at: int, cell: int | None = None, points: tuple[AccessPoint, ...] = ()) -> Block:
    before = [number(fields[index]) if index >= _FIRST_PLACE_AT else None for index in range(at - 4, at)]
    accuracy, speed_kmh, course_deg, altitude_m = before
    return Block(
        accuracy=accuracy,
        speed_kmh=speed_kmh,
        course_deg=course_deg,
        altitude_m=altitude_m,
        lon=number(fields[at]),
        lat=number(fields[at + 1]),
        fix_at=moment(fields[at + 2]),
        cell=cell_at(fields, at + 3 if cell is None else cell),
        access_points=points,
    )


def _cell_anywhere(fields: Sequence[str]) -> Cell | None:
    """Look for a cell where no place is: indoors it is all there is. MCC and MNC are padded to four digits."""
    for at in range(_FIRST_PLACE_AT, len(fields) - 4):
        padded = _PADDED.fullmatch(fields[at]) and _PADDED.fullmatch(fields[at + 1])
        if padded and (cell := cell_at(fields, at)) and cell.mcc:
            return cell
    return None
