"""The signals that follow from a frame: one or more a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from protocols.minifinder2.alarm_word import explained
from protocols.minifinder2.codec import records
from protocols.minifinder2.items import ALARM_TOO_SHORT, moment_of
from protocols.minifinder2.messages import COMMAND_TEXT, SUCCESS, Command, Frame, Item, Key, Record
from protocols.minifinder2.moment import Moment
from protocols.minifinder2.telling import MAX_EVIDENCE, evidence_of, position_of
from protocols.orders import REPLY
from protocols.plausible import CLOCK_SKEW, digest, iso, percent, plausible_time, storable
from protocols.signal import ALARMS, AccountId, Signal, SignalKind

CHARGING: Final = 1 << 4
FROM_MEMORY: Final = 1 << 7

STATUS: Final = Key.STATUS.value

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""An alarm without a believable time: a pendant repeats within seconds, and a second press must not be taken for it."""

GATHERED_S: Final = 60
"""Records of one minute may be gathered and sent together; an older one beside a newer one was kept for a while."""

MAX_RECORDS: Final = 1024
"""More than the memory of a day holds. Of what lies behind them only alarms are told, as many again; the rest is
counted, and the frame answered: a pendant would repeat it for ever, and its SOS with it."""


def signals_of(frame: Frame, device: AccountId | None, raw: bytes, now: datetime) -> tuple[Signal, ...]:
    """Return what the frame says, its records in their order, gravest first within each. Never empty.

    device: the name given in this frame or earlier on the connection.
    """
    match frame.command:
        case Command.DATA | Command.SERVICES:
            return _of_records(frame, device, raw, now)
        case Command.CONFIGURATION:
            battery = next((item.value for item in frame.items if item.key == Key.BATTERY and item.value), None)
            return (
                _sign_of_life(
                    frame, device, raw, now, code=REPLY, text="configuration", evidence=_settings(frame.items),
                    battery_pct=battery[0] if battery else None,
                ),
            )  # fmt: skip
        case Command.SYSTEM_CONTROL:
            words = next((item.value[1:] for item in frame.items if item.key == COMMAND_TEXT), None)
            text = None if words is None else storable(words.decode("utf-8", "backslashreplace"), 512)
            return (_sign_of_life(frame, device, raw, now, code=REPLY, text=text, evidence=_settings(frame.items)),)
        case Command.RESPONSE:
            key = frame.items[0].key if frame.items else None
            text = "success" if key == SUCCESS else "no result" if key is None else f"refused, {key:02X}"
            return (_sign_of_life(frame, device, raw, now, code=REPLY, text=text),)
        case Command.FIRMWARE:
            return (_sign_of_life(frame, device, raw, now, evidence=_settings(frame.items)),)
        case _:
            kept = _settings(frame.items)
            return (_sign_of_life(frame, device, raw, now, kind=SignalKind.UNKNOWN, evidence=kept),)


def _sign_of_life(
    frame: Frame,
    device: AccountId | None,
    raw: bytes,
    now: datetime,
    *,
    kind: SignalKind = SignalKind.HEARTBEAT,
    code: str | None = None,
    text: str | None = None,
    battery_pct: int | None = None,
    evidence: tuple[tuple[str, str], ...] = (),
) -> Signal:
    # Undated: the same words a minute later are a new message, so the time of receipt is part of its name.
    return Signal(
        kind=kind,
        device=device,
        repeat_key=digest("minifinder2", device or "", raw, iso(now)),
        battery_pct=percent(battery_pct),
        code=code or ("none" if frame.command is None else f"{frame.command:02X}"),
        text=text,
        evidence=evidence,
        doubts=("frame's items run past its end",) if frame.cut_short else (),
    )


def _of_records(frame: Frame, device: AccountId | None, raw: bytes, now: datetime) -> tuple[Signal, ...]:
    found = records(frame.items)
    kept = found
    if len(found) > MAX_RECORDS:
        alarms = [record for record in found[MAX_RECORDS:] if any(item.key == Key.ALARM for item in record)]
        kept = (*found[:MAX_RECORDS], *alarms[:MAX_RECORDS])
    moments = [moment_of(record) for record in kept]
    newest_s = _newest_s(moments, now) if len(moments) > 1 else 0
    signals: list[Signal] = []
    for index, (record, moment) in enumerate(zip(kept, moments, strict=True)):
        cut_short = frame.cut_short and record is found[-1]
        signals += _of_record(frame, record, moment, index, newest_s, cut_short, device, now)
    if len(kept) < len(found):
        left_out = (("records_left_out", str(len(found) - len(kept))),)
        signals.append(_sign_of_life(frame, device, raw, now, kind=SignalKind.UNKNOWN, evidence=left_out))
    return tuple(signals) or (_sign_of_life(frame, device, raw, now),)


def _newest_s(moments: Sequence[Moment], now: datetime) -> int:
    latest_s = (now + CLOCK_SKEW).timestamp()
    return max((m.at_s for m in moments if m.at_s is not None and m.at_s <= latest_s), default=0)


def _of_record(
    frame: Frame,
    record: Record,
    moment: Moment,
    index: int,
    newest_s: int,
    cut_short: bool,
    device: AccountId | None,
    now: datetime,
) -> list[Signal]:
    doubts = moment.broken + moment.doubts
    if len(doubts) > 1:
        doubts = list(dict.fromkeys(doubts))
    if cut_short:
        doubts.append("frame's items run past its end")
    at = _believed(moment.at_s, now, doubts)
    event_at = at
    if moment.event_s is not None and moment.event_s != moment.at_s:
        event_at = _believed(moment.event_s, now, doubts) or at
    elif moment.at_s is None and moment.event_s is None:
        event_at = _believed(moment.noted_s, now, doubts)
    kinds = _kinds(moment)
    if event_at is not None:
        name = digest(f"minifinder2,{device or ''}", _content(record))
    else:
        alarm = any(kind in ALARMS for kind in kinds)
        place = f"{frame.sequence},{index}" if alarm else f"{frame.sequence},{index},{iso(now)}"
        name = digest(f"minifinder2,{device or ''}", _content(record), place)
    status = moment.status
    battery_pct = percent(moment.battery_pct if status is None or status >> 24 > 100 else status >> 24)
    buffered = charging = None
    if status is not None:
        charging = bool(status & CHARGING)
        overtaken = moment.at_s is not None and moment.at_s < newest_s - GATHERED_S
        buffered = True if status & FROM_MEMORY else None if overtaken else False
    position, evidence = position_of(moment, at), evidence_of(moment)
    code = None
    if moment.word is not None:
        code = f"{moment.word:08X}"
    elif frame.command == Command.SERVICES:
        code = "+".join(f"{item.key:02X}" for item in record[:4])
    return [
        Signal(
            kind=kind,
            device=device,
            repeat_key=f"{name}:{kind.value}",
            repeat_window=None if event_at is not None else REPEAT_WINDOW,
            event_at=event_at,
            buffered=buffered,
            position=position,
            battery_pct=battery_pct,
            charging=charging,
            code=code,
            evidence=evidence,
            doubts=tuple(doubts),
        )
        for kind in kinds
    ]


def _kinds(moment: Moment) -> tuple[SignalKind, ...]:
    kinds = explained(moment.word)[0] if moment.word else ()
    if ALARM_TOO_SHORT in moment.broken and not any(kind in ALARMS for kind in kinds):
        return (SignalKind.UNSPECIFIED_ALARM, *kinds)
    if kinds:
        return kinds
    return (SignalKind.POSITION if moment.locates else SignalKind.HEARTBEAT,)


def _believed(claim_s: int | None, now: datetime, doubts: list[str]) -> datetime | None:
    if claim_s is None:
        return None
    at, doubt = plausible_time(datetime.fromtimestamp(claim_s, UTC), now)
    if doubt and doubt not in doubts:
        doubts.append(doubt)
    return at


def _content(record: Record) -> bytes:
    """Return what names a record: all of it but the flag that a retransmission from memory would set."""
    parts: list[bytes] = []
    for item in record:
        value = item.value
        if item.key == STATUS and len(value) >= 5:
            value = value[:4] + bytes((value[4] & ~FROM_MEMORY,)) + value[5:]
        parts += (bytes((len(value), item.key)), value)
    return b"".join(parts)


def _settings(items: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    return tuple((f"item_{item.key:02X}", _shown(item.value)) for item in items[:MAX_EVIDENCE])


def _shown(value: bytes) -> str:
    text = value.rstrip(b"\0")
    if text and all(0x20 <= octet < 0x7F for octet in text):
        return text.decode("ascii")
    return value.hex()
