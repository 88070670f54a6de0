"""What a watch's status bits and words mean, and the signals that follow from a message."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from protocols.orders import REPLY
from protocols.plausible import digest, iso, number, percent, place_doubt, plausible_time
from protocols.signal import ALARMS, Position, Signal, SignalKind
from protocols.watch.messages import Frame, KeepAlive, Message, Picture, Plain, PositionReport, Voice, VoicePart

# Source: vendor's paper, status word. The order is the order of gravity in which signals are told.
ALARM_BITS: Final[tuple[tuple[int, SignalKind], ...]] = (
    (16, SignalKind.PANIC),  # SOS key
    (21, SignalKind.FALL),
    (22, SignalKind.MEDICAL),  # pulse out of its limits; a public server takes it for a fall
    (20, SignalKind.REMOVED),  # taken off the wrist
    (14, SignalKind.EXTERNAL_POWER_LOST),  # power cut
    (17, SignalKind.LOW_BATTERY),
    (18, SignalKind.ZONE_EXIT),
    (19, SignalKind.ZONE_ENTER),
)
ANYWHERE_BITS: Final = frozenset({16, 21})
"""Count in any position message: a replay after an outage may come as UD2."""

STATE_BITS: Final = ((0, "low battery"), (1, "outside fence"), (2, "inside fence"), (3, "strap"), (4, "not moving"))
"""How the watch is, not what happened: no alarm."""

UNKNOWN_ALARM_BITS: Final = 0xFF80_0000
"""The high half is alarms; these nobody has explained."""

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""An alarm without a believable date: a watch repeats within seconds, and a second press must not be taken for it."""

MAX_EVIDENCE: Final = 64
"""Seven cells and thirty access points are the most that has been seen."""

MAX_FIELDS_CHARS: Final = 512
"""Of a message that is kept as it came."""


class Role(Enum):
    """What a plain message is for."""

    QUESTION = "question"
    START = "start"
    HEALTH = "health"
    CONFIRMATION = "confirmation"


WORDS: Final[dict[str, Role]] = {
    **dict.fromkeys(("TKQ", "TKQ2"), Role.QUESTION),
    "INIT": Role.START,
    **dict.fromkeys(("HEART", "PULSE", "BLOOD", "BPHRT", "TEMP", "BTEMP2", "OXYGEN"), Role.HEALTH),
    # The watch confirms a downlink by sending the bare word back.
    **dict.fromkeys(
        ("CONFIG", "ICCID", "CR", "FIND", "UPLOAD", "MESSAGE", "CALL", "SOS1", "SOS2", "SOS3"), Role.CONFIRMATION
    ),
    **dict.fromkeys(("SOSSMS", "LOWBAT", "REMOVE", "FALLDOWN", "LZ", "RESET", "POWEROFF", "PHB"), Role.CONFIRMATION),
    **dict.fromkeys(("TK", "TK2", "JXTK", "IMG"), Role.CONFIRMATION),
}


def signals_of(frame: Frame, message: Message, now: datetime, *, cut_short: bool = False) -> tuple[Signal, ...]:
    """Return what the message says, gravest first. Never empty: at least the device has shown that it lives."""
    match message:
        case PositionReport():
            return _of_report(frame, message, now, cut_short)
        case KeepAlive(steps, rolls, battery_pct):
            return (_sign_of_life(frame, now, None, (("steps", steps), ("rolls", rolls)), battery_pct),)
        case Voice(word, payload):
            return (_sign_of_life(frame, now, word, (("voice_bytes", len(payload)),)),)
        case VoicePart(_, file, part, parts, payload):
            piece = (("file", file), ("part", f"{part}/{parts}"), ("voice_bytes", len(payload)))
            return (_sign_of_life(frame, now, "JXTK", piece),)
        case Picture(_, taken, payload):
            return (_sign_of_life(frame, now, "img", (("taken", taken), ("picture_bytes", len(payload)))),)
        case Plain(word, fields):
            return (_of_word(frame, word, fields, now),)


def _of_word(frame: Frame, word: str, fields: tuple[str, ...], now: datetime) -> Signal:
    role = WORDS.get(word.upper())
    told: tuple[tuple[str, object], ...] = (("fields", ",".join(fields)[:MAX_FIELDS_CHARS]),) if fields else ()
    if role is Role.CONFIRMATION:
        said = ",".join((word, *fields))[:MAX_FIELDS_CHARS]
        return _sign_of_life(frame, now, REPLY, (), text=said)
    if role is Role.HEALTH:
        told += _health(word.upper(), fields)
    kind = SignalKind.UNKNOWN if role is None else SignalKind.HEARTBEAT
    return _sign_of_life(frame, now, word, told, kind=kind)


def _health(word: str, fields: tuple[str, ...]) -> tuple[tuple[str, object], ...]:
    """Name the values of a health message; a sensor that found nothing says 0. Kept, and judged by nobody here."""
    values = [number(field.strip()) for field in fields]
    match word, values:
        case (("HEART" | "PULSE"), [float() as pulse, *_]) if pulse > 0:
            return (("pulse_per_min", f"{pulse:g}"),)
        case "BLOOD", [float() as high, float() as low, *_] if high > 0:
            return (("blood_pressure_mmhg", f"{high:g}/{low:g}"),)
        case "BPHRT", [float() as high, float() as low, float() as pulse, *_] if high > 0 or pulse > 0:
            return (("blood_pressure_mmhg", f"{high:g}/{low:g}"), ("pulse_per_min", f"{pulse:g}"))
        case "TEMP", [float() as celsius, *_] if celsius > 0:
            return (("temperature_c", f"{celsius:g}"),)
        case "BTEMP2", [float() as valid, float() as celsius, *_] if valid > 0:
            return (("temperature_c", f"{celsius:g}"),)
        case "OXYGEN", [_, float() as share, *_] if share > 0:
            return (("oxygen_pct", f"{share:g}"),)
        case _:
            return ()


def _sign_of_life(
    frame: Frame,
    now: datetime,
    code: str | None,
    told: tuple[tuple[str, object], ...],
    battery_pct: int | None = None,
    kind: SignalKind = SignalKind.HEARTBEAT,
    text: str | None = None,
) -> Signal:
    # Undated: the same words a minute later are a new message, so the time of receipt is part of its name.
    return Signal(
        kind=kind,
        device=frame.device,
        repeat_key=digest("watch", frame.device, frame.content, iso(now)),
        battery_pct=percent(battery_pct),
        code=code,
        text=text,
        evidence=tuple((name, str(value)) for name, value in told if value is not None),
    )


def _of_report(frame: Frame, report: PositionReport, now: datetime, cut_short: bool) -> tuple[Signal, ...]:
    doubts: list[str] = []
    at = None
    if report.at is None:
        doubts.append("time unreadable")
    else:
        at, doubt = plausible_time(report.at, now)
        doubts += [doubt] if doubt else []
    position, doubt = _place(report, at)
    doubts += [doubt] if doubt else []
    if report.is_alarm and report.status is None:
        doubts.append("status unreadable")
    if cut_short:
        doubts.append("frame cut short")

    kinds = _kinds(report)
    alarm = any(kind in ALARMS for kind in kinds)
    dated = at is not None and not cut_short
    name = digest("watch", frame.device, frame.content, "" if dated or alarm else iso(now))
    return tuple(
        Signal(
            kind=kind,
            device=frame.device,
            repeat_key=f"{name}:{kind.value}",
            repeat_window=None if dated else REPEAT_WINDOW,
            event_at=at,
            buffered=True if report.word.upper() == "UD2" else None,
            position=position,
            battery_pct=percent(report.battery_pct),
            code=None if kind is SignalKind.POSITION else _code(report),
            evidence=_evidence(report),
            doubts=tuple(doubts),
        )
        for kind in kinds
    )


def _kinds(report: PositionReport) -> tuple[SignalKind, ...]:
    status = report.status or 0
    kinds = [kind for bit, kind in ALARM_BITS if status >> bit & 1 and (report.is_alarm or bit in ANYWHERE_BITS)]
    unexplained = not kinds or (status & UNKNOWN_ALARM_BITS and not any(kind in ALARMS for kind in kinds))
    if report.is_alarm and unexplained:
        kinds.insert(0, SignalKind.UNSPECIFIED_ALARM)
    return tuple(kinds) or (SignalKind.POSITION,)


def _code(report: PositionReport) -> str:
    return report.word if report.status is None else f"{report.word},{report.status:08X}"


def _place(report: PositionReport, at: datetime | None) -> tuple[Position | None, str | None]:
    if report.lat is None or report.lon is None:
        return None, "position unreadable" if report.fix else None
    if doubt := place_doubt(report.lat, report.lon):
        return None, None if not report.fix and (report.lat, report.lon) == (0, 0) else doubt
    return (
        Position(
            lat=report.lat,
            lon=report.lon,
            accuracy_m=report.accuracy_m,
            fix_at=at if report.fix else None,
            valid=report.fix,
            altitude_m=report.altitude_m,
            speed_mps=None if report.speed_kmh is None or report.speed_kmh < 0 else round(report.speed_kmh / 3.6, 3),
            course_deg=report.course_deg if 0 <= (report.course_deg or 0) <= 360 else None,
        ),
        None,
    )


def _evidence(report: PositionReport) -> tuple[tuple[str, str], ...]:
    told = [("type", report.word)]
    told += [("state", name) for bit, name in STATE_BITS if (report.status or 0) >> bit & 1]
    numbers = (
        ("satellites", report.satellites),
        ("network_pct", report.network_pct),
        ("steps", report.steps),
        ("rolls", report.rolls),
    )
    told += [(name, str(value)) for name, value in numbers if value is not None]
    if network := report.network:
        for cell in network.cells:
            numbers_of_cell = (network.mcc, network.mnc, cell.lac, cell.cid, cell.signal)
            told.append(("cell", ",".join("" if n is None else str(n) for n in numbers_of_cell)))
    for point in report.access_points:
        told.append(("wifi", f"{point.mac},{'' if point.dbm is None else point.dbm},{point.name}"))
    return tuple(told[:MAX_EVIDENCE])
