"""The signals that follow from a topin message. The only call for help has neither time nor place."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.concox import place
from protocols.orders import REPLY
from protocols.plausible import digest, iso, percent, plausible_time
from protocols.signal import ALARMS, AccountId, Signal, SignalKind
from protocols.topin.codec import NUMBER
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

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""What has no time of its own is the same octet for octet, whether sent again or pressed again."""

MAX_EVIDENCE: Final = 64
"""More access points than a tag hears in a city; the frame is on file."""

MAX_CONTENT_BYTES: Final = 128
"""Of a content nobody has explained, enough to look at."""

FLAGS: Final = ((0, "vibration"), (1, "speed"), (4, "low battery"))
"""Bits of a record's flags (paper, version 1.2): how the device is, repeated with each record."""

Told = tuple[tuple[str, str], ...]


def signals_of(
    frame: Frame, raw: bytes, message: Message, device: AccountId | None, now: datetime
) -> tuple[Signal, ...]:
    """Return what the message says. Never empty: at least the device has shown that it lives."""
    code = f"{frame.type:02X}"
    match message:
        case Report():
            return (_of_report(frame, raw, message, device, now),)
        case Login(_, software):
            told: Told = () if software is None else (("software", f"{software:02X}"),)
            return (_undated(raw, device, now, code="login", told=told),)
        case Heartbeat():
            return (_undated(raw, device, now),)
        case Status():
            return (_undated(raw, device, now, status=message),)
        case TimeRequest():
            return (_undated(raw, device, now, code=code),)
        case Press():
            return (_undated(raw, device, now, SignalKind.PANIC, code=code),)
        case Vibration():
            return (_undated(raw, device, now, code=code, told=(("event", "vibration"),)),)
        case Setting(kind, text):
            return (_undated(raw, device, now, code=REPLY if kind == NUMBER else code, text=text or None),)
        case Unknown():
            return (_undated(raw, device, now, SignalKind.UNKNOWN, code=code, told=_content(frame)),)
        case Broken(why):
            told = (("broken_record", "1"), *_content(frame))
            return (_undated(raw, device, now, code=code, told=told, doubts=(f"record unreadable: {why}",)),)
        case _:
            assert_never(message)


def _of_report(frame: Frame, raw: bytes, report: Report, device: AccountId | None, now: datetime) -> Signal:
    at, doubt = (None, "time unreadable") if report.at is None else plausible_time(report.at, now)
    where, place_doubt = place(report.fix, at, report.altitude_m)
    told = [("type", f"{frame.type:02X}")]
    if report.fix is not None and report.fix.satellites is not None:
        told.append(("satellites", str(report.fix.satellites)))
    if report.flags is not None:
        told.append(("flags", f"{report.flags:02X}"))
        told += [("state", words) for bit, words in FLAGS if report.flags >> bit & 1]
    told += [cell.told() for cell in report.cells]
    told += [point.told() for point in report.access_points]
    # Live and stored forms of a record differ in their type only: what is sent again from memory is a repeat.
    return Signal(
        kind=SignalKind.POSITION,
        device=device,
        repeat_key=digest("topin", device or "", frame.content, "" if at else iso(now)),
        repeat_window=None if at else REPEAT_WINDOW,
        event_at=at,
        buffered=report.stored,
        position=where,
        evidence=tuple(told[:MAX_EVIDENCE]),
        doubts=tuple(words for words in (doubt, place_doubt) if words),
    )


def _undated(
    raw: bytes,
    device: AccountId | None,
    now: datetime,
    kind: SignalKind = SignalKind.HEARTBEAT,
    *,
    code: str | None = None,
    text: str | None = None,
    status: Status | None = None,
    told: Told = (),
    doubts: tuple[str, ...] = (),
) -> Signal:
    # All tags' calls for help are the same six octets: before the log-in none may pass for another's repeat.
    alarm = kind in ALARMS
    return Signal(
        kind=kind,
        device=device,
        repeat_key=digest("topin", device or "", raw, "" if alarm and device else iso(now)),
        repeat_window=REPEAT_WINDOW if alarm else None,
        battery_pct=percent(status.battery_pct) if status else None,
        charging=None if status is None or status.charging is None else bool(status.charging),
        code=code,
        text=text,
        evidence=(told if status is None else _how(status))[:MAX_EVIDENCE],
        doubts=doubts,
    )


def _how(status: Status) -> Told:
    told = [("firmware", str(status.firmware)), ("zone", str(status.zone)), ("interval_min", str(status.interval_min))]
    told += [(name, str(n)) for name, n in (("network", status.network), ("pulse", status.pulse)) if n is not None]
    return tuple(told)


def _content(frame: Frame) -> Told:
    return (("content", frame.content[:MAX_CONTENT_BYTES].hex()),) if frame.content else ()
