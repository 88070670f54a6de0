"""Frames and their content: parse() and serialise() side by side, for both directions.

Text is UTF-8; octets that are not are spelled out with a backslash, since nothing that decides is made of them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from protocols.errors import ContentError, LocalProtocolError
from protocols.plausible import number, storable
from protocols.signal import AccountId
from protocols.watch.messages import (
    AccessPoint,
    Answer,
    Call,
    Cell,
    Downlink,
    FallDetection,
    Find,
    Frame,
    KeepAlive,
    Locate,
    Message,
    Network,
    Picture,
    Plain,
    PlayVoice,
    PositionReport,
    Setting,
    ShowMessage,
    Voice,
    VoicePart,
)

MAX_FIELDS: Final = 400
"""The longest list seen has 16 fields, 7 cells and 30 access points; the rest of a longer one is not read."""

MAX_FIELD_CHARS: Final = 512
"""Nothing that decides is longer than a phone number; this leaves room for a text in hex."""

# "[" maker "*" id "*" [index "*"] [length "*"] content. A frame that was cut short has no last bracket.
_FRAME: Final = re.compile(
    rb"\[([0-9A-Za-z]{2})\*([0-9A-Za-z]{1,20})\*"
    rb"(?:([0-9A-Fa-f]{4})\*(?=[0-9A-Fa-f]{4,8}\*))?(?:[0-9A-Fa-f]{1,8}\*)?(.*)\Z",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(rb"\x7d([\x01-\x05])")
_TO_ESCAPE: Final = re.compile(rb"[\x7d\[\],*]")
_UNESCAPE: Final = {1: b"\x7d", 2: b"[", 3: b"]", 4: b",", 5: b"*"}
_ESCAPE: Final = {plain[0]: bytes((0x7D, code)) for code, plain in _UNESCAPE.items()}
_DATE: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")
_MAC: Final = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}")
_METRES: Final = re.compile(r"[0-9]{1,7}\.[0-9]{1,7}")
_STATUS: Final = re.compile(r"[0-9A-Fa-f]{1,8}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,18}")
_HEX: Final = re.compile(r"(?:0[xX])?[0-9A-Fa-f]{1,15}")
_NO_NETWORK: Final = 0xFFFF

_LISTED: Final = 16
"""Fields 0 to 15 of a position list; the tail comes after them."""


def parse(raw: bytes) -> Frame:
    """Read one frame. raw: from its first bracket on; the last bracket may be missing.

    Raises ContentError (the transmitter's fault) if there is no head to read.
    """
    found = _FRAME.match(raw)
    if not found:
        raise ContentError("no maker and id at the head of the frame")
    maker, device, index, content = found.groups()
    return Frame(
        maker=maker.decode("ascii"),
        device=AccountId(device.decode("ascii")),
        index=index.decode("ascii") if index else None,
        content=content.removesuffix(b"]"),
    )


def serialise(frame: Frame) -> bytes:
    """Write one frame, with the length it really has."""
    middle = f"{frame.index}*" if frame.index is not None else ""
    head = f"[{frame.maker}*{frame.device}*{middle}{len(frame.content):04X}*"
    return head.encode("ascii") + frame.content + b"]"


def parse_message(content: bytes) -> Message:
    """Read what a watch says. Never fails: what is outside every table is Plain, what is unreadable is None."""
    head, comma, tail = content.partition(b",")
    word = _text(head)
    kind = word.upper()
    if kind in ("TK", "TK2") and comma:
        return Voice(word, unescape(tail))
    if kind == "JXTK" and tail.count(b",") >= 4:
        first, file, part, parts, payload = tail.split(b",", 4)
        return VoicePart(_text(first), _text(file), _text(part), _text(parts), unescape(payload))
    if kind == "IMG" and tail.count(b",") >= 2:
        first, taken, payload = tail.split(b",", 2)
        return Picture(_text(first), _text(taken), unescape(payload))
    fields = tuple(_text(field) for field in tail.split(b",", MAX_FIELDS)[:MAX_FIELDS]) if comma else ()
    if kind == "LK":
        return _keepalive(fields)
    if kind == "WT" or kind.startswith(("UD", "AL")) or _looks_like_position(fields):
        return _position(word, fields)
    return Plain(word, fields)


def serialise_message(message: Message) -> bytes:
    """Write what a watch says; used by the emulator. Raises LocalProtocolError for a comma inside a field."""
    match message:
        case KeepAlive(steps=None, rolls=None, battery_pct=None):
            return b"LK"
        case KeepAlive(steps, rolls, battery_pct):
            return f"LK,{steps or 0},{rolls or 0},{battery_pct or 0}".encode()
        case PositionReport():
            return _listed(message)
        case Voice(word, payload):
            return word.encode() + b"," + escape(payload)
        case VoicePart(first, file, part, parts, payload):
            return _joined("JXTK", (first, file, part, parts)) + b"," + escape(payload)
        case Picture(first, taken, payload):
            return _joined("img", (first, taken)) + b"," + escape(payload)
        case Plain(word, fields):
            return _joined(word, fields)


def parse_downlink(content: bytes) -> Downlink:
    """Read what a receiver says; used by the emulator. Never fails: an unknown word is a Setting."""
    head, comma, tail = content.partition(b",")
    word = _text(head)
    fields = tuple(_text(field) for field in tail.split(b",", MAX_FIELDS)[:MAX_FIELDS]) if comma else ()
    match word, fields:
        case (("LK" | "AL" | "TKQ" | "TKQ2" | "INIT" | "JXTKR"), _):
            return Answer(word, fields)
        case "TK", _ if len(tail) == 1:
            return Answer(word, fields)
        case "TK", _ if comma:
            return PlayVoice(unescape(tail))
        case "CR", ():
            return Locate()
        case "FIND", ():
            return Find()
        case "CALL", (call_number,):
            return Call(call_number)
        case "FALLDOWN", (("0" | "1") as on, ("0" | "1") as call):
            return FallDetection(on=on == "1", call=call == "1")
        case "MESSAGE", (text,) if (words := _from_utf16_hex(tail)) is not None and text:
            return ShowMessage(words)
        case _:
            return Setting(word, fields)


def serialise_downlink(downlink: Downlink) -> bytes:
    """Write what a receiver says. Raises LocalProtocolError for a sign that would break the frame."""
    match downlink:
        case Answer(word, fields) | Setting(word, fields):
            return _joined(word, fields, brackets=False)
        case Locate():
            return b"CR"
        case Find():
            return b"FIND"
        case ShowMessage(text):
            return b"MESSAGE," + text.encode("utf-16-be", "replace").hex().upper().encode("ascii")
        case Call(call_number):
            return _joined("CALL", (call_number,), brackets=False)
        case FallDetection(on, call):
            return f"FALLDOWN,{int(on)},{int(call)}".encode("ascii")
        case PlayVoice(payload):
            return b"TK," + escape(payload)


def escape(payload: bytes) -> bytes:
    """Hide from binary content the signs that frames are made of."""
    return _TO_ESCAPE.sub(lambda sign: _ESCAPE[sign[0][0]], payload)


def unescape(content: bytes) -> bytes:
    """Undo escape(); a lone 7D stays as it is."""
    return _ESCAPED.sub(lambda code: _UNESCAPE[code[1][0]], content)


def _text(octets: bytes) -> str:
    return storable(octets[: MAX_FIELD_CHARS * 4].decode("utf-8", "backslashreplace"), MAX_FIELD_CHARS)


def _from_utf16_hex(tail: bytes) -> str | None:
    try:
        return bytes.fromhex(tail.decode("ascii")).decode("utf-16-be")
    except ValueError:
        return None


def _joined(word: str, fields: tuple[str, ...], *, brackets: bool = True) -> bytes:
    if any("," in part or (not brackets and ("[" in part or "]" in part)) for part in (word, *fields)):
        raise LocalProtocolError(f"a field of {word} holds a sign that frames are made of")
    return ",".join((word, *fields)).encode("utf-8")


def _keepalive(fields: tuple[str, ...]) -> KeepAlive:
    if len(fields) < 3:  # two fields have been seen; what they mean is not known
        return KeepAlive()
    steps, rolls, battery_pct = (_whole(field) for field in fields[:3])
    return KeepAlive(steps, rolls, battery_pct)


def _looks_like_position(fields: tuple[str, ...]) -> bool:
    return (
        len(fields) >= 7
        and bool(_DATE.fullmatch(fields[0]) and _DATE.fullmatch(fields[1]))
        and fields[2] in ("A", "V")
        and number(fields[3]) is not None
        and number(fields[5]) is not None
    )


def _position(word: str, fields: tuple[str, ...]) -> PositionReport:
    listed = tuple(field.strip() for field in fields)
    date, time, fix, lat, north, lon, east, *rest = (*listed, *("",) * _LISTED)[:_LISTED]
    speed, course, altitude, satellites, network_pct, battery, steps, rolls, status = rest
    network, access_points, accuracy_m = _tail(listed[_LISTED:])
    return PositionReport(
        word=word,
        at=_moment(date, time),
        fix=fix.upper() == "A",
        lat=_signed(lat, north, "S"),
        lon=_signed(lon, east, "W"),
        speed_kmh=number(speed),
        course_deg=number(course),
        altitude_m=number(altitude),
        satellites=_whole(satellites),
        network_pct=_whole(network_pct),
        battery_pct=_whole(battery),
        steps=_whole(steps),
        rolls=_whole(rolls),
        status=int(status, 16) if _STATUS.fullmatch(status) else None,
        network=network,
        access_points=access_points,
        accuracy_m=accuracy_m,
    )


def _tail(tail: tuple[str, ...]) -> tuple[Network | None, tuple[AccessPoint, ...], float | None]:
    """Read what follows the status word; whatever is broken is left out."""
    count = _whole(tail[0]) if tail else None
    network, rest = None, tail[1:]
    if count is not None and count > 0:
        network, rest = _network(rest, count)
    access_points = []
    last = 0
    for at in range(1, len(rest)):
        if at > last and _MAC.fullmatch(rest[at]):
            dbm = _whole(rest[at + 1]) if at + 1 < len(rest) else None
            access_points.append(AccessPoint(rest[at - 1], rest[at], dbm))
            last = at + 1
    metres = rest[-1] if len(rest) > last + bool(last) else ""
    return network, tuple(access_points), float(metres) if _METRES.fullmatch(metres) else None


def _network(rest: tuple[str, ...], count: int) -> tuple[Network | None, tuple[str, ...]]:
    # count: timing advance, MCC, MNC, then count times LAC, CID, signal; the last signal may be missing
    advance, mcc, mnc = (_coded(field) for field in (*rest, "", "", "")[:3])
    cells: list[Cell] = []
    at = 3
    while len(cells) < count and at + 1 < len(rest):
        lac, cid = _coded(rest[at]), _coded(rest[at + 1])
        if lac is None or cid is None:
            break
        cells.append(Cell(lac, cid, _whole(rest[at + 2]) if at + 2 < len(rest) else None))
        at += 3
    if not cells:
        return None, rest[at:]
    return Network(None if mcc == _NO_NETWORK else mcc, mnc, tuple(cells), advance), rest[at:]


def _listed(report: PositionReport) -> bytes:
    fields: list[str] = [
        report.at.strftime("%d%m%y") if report.at else "",
        report.at.strftime("%H%M%S") if report.at else "",
        "A" if report.fix else "V",
        _number_text(report.lat, 6, absolute=True),
        "" if report.lat is None else "S" if report.lat < 0 else "N",
        _number_text(report.lon, 7, absolute=True),
        "" if report.lon is None else "W" if report.lon < 0 else "E",
        _number_text(report.speed_kmh, 2),
        _number_text(report.course_deg, 1),
        _number_text(report.altitude_m, 1),
        *("" if n is None else str(n) for n in (report.satellites, report.network_pct, report.battery_pct)),
        *("" if n is None else str(n) for n in (report.steps, report.rolls)),
        "" if report.status is None else f"{report.status:08X}",
    ]
    cells = report.network.cells if report.network else ()
    fields.append(str(len(cells)))
    if report.network:
        mcc, mnc, advance = report.network.mcc, report.network.mnc, report.network.timing_advance
        fields += ["" if advance is None else str(advance), "FFFF" if mcc is None else str(mcc)]
        fields.append("" if mnc is None else f"{mnc:02d}")
        for cell in cells:
            fields += [str(cell.lac), str(cell.cid), "" if cell.signal is None else str(cell.signal)]
    fields.append(str(len(report.access_points)))
    for point in report.access_points:
        fields += [point.name, point.mac, "" if point.dbm is None else str(point.dbm)]
    if report.accuracy_m is not None:
        fields.append(_number_text(report.accuracy_m, 1))
    return _joined(report.word, tuple(fields))


def _number_text(value: float | None, decimals: int, *, absolute: bool = False) -> str:
    if value is None:
        return ""
    return f"{abs(value) if absolute else value:.{decimals}f}"


def _moment(date: str, time: str) -> datetime | None:
    day, clock = _DATE.fullmatch(date), _DATE.fullmatch(time)
    if not day or not clock:
        return None
    d, m, y = (int(part) for part in day.groups())
    h, minute, s = (int(part) for part in clock.groups())
    century = 1900 if y >= 70 else 2000  # a clock that was never set says 1970
    try:
        return datetime(century + y, m, d, h, minute, s, tzinfo=UTC)
    except ValueError:
        return None


def _signed(text: str, hemisphere: str, negative: str) -> float | None:
    value = number(text)
    if value is not None and hemisphere.upper() == negative:
        return -abs(value)  # the number itself may be negative already: "-9.0,W" is 9 degrees west
    return value


def _whole(text: str) -> int | None:
    stripped = text.strip()
    return int(stripped) if _DECIMAL.fullmatch(stripped) else None


def _coded(text: str) -> int | None:
    """Read a network's number: decimal, or hex if it holds a letter."""
    stripped = text.strip()
    if _DECIMAL.fullmatch(stripped):
        return int(stripped)
    return int(stripped, 16) if _HEX.fullmatch(stripped) else None
