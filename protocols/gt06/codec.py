"""Frames and the small messages: parse() and serialise() side by side; records are in reports.py and modules.py.

Source: facts/wearable-frames.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from struct import Struct
from typing import Final

from protocols.concox import END, checksum, parse_clock, parse_name, serialise_clock, serialise_name
from protocols.errors import ChecksumMismatch, ContentError, FramingError, LocalProtocolError
from protocols.gt06.framing import LONG_HEAD, SHORT_HEAD, WIFI
from protocols.gt06.messages import (
    AddressRequest,
    Broken,
    Command,
    Facts,
    Frame,
    Heartbeat,
    Login,
    Message,
    Skipped,
    Status,
    TextReply,
    TimeRequest,
)
from protocols.gt06.modules import parse_modules, parse_network_alarm, parse_network_report
from protocols.gt06.reports import (
    REPORTS,
    guess_report,
    parse_around_report,
    parse_status,
)
from protocols.plausible import storable
from protocols.signal import AccountId

LOGIN: Final = 0x01
HEARTBEAT: Final = 0x13
TIME: Final = 0x8A
COMMAND: Final = 0x80
COMMAND_REPLY: Final = 0x21
ADDRESS_REQUEST: Final = 0x2A
ADDRESS: Final = 0x97

MAX_TEXT_CHARS: Final = 512
"""A device's answer to PARAM# fills some 200 characters."""

VEHICLES: Final = frozenset(
    {0x34, 0x35, 0x37, 0x39, 0x40, 0x41, 0x61, 0x65, 0x66, 0x8C, 0x9B, 0xA3, 0xA7, 0xA9, 0xB0, 0xB2, 0xF1, 0xF2, 0xF3}
)
"""Types that say nothing of persons; framed, answered and kept."""

_SHORT_BEGIN: Final = Struct(">BB")
_LONG_BEGIN: Final = Struct(">HB")
_SERIAL: Final = Struct(">H")
_TAIL: Final = Struct(">HH")
_ENGLISH: Final = b"\x00\x02"
_NO_ADDRESS: Final = b"NA&&NA&&0##"


def parse(raw: bytes) -> Frame:
    """Read one frame. raw: from its head on; the end may be missing.

    A wrong length or checksum is a doubt: clones have neither right. Raises ContentError for what is too short, and
    ChecksumMismatch where both are wrong and the type is none we know.
    """
    long = raw.startswith(LONG_HEAD)
    head_bytes = 4 if long else 3
    stated = int.from_bytes(raw[2:head_bytes], "big")
    body = raw[head_bytes : -len(END)] if raw.endswith(END) else raw[head_bytes:]
    if not body:
        raise ContentError("frame without a type")
    kind = body[0]
    if not long and kind in WIFI and len(body) != stated:
        return Frame(kind, body[1:], points=stated)
    if len(body) < 5:
        if kind == 0x99 and len(body) == 1:
            return Frame(kind, b"", doubts=("looks like topin's SOS",))
        raise ContentError("frame without serial and checksum")
    if kind == LOGIN and not long and stated == 13 and len(body) == 10:
        raise ContentError("a topin log-in where gt06 is spoken")
    serial, received = _TAIL.unpack_from(body, len(body) - _TAIL.size)
    computed = checksum(raw[2 : head_bytes + len(body) - 2])
    if received != computed and stated == len(body) + 2:
        return Frame(kind, body[1:-2], received, long, doubts=("checksum missing",))
    doubts = () if received == computed else ("checksum wrong",)
    if stated != len(body):
        if doubts and kind not in (_LONG if long else _SHORT):
            raise ChecksumMismatch(account=None, received=received, computed=computed)
        doubts = (*doubts, "length wrong")
    return Frame(kind, body[1:-4], serial, long, doubts=doubts)


def parse_unended(raw: bytes) -> Frame:
    """Read what another frame interrupted: good if only the two octets of its end are lost. Raises FramingError."""
    try:
        frame = parse(raw)
    except (ContentError, ChecksumMismatch):
        frame = None
    if frame is None or frame.doubts or frame.serial is None:
        raise FramingError("frame cut short")
    return Frame(frame.type, frame.content, frame.serial, frame.long, doubts=("frame without its end",))


def serialise(frame: Frame) -> bytes:
    """Write one frame, with the length and checksum it really has; topin's layout where it counts access points."""
    if frame.points is not None:
        return SHORT_HEAD + bytes((frame.points, frame.type)) + frame.content + END
    head, begin = (LONG_HEAD, _LONG_BEGIN) if frame.long else (SHORT_HEAD, _SHORT_BEGIN)
    counted = begin.pack(len(frame.content) + 5, frame.type) + frame.content + _SERIAL.pack(frame.serial or 0)
    return head + counted + _SERIAL.pack(checksum(counted)) + END


def parse_message(frame: Frame) -> Message:
    """Read a frame's content. Never fails: what is outside the tables is Skipped, what is unreadable is Broken."""
    try:
        if frame.points is not None:
            return parse_around_report(frame.content, frame.points)
        read = (_LONG if frame.long else _SHORT).get(frame.type)
        if read is not None:
            return read(frame.content)
    except ContentError as why:
        return Broken(str(why))
    known = frame.type == 0x9B if frame.long else frame.type in VEHICLES
    return Skipped(known, guess_report(frame.content))


def parse_login(content: bytes) -> Login:
    """Read 01. Raises ContentError without a whole IMEI."""
    device = AccountId(parse_name(content))
    model = int.from_bytes(content[8:10], "big") if len(content) >= 10 else None
    return Login(device, model, _zone(int.from_bytes(content[10:12], "big")) if len(content) >= 12 else None)


def serialise_login(login: Login) -> bytes:
    """Write 01's content. A zone needs a model."""
    octets = serialise_name(login.device)
    if login.model is None:
        return octets
    octets += login.model.to_bytes(2, "big")
    if login.zone is None:
        return octets
    minutes = round(abs(login.zone).total_seconds() / 60)
    word = (minutes // 60 * 100 + minutes % 60) << 4 | (8 if login.zone < timedelta() else 0)
    return octets + word.to_bytes(2, "big")


def serialise_heartbeat(status: Status) -> bytes:
    """Write 13's content."""
    return bytes((status.info, status.battery or 0, status.network or 0, status.alarm or 0, 2))


def serialise_answer(frame: Frame, content: bytes = b"", *, long: bool = False) -> bytes:
    """Write the answer to a frame: its type and serial given back."""
    return serialise(Frame(frame.type, content, frame.serial, long))


def serialise_time(frame: Frame, now: datetime) -> bytes:
    """Write the answer to 8A. now: UTC, which is what the device wants."""
    return serialise_answer(frame, serialise_clock(now))


def serialise_address(frame: Frame) -> bytes:
    """Write the answer to 2A: we look up no streets."""
    return serialise(Frame(ADDRESS, bytes((len(_NO_ADDRESS),)) + bytes(4) + _NO_ADDRESS, frame.serial, long=True))


def parse_command(content: bytes) -> Command:
    """Read 80's content; used by the emulator. Raises ContentError for one that is too short."""
    if len(content) < 5 or content[0] < 4:
        raise ContentError("command without a flag")
    return Command(int.from_bytes(content[1:5], "big"), _text(content[5 : 1 + content[0]]))


def serialise_command(command: Command) -> bytes:
    """Write 80's content. Raises LocalProtocolError for a text that is not ASCII or too long."""
    if not command.text.isascii() or len(command.text) > 200:
        raise LocalProtocolError("a command is at most 200 ASCII signs")
    text = command.text.encode("ascii")
    return bytes((4 + len(text),)) + command.flag.to_bytes(4, "big") + text + _ENGLISH


def serialise_text_reply(reply: TextReply) -> bytes:
    """Write the content of 79 79 21."""
    if reply.text.isascii():
        return reply.flag.to_bytes(4, "big") + b"\x01" + reply.text.encode("ascii")
    return reply.flag.to_bytes(4, "big") + b"\x00" + reply.text.encode("utf-16-be", "replace")


def _zone(word: int) -> timedelta | None:
    # bits 4 to 15: hours * 100 + minutes; bit 3: west
    hours, minutes = divmod(word >> 4, 100)
    if hours > 14 or minutes > 59:
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if word & 8 else ahead


def _text(octets: bytes, coding: str = "utf-8") -> str:
    return storable(octets.decode(coding, "backslashreplace").strip("\x00\r\n "), MAX_TEXT_CHARS)


def _heartbeat(content: bytes) -> Heartbeat:
    if not content:
        raise ContentError("heartbeat without a status")
    if len(content) == 5:
        return Heartbeat(Status(content[0], content[1], None, content[2], content[3]))
    return Heartbeat(Status(content[0]))  # of longer and shorter forms only the first octet is safe


def _volts_heartbeat(content: bytes) -> Heartbeat:
    if len(content) < 4:
        raise ContentError("heartbeat without a voltage")
    volts = int.from_bytes(content[1:3], "big") / 100
    return Heartbeat(Status(content[0], network=content[3]), volts=volts)


def _module_heartbeat(content: bytes) -> Heartbeat | Skipped:
    if len(content) >= 0x30 - 5:
        return Skipped(known=True)
    if len(content) < 5:
        raise ContentError("heartbeat without a status")
    battery_pct = volts = None
    at = 5
    while at + 3 <= len(content):
        word, size = int.from_bytes(content[at : at + 2], "big"), content[at + 2]
        value = content[at + 3 : at + 3 + size]
        at += 3 + size
        if word == 0x006A and value:
            battery_pct = int.from_bytes(value, "big")
        elif word == 0x0018 and len(value) == 2:
            volts = int.from_bytes(value, "big") / 100
    return Heartbeat(parse_status(content[:5]), battery_pct, volts)


def _short_reply(content: bytes) -> TextReply:
    if not content:
        raise ContentError("reply without a length")
    if content[0] < 4 or len(content) < 5:
        return TextReply(0, _text(content[5:]))
    return TextReply(int.from_bytes(content[1:5], "big"), _text(content[5 : 1 + content[0]]))


def _long_reply(content: bytes) -> TextReply:
    if len(content) < 5:
        raise ContentError("reply without a flag")
    text = _text(content[5:]) if content[4] == 1 else _text(content[5:], "utf-16-be")
    return TextReply(int.from_bytes(content[:4], "big"), text)


def _time_request(content: bytes) -> TimeRequest:
    return TimeRequest()


def _address_request(content: bytes) -> AddressRequest:
    report = guess_report(content)
    if report is None:
        raise ContentError("question for an address without a place")
    return AddressRequest(report)


def _facts(content: bytes) -> Facts:
    if not content:
        raise ContentError("facts without a kind")
    sub, rest = content[0], content[1:]
    match sub:
        case 0x00 if len(rest) >= 2:
            return Facts((), int.from_bytes(rest[:2], "big") / 100)
        case 0x04:
            return Facts((("settings", _text(rest)),))
        case 0x05 if rest:
            at = parse_clock(rest) if len(rest) >= 7 else None
            return Facts((("doors", f"{rest[6] if at else rest[0]:02X}"),))
        case 0x0A if len(rest) >= 26:
            imei, imsi, iccid = rest[:8].hex(), rest[8:16].hex(), rest[16:26].hex()
            return Facts((("imei", imei.removeprefix("0")), ("imsi", imsi.removeprefix("0")), ("iccid", iccid)))
        case _:
            return Facts((("sub", f"{sub:02X}"), ("content", rest[:64].hex())))


_SHORT: Final[dict[int, Callable[[bytes], Message]]] = {
    LOGIN: parse_login,
    HEARTBEAT: _heartbeat,
    0x23: _volts_heartbeat,
    0x36: _module_heartbeat,
    0x15: _short_reply,
    0x80: _short_reply,
    0x81: _short_reply,
    0x82: _short_reply,
    TIME: _time_request,
    ADDRESS_REQUEST: _address_request,
    **REPORTS,
}
_LONG: Final[dict[int, Callable[[bytes], Message]]] = {
    COMMAND_REPLY: _long_reply,
    0x94: _facts,
    0x32: parse_network_report,
    0x33: parse_network_alarm,
    0x70: parse_modules,
}
