"""The binary form: a dollar sign and nibbles. Only the fields named here are decimal; tails hold anything.

After the sign: id 10 nibbles (15 and a filler in the long form), hhmmss 6, ddmmyy 6, latitude 8, battery 2 (hex),
longitude 9, flags 1, knots 3, course 3, status 8 (hex), tail. The long form cannot be told by its length alone on a
stream; it is long if it reads well so, and does not read well as a short one.
"""

from __future__ import annotations

from typing import Final

from protocols.errors import ContentError, LocalProtocolError
from protocols.h02.messages import Report
from protocols.h02.values import parse_moment, serialise_degrees, serialise_moment
from protocols.signal import AccountId

WORD: Final = "$"
"""Report.word of the binary form."""

SHORT_BYTES: Final = 32
TAILED_BYTES: Final = 45
LONG_BYTES: Final = 42
DATAGRAM_BYTES: Final = (32, 42, 45, 48)

NAMED_BYTES: Final = 29
"""Up to the status of the short form; the rest is tail."""

LONG_NAMED_BYTES: Final = 32

_SHORT_ID: Final = 10
_LONG_ID: Final = 16
_VALID, _NORTH, _EAST = 2, 4, 8


def is_long(raw: bytes) -> bool:
    """True for the form with a long id. raw: LONG_NAMED_BYTES at least, from its sign on."""
    nibbles = raw[1:LONG_NAMED_BYTES].hex()
    return not _reads_well(nibbles, _SHORT_ID) and _reads_well(nibbles, _LONG_ID)


def parse_binary(raw: bytes) -> tuple[AccountId, Report]:
    """Read one binary message. raw: from its sign on. Raises ContentError if it is too short or its id not decimal."""
    long = len(raw) >= LONG_NAMED_BYTES and is_long(raw)
    nibbles = raw[1:].hex()
    device = nibbles[: _LONG_ID - 1 if long else _SHORT_ID]
    at = _LONG_ID if long else _SHORT_ID
    if len(nibbles) < at + 46 or not device.isdecimal():
        raise ContentError("a binary message without all its fields")
    fields = nibbles[at : at + 46]
    tail = nibbles[at + 46 :]
    flag = int(fields[31], 16)
    moment = parse_moment(fields[:6], fields[6:12])
    lat, lon = _degrees(fields[12:20], negative=not flag & _NORTH), _degrees(fields[22:31], negative=not flag & _EAST)
    if lat is None or lon is None:
        lat = lon = None
    broken = [] if moment else ["time"]
    broken += ["position"] if lat is None and flag & _VALID else []
    knots, course = fields[32:35], fields[35:38]
    return AccountId(device), Report(
        word=WORD,
        at=moment,
        fix=bool(flag & _VALID),
        lat=lat,
        lon=lon,
        knots=float(knots) if knots.isdecimal() else None,
        course_deg=float(course) if course.isdecimal() else None,
        battery=int(fields[20:22], 16),
        status=int(fields[38:], 16),
        broken=tuple(broken),
        noted=(("tail", tail),) if tail.strip("0") else (),
    )


def serialise_binary(device: AccountId, report: Report) -> bytes:
    """Write the 32-byte form. Raises LocalProtocolError for a device without ten digits or a report without a time."""
    if not (device.isascii() and device.isdigit() and len(device) == _SHORT_ID) or report.at is None:
        raise LocalProtocolError("the binary form needs an id of ten digits and a time")
    clock, date = serialise_moment(report.at)
    lat, lon = report.lat or 0.0, report.lon or 0.0
    flags = _VALID * bool(report.fix) | _NORTH * (lat >= 0) | _EAST * (lon >= 0)
    nibbles = (
        f"{device}{clock}{date}{serialise_degrees(lat, 2).replace('.', '')}{report.battery or 0:02x}"
        f"{serialise_degrees(lon, 3).replace('.', '')}{flags:x}{min(999, round(report.knots or 0)):03d}"
        f"{round(report.course_deg or 0) % 360:03d}{0xFFFFFFFF if report.status is None else report.status:08x}"
    )
    return (WORD.encode() + bytes.fromhex(nibbles)).ljust(SHORT_BYTES, b"\x00")


def _degrees(nibbles: str, *, negative: bool) -> float | None:
    # degrees, then minutes with four decimals
    if not nibbles.isdecimal() or nibbles[-6:-4] >= "60":
        return None
    value = round(int(nibbles[:-6]) + int(nibbles[-6:]) / 600_000, 7)
    return -value if negative else value


def _reads_well(nibbles: str, at: int) -> bool:
    """True if time, date, latitude and longitude are what they claim, from this nibble on. Digits compare as text."""
    fields = nibbles[at : at + 31]
    return (
        fields[:20].isdecimal()
        and fields[22:].isdecimal()
        and fields[:2] < "24"
        and fields[2:4] < "60"
        and fields[4:6] < "60"
        and "01" <= fields[6:8] <= "31"
        and "01" <= fields[8:10] <= "12"
        and fields[12:14] <= "90"
        and fields[14:16] < "60"
        and fields[22:25] <= "180"
        and fields[25:27] < "60"
    )
