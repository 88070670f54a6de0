"""Messages of minifinder: parse() and serialise() side by side, and the commands that go down."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from protocols.errors import ContentError, LocalProtocolError
from protocols.minifinder.messages import CommandReply, Heartbeat, Login, Message, Other, Report
from protocols.plausible import number, storable

MAX_FIELDS: Final = 64
MAX_FIELD_CHARS: Final = 128
MAX_WORDS_CHARS: Final = 512

_REPORTS: Final = frozenset("ABCD")
_DATE: Final = re.compile(r"\s*([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{1,2})\s*")
_TIME: Final = re.compile(r"\s*([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]{1,6})?\s*")
_FLAGS: Final = re.compile(r"\s*(?:0[xX])?0*([0-9A-Fa-f]{1,8})\s*")
_NUMBER: Final = re.compile(r"\+?[0-9]{2,20}")
_WRITABLE: Final = re.compile(r"[^;!\x00-\x1f]*")


def parse(raw: bytes) -> Message:
    """Read one message. raw: from its exclamation mark on; the semicolon may be missing.

    Never fails within a message: what is unreadable is None, a type outside the table is Other.
    Raises ContentError if there is no head to read.
    """
    if len(raw) < 2 or raw[:1] != b"!":
        raise ContentError("no type at the head of the message")
    text = raw[1:].rstrip(b"\0\r\n ").removesuffix(b";").decode("utf-8", "backslashreplace")
    head, _, tail = text.partition(",")
    word = storable(head.strip().upper(), MAX_FIELD_CHARS)
    if word in ("3", "4"):
        return CommandReply(word, storable(tail.strip(), MAX_WORDS_CHARS))
    fields = [storable(field.strip(), MAX_FIELD_CHARS) for field in tail.split(",", MAX_FIELDS)[:MAX_FIELDS]]
    match word:
        case "1":
            return Login(fields[0], _at(fields, 1) or None, _number(fields, 2))
        case "5":
            return Heartbeat(_number(fields, 0), _at(fields, 1) or None, _number(fields, 2))
        case _ if word in _REPORTS:
            return _report(word, fields)
        case _:
            return Other(word, tuple(fields) if tail else ())


def serialise(message: Message) -> bytes:
    """Write what a device says; used by the emulator. Raises LocalProtocolError for a mark inside a field."""
    match message:
        case Login(device, firmware, battery_pct):
            fields = [device, *([firmware or ""] if firmware or battery_pct is not None else [])]
            return _written("1", [*fields, *([f"{battery_pct:g}"] if battery_pct is not None else [])])
        case Heartbeat(gsm, fix, battery_pct):
            fields = [_plain(gsm), fix or "V"]
            return _written("5", [*fields, *([f"{battery_pct:g}"] if battery_pct is not None else [])])
        case CommandReply(word, text):
            return _written(word, [text])
        case Other(word, others):
            return _written(word, list(others))
        case Report():
            return _written(message.word, _listed(message))


def command(password: str, words: str) -> bytes:
    """Write one command: password first, no end mark. Raises LocalProtocolError for what would run into the next."""
    if not re.fullmatch(r"[0-9A-Za-z]{1,16}", password) or not _WRITABLE.fullmatch(words):
        raise LocalProtocolError("not to be said as a command of minifinder")
    return f"{password}{words}".encode("ascii")


def telephone(given: str) -> str:
    """Return a telephone number as a command may carry it. Raises LocalProtocolError for anything else."""
    found = re.sub(r"[ ()-]", "", given)
    if not _NUMBER.fullmatch(found):
        raise LocalProtocolError("not a telephone number")
    return found


def _report(word: str, fields: list[str]) -> Report:
    at = _date(_at(fields, 0), _at(fields, 1))
    lat, lon = _number(fields, 2), _number(fields, 3)
    if word == "A":
        return Report(word, at, lat, lon, rest=tuple(fields[4:]))
    found = _FLAGS.fullmatch(_at(fields, 6))
    told = Report(
        word,
        at,
        lat,
        lon,
        speed_kmh=_number(fields, 4),
        course_deg=_number(fields, 5),
        flags=int(found[1], 16) if found else None,
        flags_text=_at(fields, 6) or None,
        altitude_m=_number(fields, 7),
        battery_pct=_number(fields, 8),
        rest=tuple(fields[9:] if word == "C" else fields[12:]),
    )
    if word == "C":
        return told
    return Report(
        word, told.at, told.lat, told.lon, told.speed_kmh, told.course_deg, told.flags, told.flags_text,
        told.altitude_m, told.battery_pct, _number(fields, 9), _number(fields, 10), _number(fields, 11), told.rest,
    )  # fmt: skip


def _listed(report: Report) -> list[str]:
    at = report.at
    fields = ["", ""] if at is None else [f"{at.day}/{at.month}/{at.year % 100}", f"{at.hour}:{at.minute}:{at.second}"]
    fields += [_degrees(report.lat), _degrees(report.lon)]
    if report.has_flags:
        flags = report.flags_text or f"{report.flags or 0:x}"
        fields += [_plain(report.speed_kmh), _plain(report.course_deg), flags]
        fields += [_plain(report.altitude_m), _plain(report.battery_pct)]
        if report.word != "C":
            fields += [_plain(report.satellites), _plain(report.in_view), _plain(report.hdop)]
    return [*fields, *report.rest]


def _written(word: str, fields: list[str]) -> bytes:
    if not all(_WRITABLE.fullmatch(field) for field in fields):
        raise LocalProtocolError("a field holds a mark of the protocol")
    return f"!{','.join((word, *fields))};".encode()


def _date(date: str, time: str) -> datetime | None:
    day, clock = _DATE.fullmatch(date), _TIME.fullmatch(time)
    if not day or not clock:
        return None
    year = int(day[3])
    try:
        return datetime(
            year if year >= 100 else 2000 + year, int(day[2]), int(day[1]),
            int(clock[1]), int(clock[2]), int(clock[3]), tzinfo=UTC,
        )  # fmt: skip
    except ValueError:
        return None


def _at(fields: list[str], index: int) -> str:
    return fields[index] if index < len(fields) else ""


def _number(fields: list[str], index: int) -> float | None:
    return number(_at(fields, index))


def _plain(value: float | None) -> str:
    return "0" if value is None else f"{value:g}"


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
