"""What osmand's words mean, and the signals that follow from a report."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from protocols.osmand.messages import Report
from protocols.plausible import digest, iso, place_doubt, plausible_time
from protocols.signal import ALARMS, Position, Signal, SignalKind

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""A client that got no answer tries again within 30 s; a second press must not be taken for the first."""

_NOT_A_WORD: Final = re.compile(r"[^0-9a-z]")

_NEVER_AN_ALARM_WORD: Final = frozenset(
    {SignalKind.UNKNOWN, SignalKind.POSITION, SignalKind.HEARTBEAT, SignalKind.LINK_TEST, SignalKind.BUTTON}
)
"""Kinds that nobody puts into a field named alarm on purpose: taken for a call for help like any strange word."""

# Left: the word without case and punctuation. Source: the public server's alarm words, and our kinds by their names.
ALARM_WORDS: Final[dict[str, SignalKind]] = {
    **{_NOT_A_WORD.sub("", kind.value): kind for kind in SignalKind if kind not in _NEVER_AN_ALARM_WORD},
    "sos": SignalKind.PANIC,
    "falldown": SignalKind.FALL,
    "general": SignalKind.UNSPECIFIED_ALARM,
    "powercut": SignalKind.EXTERNAL_POWER_LOST,
    "powerrestored": SignalKind.RESTORE,
    "removing": SignalKind.REMOVED,
    "tampering": SignalKind.TAMPER,
    "geofenceenter": SignalKind.ZONE_ENTER,
    "geofenceexit": SignalKind.ZONE_EXIT,
    "jamming": SignalKind.DEVICE_FAULT,
    "fault": SignalKind.DEVICE_FAULT,
}

# Events that are more than a position with a reason.
EVENT_KINDS: Final[dict[str, SignalKind]] = {
    "heartbeat": SignalKind.HEARTBEAT,
    "checkin": SignalKind.CHECK_IN,
    "cancel": SignalKind.CANCEL,
    "sessionstart": SignalKind.SESSION_START,
    "sessionend": SignalKind.SESSION_END,
    # Nobody names an event so who does not call for help; apps send none of these words of themselves.
    "sos": SignalKind.PANIC,
    **{_NOT_A_WORD.sub("", kind.value): kind for kind in (SignalKind.PANIC, SignalKind.DURESS, SignalKind.FALL)},
    "falldown": SignalKind.FALL,
    "mandown": SignalKind.MAN_DOWN,
}


def signals_of(report: Report, now: datetime) -> tuple[Signal, ...]:
    """Return what the report says: every alarm it names, or else one signal. Never empty."""
    doubts = list(report.doubts)
    at = None
    if report.at is not None:
        at, doubt = plausible_time(report.at, now)
        doubts += [doubt] if doubt else []
    position = None
    if report.lat is not None and report.lon is not None:
        doubt = place_doubt(report.lat, report.lon)
        doubts += [doubt] if doubt else []
        position = None if doubt else _place(report, report.lat, report.lon, at)
    if report.mock:
        doubts.append("the phone says that its position is made up")
    signals = []
    for kind, code in _kinds(report):
        alarm = kind in ALARMS
        named_for_ever = report.uuid is not None or (at is not None and not alarm)
        undated = "" if named_for_ever or alarm else iso(now)
        signals.append(
            Signal(
                kind=kind,
                device=report.device,
                repeat_key=digest("osmand", repr(report), undated, kind.value, code or ""),
                repeat_window=None if named_for_ever else REPEAT_WINDOW,
                event_at=at,
                position=position,
                battery_pct=report.battery_pct,
                charging=report.charging,
                code=code,
                evidence=report.evidence,
                doubts=tuple(doubts),
            )
        )
    return tuple(signals)


def _kinds(report: Report) -> list[tuple[SignalKind, str | None]]:
    if report.alarms:
        return [(_kind_of(word), word) for word in report.alarms]
    if report.event and (kind := EVENT_KINDS.get(bare(report.event))):
        return [(kind, report.event if kind in ALARMS else None)]
    placed = report.lat is not None or any(name in ("cell", "wifi") for name, _ in report.evidence)
    return [(SignalKind.POSITION if placed else SignalKind.HEARTBEAT, None)]


def _kind_of(word: str) -> SignalKind:
    if bare(word) == "geofence":  # the direction is missing: shown, but no call for help
        return SignalKind.UNKNOWN
    return ALARM_WORDS.get(bare(word), SignalKind.UNSPECIFIED_ALARM)


def _place(report: Report, lat: float, lon: float, at: datetime | None) -> Position:
    return Position(
        lat=lat,
        lon=lon,
        accuracy_m=report.accuracy_m,
        fix_at=at,
        valid=report.valid,
        altitude_m=report.altitude_m,
        speed_mps=report.speed_mps,
        course_deg=report.course_deg,
    )


def bare(word: str) -> str:
    """Return a word without case and punctuation, the form that the tables are keyed by."""
    return _NOT_A_WORD.sub("", word.lower())
