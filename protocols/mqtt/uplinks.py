"""LoRaWAN events out of the JSON that ChirpStack v4 and The Things Stack v3 publish.

Source: the two networks' own documentation of their MQTT integrations (topics and members); unsure points in README.md.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from protocols.mqtt.messages import Uplink
from protocols.phone import json_number, json_text, members
from protocols.plausible import percent, place_doubt, storable
from protocols.signal import Position

MAX_FIELDS: Final = 1_000
"""All are searched for words that call for help; fewer are kept as evidence."""
MAX_DEPTH: Final = 12
MAX_VALUE_CHARS: Final = 200
MAX_GATEWAYS: Final = 8
MAX_FRAME_CHARS: Final = 1024
"""A LoRaWAN frame has at most 242 bytes; in base64 some 330 signs."""

_EUI: Final = re.compile(r"[0-9A-F]{16}")
# 2026-03-04T05:06:07.123456789Z: more digits than Python keeps
_NANOSECONDS: Final = re.compile(r"(\.[0-9]{6})[0-9]+")
_SURE_LATER: Final = ("user", "SOURCE_REGISTRY")
"""A place that somebody typed in when the device was registered: where it ought to be."""


def dev_eui(said: object) -> str | None:
    """Return a device's EUI as it is enrolled: 16 upper-case hex digits; None for anything else."""
    bare = said.replace("-", "").replace(":", "").strip().upper() if isinstance(said, str) else ""
    return bare if _EUI.fullmatch(bare) else None


def chirpstack(record: dict[str, Any], topic: str) -> Uplink:
    """Read an event of ChirpStack v4: application/ID/device/EUI/event/EVENT."""
    parts = topic.split("/")
    eui = dev_eui(members(record.get("deviceInfo")).get("devEui")) or dev_eui(record.get("devEui"))
    if eui is None and "device" in parts[:-1]:
        eui = dev_eui(parts[parts.index("device") + 1])
    event = parts[-1] if len(parts) > 1 and parts[-2] == "event" else "up"
    doubts: list[str] = []
    gateways = [members(one) for one in _listed(record.get("rxInfo"))]
    heard_at = next((_time(one.get(name)) for one in gateways for name in ("nsTime", "gwTime") if one.get(name)), None)
    level = json_number(record.get("batteryLevel"))
    return Uplink(
        dev_eui=eui,
        event=event,
        at=_time(record.get("time")) or heard_at,
        port=_whole(record.get("fPort")),
        counter=_whole(record.get("fCnt")),
        frame=_frame(record.get("data"), doubts) if event == "up" else None,
        fields=flat(record.get("object")),
        position=_placed(members(record.get("location")), None, doubts) if event == "location" else None,
        battery_pct=None if record.get("batteryLevelUnavailable") is True else percent(level),
        trouble=_trouble(record) if event == "log" else None,
        evidence=tuple(
            _kept(
                [
                    ("device", members(record.get("deviceInfo")).get("deviceName")),
                    ("profile", members(record.get("deviceInfo")).get("deviceProfileName")),
                    ("deduplication", record.get("deduplicationId")),
                    ("power", "external" if record.get("externalPowerSource") is True else None),
                    ("confirmed", "true" if record.get("confirmed") is True else None),
                    *((f"{event} {name}", record.get(name)) for name in ("level", "code", "description")),
                    *(("gateway", _gateway(one, "gatewayId")) for one in gateways[:MAX_GATEWAYS]),
                ]
            )
        ),
        doubts=tuple(doubts),
    )


def things_stack(record: dict[str, Any], topic: str) -> Uplink:
    """Read an event of The Things Stack v3: v3/APPLICATION/devices/DEVICE/EVENT."""
    ids = members(record.get("end_device_ids"))
    eui = dev_eui(ids.get("dev_eui"))
    said = members(record.get("uplink_message"))
    solved = members(record.get("location_solved"))
    event = topic.rsplit("/", 1)[-1] if "/devices/" in topic else "up" if said else "join"
    doubts = ["a simulated message"] if record.get("simulated") is True else []
    gateways = [members(one) for one in _listed(said.get("rx_metadata"))]
    places = list(members(said.get("locations")).values()) or ([solved["location"]] if "location" in solved else [])
    found = [members(place) for place in places if members(place).get("source") not in _SURE_LATER]
    at = _time(said.get("received_at")) or _time(record.get("received_at"))
    battery = members(said.get("last_battery_percentage"))
    return Uplink(
        dev_eui=eui,
        event=event,
        at=at,
        port=_whole(said.get("f_port")),
        counter=_whole(said.get("f_cnt", 0 if said else None)),  # zero is left out of its JSON
        frame=_frame(said.get("frm_payload"), doubts),
        fields=flat(said.get("decoded_payload")),
        position=_placed(found[0], None, doubts) if found else None,
        battery_pct=percent(json_number(battery.get("value"))),
        evidence=tuple(
            _kept(
                [
                    ("device", ids.get("device_id")),
                    ("application", members(ids.get("application_ids")).get("application_id")),
                    ("confirmed", "true" if said.get("confirmed") is True else None),
                    *(("gateway", _gateway(one, "gateway_ids")) for one in gateways[:MAX_GATEWAYS]),
                ]
            )
        ),
        doubts=tuple(doubts),
    )


def _frame(said: object, doubts: list[str]) -> bytes | None:
    if not isinstance(said, str):
        return None
    try:
        return base64.b64decode(said[:MAX_FRAME_CHARS].encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        doubts.append("the frame is not base64")
        return None


def _trouble(record: dict[str, Any]) -> str | None:
    """What a log event complains of; None for ordinary traffic, such as a frame that was sent more than once."""
    code = json_text(record.get("code"), 64)
    if record.get("level") == "INFO" or "RETRANSMISSION" in code:
        return None
    return storable(f"{code}: {json_text(record.get('description'), MAX_VALUE_CHARS)}", MAX_VALUE_CHARS)


def flat(value: object) -> tuple[tuple[str, str], ...]:
    """Return a JSON value's leaves with their paths, at most MAX_FIELDS."""
    found: list[tuple[str, str]] = []
    for path, text in _leaves(value, "", 0):
        if len(found) == MAX_FIELDS:
            break
        found.append((storable(path, 80), storable(text, MAX_VALUE_CHARS)))
    return tuple(found)


def _leaves(value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list) and depth < MAX_DEPTH:
        named = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in named:
            yield from _leaves(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif value is not None and name:
        yield name, json_text(value, MAX_VALUE_CHARS)


def _placed(said: dict[str, Any], at: datetime | None, doubts: list[str]) -> Position | None:
    lat, lon = json_number(said.get("latitude")), json_number(said.get("longitude"))
    if lat is None or lon is None:
        return None
    doubt = place_doubt(lat, lon)
    if doubt:
        doubts.append(doubt)
        return None
    accuracy_m = json_number(said.get("accuracy"))
    return Position(
        lat=lat,
        lon=lon,
        accuracy_m=accuracy_m if accuracy_m and accuracy_m > 0 else None,
        fix_at=at,
        altitude_m=json_number(said.get("altitude")) or None,
    )


def _gateway(said: dict[str, Any], name: str) -> str | None:
    ids = said.get(name)
    named = members(ids).get("gateway_id") if isinstance(ids, dict) else ids
    levels = [json_text(said[one], 16) for one in ("rssi", "snr") if said.get(one) is not None]
    return ",".join([json_text(named, 64), *levels]) if named else None


def _kept(pairs: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if value not in (None, ""):
            yield name, storable(json_text(value, MAX_VALUE_CHARS), MAX_VALUE_CHARS)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _whole(value: object) -> int | None:
    said = json_number(value)
    return int(said) if said is not None and said == int(said) and 0 <= said < 2**32 else None


def _time(said: object) -> datetime | None:
    if not isinstance(said, str) or len(said) > 40:
        return None
    try:
        at = datetime.fromisoformat(_NANOSECONDS.sub(r"\1", said))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
