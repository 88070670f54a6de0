"""Records with a place or an alarm: one layout a type, and variants that only the length tells apart.

Source: facts/wearable-frames.md section 3. D6, G12, C2, C4 and S5 are its names for the blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from protocols.concox import (
    CLOCK_BYTES,
    FIX_BYTES,
    Cell,
    Fix,
    parse_access_points,
    parse_around,
    parse_clock,
    parse_fix,
    serialise_clock,
    serialise_fix,
    signed,
)
from protocols.errors import ContentError
from protocols.gt06.messages import Report, Skipped, Status
from protocols.plausible import EARLIEST_YEAR, place_doubt, storable

HEAD_BYTES: Final = CLOCK_BYTES + FIX_BYTES
STATUS_BYTES: Final = 5
NARROW: Final = (2, 3)
"""Octets of LAC and CID in C2."""
WIDE: Final = (4, 8)
"""Octets of LAC and CID in C4."""

SLOTS: Final = 7
"""Cells in every list of cells; LAC 0 is an empty slot."""

ODOMETER_BYTES: Final = 4

VEHICLE_LENGTHS: Final = frozenset({0x3C - 5, 0x4E - 5})
"""Contents of 22 and 25 that are another layout."""

MAX_FILES_CHARS: Final = 128
"""Names of two pictures."""

_TWO_OCTETS: Final = 0x8000
"""In the country code: the network code after it has two octets."""


def parse_status(block: bytes) -> Status:
    """Read S5. block: STATUS_BYTES octets; the last one's high nibble belongs to the alarm in some types."""
    return Status(block[0], block[1], None, block[2], block[3])


def serialise_status(status: Status) -> bytes:
    """Write S5 in English."""
    alarm = status.alarm or 0
    return bytes((status.info, status.battery or 0, status.network or 0, alarm & 0xFF, (alarm >> 8) << 4 | 2))


def parse_cell(block: bytes, sizes: tuple[int, int]) -> tuple[Cell | None, int]:
    """Read C2 or C4; return the cell and how many octets it took, or (None, 0) where there is not enough."""
    lac_bytes, cid_bytes = sizes
    mnc_bytes = 2 if len(block) > 1 and block[0] & 0x80 else 1
    size = 2 + mnc_bytes + lac_bytes + cid_bytes
    if len(block) < size:
        return None, 0
    mcc = int.from_bytes(block[:2], "big") & ~_TWO_OCTETS
    lac_at = 2 + mnc_bytes
    lac = int.from_bytes(block[lac_at : lac_at + lac_bytes], "big")
    cid = int.from_bytes(block[lac_at + lac_bytes : size], "big")
    return Cell(mcc, int.from_bytes(block[2:lac_at], "big"), lac, cid), size


def serialise_cell(cell: Cell, sizes: tuple[int, int]) -> bytes:
    """Write C2 or C4; a network code above 255 takes two octets."""
    two = cell.mnc > 0xFF
    head = (cell.mcc | (_TWO_OCTETS if two else 0)).to_bytes(2, "big") + cell.mnc.to_bytes(2 if two else 1, "big")
    return head + cell.lac.to_bytes(sizes[0], "big") + cell.cid.to_bytes(sizes[1], "big")


def serialise_position(report: Report) -> bytes:
    """Write the content of 22; used by the emulator."""
    after = bytes((0, report.reason or 0, report.reupload or 0))
    return _head(report) + serialise_cell(report.cells[0], NARROW) + after


def serialise_alarm(report: Report, *, wide: bool = False) -> bytes:
    """Write the content of 26, or of A4 if wide; used by the emulator. report.status is needed."""
    cell = serialise_cell(report.cells[0], WIDE if wide else NARROW)
    fence = bytes((0xFF if report.fence is None else report.fence,)) if wide else b""
    assert report.status is not None
    return _head(report) + bytes((len(cell) + 1,)) + cell + serialise_status(report.status) + fence


def guess_report(content: bytes) -> Report | None:
    """Return the time and place that an unknown content begins with, if it does so beyond doubt."""
    if len(content) < HEAD_BYTES or content[CLOCK_BYTES] >> 4 != FIX_BYTES:
        return None
    at, fix = parse_clock(content), parse_fix(content[CLOCK_BYTES:])
    if at is None or at.year < EARLIEST_YEAR or place_doubt(fix.lat, fix.lon):
        return None
    return Report(identity=content, at=at, fix=fix)


def parse_around_report(content: bytes, count: int) -> Report:
    """Read 17 and 69 in topin's layout. count: the frame's length octet."""
    around = parse_around(content, count, wide=False)
    extra = () if around.flags is None else (("flags", f"{around.flags:02X}"),)
    return Report(
        identity=content,
        at=around.at,
        utc=True,
        cells=around.cells,
        access_points=around.access_points,
        extra=extra,
    )


def _head(report: Report) -> bytes:
    if report.at is None or report.fix is None:
        raise ValueError("a device always has a time and a last place to say")
    return serialise_clock(report.at) + serialise_fix(report.fix)


def _need(content: bytes, least: int) -> None:
    if len(content) < least:
        raise ContentError(f"{len(content)} octets where {least} are the least")


def _position(content: bytes, sizes: tuple[int, int]) -> Report | Skipped:
    if len(content) in VEHICLE_LENGTHS:
        return Skipped(known=True, report=guess_report(content))
    _need(content, HEAD_BYTES)
    cell, size = parse_cell(content[HEAD_BYTES:], sizes)
    return _with_tail(content, cell, content[HEAD_BYTES + size :] if cell else b"")


def _position_u16(content: bytes, *, altitude: bool) -> Report:
    _need(content, HEAD_BYTES)
    at = HEAD_BYTES
    if len(content) < at + 10:
        return _with_tail(content, None, b"")
    mcc, mnc, lac = (int.from_bytes(content[start : start + 2], "big") for start in (at, at + 2, at + 4))
    cell = Cell(mcc & ~_TWO_OCTETS, mnc, lac, int.from_bytes(content[at + 6 : at + 10], "big"))
    return _with_tail(content, cell, content[at + 10 :], altitude=altitude)


def _with_tail(content: bytes, cell: Cell | None, tail: bytes, *, altitude: bool = False) -> Report:
    # nothing | ACC, reason, re-upload [, odometer u32] | odometer u32; a type may end in altitude i16
    reason = reupload = odometer_m = altitude_m = None
    if altitude and len(tail) in (5, 9):
        altitude_m = float(int.from_bytes(tail[-2:], "big", signed=True))
        tail = tail[:-2]
    if len(tail) == 4:
        odometer_m = int.from_bytes(tail, "big")
    elif len(tail) >= 3:
        reason, reupload = tail[1], tail[2]
        odometer_m = int.from_bytes(tail[3:7], "big") if len(tail) >= 7 else None
    return Report(
        identity=content[:HEAD_BYTES],
        at=parse_clock(content),
        fix=parse_fix(content[CLOCK_BYTES:]),
        altitude_m=altitude_m,
        cells=_listed(cell),
        reason=reason,
        reupload=reupload,
        odometer_m=odometer_m,
    )


def _alarm(content: bytes, sizes: tuple[int, int] = NARROW, *, fenced: bool = False) -> Report:
    """Count from the end: the status is the last five octets, but for fence and metres; the cell lies between."""
    _need(content, HEAD_BYTES + STATUS_BYTES)
    whole = content
    content = content[: _without_odometer(content, sizes)]
    odometer = whole[len(content) :]
    fence_bytes = 1 if fenced and _fits_fence(content, sizes) else 0
    end = len(content) - fence_bytes
    between = content[HEAD_BYTES : end - STATUS_BYTES]
    cell, doubts = _cell_between(between, sizes)
    status = parse_status(content[end - STATUS_BYTES : end])
    if fenced:  # these types carry twelve bits of alarm
        status = Status(status.info, status.battery, None, status.network, _twelve_bits(content[end - 2 : end]))
    return Report(
        identity=content[:HEAD_BYTES],
        at=parse_clock(content),
        fix=parse_fix(content[CLOCK_BYTES:]),
        cells=_listed(cell),
        status=status,
        odometer_m=int.from_bytes(odometer, "big") if len(odometer) == ODOMETER_BYTES else None,
        fence=content[end] if fence_bytes and content[end] != 0xFF else None,
        doubts=doubts,
    )


def _old_alarm(content: bytes) -> Report:
    # 16 with L = 24: the cell has no length before it, and the battery says volts
    if len(content) != HEAD_BYTES + 8 + STATUS_BYTES:
        return _alarm(content)
    cell, size = parse_cell(content[HEAD_BYTES:], NARROW)
    info, volts, network, alarm = content[-5], content[-4:-2], content[-2], content[-1]
    return Report(
        identity=content[:HEAD_BYTES],
        at=parse_clock(content),
        fix=parse_fix(content[CLOCK_BYTES:]),
        cells=_listed(cell),
        status=Status(info, None, int.from_bytes(volts, "big") / 100, network, alarm),
        doubts=() if size else ("cell unreadable",),
    )


def _without_odometer(content: bytes, sizes: tuple[int, int]) -> int:
    """Return where an alarm ends without the metres that newer units put behind it.

    They are four octets, more than all variants of the rest together. Of what is longer still, the length before the
    cell is believed if it agrees with the cell.
    """
    surplus = len(content) - (HEAD_BYTES + 1 + 3 + sum(sizes) + STATUS_BYTES)
    if surplus < ODOMETER_BYTES:
        return len(content)
    if surplus <= ODOMETER_BYTES + 2:
        return len(content) - ODOMETER_BYTES
    cell, size = parse_cell(content[HEAD_BYTES + 1 :], sizes)
    if cell is not None and content[HEAD_BYTES] in (size, size + 1):
        return HEAD_BYTES + 1 + size + STATUS_BYTES
    return len(content)


def _fits_fence(content: bytes, sizes: tuple[int, int]) -> bool:
    between = len(content) - HEAD_BYTES - STATUS_BYTES - 1
    return between <= 0 or between - 1 >= 3 + sum(sizes)


def _cell_between(between: bytes, sizes: tuple[int, int]) -> tuple[Cell | None, tuple[str, ...]]:
    """Read what lies between fix and status: its own length, which may count itself, and a cell."""
    if len(between) < 2:
        return None, ()
    block = between[1:] if between[0] in (len(between), len(between) - 1) else between
    cell, size = parse_cell(block, sizes)
    if cell is None and block is between:
        block = between[1:]
        cell, size = parse_cell(block, sizes)
    if cell is not None and size + 1 == len(block) and sizes is NARROW and not block[0] & 0x80:
        cell = Cell(cell.mcc, cell.mnc, cell.lac, int.from_bytes(block[-4:], "big"))  # CID as u32
        size += 1
    agreed = between[0] in (len(between), len(between) - 1) and size == len(block)
    return cell, () if agreed else ("length before the cell disagrees with the frame's",)


def _twelve_bits(alarm_and_language: bytes) -> int:
    return alarm_and_language[0] | (alarm_and_language[1] >> 4) << 8


def _alarm_without_place(content: bytes, sizes: tuple[int, int]) -> Report:
    cell, size = parse_cell(content, sizes)
    _need(content, max(size, 1) + STATUS_BYTES)
    rest = content[size:]
    status = parse_status(rest[:STATUS_BYTES] if len(rest) in (STATUS_BYTES, STATUS_BYTES + 1) else rest[-5:])
    return Report(identity=content, dated=False, cells=_listed(cell), status=status)


def _cells(content: bytes, sizes: tuple[int, int], *, wifi: bool) -> Report:
    _need(content, CLOCK_BYTES + 3)
    lac_bytes, cid_bytes = sizes
    slot = lac_bytes + cid_bytes + 1
    # The network code has two octets if the country code says so, or if the length of a list without Wi-Fi does.
    two = content[6] & 0x80 or (not wifi and len(content) == CLOCK_BYTES + 4 + SLOTS * slot + 3)
    at = CLOCK_BYTES + (4 if two else 3)
    mcc = int.from_bytes(content[6:8], "big") & ~_TWO_OCTETS
    mnc = int.from_bytes(content[8:at], "big")
    cells: list[Cell] = []
    for start in range(at, min(at + SLOTS * slot, len(content) - slot + 1), slot):
        lac = int.from_bytes(content[start : start + lac_bytes], "big")
        cid = int.from_bytes(content[start + lac_bytes : start + slot - 1], "big")
        if lac:
            cells.append(Cell(mcc, mnc, lac, cid, -content[start + slot - 1]))
    at += SLOTS * slot + 1  # the timing advance stands between
    points = parse_access_points(content[at + 1 :], content[at]) if wifi and len(content) > at else ()
    return Report(identity=content, at=parse_clock(content), cells=tuple(cells), access_points=points)


def _event(content: bytes) -> Report:
    """95: a clock, perhaps a place, a code, and what belongs to the code."""
    if content[:2] == b"\xff\xff":
        return _event_with_volts(content[3:])
    _need(content, CLOCK_BYTES + 1)
    fix, at = None, CLOCK_BYTES
    if len(content) >= CLOCK_BYTES + 11:
        fix = _bare_fix(content[at : at + 10], None, None)
        at += 10
    rest = content[at + 1 :]
    extra: tuple[tuple[str, str], ...] = ()
    if len(rest) >= 2:
        extra = (("value", str(int.from_bytes(rest[:2], "big"))),)
    if len(rest) > 2:
        extra += (("files", storable(rest[2:].decode("ascii", "backslashreplace").strip("\x00"), MAX_FILES_CHARS)),)
    return Report(identity=content, at=parse_clock(content), fix=fix, event=content[at], extra=extra)


def _event_with_volts(content: bytes) -> Report:
    # D6, satellites, lat, lon, flags, km/h, volts * 10, code
    _need(content, CLOCK_BYTES + 16)
    fix = _bare_fix(content[7:17], content[6], int.from_bytes(content[17:19], "big"))
    volts = int.from_bytes(content[19:21], "big") / 10
    return Report(
        identity=content,
        at=parse_clock(content),
        fix=fix,
        event=content[21],
        extra=(("volts", f"{volts:g}"),),
    )


def _bare_fix(block: bytes, satellites: int | None, speed_kmh: int | None) -> Fix:
    lat, lon, flags = (int.from_bytes(block[at:end], "big") for at, end in ((0, 4), (4, 8), (8, 10)))
    return Fix(satellites, *signed(lat, lon, flags), speed_kmh, flags & 0x03FF, bool(flags & 0x1000))


def _listed(cell: Cell | None) -> tuple[Cell, ...]:
    return () if cell is None else (cell,)


REPORTS: Final[dict[int, Callable[[bytes], Report | Skipped]]] = {
    0x10: partial(_position, sizes=NARROW),
    0x12: partial(_position, sizes=NARROW),
    0x22: partial(_position, sizes=NARROW),
    0x25: partial(_position, sizes=NARROW),
    0x11: partial(_position_u16, altitude=False),
    0x31: partial(_position_u16, altitude=True),
    0xA0: partial(_position, sizes=WIDE),
    0x16: _old_alarm,
    0x26: _alarm,
    0x27: partial(_alarm, fenced=True),
    0xA4: partial(_alarm, sizes=WIDE, fenced=True),
    0x19: partial(_alarm_without_place, sizes=NARROW),
    0xA5: partial(_alarm_without_place, sizes=WIDE),
    0x24: partial(_cells, sizes=NARROW, wifi=False),
    0x28: partial(_cells, sizes=NARROW, wifi=False),
    0x2E: partial(_cells, sizes=NARROW, wifi=False),
    0xA1: partial(_cells, sizes=WIDE, wifi=False),
    0x18: partial(_cells, sizes=NARROW, wifi=True),
    0x2C: partial(_cells, sizes=NARROW, wifi=True),
    0xA2: partial(_cells, sizes=WIDE, wifi=True),
    0x95: _event,
}
"""Every type under the short head that is one record."""
