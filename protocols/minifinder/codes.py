"""What the flags mean, and the signals that follow from a message."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from protocols.minifinder.messages import CommandReply, Heartbeat, Login, Message, Other, Report
from protocols.orders import REPLY
from protocols.plausible import digest, iso, percent, place_doubt, plausible_time
from protocols.signal import ALARMS, AccountId, Position, Signal, SignalKind

# Source: facts/wearable-frames.md section 7. The order is the order of gravity in which signals are told.
CALL_BITS: Final[tuple[tuple[int, SignalKind], ...]] = (
    (6, SignalKind.PANIC),
    (8, SignalKind.FALL),
)
"""A level that stays until it is cleared; each message raises it, and the incident takes repeats together."""

STATE_KINDS: Final[tuple[tuple[int, SignalKind], ...]] = (
    (9, SignalKind.ZONE_EXIT),
    (10, SignalKind.ZONE_EXIT),
    (11, SignalKind.ZONE_EXIT),
    (12, SignalKind.LOW_BATTERY),
    (2, SignalKind.DEVICE_FAULT),  # GPS fault
)
"""Levels too, but nobody has to run: told when they begin, not with every message."""

STATE_BITS: Final = (
    (2, "GPS fault"),
    (7, "over speed"),
    (9, "fence 1"),
    (10, "fence 2"),
    (11, "fence 3"),
    (12, "low battery"),
    (14, "motion"),
    (15, "vibration"),
)
FENCES: Final = 0b111 << 9
CHARGING: Final = 1 << 22

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""An alarm without a believable date, or without a fix: then the date may be the last fix's and stand still, the flag
repeats every 10 s, and a second press must not be taken for it."""

MAX_EVIDENCE: Final = 32


def signals_of(
    message: Message, device: AccountId | None, raw: bytes, now: datetime, before: int = 0, *, cut_short: bool = False
) -> tuple[Signal, ...]:
    """Return what the message says, gravest first. Never empty.

    before: the flags that the device had up last; of states only those that are new since are told.
    """
    match message:
        case Login(_, firmware, battery_pct):
            told = _said(("firmware", firmware))
            return (_sign_of_life(device, raw, now, code="login", battery_pct=battery_pct, evidence=told),)
        case Heartbeat(gsm, fix, battery_pct):
            told = _said(("signal", None if gsm is None else f"{gsm:g}"), ("fix", fix))
            return (_sign_of_life(device, raw, now, code="5", battery_pct=battery_pct, evidence=told),)
        case CommandReply(word, text):
            return (_sign_of_life(device, raw, now, code=REPLY, text=text, evidence=(("type", word),)),)
        case Other(word, fields):
            told = _said(("fields", ",".join(fields)[:512] or None))
            return (_sign_of_life(device, raw, now, code=word, kind=SignalKind.UNKNOWN, evidence=told),)
        case Report():
            return _of_report(message, device, raw, now, before, cut_short)


def _said(*pairs: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if value is not None)


def _sign_of_life(
    device: AccountId | None,
    raw: bytes,
    now: datetime,
    *,
    code: str,
    kind: SignalKind = SignalKind.HEARTBEAT,
    text: str | None = None,
    battery_pct: float | None = None,
    evidence: tuple[tuple[str, str], ...] = (),
) -> Signal:
    # Undated: the same words a minute later are a new message, so the time of receipt is part of its name.
    return Signal(
        kind=kind,
        device=device,
        repeat_key=digest("minifinder", device or "", raw, iso(now)),
        battery_pct=percent(battery_pct),
        code=code,
        text=text,
        evidence=evidence,
    )


def _of_report(
    report: Report, device: AccountId | None, raw: bytes, now: datetime, before: int, cut_short: bool
) -> tuple[Signal, ...]:
    doubts: list[str] = []
    at = None
    if report.at is None:
        doubts.append("time unreadable")
    else:
        at, doubt = plausible_time(report.at, now)
        doubts += [doubt] if doubt else []
    position, doubt = _place(report, at)
    doubts += [doubt] if doubt else []
    if report.has_flags and report.flags is None:
        doubts.append("flags unreadable")
    if (report.flags or 0) & ~before & FENCES:
        doubts.append("fence: direction not said, taken as left")
    if cut_short:
        doubts.append("message cut short")

    kinds = _kinds(report, before)
    alarm = any(kind in ALARMS for kind in kinds)
    dated = at is not None and not cut_short
    # Without its type: what was sent live and is sent again from memory is the same.
    name = digest("minifinder", device or "", raw[2:].rstrip(b"\0\r\n ;"), "" if dated or alarm else iso(now))
    return tuple(
        Signal(
            kind=kind,
            device=device,
            repeat_key=f"{name}:{kind.value}",
            repeat_window=None if dated and (kind not in ALARMS or _has_fix(report)) else REPEAT_WINDOW,
            event_at=at,
            buffered={"B": True, "D": False}.get(report.word),
            position=position,
            battery_pct=percent(report.battery_pct),
            charging=None if report.flags is None else bool(report.flags & CHARGING),
            code=report.flags_text,
            evidence=_evidence(report),
            doubts=tuple(doubts),
        )
        for kind in kinds
    )


def _kinds(report: Report, before: int) -> tuple[SignalKind, ...]:
    flags = report.flags or 0
    kinds = [kind for bit, kind in CALL_BITS if flags >> bit & 1]
    kinds += [kind for bit, kind in STATE_KINDS if (flags & ~before) >> bit & 1]
    return tuple(dict.fromkeys(kinds)) or (SignalKind.POSITION,)


def _place(report: Report, at: datetime | None) -> tuple[Position | None, str | None]:
    valid = _has_fix(report)
    if report.lat is None or report.lon is None:
        return None, "position unreadable" if valid else None
    if doubt := place_doubt(report.lat, report.lon):
        return None, None if not valid and (report.lat, report.lon) == (0, 0) else doubt
    speed_kmh = report.speed_kmh
    return (
        Position(
            lat=report.lat,
            lon=report.lon,
            fix_at=at if valid else None,
            valid=valid,
            altitude_m=report.altitude_m,
            speed_mps=None if speed_kmh is None or speed_kmh < 0 else round(speed_kmh / 3.6, 3),
            course_deg=report.course_deg if 0 <= (report.course_deg or 0) <= 360 else None,
        ),
        None,
    )


def _has_fix(report: Report) -> bool:
    # Bits 0 and 1 as a number: 0 no fix, 1 GPS, 2 last known place. Type A has no flags and says nothing of it.
    return not report.has_flags or (report.flags or 0) & 3 == 1


def _evidence(report: Report) -> tuple[tuple[str, str], ...]:
    told = [("type", report.word)]
    if report.flags is not None:
        told.append(("signal", str(report.flags >> 16 & 31)))
        told += [("state", name) for bit, name in STATE_BITS if report.flags >> bit & 1]
    numbers = (
        ("satellites", report.satellites),
        ("satellites_in_view", report.in_view),
        ("hdop", report.hdop),
    )
    told += [(name, f"{value:g}") for name, value in numbers if value]  # 0 is how it says that it does not know
    if report.rest:
        told.append(("fields", ",".join(report.rest)[:512]))
    return tuple(told[:MAX_EVIDENCE])
