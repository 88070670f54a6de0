"""osmand's two forms: parse and serialise side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from protocols.errors import ContentError
from protocols.osmand.codes import bare
from protocols.osmand.messages import Report
from protocols.phone import MAX_DEVICE_CHARS, MAX_RECORDS, json_number, json_text, load_json, members
from protocols.plausible import number, percent, storable
from protocols.signal import AccountId

MAX_EVIDENCE: Final = 100
"""The longest query has thirty access points and seven cells; the rest of a longer one is not kept apart."""

MAX_VALUE_CHARS: Final = 512
"""A push token has some 200 characters, the longest value that is worth keeping."""

MAX_ALARMS: Final = 16
"""Different alarm words in one message; each becomes a signal of its own."""

MPS_PER_KNOT: Final = 1852 / 3600
_MILLISECONDS_FROM: Final = 2**31
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,16}(?:\.[0-9]{1,9})?")
_LOST_PLUS: Final = re.compile(r" ([0-9]{2}:?[0-9]{2})$")
_NO_ALARM: Final = frozenset({"", "0", "false", "no", "none", "null", "off"})
READ_IN_QUERY: Final = frozenset(
    {"id", "deviceid", "timestamp", "lat", "lon", "location", "speed", "bearing", "heading", "altitude", "accuracy"}
    | {"batt", "charge", "mock", "valid", "alarm", "event", "uuid", "secret"}
)
_READ_IN_LOCATION: Final = frozenset(
    ["timestamp", "coords", "event", "mock", "battery", "alarm", "extras", "uuid", "age", "activity", "_"]
)


def parse_query(pairs: Sequence[tuple[str, str]]) -> Report:
    """Read the fields of a query or form. Never fails: a broken value is left out with a doubt."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value.strip())
    doubts: list[str] = []
    at = _claimed_time(fields.get("timestamp"), doubts)
    lat_text, lon_text = fields.get("lat"), fields.get("lon")
    if lat_text is None and lon_text is None and "location" in fields:
        lat_text, _, lon_text = fields["location"].partition(",")
    lat, lon = number(lat_text or ""), number(lon_text or "")
    if (lat_text or lon_text) and (lat is None or lon is None):
        doubts.append("position unreadable")
    knots = number(fields.get("speed", ""))
    return Report(
        device=_device(fields.get("id") or fields.get("deviceid")),
        at=at,
        lat=lat,
        lon=lon,
        accuracy_m=_above_zero(number(fields.get("accuracy", ""))),
        altitude_m=number(fields.get("altitude", "")),
        speed_mps=None if knots is None or knots < 0 else round(knots * MPS_PER_KNOT, 3),
        course_deg=_course(number(fields.get("bearing") or fields.get("heading") or "")),
        valid=_flag(fields.get("valid")) is not False,
        mock=_flag(fields.get("mock")) is True,
        battery_pct=percent(number(fields.get("batt", ""))),
        charging=_flag(fields.get("charge")),
        alarms=_words(value for name, value in pairs if name == "alarm"),
        event=_word(fields.get("event")),
        uuid=_word(fields.get("uuid")),
        evidence=_evidence((name, value) for name, value in pairs if name not in READ_IN_QUERY),
        doubts=tuple(doubts),
    )


def serialise_query(report: Report) -> list[tuple[str, str]]:
    """Write a report as the fields of a query."""
    pairs: list[tuple[str, str | None]] = [
        ("id", report.device),
        ("timestamp", None if report.at is None else _epoch_text(report.at)),
        ("lat", _plain(report.lat)),
        ("lon", _plain(report.lon)),
        ("speed", None if report.speed_mps is None else f"{report.speed_mps / MPS_PER_KNOT:.6f}"),
        ("bearing", _plain(report.course_deg)),
        ("altitude", _plain(report.altitude_m)),
        ("accuracy", _plain(report.accuracy_m)),
        ("batt", _plain(report.battery_pct)),
        ("charge", None if report.charging is None else str(report.charging).lower()),
        ("valid", None if report.valid else "false"),
        ("mock", "true" if report.mock else None),
        *(("alarm", word) for word in report.alarms),
        ("event", report.event),
        ("uuid", report.uuid),
        *report.evidence,
    ]
    return [(name, value) for name, value in pairs if value is not None]


def parse_json(body: bytes, named: AccountId | None = None) -> tuple[Report, ...]:
    """Read a JSON body: one object, a list of them, or one with a list of locations.

    named: the device that the URL names, for objects that name none. Raises ContentError for anything else.
    """
    whole = load_json(body)
    reports: list[Report] = []
    for record in whole if isinstance(whole, list) else [whole]:
        if not isinstance(record, dict):
            continue
        locations = record.get("location")
        for location in locations if isinstance(locations, list) else [locations]:
            if len(reports) == MAX_RECORDS:
                raise ContentError(f"more than {MAX_RECORDS} records in one request")
            reports.append(_report(record, members(location), named))
    if not reports:
        raise ContentError("no report in the body")
    return tuple(reports)


def serialise_json(report: Report) -> dict[str, Any]:
    """Write a report in the JSON form, as an object."""
    location: dict[str, Any] = {}
    if report.at is not None:
        location["timestamp"] = report.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if report.lat is not None and report.lon is not None:
        location["coords"] = {
            "latitude": report.lat,
            "longitude": report.lon,
            "accuracy": -1 if report.accuracy_m is None else report.accuracy_m,
            "speed": -1 if report.speed_mps is None else report.speed_mps,
            "heading": -1 if report.course_deg is None else report.course_deg,
        }
        if report.altitude_m is not None:
            location["coords"]["altitude"] = report.altitude_m
    level = -1 if report.battery_pct is None else report.battery_pct / 100
    location["battery"] = {"level": level}
    if report.charging is not None:
        location["battery"]["is_charging"] = report.charging
    for name, value in (("event", report.event), ("uuid", report.uuid), ("mock", report.mock or None)):
        if value is not None:
            location[name] = value
    extras: dict[str, Any] = dict(report.evidence)
    if report.alarms:
        extras["alarm"] = ",".join(report.alarms)
    if extras:
        location["extras"] = extras
    return {"device_id": report.device, "location": location}


def _report(record: dict[str, Any], location: dict[str, Any], named: AccountId | None) -> Report:
    coords, battery, extras = (members(location.get(name)) for name in ("coords", "battery", "extras"))
    doubts: list[str] = []
    lat, lon = json_number(coords.get("latitude")), json_number(coords.get("longitude"))
    if coords and (lat is None or lon is None):
        doubts.append("position unreadable")
        lat = lon = None
    level = json_number(battery.get("level"))
    speed_mps = json_number(coords.get("speed"))
    device = next(
        (record[name] for name in ("device_id", "deviceId", "id") if record.get(name) not in (None, "")), None
    )
    activity = members(location.get("activity")).get("type")
    rest = [("activity", activity)] if activity else []
    rest += [(name, value) for name, value in location.items() if name not in _READ_IN_LOCATION]
    rest += [(name, value) for name, value in extras.items() if name != "alarm"]
    rest += [(name, value) for name, value in record.items() if name in ("notificationToken",)]
    timestamp = location.get("timestamp")
    return Report(
        device=named if device is None else _device(json_text(device, MAX_DEVICE_CHARS)),
        at=_claimed_time(None if timestamp is None else json_text(timestamp, MAX_VALUE_CHARS), doubts),
        lat=lat,
        lon=lon,
        accuracy_m=_above_zero(json_number(coords.get("accuracy"))),
        altitude_m=json_number(coords.get("altitude")),
        speed_mps=None if speed_mps is None or speed_mps < 0 else round(speed_mps, 3),
        course_deg=_course(json_number(coords.get("heading"))),
        mock=location.get("mock") is True,
        battery_pct=percent(None if level is None else level * 100),
        charging=battery["is_charging"] if isinstance(battery.get("is_charging"), bool) else None,
        alarms=_words(_alarm_texts(record.get("alarm"), location.get("alarm"), extras.get("alarm"))),
        event=_word(_optional_text(location.get("event"))),
        uuid=_word(_optional_text(location.get("uuid"))),
        evidence=_evidence((name, json_text(value, MAX_VALUE_CHARS)) for name, value in rest),
        doubts=tuple(doubts),
    )


def _alarm_texts(*claims: object) -> Iterable[str]:
    for claim in claims:
        for one in claim if isinstance(claim, list) else [claim]:
            if one is not None:
                yield json_text(one, MAX_VALUE_CHARS)


def _optional_text(value: object) -> str | None:
    return None if value is None else json_text(value, MAX_VALUE_CHARS)


def _words(claims: Iterable[str]) -> tuple[str, ...]:
    """Return the alarm words as written, each once. Several may share one field, set apart by comma or semicolon."""
    words: dict[str, str] = {}
    for claim in claims:
        for word in re.split("[,;]", claim):
            stripped = storable(word.strip(), MAX_VALUE_CHARS)
            if stripped.lower() not in _NO_ALARM:
                words.setdefault(bare(stripped) or stripped, stripped)
    return tuple(words.values())[:MAX_ALARMS]


def _word(text: str | None) -> str | None:
    return storable(text, MAX_VALUE_CHARS).strip() or None if text else None


def _device(text: str | None) -> AccountId | None:
    stripped = storable((text or "").strip(), MAX_DEVICE_CHARS)
    return AccountId(stripped) if stripped else None


def _evidence(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    kept = [(storable(name, MAX_VALUE_CHARS), storable(value, MAX_VALUE_CHARS)) for name, value in pairs]
    return tuple(kept[:MAX_EVIDENCE])


def _flag(text: str | None) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").lower())


def _above_zero(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None  # Android says 0.0 where it has no accuracy


def _course(value: float | None) -> float | None:
    return value if value is not None and 0 <= value <= 360 else None


def _plain(value: float | None) -> str | None:
    return None if value is None else f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _epoch_text(at: datetime) -> str:
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    seconds, rest = divmod(milliseconds, 1000)
    return str(milliseconds) if rest else str(seconds)


def _claimed_time(text: str | None, doubts: list[str]) -> datetime | None:
    """Read a time in any of its forms; say in doubts what was guessed or could not be read."""
    if not text:
        return None
    try:
        if _INTEGER.fullmatch(text):
            value = float(text)
            seconds = value if value < _MILLISECONDS_FROM else value / 1000
            return _EPOCH + timedelta(milliseconds=round(seconds * 1000))
        at = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text) if "T" in text else text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
            doubts.append("time without a zone taken as UTC")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        doubts.append("time unreadable")
        return None
