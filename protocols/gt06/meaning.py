"""The signals that follow from a gt06 message. Records with a time and place of their own are in records.py."""

from __future__ import annotations

from datetime import datetime
from typing import Final, assert_never

from protocols.gt06.codes import (
    ALARM_TYPES,
    ALARM_TYPES_LONG,
    EVENT_CODES,
    MODULE_EVENT_CODES,
    NETWORK_ALARM_CODES,
)
from protocols.gt06.messages import (
    AddressRequest,
    Broken,
    Facts,
    Frame,
    Heartbeat,
    Login,
    Message,
    Modules,
    Report,
    Skipped,
    Status,
    TextReply,
    TimeRequest,
)
from protocols.gt06.records import (
    MAX_EVIDENCE,
    REPEAT_WINDOW,
    Speaker,
    Told,
    battery_pct,
    code_of,
    signals_of_report,
    volts_told,
)
from protocols.gt06.verdict import CHARGING, Verdict, of_event, of_heartbeat, of_status
from protocols.orders import REPLY
from protocols.plausible import digest, iso, percent
from protocols.signal import ALARMS, Signal, SignalKind

MAX_CONTENT_BYTES: Final = 128
"""Of a content nobody has explained, enough to look at; the frame is on file."""

TOPIN_SOS: Final = 0x99
"""Alone in a frame without serial: another family's call for help on this port."""


def signals_of(frame: Frame, raw: bytes, message: Message, speaker: Speaker, now: datetime) -> tuple[Signal, ...]:
    """Return what the message says. Never empty: at least the device has shown that it lives."""
    match message:
        case Report():
            return _of_report(frame, raw, message, speaker, now)
        case AddressRequest(report):
            return signals_of_report(frame, raw, report, speaker, now, Verdict())
        case Heartbeat():
            return _of_heartbeat(frame, raw, message, speaker, now)
        case Modules():
            return _of_modules(frame, raw, message, speaker, now)
        case Skipped():
            return _of_skipped(frame, raw, message, speaker, now)
        case Login(_, model, zone):
            told: Told = () if model is None else (("model", f"{model:04X}"),)
            told += () if zone is None else (("zone_min", str(round(zone.total_seconds() / 60))),)
            return (_sign_of_life(frame, raw, speaker, now, code="login", told=told),)
        case TextReply(flag, text):
            return (_sign_of_life(frame, raw, speaker, now, code=REPLY, text=text, told=(("flag", str(flag)),)),)
        case TimeRequest():
            return (_sign_of_life(frame, raw, speaker, now, code=frame.name),)
        case Facts(facts, volts):
            return (_sign_of_life(frame, raw, speaker, now, code=frame.name, told=facts + volts_told(volts)),)
        case Broken(why):
            may_be_alarm = frame.type in (ALARM_TYPES_LONG if frame.long else ALARM_TYPES)
            kind = SignalKind.UNSPECIFIED_ALARM if may_be_alarm else SignalKind.HEARTBEAT
            told = (("type", frame.name), ("broken_record", "1"), *_content(frame))
            doubts = (f"record unreadable: {why}",)
            return (_sign_of_life(frame, raw, speaker, now, kind, code=frame.name, told=told, doubts=doubts),)
        case _:
            assert_never(message)


def _of_report(frame: Frame, raw: bytes, report: Report, speaker: Speaker, now: datetime) -> tuple[Signal, ...]:
    verdict, code = Verdict(), None
    if report.event is not None:
        verdict = of_event("event", report.event, NETWORK_ALARM_CODES if frame.long else EVENT_CODES)
        code = frame.name if report.event < 0 else f"{frame.name},{report.event:02X}"
    elif report.status is not None:
        verdict, code = of_status(report.status, speaker.model), code_of(frame, report.status)
    return signals_of_report(frame, raw, report, speaker, now, verdict, code=code)


def _of_heartbeat(frame: Frame, raw: bytes, message: Heartbeat, speaker: Speaker, now: datetime) -> tuple[Signal, ...]:
    status = message.status
    verdict = of_heartbeat(status)
    told: Told = (("info", f"{status.info:02X}"),)
    told += () if status.network is None else (("network", str(status.network)),)
    told += volts_told(message.volts)
    told += tuple(("state", words) for words in verdict.words)
    return tuple(
        _sign_of_life(
            frame,
            raw,
            speaker,
            now,
            kind,
            code=code_of(frame, status) if kind in ALARMS else None,
            status=status,
            level_pct=message.battery_pct,
            told=told,
        )
        for kind in verdict.ordered(SignalKind.HEARTBEAT)
    )


def _of_modules(frame: Frame, raw: bytes, message: Modules, speaker: Speaker, now: datetime) -> tuple[Signal, ...]:
    signals: list[Signal] = []
    volts = volts_told(message.volts)
    for word, report in message.reports:
        if report.event is not None:
            verdict = of_event("event", report.event, MODULE_EVENT_CODES)
            code = f"{frame.name},{word:04X},{report.event:02X}"
            signals += signals_of_report(frame, raw, report, speaker, now, verdict, code=code, told=volts)
        elif report.fix is not None:
            signals += signals_of_report(frame, raw, report, speaker, now, Verdict(), told=volts)
    if message.broken or not signals:
        told = (("type", frame.name), *volts)
        told += (("broken_record", str(message.broken)),) if message.broken else ()
        signals.append(_sign_of_life(frame, raw, speaker, now, code=frame.name, told=told))
    return tuple(signals)


def _of_skipped(frame: Frame, raw: bytes, message: Skipped, speaker: Speaker, now: datetime) -> tuple[Signal, ...]:
    if message.report is not None:
        # There is little that looks like a time and a place and is none; that it is a guess is said.
        kind = SignalKind.POSITION if message.known else SignalKind.UNKNOWN
        verdict, told = Verdict(doubts=["layout guessed"]), _content(frame)
        return signals_of_report(
            frame, raw, message.report, speaker, now, verdict, otherwise=kind, code=frame.name, told=told
        )
    kind = SignalKind.HEARTBEAT if message.known else SignalKind.UNKNOWN
    if frame.type == TOPIN_SOS and frame.serial is None:
        kind = SignalKind.UNSPECIFIED_ALARM
    told = (("type", frame.name), *_content(frame))
    return (_sign_of_life(frame, raw, speaker, now, kind, code=frame.name, told=told),)


def _sign_of_life(
    frame: Frame,
    raw: bytes,
    speaker: Speaker,
    now: datetime,
    kind: SignalKind = SignalKind.HEARTBEAT,
    *,
    code: str | None = None,
    text: str | None = None,
    status: Status | None = None,
    level_pct: int | None = None,
    told: Told = (),
    doubts: tuple[str, ...] = (),
) -> Signal:
    alarm = kind in ALARMS
    # Undated: a second press under another serial is another message, a heartbeat is never a repeat. Before the
    # log-in two devices' frames may be the same octet for octet, and neither may hide the other.
    apart = "" if alarm and speaker.device is not None else iso(now)
    level = battery_pct(status.battery) if status else None
    return Signal(
        kind=kind,
        device=speaker.device,
        repeat_key=f"{digest('gt06', speaker.device or '', raw, apart)}:{kind.value}",
        repeat_window=REPEAT_WINDOW if alarm else None,
        battery_pct=level if level_pct is None else percent(level_pct),
        charging=bool(status.info & CHARGING) if status else None,
        code=code,
        text=text,
        evidence=told[:MAX_EVIDENCE],
        doubts=(*frame.doubts, *doubts),
    )


def _content(frame: Frame) -> Told:
    return (("content", frame.content[:MAX_CONTENT_BYTES].hex()),) if frame.content else ()
