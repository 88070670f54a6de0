"""What a record's elements mean, by model, and the signals that follow from a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from protocols.orders import REPLY
from protocols.plausible import digest, iso, percent, place_doubt, plausible_time, storable
from protocols.signal import ALARMS, AccountId, Position, Signal, SignalKind
from protocols.teltonika.evidence import PANIC_PRIORITY, evidence_of
from protocols.teltonika.messages import ANSWER, CODEC_GH3000, Batch, Element, Opaque, Record, Text
from protocols.teltonika.models import Carried

# Source: facts/wearable-frames.md section 4, element table.
BATTERY_PCT: Final = 113
CHARGER: Final = 116
GNSS_STATE: Final = 69
ALARM_BUTTON: Final = 236
MAN_DOWN: Final = 242
BUTTON: Final = 389
CRASH: Final = 247
# The same for codec 07, whose ids are its own.
GH_BATTERY_PCT: Final = 1
GH_BUTTON: Final = 221
GH_SOS: Final = 222

NO_FIX: Final = frozenset({0, 2})
"""States of the GNSS receiver in which it has no place: off, and searching."""

LOW_BATTERY_PCT: Final = 20
"""A record that the battery's level itself has caused, at or below this, is the device's word for a low battery."""

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""An alarm of a clock that was never set: it is sent again after 30 s, and a later press must not be taken for it."""

GRAVITY: Final = (
    SignalKind.PANIC,
    SignalKind.MAN_DOWN,
    SignalKind.UNSPECIFIED_ALARM,
    SignalKind.LOW_BATTERY,
    SignalKind.BUTTON,
)
"""The order in which a record's signals are told."""

_LATEST_MS: Final = 253_402_300_799_999
"""The last moment of the year 9999, which is all that a datetime holds."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def signals_of(batch: Batch, device: AccountId | None, carried: Carried, now: datetime) -> tuple[Signal, ...]:
    """Return what a batch says, record by record in the frame's order. Never empty: the device has shown it lives."""
    signals: list[Signal] = []
    for record in batch.records:
        signals += _of_record(batch, record, device, carried, now)
    if batch.broken:
        told = (("codec", f"{batch.codec:02X}"), ("records", str(batch.count)), ("broken_record", str(batch.broken)))
        doubts = ("records unreadable", *batch.doubts)
        signals.append(_undated(SignalKind.UNKNOWN, device, "broken", now, told, doubts))
    if not signals:
        signals.append(_undated(SignalKind.HEARTBEAT, device, "no records", now, (), batch.doubts))
    return tuple(signals)


def signal_of_text(text: Text, device: AccountId | None, now: datetime) -> Signal:
    """Return what a codec 12 text says: a device's answer to an order, or words we did not expect of a device."""
    words = storable(text.words.decode("utf-8", "replace"), 1024)
    is_reply = text.kind == ANSWER
    return Signal(
        kind=SignalKind.HEARTBEAT if is_reply else SignalKind.UNKNOWN,
        device=device,
        repeat_key=digest("teltonika", device or "", text.words, iso(now)),
        code=REPLY if is_reply else f"codec 0C type {text.kind:02X}",
        text=words,
    )


def signal_of_opaque(body: Opaque, device: AccountId | None, now: datetime) -> Signal:
    """Return the signal of a body that we keep as it is."""
    return _undated(SignalKind.UNKNOWN, device, f"codec {body.codec:02X}", now)


def sign_of_life(code: str, device: AccountId | None, now: datetime) -> Signal:
    """Return the signal of a log-in or a ping."""
    return _undated(SignalKind.HEARTBEAT, device, code, now)


def _undated(
    kind: SignalKind,
    device: AccountId | None,
    code: str,
    now: datetime,
    evidence: tuple[tuple[str, str], ...] = (),
    doubts: tuple[str, ...] = (),
) -> Signal:
    return Signal(
        kind=kind,
        device=device,
        repeat_key=digest("teltonika", device or "", code, iso(now)),
        code=code,
        evidence=evidence,
        doubts=doubts,
    )


def _of_record(batch: Batch, record: Record, device: AccountId | None, carried: Carried, now: datetime) -> list[Signal]:
    by_id = {element.id: element for element in reversed(record.elements)}  # of an id said twice the first counts
    is_gh = batch.codec == CODEC_GH3000
    doubts: list[str] = []
    at, doubt = _moment(record.at_ms, now)
    if doubt:
        doubts.append(doubt)
    position, doubt = _place(record, by_id, at)
    if doubt:
        doubts.append(doubt)
    if not record.is_whole:
        doubts.append("record unreadable in part")
    doubts += batch.doubts

    plain = None if not record.event_id else _said(record.event_id, by_id.get(record.event_id))
    kinds = _gh_kinds(by_id) if is_gh else _kinds(record, by_id, carried, plain)
    if not record.is_whole and at is not None and not kinds and _may_call(record):
        kinds = {SignalKind.UNSPECIFIED_ALARM: plain or "priority=2"}
    if not kinds:
        kinds = {SignalKind.HEARTBEAT if position is None else SignalKind.POSITION: plain}
    battery = by_id.get(GH_BATTERY_PCT if is_gh else BATTERY_PCT)
    charger = None if is_gh else by_id.get(CHARGER)
    undated_telemetry = at is None and not any(kind in ALARMS for kind in kinds)
    name = digest("teltonika", device or "", record.raw, iso(now) if undated_telemetry else "")
    evidence = evidence_of(record, is_gh)
    return [
        Signal(
            kind=kind,
            device=device,
            repeat_key=f"{name}:{kind.value}",
            repeat_window=None if at is not None else REPEAT_WINDOW,
            event_at=at,
            position=position,
            battery_pct=None if battery is None else percent(battery.number),
            charging=None if charger is None else charger.number != 0,
            code=kinds[kind],
            evidence=evidence,
            doubts=tuple(doubts),
        )
        for kind in (GRAVITY if len(kinds) > 1 else kinds)
        if kind in kinds
    ]


def _kinds(
    record: Record, by_id: dict[int, Element], carried: Carried, cause: str | None
) -> dict[SignalKind, str | None]:
    """Say what a record calls for, each with the device's own code. Meaning depends on the model: see README.md."""
    kinds: dict[SignalKind, str | None] = {}
    event_id = record.event_id or 0
    for element_id, kind in ((ALARM_BUTTON, SignalKind.PANIC), (MAN_DOWN, SignalKind.MAN_DOWN)):
        element = by_id.get(element_id)
        if element is None or len(element.raw) != 1:
            if event_id == element_id and record.is_whole:
                kinds[SignalKind.UNSPECIFIED_ALARM] = cause  # its value is missing, or of a strange size
        elif any(element.raw):
            if carried is not Carried.VEHICLE:
                kinds[kind] = _said(element_id, element)
            elif event_id == element_id:
                kinds[SignalKind.UNSPECIFIED_ALARM] = _said(element_id, element)
    if event_id == CRASH and (crash := by_id.get(CRASH)) is not None and any(crash.raw):
        kinds.setdefault(SignalKind.UNSPECIFIED_ALARM, _said(CRASH, crash))
    button = by_id.get(BUTTON)
    if button is not None and len(button.raw) == 1 and any(button.raw) and carried is not Carried.VEHICLE:
        kinds[SignalKind.BUTTON] = _said(BUTTON, button)
    if event_id == BATTERY_PCT and (level := by_id.get(BATTERY_PCT)) is not None and level.number <= LOW_BATTERY_PCT:
        kinds[SignalKind.LOW_BATTERY] = _said(BATTERY_PCT, level)
    if record.priority == PANIC_PRIORITY and carried is not Carried.VEHICLE and not any(k in ALARMS for k in kinds):
        kinds[SignalKind.UNSPECIFIED_ALARM] = cause or "priority=2"
    return kinds


def _gh_kinds(by_id: dict[int, Element]) -> dict[SignalKind, str | None]:
    kinds: dict[SignalKind, str | None] = {}
    for element_id, kind in ((GH_SOS, SignalKind.PANIC), (GH_BUTTON, SignalKind.BUTTON)):
        if (element := by_id.get(element_id)) is not None and any(element.raw):
            kinds[kind] = _said(element_id, element)
    return kinds


def _may_call(record: Record) -> bool:
    """True if the head of a record that cannot be read is that of a call for help."""
    return record.event_id in {ALARM_BUTTON, MAN_DOWN} or record.priority == PANIC_PRIORITY


def _said(element_id: int, element: Element | None) -> str:
    if element is None:
        return str(element_id)
    return f"{element_id}={element.number}" if len(element.raw) <= 8 else f"{element_id}={element.raw.hex()}"


def _moment(at_ms: int, now: datetime) -> tuple[datetime | None, str | None]:
    if at_ms > _LATEST_MS:
        return None, f"time {at_ms} ms dropped"
    return plausible_time(_EPOCH + timedelta(milliseconds=at_ms), now)


def _place(record: Record, by_id: dict[int, Element], at: datetime | None) -> tuple[Position | None, str | None]:
    if record.lat is None or record.lon is None:
        return None, None
    gnss = by_id.get(GNSS_STATE)
    has_fix = record.satellites != 0 and (gnss is None or len(gnss.raw) != 1 or gnss.number not in NO_FIX)
    if doubt := place_doubt(record.lat, record.lon):
        # Without a fix 0/0 is what the device must say; there is nothing to doubt.
        return None, doubt if has_fix or (record.lat, record.lon) != (0, 0) else None
    course = record.course_deg
    return (
        Position(
            lat=record.lat,
            lon=record.lon,
            fix_at=at if has_fix else None,
            valid=has_fix,
            altitude_m=None if record.altitude_m is None else float(record.altitude_m),
            speed_mps=None if record.speed_kmh is None else round(record.speed_kmh / 3.6, 3),
            course_deg=float(course) if course is not None and 0 <= course <= 360 else None,
        ),
        None,
    )
