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
from protocols.mqtt.copies import Copies
from protocols.mqtt.messages import Publication, Uplink
from protocols.mqtt.unknown import MAX_TOPIC_CHARS, UNDATED_WINDOW, rank, text_of, unknown, worded
from protocols.mqtt.uplinks import chirpstack, things_stack
from protocols.osmand.codec import parse_json
from protocols.osmand.codes import signals_of as osmand_signals_of
from protocols.phone import MAX_DEVICE_CHARS, MAX_RECORDS, load_json
from protocols.plausible import digest, iso, plausible_time, storable
from protocols.signal import ALARMS, AccountId, Position, Signal, SignalKind

MAX_PAYLOAD_BYTES: Final = 256 * 1024
"""A phone's queue of a day in one list, as over HTTP."""
QUEUED: Final = timedelta(minutes=1)
"""What a network heard longer ago has waited at the broker while we were away."""
RETAINED: Final = "the broker had kept it: its age is not known"
MAX_EVIDENCE: Final = 64

_OWNTRACKS: Final = owntracks.PLACED | owntracks.HARMLESS | {"lwt", "encrypted"}
_EVENTS: Final[Mapping[str, SignalKind]] = {
    "join": SignalKind.HEARTBEAT,
    "status": SignalKind.HEARTBEAT,
    "ack": SignalKind.HEARTBEAT,
    "log": SignalKind.HEARTBEAT,
    "location": SignalKind.POSITION,
    "solved": SignalKind.POSITION,
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
        self._accounts, self._copies = accounts, Copies()

    def read(self, publication: Publication, now: datetime) -> tuple[Signal, ...]:
        """See Reader."""
        if len(publication.payload) > MAX_PAYLOAD_BYTES:
            raise FrameTooLong(limit_bytes=MAX_PAYLOAD_BYTES)
        return tuple(_retained(signal, publication) for signal in self._signals(publication, now))

    def _signals(self, publication: Publication, now: datetime) -> tuple[Signal, ...]:
        if not publication.payload.strip():
            return (unknown(publication, "an empty payload", now),)
        try:
            whole = load_json(publication.payload)
        except ContentError:
            return (worded(publication, "no JSON", now, text_of(publication)),)
        records = whole if isinstance(whole, list) else [whole]
        if len(records) > MAX_RECORDS:
            raise ContentError(f"{len(records)} records in one payload")
        signals = [signal for record in records for signal in self._record(record, publication, now)]
        return tuple(signals) or (unknown(publication, "an empty list", now),)

    def _record(self, record: Any, publication: Publication, now: datetime) -> tuple[Signal, ...]:
        if not isinstance(record, dict):
            return (worded(publication, "no object", now, record),)
        topic = storable(publication.topic, MAX_TOPIC_CHARS)
        if "end_device_ids" in record:
            uplink = things_stack(record, publication.topic)
        elif "deviceInfo" in record or ("devEui" in record and "data" in record):
            uplink = chirpstack(record, publication.topic)
        elif isinstance(record.get("_type"), str) and record["_type"] in _OWNTRACKS:
            # The broker knows who may publish where; what stands in the message is only claimed.
            said = owntracks.parse({**record, "topic": topic or record.get("topic")})
            device = owntracks.device_of(said, HttpRequest("POST", "/"))
            return owntracks.signals_of(said, device, now)
        elif _is_located(record.get("location")):
            reports = parse_json(json.dumps(record).encode(), AccountId(topic[:MAX_DEVICE_CHARS]))
            signals = tuple(signal for report in reports for signal in osmand_signals_of(report, now))
            aside = worded(publication, "a word beside the form", now, record)
            heard = aside.is_alarm and aside.kind is not SignalKind.UNSPECIFIED_ALARM
            return (aside, *signals) if heard and not any(signal.is_alarm for signal in signals) else signals
        else:
            return (worded(publication, "JSON of a form that nobody knows", now, record),)
        return self._uplink(uplink, AccountId(topic[:MAX_DEVICE_CHARS]), now)

    def _uplink(self, uplink: Uplink, topic: AccountId, now: datetime) -> tuple[Signal, ...]:
        device = topic if uplink.dev_eui is None else AccountId(uplink.dev_eui)
        account = self._accounts.find(device)
        codec, doubts = codec_of(account.model if account else None, account.options if account else {})
        kinds: list[SignalKind] = []
        battery_pct, known = uplink.battery_pct, False
        if codec is not None and uplink.frame is not None:
            meant = read_frame(codec, uplink.port, uplink.frame)
            kinds += meant.kinds
            battery_pct = meant.battery_pct if battery_pct is None else battery_pct
            known, doubts = meant.known, doubts + meant.doubts
        if not ALARMS.intersection(kinds):
            told = read_fields(uplink.fields)
            kinds += (kind for kind in told.kinds if kind not in kinds)
            battery_pct = told.battery_pct if battery_pct is None else battery_pct
            known = known or told.known
        at, doubt = (None, None) if uplink.at is None else plausible_time(uplink.at, now)
        named_at = None if at is None else self._copies.first_at(device, uplink, at)
        doubts += ("an uplink that names no device: known by its topic",) if uplink.dev_eui is None else ()
        position = _position_of(uplink, at)
        kinds = sorted(kinds, key=rank) or [_quiet(uplink, known, position)]
        return tuple(
            Signal(
                kind=kind,
                device=device or None,
                repeat_key=_uplink_key(uplink, device, named_at, kind, now),
                repeat_window=UNDATED_WINDOW if at is None and kind in ALARMS else None,
                event_at=at,
                buffered=None if at is None else now - at > QUEUED,
                position=position,
                battery_pct=battery_pct,
                code=uplink.event if uplink.port is None else f"port {uplink.port}",
                text=uplink.trouble,
                evidence=_evidence(uplink),
                doubts=(*uplink.doubts, *doubts, *((doubt,) if doubt else ())),
            )
            for kind in kinds
        )


def _is_located(location: object) -> bool:
    """Say whether this is the phones' form; a place by name is not."""
    return isinstance(location, dict) or (isinstance(location, list) and any(isinstance(o, dict) for o in location))


def _quiet(uplink: Uplink, known: bool, position: Position | None) -> SignalKind:
    """What an uplink without any event is."""
    if uplink.trouble is not None:
        return SignalKind.DEVICE_FAULT
    if uplink.event != "up":
        return _EVENTS.get(uplink.event, SignalKind.UNKNOWN)
    if position is not None:
        return SignalKind.POSITION
    # A frame without port and content only carries the network's own commands.
    nothing = uplink.dev_eui is not None and not (uplink.frame or uplink.fields or uplink.doubts)
    return SignalKind.HEARTBEAT if known or nothing else SignalKind.UNKNOWN


def _uplink_key(uplink: Uplink, device: AccountId, at: datetime | None, kind: SignalKind, now: datetime) -> str:
    """Device, counter and the network's time, at: a counter alone begins anew when the device joins."""
    frame = (uplink.frame or b"").hex()
    dated = iso(at) if at is not None else "" if kind in ALARMS else iso(now)
    return digest("mqtt", device, uplink.event, str(uplink.counter), frame, dated, kind.value)


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
