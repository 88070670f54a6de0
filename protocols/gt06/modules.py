"""Records under the long head 79 79: modules (70), and reports with many networks (32, 33).

Source: facts/wearable-frames.md section 3, second table. The clock of 70 is UTC in seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime
from struct import Struct
from typing import Final

from protocols.concox import COURSE, FIX_BYTES, POSITIONED, Fix, parse_clock, parse_fix, signed
from protocols.errors import ContentError
from protocols.gt06.messages import Modules, Report

VOLTS: Final = 0x0018
PLACE: Final = 0x0033
EVENT: Final = 0x0034

MAX_MODULES: Final = 256
"""A frame of the largest size cannot hold more records of any use."""

_PLACE: Final = Struct(">IBhIIBH")
_EVENT: Final = Struct(">BIB")


def parse_modules(content: bytes) -> Modules:
    """Read 70: id, length, value, again and again. A module that cannot be read is counted; the others stay."""
    reports: list[tuple[int, Report]] = []
    volts, broken, at = None, 0, 0
    for _ in range(MAX_MODULES):
        if at + 4 > len(content):
            break
        word, size = int.from_bytes(content[at : at + 2], "big"), int.from_bytes(content[at + 2 : at + 4], "big")
        value = content[at + 4 : at + 4 + size]
        at += 4 + size
        if word == VOLTS and len(value) == 2:
            volts = int.from_bytes(value, "big") / 100
        elif word == PLACE and len(value) >= _PLACE.size:
            reports.append((word, _place(value)))
        elif word == EVENT and len(value) >= 1:
            reports.append((word, _event(value)))
        elif word in (VOLTS, PLACE, EVENT):
            broken += 1
    return Modules(tuple(reports), volts, broken + (at != len(content)))


def parse_network_report(content: bytes) -> Report:
    """Read 32: clock, perhaps a fix, cells and access points; the networks are kept as they came."""
    at = parse_clock(content)
    if len(content) < 7:
        raise ContentError("report without a clock")
    size = content[6]
    fix = parse_fix(content[7:]) if size and len(content) >= 7 + FIX_BYTES else None
    # Whether the length before a fix counts it all is not known: no more than the fix is taken from it.
    rest = content[7 + (max(size, FIX_BYTES) if fix else 0) :]
    return Report(identity=content, at=at, fix=fix, extra=(("networks", rest[:128].hex()),) if rest else ())


def parse_network_alarm(content: bytes) -> Report:
    """Read 33: as 32, and an alarm code before the last group. Its place is sure only if that group is empty."""
    report = parse_network_report(content)
    sure = len(content) >= 9 and content[-1] == 0
    return Report(
        identity=report.identity,
        at=report.at,
        fix=report.fix,
        event=content[-2] if sure else -1,
        extra=report.extra,
    )


def _place(value: bytes) -> Report:
    seconds, satellites, altitude_m, lat, lon, speed_kmh, flags = _PLACE.unpack_from(value)
    if seconds == 0:  # no fix, and no time either
        return Report(identity=value, dated=False)
    fix = Fix(satellites, *signed(lat, lon, flags), speed_kmh, flags & COURSE, bool(flags & POSITIONED))
    return Report(identity=value, at=datetime.fromtimestamp(seconds, UTC), utc=True, fix=fix, altitude_m=altitude_m)


def _event(value: bytes) -> Report:
    if len(value) < _EVENT.size - 1:
        return Report(identity=value, dated=False, event=value[0], doubts=("event cut short",))
    seconds = int.from_bytes(value[1:5], "big")
    rest = value[_EVENT.size :]
    return Report(
        identity=value,
        at=datetime.fromtimestamp(seconds, UTC) if seconds else None,
        dated=bool(seconds),
        utc=True,
        event=value[0],
        extra=(("bytes", rest[:64].hex()),) if rest else (),
    )
