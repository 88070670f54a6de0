"""The signals that follow from a gl200 message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protocols.gl200.codes import ENTERED, JAMMING_ENDED, LEFT, OWN_CELLS, Row, row_of
from protocols.gl200.messages import Binary, Block, Head, Message
from protocols.gl200.places import place_of
from protocols.gl200.state import MAX_EVIDENCE, evidence_of, power_of
from protocols.orders import REPLY
from protocols.plausible import digest, iso, place_doubt, plausible_time
from protocols.signal import ALARMS, AccountId, Position, Signal, SignalKind

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""An alarm without a believable send time: a second press a minute later must not be taken for a repeat."""

LARGEST_ZONE: Final = timedelta(hours=14)
_QUARTER_S: Final = 900
_ZONE_TOLERANCE_S: Final = 60
"""A message needs a moment to arrive, and a handheld's clock drifts."""


@dataclass(frozen=True, slots=True)
class _Story:
    """What all signals of one message share."""

    message: Message
    row: Row
    kind: SignalKind
    sent_at: datetime | None
    doubts: tuple[str, ...]


def signals_of(message: Message, now: datetime, zone: timedelta | None, *, cut_short: bool) -> tuple[Signal, ...]:
    """Return what the message says, one signal a position block and at least one, in the message's order.

    zone: how far ahead of UTC the unit's send time is set; None if nobody has said, and then it is taken for UTC.
    """
    if message.head is Head.ACK and message.name != "HBD":
        return (_reply(message, now, zone),)
    row = row_of(message.name)
    place = place_of(message.fields, row.layout, own_cells=message.name in OWN_CELLS)
    sent_at, doubts = _sent(message, place.blocks, now, zone)
    if cut_short:
        doubts.append("frame cut short")
    if message.device is None:
        doubts.append("no id in the message")
    story = _Story(message, row, _kind(message, row), sent_at, tuple(doubts))
    common = evidence_of(message, searched=bool(place.blocks) and place.end is None and row.layout is not None)
    power = power_of(message, place.end)
    speaks = _newest(place.blocks)
    return tuple(
        _signal(story, index, block, now, common, power, is_event=index == speaks, alone=len(place.blocks) <= 1)
        for index, block in enumerate(place.blocks or (Block(),))
    )


def signal_of_binary(message: Binary, device: AccountId | None, raw: bytes, now: datetime) -> Signal:
    """Return the signal of a binary message: it is kept, and shown by its head."""
    return Signal(
        kind=SignalKind.HEARTBEAT if message.head == "+HBD" else SignalKind.UNKNOWN,
        device=device,
        repeat_key=digest("gl200", device or "", raw, iso(now)),
        code=message.head,
        evidence=(("binary_bytes", str(len(raw))),),
    )


def _kind(message: Message, row: Row) -> SignalKind:
    match message.name, message.field(4), message.field(5):
        case "GEO", _, type_ if type_ == ENTERED:
            return SignalKind.ZONE_ENTER
        case "GEO", _, type_ if type_ == LEFT:
            return SignalKind.ZONE_EXIT
        case "JDS", status, _ if status == JAMMING_ENDED:
            return SignalKind.RESTORE
        case _:
            return row.kind


def _newest(blocks: Sequence[Block]) -> int:
    """Return the block that a message's event belongs to: the latest, for the earlier ones lead up to it."""
    dated = [(block.fix_at, index) for index, block in enumerate(blocks) if block.fix_at and block.accuracy != 0]
    return max(dated)[1] if dated else max(0, len(blocks) - 1)


def _signal(
    story: _Story,
    index: int,
    block: Block,
    now: datetime,
    common: tuple[tuple[str, str], ...],
    power: tuple[int | None, bool | None],
    *,
    is_event: bool,
    alone: bool,
) -> Signal:
    message = story.message
    kind = story.kind if is_event else SignalKind.POSITION
    doubts = list(story.doubts)
    position, doubt = _place(block, story.row, now)
    doubts += doubt
    fresh = position is not None and position.valid and position.fix_at is not None
    event_at = position.fix_at if position and fresh else story.sent_at if alone or kind in ALARMS else None
    battery_pct, charging = power if is_event else (None, None)
    dated = story.sent_at is not None
    # A message from memory keeps its send time and its counter. The counter alone says nothing: it begins anew with
    # every start of the unit; so it counts only where the send time cannot.
    content = ",".join(message.fields[1:-1] if dated else message.fields[1:])
    passing = "" if dated or kind in ALARMS else iso(now)
    return Signal(
        kind=kind,
        device=message.device,
        repeat_key=digest("gl200", message.device or "", message.name, content, str(index), kind.value, passing),
        repeat_window=None if dated or kind not in ALARMS else REPEAT_WINDOW,
        event_at=event_at,
        sent_at=story.sent_at,
        buffered={Head.RESP: False, Head.BUFF: True}.get(message.head),
        position=position,
        battery_pct=battery_pct,
        charging=charging,
        code=f"GT{message.name}",
        evidence=(*common, *_around(block))[:MAX_EVIDENCE],
        doubts=tuple(doubts),
    )


def _place(block: Block, row: Row, now: datetime) -> tuple[Position | None, list[str]]:
    if block.lat is None or block.lon is None:
        return None, []
    if doubt := place_doubt(block.lat, block.lon):
        return None, [] if block.accuracy == 0 and (block.lat, block.lon) == (0, 0) else [doubt]
    fix_at, doubt = plausible_time(block.fix_at, now) if block.fix_at else (None, None)
    speed_kmh, course_deg = block.speed_kmh, block.course_deg
    position = Position(
        lat=block.lat,
        lon=block.lon,
        fix_at=fix_at,
        valid=block.accuracy != 0 and not row.last_known,
        altitude_m=block.altitude_m,
        speed_mps=None if speed_kmh is None or speed_kmh < 0 else round(speed_kmh / 3.6, 3),
        course_deg=course_deg if course_deg is not None and 0 <= course_deg <= 360 else None,
    )
    return position, [doubt] if doubt else []


def _around(block: Block) -> list[tuple[str, str]]:
    """Return what else helps to find the device: precision, cell, access points."""
    told = [] if block.accuracy is None else [("hdop", f"{block.accuracy:g}")]
    if cell := block.cell:
        told.append(("cell", f"{cell.mcc},{cell.mnc},{cell.lac},{cell.cid},"))
    told += [("wifi", f"{point.mac},{'' if point.dbm is None else point.dbm}") for point in block.access_points]
    return told


def _sent(
    message: Message, blocks: Sequence[Block], now: datetime, zone: timedelta | None
) -> tuple[datetime | None, list[str]]:
    """Return the send time in UTC, as far as it can be believed, and the doubts about it."""
    if message.sent is None:
        return None, []
    try:
        claim = message.sent - (zone or timedelta())
    except OverflowError:
        return None, ["send time dropped"]
    sent_at, doubt = plausible_time(claim, now)
    if sent_at is None:
        return None, [doubt] if doubt else []
    # A fix of this moment is in UTC whatever the zone; without one, a live message was sent about now.
    fixes = [block.fix_at for block in blocks if block.fix_at and block.accuracy]
    against = max(fixes, default=now if message.head is Head.RESP else None)
    ahead = None if zone is not None or against is None else _quarters(sent_at - against)
    return sent_at, [] if ahead is None else [f"sent time taken as UTC, but it is {ahead} off"]


def _quarters(difference: timedelta) -> str | None:
    """Return a difference of whole quarter hours as +hh:mm; None for any other: so only zones differ."""
    quarters = round(difference.total_seconds() / _QUARTER_S)
    off_s = abs(difference.total_seconds() - quarters * _QUARTER_S)
    if quarters == 0 or abs(difference) > LARGEST_ZONE + timedelta(minutes=1) or off_s > _ZONE_TOLERANCE_S:
        return None
    return f"{'-' if quarters < 0 else '+'}{abs(quarters) // 4:02d}:{abs(quarters) % 4 * 15:02d}"


def _reply(message: Message, now: datetime, zone: timedelta | None) -> Signal:
    sent_at, doubts = _sent(message, (), now, zone)
    content = ",".join(message.fields[1:])
    said = " ".join(field for field in message.fields[4 : -2 if message.sent else None] if field)
    return Signal(
        kind=SignalKind.HEARTBEAT,
        device=message.device,
        repeat_key=digest("gl200", message.device or "", content, "reply", "" if sent_at else iso(now)),
        event_at=sent_at,
        sent_at=sent_at,
        code=REPLY,
        text=f"GT{message.name} {said}".rstrip(),
        evidence=evidence_of(message, searched=False),
        doubts=tuple(doubts),
    )
