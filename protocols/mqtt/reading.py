"""One publication of a broker to the signals that it means, whatever published it.

The payload says what it is: OwnTracks and the phone form by their members, an uplink by its network's. What nobody
knows is kept as unknown, and is an alarm where its words say so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from protocols import owntracks
from protocols.conversation import Accounts
from protocols.errors import ContentError, FrameTooLong
from protocols.http import HttpRequest
from protocols.mqtt.buttons import codec_of, read_fields, read_frame
from protocols.mqtt.messages import Publication, Uplink
from protocols.mqtt.uplinks import chirpstack, things_stack
from protocols.osmand.codec import parse_json
from protocols.osmand.codes import signals_of as osmand_signals_of
from protocols.phone import MAX_DEVICE_CHARS, MAX_RECORDS, json_text, load_json
from protocols.plausible import digest, iso, plausible_time, storable
from protocols.signal import ALARMS, AccountId, Position, Signal, SignalKind

MAX_PAYLOAD_BYTES: Final = 256 * 1024
"""A phone's queue of a day in one list, as over HTTP."""
QUEUED: Final = timedelta(minutes=1)
"""What a network heard longer ago has waited at the broker while we were away."""
UNDATED_WINDOW: Final = timedelta(seconds=60)
RETAINED: Final = "the broker had kept it: its age is not known"
MAX_EVIDENCE: Final = 64
MAX_TOPIC_CHARS: Final = 256

# Gravest first, where one frame says several things.
_GRAVITY: Final = tuple(kind for kind in SignalKind if kind in ALARMS)
_EVENTS: Final[Mapping[str, SignalKind]] = {
    "join": SignalKind.HEARTBEAT,
    "status": SignalKind.HEARTBEAT,
    "ack": SignalKind.HEARTBEAT,
    "location": SignalKind.POSITION,
    "solved": SignalKind.POSITION,
    "log": SignalKind.DEVICE_FAULT,
}
_LATITUDES: Final = frozenset({"lat", "latitude", "gps_lat"})
_LONGITUDES: Final = frozenset({"lon", "lng", "long", "longitude", "gps_lon"})


class Reader(Protocol):
    """Reads publications of one broker."""

    def read(self, publication: Publication, now: datetime) -> tuple[Signal, ...]:
        """Return what it says, gravest first; never none. Raises RemoteProtocolError for what is no message."""
        ...


class PublicationReader:
    """accounts: enrolled devices, by DevEUI or by topic; their models and options say how to read a button."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def read(self, publication: Publication, now: datetime) -> tuple[Signal, ...]:
        """See Reader."""
        if len(publication.payload) > MAX_PAYLOAD_BYTES:
            raise FrameTooLong(limit_bytes=MAX_PAYLOAD_BYTES)
        return tuple(_retained(signal, publication) for signal in self._signals(publication, now))

    def _signals(self, publication: Publication, now: datetime) -> tuple[Signal, ...]:
        if not publication.payload.strip():
            return (_unknown(publication, "an empty payload", now),)
        try:
            whole = load_json(publication.payload)
        except ContentError:
            return (_unreadable(publication, now),)
        records = whole if isinstance(whole, list) else [whole]
        if len(records) > MAX_RECORDS:
            raise ContentError(f"{len(records)} records in one payload")
        signals = [signal for record in records for signal in self._record(record, publication, now)]
        return tuple(signals) or (_unknown(publication, "an empty list", now),)

    def _record(self, record: Any, publication: Publication, now: datetime) -> tuple[Signal, ...]:
        if not isinstance(record, dict):
            return (_unknown(publication, "no object", now),)
        topic = storable(publication.topic, MAX_TOPIC_CHARS)
        if "end_device_ids" in record:
            uplink = things_stack(record, publication.topic)
        elif "deviceInfo" in record or ("devEui" in record and "data" in record):
            uplink = chirpstack(record, publication.topic)
        elif "_type" in record:
            # The broker knows who may publish where; what stands in the message is only claimed.
            said = owntracks.parse({**record, "topic": topic or record.get("topic")})
            device = owntracks.device_of(said, HttpRequest("POST", "/"))
            return owntracks.signals_of(said, device, now)
        elif "location" in record or "device_id" in record:
            reports = parse_json(json.dumps(record).encode(), AccountId(topic[:MAX_DEVICE_CHARS]))
            return tuple(signal for report in reports for signal in osmand_signals_of(report, now))
        else:
            return (_worded(record, publication, now),)
        if uplink is None:
            return (_unknown(publication, "an uplink that names no device", now),)
        return self._uplink(uplink, now)

    def _uplink(self, uplink: Uplink, now: datetime) -> tuple[Signal, ...]:
        device = AccountId(uplink.dev_eui)
        account = self._accounts.find(device)
        codec, doubts = codec_of(account.model if account else None, account.options if account else {})
        kinds: list[SignalKind] = []
        battery_pct, known = uplink.battery_pct, False
        if codec is not None and uplink.frame is not None:
            meant = read_frame(codec, uplink.port, uplink.frame)
            kinds += meant.kinds
            battery_pct = meant.battery_pct if battery_pct is None else battery_pct
            known, doubts = meant.known, doubts + meant.doubts
        if not kinds:
            worded = read_fields(uplink.fields)
            kinds += worded.kinds
            battery_pct = worded.battery_pct if battery_pct is None else battery_pct
            known = known or worded.known
        at, doubt = (None, None) if uplink.at is None else plausible_time(uplink.at, now)
        position = _position_of(uplink, at)
        kinds = sorted(kinds, key=_rank) or [_quiet(uplink, known, position)]
        return tuple(
            Signal(
                kind=kind,
                device=device,
                repeat_key=_uplink_key(uplink, at, kind, now),
                repeat_window=UNDATED_WINDOW if at is None and kind in ALARMS else None,
                event_at=at,
                buffered=None if at is None else now - at > QUEUED,
                position=position,
                battery_pct=battery_pct,
                code=uplink.event if uplink.port is None else f"port {uplink.port}",
                evidence=_evidence(uplink),
                doubts=(*uplink.doubts, *doubts, *((doubt,) if doubt else ())),
            )
            for kind in kinds
        )


def _rank(kind: SignalKind) -> int:
    return _GRAVITY.index(kind) if kind in _GRAVITY else len(_GRAVITY)


def _quiet(uplink: Uplink, known: bool, position: Position | None) -> SignalKind:
    """What an uplink without any event is."""
    if uplink.event != "up":
        return _EVENTS.get(uplink.event, SignalKind.UNKNOWN)
    if position is not None:
        return SignalKind.POSITION
    # A frame without port and content only carries the network's own commands.
    return SignalKind.HEARTBEAT if known or not (uplink.frame or uplink.fields) else SignalKind.UNKNOWN


def _uplink_key(uplink: Uplink, at: datetime | None, kind: SignalKind, now: datetime) -> str:
    """Device, counter and the network's time: a counter alone begins anew when the device joins."""
    frame = (uplink.frame or b"").hex()
    dated = iso(at) if at is not None else "" if kind in ALARMS else iso(now)
    return digest("mqtt", uplink.dev_eui, uplink.event, str(uplink.counter), frame, dated, kind.value)


def _position_of(uplink: Uplink, at: datetime | None) -> Position | None:
    if uplink.position is not None:
        return replace(uplink.position, fix_at=at)
    named = {path.rsplit(".", 1)[-1].lower(): said for path, said in uplink.fields}
    lat, lon = (
        next((named[one] for one in sorted(names) if one in named), None) for names in (_LATITUDES, _LONGITUDES)
    )
    if lat is None or lon is None:
        return None
    return _globe(lat, lon, at)


def _globe(lat_text: str, lon_text: str, at: datetime | None) -> Position | None:
    try:
        lat, lon = float(lat_text), float(lon_text)
    except ValueError:
        return None
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        return None
    return Position(lat=lat, lon=lon, fix_at=at)


def _evidence(uplink: Uplink) -> tuple[tuple[str, str], ...]:
    pairs = [] if uplink.counter is None else [("counter", str(uplink.counter))]
    pairs += [] if uplink.frame is None else [("frame", uplink.frame.hex())]
    return (*pairs, *uplink.evidence, *uplink.fields)[:MAX_EVIDENCE]


def _worded(record: dict[str, Any], publication: Publication, now: datetime) -> Signal:
    """JSON of nobody we know: unknown, unless its words call for help."""
    fields = tuple(
        (storable(str(name), 80), storable(json_text(value, 200), 200)) for name, value in list(record.items())[:64]
    )
    unknown = _unknown(publication, "JSON of a form that nobody knows", now, read_fields(fields).kinds)
    return replace(unknown, evidence=fields)


def _unreadable(publication: Publication, now: datetime) -> Signal:
    """A payload that is no JSON: unknown, unless it is a word that calls for help."""
    text = storable(publication.payload[:200].decode("utf-8", "replace").strip(), 200)
    unknown = _unknown(publication, "no JSON", now, read_fields((("event", text),)).kinds)
    return replace(unknown, text=text or None)


def _unknown(publication: Publication, why: str, now: datetime, kinds: tuple[SignalKind, ...] = ()) -> Signal:
    """What cannot be read, under its topic's name. kinds: what its words speak of; only an alarm among them counts."""
    topic = storable(publication.topic, MAX_TOPIC_CHARS)
    kind = min((kind for kind in kinds if kind in ALARMS), key=_rank, default=SignalKind.UNKNOWN)
    alarm = kind in ALARMS
    return Signal(
        kind=kind,
        device=AccountId(topic[:MAX_DEVICE_CHARS]) if topic else None,
        repeat_key=digest("mqtt", topic, publication.payload, kind.value, "" if alarm else iso(now)),
        repeat_window=UNDATED_WINDOW if alarm else None,
        code="publication",
        doubts=(why,),
    )


def _retained(signal: Signal, publication: Publication) -> Signal:
    """What the broker kept is told once, by its own time; it is never a new press."""
    if not publication.retained:
        return signal
    dated = signal.event_at is not None
    key = signal.repeat_key if dated else digest("retained", publication.topic, publication.payload, signal.kind.value)
    return replace(
        signal,
        buffered=True,
        repeat_key=key,
        repeat_window=signal.repeat_window if dated else None,
        doubts=signal.doubts if dated else (*signal.doubts, RETAINED),
    )
