"""What an H02 device's status bits and words mean, and the signals that follow from a message.

Status bits are active low: a bit that is 0 says that something is so. Source: facts/wearable-frames.md section 10.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from protocols.h02.messages import Message, Network, Plain, Report
from protocols.orders import REPLY
from protocols.plausible import digest, iso, place_doubt, plausible_time
from protocols.signal import ALARMS, AccountId, Position, Signal, SignalKind

SOS_BIT: Final = 1
DOUBTFUL_BIT: Final = 18
"""Tilt in one paper, SOS in other units: an alarm on doubt, whatever the model."""

# In the order of gravity in which signals are told.
BITS: Final[tuple[tuple[int, SignalKind], ...]] = (
    (SOS_BIT, SignalKind.PANIC),  # robbery
    (DOUBTFUL_BIT, SignalKind.UNSPECIFIED_ALARM),
    (0, SignalKind.TAMPER),  # theft or door: the vibration sensor
    (19, SignalKind.EXTERNAL_POWER_LOST),  # on backup battery
    (17, SignalKind.LOW_BATTERY),  # or shock
    (7, SignalKind.ZONE_EXIT),
    (4, SignalKind.ZONE_ENTER),
)
BIT_WORDS: Final = {
    0: "vibration",
    2: "speed",
    4: "inside fence",
    7: "outside fence",
    17: "low battery or shock",
    19: "on backup battery",
}
IGNITION_BIT: Final = 10
"""The only bit that says so with 1."""

QUIET: Final = 0xFFFF_FFFF

_TOLD: Final = sum(1 << bit for bit, _ in BITS)
_ALARMING: Final = sum(1 << bit for bit, kind in BITS if kind in ALARMS)
_NO_STATE: Final = _ALARMING | 1 << IGNITION_BIT

REPEAT_WINDOW: Final = timedelta(seconds=60)
"""An alarm without a believable time: a second press must not be taken for a repeat for longer."""

MAX_EVIDENCE: Final = 64
MPS_PER_KNOT: Final = 1852 / 3600
MAX_TEXT_CHARS: Final = 512


class Role(Enum):
    """What a message without a position is for."""

    ALARM = "alarm"
    REPLY = "reply"
    TELEMETRY = "telemetry"


WORDS: Final[dict[str, Role]] = {
    "ALRM": Role.ALARM,  # its layout is not settled: raised on doubt
    **dict.fromkeys(("V4", "SMS"), Role.REPLY),
    **dict.fromkeys(("XT", "BS", "BASE"), Role.TELEMETRY),
}
POSITIONS: Final = frozenset({"V1", "V2", "V3", "V5", "V6", "V8", "V19", "VI1", "VP1", "NBR", "BC", "$"})
BEATS: Final = frozenset({"V0", "HTBT", "LINK"})
FROM_MEMORY: Final = "BC"
"""Blind-spot upload: what was noted where no network was."""


def signals_of(
    device: AccountId | None,
    body: bytes,
    message: Message,
    now: datetime,
    known: int = 0,
    *,
    cut_short: bool = False,
) -> tuple[Signal, ...]:
    """Return what the message says, gravest first. Never empty.

    body: the frame's bytes; they hold the device's own time and name the message, for there are no serials.
    known: status bits that this connection has told already, as active_bits() has them. They last as long as the
    cause does: an alarm is raised each time all the same, anything else is a state from then on.
    """
    match message:
        case Report():
            return _of_report(device, body, message, now, known, cut_short)
        case Plain(word, fields):
            return (_plain(device, body, word, fields, now, cut_short),)


def active_bits(message: Message) -> int | None:
    """Return the bits that say something as ones, or None where the message has no status."""
    return ~message.status & QUIET if isinstance(message, Report) and message.status is not None else None


def battery_pct(level: int | None, *, in_pct: bool = False) -> int | None:
    """Return per cent: 0 is not said, 1 to 6 are levels unless in_pct, 7 to 100 are per cent; None for the rest."""
    if level is None or not 1 <= level <= 100:
        return None
    return level if in_pct or level > 6 else (level - 1) * (10 if level <= 3 else 20)


def _of_report(
    device: AccountId | None, body: bytes, report: Report, now: datetime, known: int, cut_short: bool
) -> tuple[Signal, ...]:
    word = report.word.upper()
    active = active_bits(report) or 0
    if report.status == 0:
        active = 0  # hardly everything at once; but who can say that it is not the wearer
    raised = active & (_ALARMING | _TOLD & ~known)
    kinds = [kind for bit, kind in BITS if raised >> bit & 1] if raised else []
    alarm = bool(raised & _ALARMING) or word == "ALRM" or report.status == 0
    if alarm and not raised & _ALARMING:
        kinds.insert(0, SignalKind.UNSPECIFIED_ALARM)
    is_reply = WORDS.get(word) is Role.REPLY
    if is_reply or not kinds:
        kinds.append(_telemetry(word, is_reply))

    doubts = [f"{part} unreadable" for part in report.broken]
    at, doubt = (None, None) if report.at is None else plausible_time(report.at, now)
    position, misplaced = _position(report, at)
    doubts += [found for found in (doubt, misplaced) if found]
    if report.status == 0:
        doubts.append("status all zero")
    if cut_short:
        doubts.append("frame cut short")
    dated = at is not None and not cut_short
    frozen = report.fix is False  # the time of such a place may be that of the last fix: a second press looks the same
    name = digest("h02", device or "", body, "" if dated or alarm else iso(now))
    told = _evidence(report, active, known)
    signals = [
        Signal(
            kind=kind,
            device=device,
            repeat_key=f"{name}:{kind.value}",
            repeat_window=REPEAT_WINDOW if not dated or (frozen and kind in ALARMS) else None,
            event_at=at,
            buffered=True if word == FROM_MEMORY else None,
            position=position,
            battery_pct=battery_pct(report.battery, in_pct=report.battery_in_pct),
            code=REPLY if is_reply and kind is SignalKind.HEARTBEAT else _code(report),
            text=",".join(report.words)[:MAX_TEXT_CHARS] or None,
            evidence=told,
            doubts=tuple(doubts) + (("low battery or shock",) if kind is SignalKind.LOW_BATTERY else ()),
        )
        for kind in kinds
    ]
    return tuple(signals)


def _telemetry(word: str, is_reply: bool) -> SignalKind:
    if is_reply or word in BEATS:
        return SignalKind.HEARTBEAT
    return SignalKind.POSITION if word in POSITIONS else SignalKind.UNKNOWN


def _plain(
    device: AccountId | None, body: bytes, word: str, fields: tuple[str, ...], now: datetime, cut_short: bool
) -> Signal:
    role = WORDS.get(word.upper())
    kind = SignalKind.UNSPECIFIED_ALARM if role is Role.ALARM else SignalKind.HEARTBEAT if role else SignalKind.UNKNOWN
    said = ",".join(fields)[:MAX_TEXT_CHARS]
    alarm = kind in ALARMS
    return Signal(
        kind=kind,
        device=device,
        repeat_key=digest("h02", device or "", body, kind.value, "" if alarm else iso(now)),
        repeat_window=REPEAT_WINDOW if alarm else None,
        code=REPLY if role is Role.REPLY else word,
        text=(said or None) if role is Role.REPLY else None,
        evidence=(("fields", said),) if said and role is not Role.REPLY else (),
        doubts=("frame cut short",) if cut_short else (),
    )


def _code(report: Report) -> str:
    return report.word if report.status is None else f"{report.word},{report.status:08X}"


def _position(report: Report, at: datetime | None) -> tuple[Position | None, str | None]:
    if report.lat is None or report.lon is None:
        return None, None
    if doubt := place_doubt(report.lat, report.lon):
        return None, None if not report.fix and (report.lat, report.lon) == (0, 0) else doubt
    knots, course_deg = report.knots, report.course_deg
    return (
        Position(
            lat=report.lat,
            lon=report.lon,
            fix_at=at if report.fix else None,
            valid=bool(report.fix),
            speed_mps=None if knots is None or knots < 0 else round(knots * MPS_PER_KNOT, 3),
            course_deg=course_deg if course_deg is not None and 0 <= course_deg <= 360 else None,
        ),
        None,
    )


def _evidence(report: Report, active: int, known: int) -> tuple[tuple[str, str], ...]:
    # A bit that has a kind of its own is a state once it was told; one that has none is always shown.
    told: list[tuple[str, str]] = []
    states = active & ~(_TOLD & ~known) & ~_NO_STATE
    while states:
        bit = (states & -states).bit_length() - 1
        told.append(("state", BIT_WORDS.get(bit, f"bit {bit}")))
        states &= states - 1
    if report.status not in (None, 0, QUIET) and not active >> IGNITION_BIT & 1:
        told.append(("state", "ignition on"))
    if report.battery is not None:
        told.append(("battery", str(report.battery)))
    told += report.noted
    told += _cells(report.network)
    return tuple(told[:MAX_EVIDENCE])


def _cells(network: Network | None) -> Iterable[tuple[str, str]]:
    if network is None:
        return
    for cell in network.cells:
        numbers = (network.mcc, network.mnc, cell.lac, cell.cid, cell.level)
        yield "cell", ",".join("" if one is None else str(one) for one in numbers)
