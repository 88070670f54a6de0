"""The signals that follow from a meitrack frame."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from protocols.meitrack.codes import Meaning, Wearer, meaning_of, plain, volts, wearer_of
from protocols.meitrack.messages import Frame, Record, Records
from protocols.orders import REPLY
from protocols.plausible import digest, iso, percent, place_doubt, plausible_time, storable
from protocols.signal import Position, Signal, SignalKind

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""An alarm without a believable date: a second press a minute later must not be taken for a repeat."""

MAX_EVIDENCE: Final = 64
"""Six cells, nine access points, eight temperatures and the numbers of one record, with room."""

LIVE_FOR: Final = timedelta(minutes=2)
"""A record that is older than this while others wait in the device's memory comes from there too."""

_MAX_TEXT: Final = 512


def signals_of_records(frame: Frame, said: Records, model: str | None, now: datetime) -> tuple[Signal, ...]:
    """Return what the records say, in their order, gravest first within one. Never empty.

    model: from the registry, None where nobody has said.
    """
    name = plain(model)
    wearer = wearer_of(name)
    signals: list[Signal] = []
    for record in said.records:
        signals += _of_record(frame, record, said.waiting, name, wearer, now)
    if said.broken or not signals:
        evidence = (("type", frame.command), ("broken_record", str(said.broken)))
        doubts = (f"records that could not be read: {said.broken}",) if said.broken else ()
        signals.append(_plain(frame, SignalKind.HEARTBEAT, frame.command, None, evidence, now, doubts))
    return tuple(signals)


def signal_of_sign(frame: Frame, now: datetime) -> Signal:
    """Return the signal of a frame that says nothing but that the device is there."""
    return _plain(frame, SignalKind.HEARTBEAT, frame.command, None, _content(frame), now)


def signal_of_reply(frame: Frame, now: datetime) -> Signal:
    """Return the signal of a device's answer to an order."""
    said = storable(frame.body.decode("utf-8", "backslashreplace"), _MAX_TEXT)
    return _plain(frame, SignalKind.HEARTBEAT, REPLY, f"{frame.command} {said}".rstrip(), (), now)


def signal_of_unknown(frame: Frame, now: datetime) -> Signal:
    """Return the signal of a frame whose command is in none of our tables."""
    return _plain(frame, SignalKind.UNKNOWN, frame.command, None, _content(frame), now)


def _content(frame: Frame) -> tuple[tuple[str, str], ...]:
    if not frame.body:
        return ()
    if frame.body.isascii():
        return (("fields", storable(frame.body.decode("ascii"), _MAX_TEXT)),)
    return (("binary_bytes", str(len(frame.body))),)


def _plain(
    frame: Frame,
    kind: SignalKind,
    code: str,
    text: str | None,
    evidence: tuple[tuple[str, str], ...],
    now: datetime,
    doubts: tuple[str, ...] = (),
) -> Signal:
    # Undated: the same words later are a new message, so the time of receipt is part of its name.
    return Signal(
        kind=kind,
        device=frame.device,
        repeat_key=digest("meitrack", frame.device, frame.command, frame.body, kind.value, iso(now)),
        code=code,
        text=text,
        evidence=evidence,
        doubts=doubts,
    )


def _of_record(
    frame: Frame, record: Record, waiting: int | None, model: str, wearer: Wearer, now: datetime
) -> list[Signal]:
    doubts = record.doubts
    at, doubt = plausible_time(record.at, now) if record.at else (None, None)
    doubts += (doubt,) if doubt else ()
    position, doubt = _place(record, at)
    doubts += (doubt,) if doubt else ()
    evidence = _evidence(frame, record, waiting, model)
    signals = []
    for event, (kind, doubt, is_alarm) in _events(record, wearer):
        # The flag, the number of waiting records and the command may differ when a record comes again.
        passing = "" if at or is_alarm else iso(now)
        signals.append(
            Signal(
                kind=kind,
                device=frame.device,
                repeat_key=digest("meitrack", frame.device, record.raw, kind.value, passing),
                repeat_window=None if at or not is_alarm else REPEAT_WINDOW,
                event_at=at,
                buffered=True if waiting and at and now - at > LIVE_FOR else None,
                position=position,
                battery_pct=percent(record.battery_pct),
                code=event or None,
                evidence=evidence,
                doubts=(*doubts, doubt) if doubt else doubts,
            )
        )
    return signals


def _events(record: Record, wearer: Wearer) -> list[tuple[str, Meaning]]:
    """Return a record's events with what they mean, one a kind, the alarms first."""
    if len(record.events) == 1:
        return [(record.events[0], meaning_of(record.events[0], wearer))]
    found: dict[SignalKind, tuple[str, Meaning]] = {}
    for event in record.events or ("",):
        meaning = meaning_of(event, wearer)
        found.setdefault(meaning.kind, (event, meaning))
    return sorted(found.values(), key=lambda one: not one[1].is_alarm)


def _place(record: Record, at: datetime | None) -> tuple[Position | None, str | None]:
    if record.lat is None or record.lon is None:
        return None, "position unreadable" if record.fix else None
    if doubt := place_doubt(record.lat, record.lon):
        return None, None if not record.fix and (record.lat, record.lon) == (0, 0) else doubt
    speed_kmh, course_deg = record.speed_kmh, record.course_deg
    position = Position(
        lat=record.lat,
        lon=record.lon,
        fix_at=at if record.fix else None,
        valid=record.fix,
        altitude_m=record.altitude_m,
        speed_mps=None if speed_kmh is None or speed_kmh < 0 else round(speed_kmh / 3.6, 3),
        course_deg=course_deg if course_deg is not None and 0 <= course_deg <= 360 else None,
    )
    return position, None


def _evidence(frame: Frame, record: Record, waiting: int | None, model: str) -> tuple[tuple[str, str], ...]:
    told = [("type", frame.command)]
    if waiting is not None:
        told.append(("waiting", str(waiting)))
    if record.satellites is not None:
        told.append(("satellites", str(record.satellites)))
    if record.network is not None:
        told.append(("network", str(record.network)))
    if record.hdop is not None:
        told.append(("hdop", f"{record.hdop:g}"))
    battery_v = volts(record.battery_steps, model) if record.battery_steps else record.battery_v
    if battery_v is None and record.battery_steps:
        told.append(("battery_steps", str(record.battery_steps)))
    elif battery_v is not None:
        told.append(("battery_v", f"{battery_v:g}"))
    for cell in record.cells:
        told.append(("cell", f"{cell.mcc},{cell.mnc},{cell.lac},{cell.cid},{'' if cell.dbm is None else cell.dbm}"))
    for point in record.access_points:
        told.append(("wifi", f"{point.mac},{point.dbm}"))
    return (*told, *record.others)[:MAX_EVIDENCE]
