"""Frames and their content: parse() and serialise() side by side, for both directions.

Source: facts/wearable-frames.md section 12.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, assert_never

from protocols.concox import (
    CLOCK_BYTES,
    END,
    FIX_BYTES,
    Around,
    Fix,
    checksum,
    parse_around,
    parse_clock,
    parse_fix,
    parse_name,
    serialise_around,
    serialise_clock,
    serialise_fix,
    serialise_name,
)
from protocols.errors import ContentError, LocalProtocolError
from protocols.plausible import storable
from protocols.signal import AccountId
from protocols.topin.framing import HEAD, LOGIN, WIFI
from protocols.topin.messages import (
    Broken,
    Frame,
    Heartbeat,
    Login,
    Message,
    Press,
    Report,
    Setting,
    Status,
    TimeRequest,
    Unknown,
    Vibration,
)

BEAT: Final = 0x08
BEAT_STORED: Final = 0x09
POSITION: Final = 0x10
POSITION_STORED: Final = 0x11
STATUS: Final = 0x13
TIME: Final = 0x30
NUMBER: Final = 0x41
VIBRATION: Final = 0x94
SOS: Final = 0x99
SETTINGS: Final = frozenset({0x14, 0x15, NUMBER, 0x57, 0x92, 0x93})
STORED: Final = frozenset({BEAT_STORED, POSITION_STORED, 0x17, 0x19})

MAX_TEXT_CHARS: Final = 128
"""A telephone number, or the list of settings."""

_GT06_LOGINS: Final = frozenset({(0x0D, 12), (0x11, 16)})
"""Length octet and octets of content of a gt06 log-in, with its serial and checksum."""

_FRACTION: Final = 0xFFFFF
_SECOND_FIX_BYTES: Final = 8
_BEAT_LEAST: Final = CLOCK_BYTES + 8 + _SECOND_FIX_BYTES + 3
_ACCEPTED: Final = 0x01


def parse(raw: bytes) -> Frame:
    """Read one frame. raw: from its head on, END included. Raises ContentError for what has no type."""
    if len(raw) < 4 + len(END) or not raw.endswith(END):
        raise ContentError("frame without a type or an end")
    return Frame(raw[3], raw[4:-2], raw[2])


def serialise(frame: Frame) -> bytes:
    """Write one frame."""
    return HEAD + bytes((frame.stated, frame.type)) + frame.content + END


def parse_message(frame: Frame) -> Message:
    """Read what a device says. Raises ContentError for a log-in that names nobody, or that is gt06's.

    What is outside the table is Unknown, what else is unreadable is Broken.
    """
    content = frame.content
    if frame.type == LOGIN:
        return _login(frame)
    wide = WIFI.get(frame.type)
    if wide is not None:
        return _around(frame, wide=wide)
    if frame.type in SETTINGS:
        return Setting(frame.type, storable(content.decode("ascii", "backslashreplace").strip("\x00"), MAX_TEXT_CHARS))
    match frame.type:
        case 0x08 | 0x09:
            return _beat(content, stored=frame.type == BEAT_STORED) if content else Heartbeat()
        case 0x10 | 0x11:
            return _position(content, stored=frame.type == POSITION_STORED)
        case 0x13:
            return _status(content)
        case 0x30:
            return TimeRequest()
        case 0x94:
            return Vibration()
        case 0x99:
            return Press()
        case _:
            return Unknown()


def serialise_message(message: Message) -> Frame:
    """Write what a device says; used by the emulator. Raises LocalProtocolError for what no device says."""
    match message:
        case Login(device, software):
            return Frame(LOGIN, serialise_name(device) + bytes((software or 0,)), 0x0D)
        case Heartbeat():
            return Frame(BEAT, b"", 1)
        case Report(access_points=points, cells=cells) if points or cells:
            around = Around(message.at, points, cells, message.flags)
            return Frame(0x17 if message.stored else 0x69, serialise_around(around, wide=False), len(points))
        case Report(at=at, fix=fix) if at is not None and fix is not None:
            content = serialise_clock(at) + serialise_fix(fix)
            if message.altitude_m is not None and message.flags is not None:
                content += round(message.altitude_m).to_bytes(2, "big", signed=True) + bytes((message.flags,))
            return Frame(POSITION_STORED if message.stored else POSITION, content, len(content))
        case Status():
            content = _status_octets(message)
            return Frame(STATUS, content, len(content) + 1)
        case TimeRequest():
            return Frame(TIME, b"", 1)
        case Vibration():
            return Frame(VIBRATION, b"", 1)
        case Press():
            return Frame(SOS, b"", 1)
        case Setting(kind, text):
            return Frame(kind, text.encode("ascii", "replace"), len(text) + 1)
        case Report() | Unknown() | Broken():
            raise LocalProtocolError("no device says this")
        case _:
            assert_never(message)


def serialise_welcome(frame: Frame, now: datetime) -> bytes:
    """Write the answer to a log-in: accepted, and the time."""
    return serialise(Frame(LOGIN, bytes((_ACCEPTED,)), frame.stated)) + serialise_time(now)


def serialise_time(now: datetime) -> bytes:
    """Write the time, UTC."""
    content = now.year.to_bytes(2, "big") + bytes((now.month, now.day, now.hour, now.minute, now.second))
    return serialise(Frame(TIME, content, len(content)))


def serialise_receipt(frame: Frame) -> bytes:
    """Write the answer to a record: its own time, under its type and length."""
    return serialise(Frame(frame.type, frame.content[:CLOCK_BYTES], frame.stated))


def serialise_number(number: str) -> bytes:
    """Write the setting of the SOS number. Raises LocalProtocolError for what is no number."""
    if not number.isascii() or not number.removeprefix("+").isdecimal() or len(number) > 20:
        raise LocalProtocolError("an SOS number is made of digits")
    return serialise(Frame(NUMBER, number.encode("ascii"), len(number) + 1))


def _login(frame: Frame) -> Login:
    content = frame.content
    if (frame.stated, len(content)) in _GT06_LOGINS:
        counted = bytes((frame.stated, frame.type)) + content[:-2]
        if checksum(counted) == int.from_bytes(content[-2:], "big") or len(content) == 12:
            raise ContentError("a gt06 log-in where topin is spoken")
    return Login(AccountId(parse_name(content)), content[8] if len(content) > 8 else None)


def _around(frame: Frame, *, wide: bool) -> Report | Broken:
    if len(frame.content) < CLOCK_BYTES:
        return Broken("record without a time")
    around = parse_around(frame.content, frame.stated, wide=wide)
    return Report(
        at=around.at,
        stored=frame.type in STORED,
        flags=around.flags,
        access_points=around.access_points,
        cells=around.cells,
    )


def _position(content: bytes, *, stored: bool) -> Report | Broken:
    if len(content) < CLOCK_BYTES + FIX_BYTES:
        return Broken("position without a whole fix")
    at, fix, rest = parse_clock(content), parse_fix(content[CLOCK_BYTES:]), content[CLOCK_BYTES + FIX_BYTES :]
    altitude_m = float(int.from_bytes(rest[:2], "big", signed=True)) if len(rest) >= 2 else None
    flags = rest[2] if len(rest) >= 3 else None
    return Report(at=at, stored=stored, fix=fix, altitude_m=altitude_m, flags=flags)


def _beat(content: bytes, *, stored: bool) -> Report | Broken:
    if len(content) < _BEAT_LEAST:
        return Broken("position without a whole fix")
    lat, lon = (_degrees(content[at : at + 4]) for at in (CLOCK_BYTES, CLOCK_BYTES + 4))
    speed_kmh, course, satellites = content[_BEAT_LEAST - 3 : _BEAT_LEAST]
    fix = Fix(satellites, lat, lon, speed_kmh, course * 2, positioned=satellites > 0)
    return Report(at=parse_clock(content), stored=stored, fix=fix)


def _degrees(block: bytes) -> float:
    low = int.from_bytes(block[1:], "big")
    degrees = round(block[0] + (low & _FRACTION) / 1_000_000, 6)
    return -degrees if low > _FRACTION else degrees


def _status(content: bytes) -> Status | Broken:
    if len(content) < 4:
        return Broken("status without its first four octets")
    return Status(
        battery_pct=content[0],
        firmware=content[1],
        zone=content[2],
        interval_min=content[3],
        network=content[4] if len(content) > 4 else None,
        temperature=content[5:8] if len(content) >= 8 else None,
        charging=content[8] if len(content) > 8 else None,
        pulse=content[9] if len(content) > 9 else None,
    )


def _status_octets(status: Status) -> bytes:
    octets = bytes((status.battery_pct, status.firmware, status.zone, status.interval_min))
    if status.network is None:
        return octets
    octets += bytes((status.network,))
    if status.temperature is None:
        return octets
    octets += status.temperature
    if status.charging is None:
        return octets
    octets += bytes((status.charging,))
    return octets if status.pulse is None else octets + bytes((status.pulse,))
