"""Text frames and their content: parse() and serialise() side by side.

Octets that are not UTF-8 are spelled out with a backslash, since nothing that decides is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from protocols.errors import ContentError, LocalProtocolError
from protocols.h02.messages import Cell, Frame, Message, Network, Plain, Report
from protocols.h02.values import (
    coded,
    is_clock,
    parse_degrees,
    parse_moment,
    parse_status,
    serialise_degrees,
    serialise_moment,
    whole,
)
from protocols.plausible import number, storable
from protocols.signal import AccountId

MAX_FIELDS: Final = 200
"""The longest list seen has a dozen cells of four fields."""

MAX_FIELD_CHARS: Final = 256
MAX_CHARS: Final = 4096
"""As much as a frame may hold."""

MAX_CELLS: Final = 32

VP1_FIX: Final = {"A": True, "V": False}

# "*" maker "," id "," type ["," fields]. A frame that was cut short has no last sign.
_FRAME: Final = re.compile(rb"\*([0-9A-Za-z]{2}),[ ]{0,8}([0-9A-Za-z]{0,20})[ ]{0,8},(.*)\Z", re.DOTALL)
_FIX: Final = re.compile(r"[ABVabv]|[0-9]")


def parse(raw: bytes) -> Frame:
    """Read one text frame. raw: from its star on; the last sign may be missing.

    Raises ContentError (the device's fault) where maker, id and type are not to be found.
    """
    found = _FRAME.match(raw)
    if not found:
        raise ContentError("no maker, id and type at the head of the frame")
    maker, device, content = found.groups()
    text = storable(content[:MAX_CHARS].removesuffix(b"#").decode("utf-8", "backslashreplace"), MAX_CHARS)
    word, *fields = text.split(",", MAX_FIELDS + 1)
    return Frame(
        maker=maker.decode("ascii"),
        device=AccountId(device.decode("ascii")) if device else None,
        word=word.strip()[:MAX_FIELD_CHARS],
        fields=tuple([field.strip()[:MAX_FIELD_CHARS] for field in fields[:MAX_FIELDS]]),
    )


def serialise(frame: Frame) -> bytes:
    """Write one text frame. Raises LocalProtocolError for a sign that would break it."""
    parts = (frame.device or "", frame.word, *frame.fields)
    if any(sign in part for part in parts for sign in ",#*"):
        raise LocalProtocolError(f"a field of {frame.word} holds a sign that frames are made of")
    return f"*{frame.maker},{','.join(parts)}#".encode()


def parse_message(frame: Frame) -> Message:
    """Read what a device says. Never fails: what is outside every table is Plain, what is unreadable is named."""
    fields = frame.fields
    match frame.word.upper():
        case "V0" | "HTBT":
            battery = whole(fields[0]) if fields else None
            return Report(word=frame.word, undated=True, battery=battery, battery_in_pct=True)
        case "LINK":
            return _link(frame)
        case "NBR":
            return _neighbours(frame)
        case "V3":
            return _cells_v3(frame)
        case "VP1":
            return _undated_place(frame)
        case "V1" | "V2" | "V5" | "V6" | "V8" | "V19" | "VI1":
            return _listed(frame, 0)
        case _:
            at = _position_at(fields)
            return Plain(frame.word, fields) if at is None else _listed(frame, at)


def serialise_report(maker: str, device: AccountId, report: Report) -> bytes:
    """Write a V1 or any other type that lists the same fields. Raises LocalProtocolError for a report without time."""
    if report.at is None:
        raise LocalProtocolError("a report needs a time")
    clock, date = serialise_moment(report.at)
    place = ("", "", "", "")
    if report.lat is not None and report.lon is not None:
        place = (
            serialise_degrees(report.lat, 2),
            "S" if report.lat < 0 else "N",
            serialise_degrees(report.lon, 3),
            "W" if report.lon < 0 else "E",
        )
    battery = () if report.battery is None else (str(report.battery),)
    status = 0xFFFFFFFF if report.status is None else report.status
    moving = (f"{report.knots or 0:06.2f}", f"{round(report.course_deg or 0) % 360:03d}")
    fields = (*report.words, clock, "A" if report.fix else "V", *place, *moving, *battery, date, f"{status:08X}")
    return serialise(Frame(maker, device, report.word, fields + _network_fields(report.network)))


def _network_fields(network: Network | None) -> tuple[str, ...]:
    if network is None:
        return ()
    cell = network.cells[0]
    codes = (network.mcc, network.mnc, cell.lac, cell.cid)
    return tuple("" if code is None else str(code) for code in codes)


def _position_at(fields: tuple[str, ...]) -> int | None:
    """Return where hhmmss, fix, latitude, letter, longitude begin, or None."""
    for at in range(len(fields) - 5):
        clock, fix, _, north, _, east = fields[at : at + 6]
        letters = north.upper() in ("N", "S", "") and east.upper() in ("E", "W", "")
        timed = is_clock(clock) or (not clock and not fix.isdecimal())
        if timed and _FIX.fullmatch(fix) and letters:
            return at
    return None


def _listed(frame: Frame, start: int) -> Report:
    listed = frame.fields[start:]
    clock, fix, lat, north, lon, east, knots, course, *_ = (*listed, *("",) * 8)
    behind = listed[8:]
    date_at = _date_at(behind)
    date = behind[date_at] if date_at is not None else ""
    tail = behind[date_at + 1 :] if date_at is not None else behind
    status_at = _status_at(tail, 3 if frame.word.upper() == "V19" else 0)
    status, after = "", tail
    if status_at is not None:
        status, after = tail[status_at], tail[status_at + 1 :]
    elif (found := _dated_status_at(listed)) is not None:  # fields were left out: what calls for help is still there
        date, status = listed[found : found + 2]
    at = parse_moment(clock, date)
    place, broken = _place(lat, north, lon, east)
    broken = (*(() if at else ("time",)), *broken)
    if not status and any(tail):
        broken = (*broken, "status")
    network, level, noted = _after_status(after)
    return Report(
        word=frame.word,
        at=at,
        fix=fix in ("A", "a", "0") if fix else None,
        lat=place[0],
        lon=place[1],
        knots=number(knots),
        course_deg=number(course),
        battery=whole(behind[0]) if date_at else level,
        battery_in_pct=bool(date_at),
        status=parse_status(status),
        network=network,
        words=frame.fields[:start],
        broken=broken,
        noted=(*(("sim", field) for field in tail[: status_at or 0] if field), *noted),
    )


def _is_date(text: str) -> bool:
    return parse_moment("000000", text) is not None


def _date_at(fields: Sequence[str]) -> int | None:
    """Return where the date stands: first, or behind a battery. A date of zeroes is one; a status is none."""
    if not fields or is_clock(fields[0]):
        return 0 if fields else None
    for at in range(1, min(len(fields), 4)):
        if parse_status(fields[at - 1]) is not None:
            return None
        if _is_date(fields[at]):
            return at
    return None if parse_status(fields[0]) is not None else 0


def _status_at(tail: Sequence[str], usual: int) -> int | None:
    """Return where the status stands: where it should, else the first that looks like one, letters before digits."""
    likely = [at for at in range(min(len(tail), 6)) if parse_status(tail[at]) is not None]
    if usual in likely:
        return usual
    return min(likely, key=lambda at: (tail[at].isdecimal(), at), default=None)


def _dated_status_at(fields: Sequence[str]) -> int | None:
    """Return where a date and a status stand side by side, the last such place; the date may be of zeroes."""
    places = range(len(fields) - 2, -1, -1)
    return next((at for at in places if is_clock(fields[at]) and parse_status(fields[at + 1]) is not None), None)


def _place(
    lat: str, north: str, lon: str, east: str
) -> tuple[tuple[float, float] | tuple[None, None], tuple[str, ...]]:
    if not (lat or lon):
        return (None, None), ()
    degrees = parse_degrees(lat, north), parse_degrees(lon, east)
    if degrees[0] is None or degrees[1] is None:
        return (None, None), ("position",)
    return (degrees[0], degrees[1]), ()


def _after_status(after: Sequence[str]) -> tuple[Network | None, int | None, tuple[tuple[str, str], ...]]:
    """Read MCC, MNC, LAC, CID and the battery's level, as far as they are there."""
    mcc, mnc, lac, cid, level, *more = (*after, *("",) * 5)
    noted = tuple(("more", field) for field in more[: len(more) - 5] if field) if len(after) > 5 else ()
    numbers = coded(lac), coded(cid)
    if numbers[0] is None or numbers[1] is None or coded(mcc) is None:
        return None, None, tuple(("more", field) for field in after if field)
    return Network(coded(mcc), coded(mnc), (Cell(numbers[0], numbers[1]),)), whole(level), noted


def _link(frame: Frame) -> Report:
    clock, gsm, satellites, battery, steps, rolls, date, status, *_ = (*frame.fields, *("",) * 8)
    if parse_status(status) is None and (found := _dated_status_at(frame.fields)) is not None:
        date, status = frame.fields[found : found + 2]
    at = parse_moment(clock, date)
    named = (("gsm", gsm), ("satellites", satellites), ("steps", steps), ("rolls", rolls))
    return Report(
        word=frame.word,
        at=at,
        undated=not (clock or date),
        battery=whole(battery),
        battery_in_pct=True,
        status=parse_status(status),
        broken=() if at or not (clock or date) else ("time",),
        noted=tuple((name, field) for name, field in named if field),
    )


def _neighbours(frame: Frame) -> Report:
    # hhmmss, MCC, MNC, delay, n, n times LAC, CID, level, then date and status
    clock, mcc, mnc, _, count, *listed = (*frame.fields, *("",) * 5)
    cells, rest = _cells_before_status(listed, whole(count) or 0, 3)
    return _of_cells(frame, clock, coded(mcc), coded(mnc), cells, rest)


def _cells_v3(frame: Frame) -> Report:
    # hhmmss, MCC and MNC in one, n, n times LAC, CID, level, empty, then battery in hex, n, X, date and status
    clock, network, count, *listed = (*frame.fields, *("",) * 3)
    cells, rest = _cells_before_status(listed, whole(count) or 0, 4)
    mnc = coded(network[3:]) if len(network) > 3 else None
    report = _of_cells(frame, clock, coded(network[:3]), mnc, cells, rest)
    battery = rest[0] if rest else ""
    noted = (("battery_hex", battery),) if re.fullmatch(r"[0-9A-Fa-f]{4}", battery) else ()
    return Report(
        word=report.word,
        at=report.at,
        status=report.status,
        network=report.network,
        broken=report.broken,
        noted=noted,
    )


def _cells(listed: list[str], count: int, width: int) -> tuple[tuple[Cell, ...], int]:
    cells: list[Cell] = []
    at = 0
    while len(cells) < min(count, MAX_CELLS) and at + 1 < len(listed):
        lac, cid = coded(listed[at]), coded(listed[at + 1])
        if lac is None or cid is None:
            break
        cells.append(Cell(lac, cid, whole(listed[at + 2]) if at + 2 < len(listed) else None))
        at += width
    return tuple(cells), at


def _cells_before_status(listed: list[str], count: int, width: int) -> tuple[tuple[Cell, ...], list[str]]:
    """Read the cells, and return what follows them. A count too high must not take date and status for a cell."""
    status_at = _dated_status_at(listed)
    cells, end = _cells(listed if status_at is None else listed[:status_at], count, width)
    return cells, listed[end if status_at is None else min(end, status_at) :]


def _of_cells(
    frame: Frame, clock: str, mcc: int | None, mnc: int | None, cells: tuple[Cell, ...], rest: list[str]
) -> Report:
    """Find date and status behind the cells: they stand side by side, whatever comes between."""
    date = status = ""
    level = None
    found = _dated_status_at(rest)
    if found is None:  # a date that nobody wrote leaves its status alone
        found = next((at - 1 for at, text in enumerate(rest) if parse_status(text) is not None), None)
    if found is not None:
        date, status = rest[found] if found >= 0 else "", rest[found + 1]
        level = whole(rest[found + 2]) if found + 2 < len(rest) else None
    at_ = parse_moment(clock, date)
    return Report(
        word=frame.word,
        at=at_,
        battery=level,
        status=parse_status(status),
        network=Network(mcc, mnc, cells) if cells else None,
        broken=(*(() if at_ else ("time",)), *(() if status else ("status",)), *(() if cells else ("cells",))),
    )


def _undated_place(frame: Frame) -> Report:
    # "V", MCC, MNC, cells as LAC,CID,level joined by Y; or "A", latitude, N, longitude, E, knots, course, date
    kind, *rest = (*frame.fields, "")
    fix = VP1_FIX.get(kind.upper())
    if fix is None:
        return Report(word=frame.word, undated=True, broken=("fields",))
    if not fix:
        mcc, mnc, *listed = (*rest, "", "")
        joined = ",".join(listed).split("Y")
        found = [_cells(one.split(","), 1, 3)[0] for one in joined[:MAX_CELLS]]
        cells = tuple(cell for one in found for cell in one)
        network = Network(coded(mcc), coded(mnc), cells) if cells else None
        return Report(word=frame.word, undated=True, fix=False, network=network, broken=() if cells else ("cells",))
    lat, north, lon, east, knots, course, date, *_ = (*rest, *("",) * 7)
    place, broken = _place(lat, north, lon, east)
    return Report(
        word=frame.word,
        undated=True,
        fix=True,
        lat=place[0],
        lon=place[1],
        knots=number(knots),
        course_deg=number(course),
        broken=broken,
        noted=(("date", date),) if _is_date(date) else (),
    )
