"""owntracks: what the OwnTracks app posts over HTTP.

Source: our notes on wearable protocols, section "owntracks", after the project's booklet of JSON messages.
Secret, beside HTTP Basic, which the app has: protocols.http.secrets_of.

Deviations and choices of ours:
- Every `_type` is answered 200 with a list, or the app's queue stands still. The list may carry commands.
- There is no SOS by design. A manual publish (`t` = `u`) is a check-in; other triggers: positions, or see TRIGGERS.
- The name of a device is its topic, cut to `owntracks/<user>/<device>` (events have a fourth part); else the same form
  out of the headers X-Limit-U and X-Limit-D; else the Basic user; else `tid`, which is not unique.
- A `created_at` over a minute after `tst` says that the message waited: buffered.
- `encrypted` needs the user's own key, which we do not have: kept as unknown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, assert_never

from protocols.conversation import Accounts
from protocols.errors import ContentError
from protocols.http import HttpRequest, HttpResponse, basic_credentials
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.phone import (
    MAX_DEVICE_CHARS,
    MAX_RECORDS,
    UNKNOWN_IN_JSON,
    PhoneConversation,
    Reading,
    Said,
    json_number,
    json_text,
    load_json,
)
from protocols.plausible import digest, iso, percent, place_doubt, plausible_time, storable
from protocols.signal import AccountId, Position, Signal, SignalKind

MAX_VALUE_CHARS: Final = 512
MAX_EVIDENCE: Final = 64
"""A location has some 25 members; the rest of a longer one is not kept apart from the raw request."""

QUEUED: Final = timedelta(minutes=1)
"""A fix that is older than this when its message is made was waiting."""

TRIGGERS: Final[dict[str, SignalKind]] = {
    "u": SignalKind.CHECK_IN,  # the wearer pressed "publish"
    "p": SignalKind.HEARTBEAT,  # ping
    "9": SignalKind.LOW_BATTERY,  # these four from hardware trackers
    "1": SignalKind.POWER_ON,
    "e": SignalKind.EXTERNAL_POWER_LOST,
    "E": SignalKind.RESTORE,
}
TRANSITIONS: Final = {"enter": SignalKind.ZONE_ENTER, "leave": SignalKind.ZONE_EXIT}

PLACED: Final = frozenset({"location", "transition"})
"""Types whose place is where the phone is."""

HARMLESS: Final = frozenset({"waypoint", "waypoints", "status", "steps", "card", "beacon", "cmd", "request"})
"""Types that say only that the phone is there. lwt, which says that it is gone, and encrypted are not among them."""

_CHARGING: Final = {1: False, 2: True, 3: True}
_READ: Final = frozenset(
    {"_type", "topic", "tid", "tst", "created_at", "lat", "lon", "acc", "alt", "vel", "cog", "batt", "bs"}
    | {"t", "event", "desc"}
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One message of the app, as claimed. kind: its _type. at: of the fix or event. created_at: of the message."""

    kind: str
    topic: str | None = None
    tid: str | None = None
    at: datetime | None = None
    created_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    altitude_m: float | None = None
    speed_kmh: float | None = None
    course_deg: float | None = None
    battery_pct: int | None = None
    battery_state: int | None = None
    trigger: str | None = None
    event: str | None = None
    description: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """What the app is told in the answer. fields: further members of the command, by name."""

    action: str
    fields: tuple[tuple[str, str], ...] = ()


class OwnTracksConversation(PhoneConversation):
    """The receiver's end of owntracks."""

    def __init__(self, accounts: Accounts) -> None:
        super().__init__(accounts, read)

    def with_order(self, order: Order, response: HttpResponse, now: datetime) -> HttpResponse | None:
        """See protocols.http.HttpTakesOrders."""
        command = command_for(order)
        if command is None:
            return None
        said = load_json(response.body)
        assert isinstance(said, list), "a positive answer is a list"
        return replace(response, body=json.dumps([*said, _spelled(command)]).encode("utf-8"))


def command_for(order: Order) -> Command | None:
    """Return an order as the app takes it, or None: it rings nobody, and its settings are not ours to make."""
    match order:
        case Locate():
            return Command("reportLocation")
        case Reassure(text):
            return Command("action", (("content", text),))
        case CallBack() | Commission():
            return None
        case _:
            assert_never(order)


def read(request: HttpRequest, now: datetime) -> Reading:
    """Read a request. Raises ContentError for a body that is no message of the app, from nobody that headers name."""
    try:
        whole = load_json(request.body)
    except ContentError:
        whole = None
    records = [record for record in (whole if isinstance(whole, list) else [whole]) if isinstance(record, dict)]
    if len(records) > MAX_RECORDS:
        raise ContentError(f"{len(records)} messages in the body")
    said = []
    if not records:
        strange = Publication(kind="", doubts=("body unreadable",))
        device = device_of(strange, request)
        if device is None:
            raise ContentError("no message in the body")
        said.append(Said(device, signals_of(strange, device, now)))
    for record in records:
        publication = parse(record)
        device = device_of(publication, request)
        said.append(Said(device, signals_of(publication, device, now)))
    return Reading(tuple(said), response(()), UNKNOWN_IN_JSON)


def response(commands: Sequence[Command]) -> HttpResponse:
    """Return the answer that the app takes: a list of commands, most often empty."""
    body = json.dumps([_spelled(command) for command in commands])
    return HttpResponse(200, (("Content-Type", "application/json"),), body.encode("utf-8"))


def _spelled(command: Command) -> dict[str, str]:
    return {"_type": "cmd", "action": command.action, **dict(command.fields)}


def parse(record: dict[str, Any]) -> Publication:
    """Read one message. Never fails: a broken value is left out with a doubt."""
    doubts: list[str] = []
    lat, lon = json_number(record.get("lat")), json_number(record.get("lon"))
    if ("lat" in record or "lon" in record) and (lat is None or lon is None):
        doubts.append("position unreadable")
        lat = lon = None
    state = json_number(record.get("bs"))
    rest = [(name, value) for name, value in record.items() if name not in _READ]
    return Publication(
        kind=_text(record.get("_type")) or "",
        topic=_text(record.get("topic")),
        tid=_text(record.get("tid")),
        at=_claimed_time(record, "tst", doubts),
        created_at=_claimed_time(record, "created_at", doubts),
        lat=lat,
        lon=lon,
        accuracy_m=_above(record.get("acc"), least=0.001),
        altitude_m=json_number(record.get("alt")),
        speed_kmh=_above(record.get("vel")),
        course_deg=_above(record.get("cog"), most=360),
        battery_pct=percent(json_number(record.get("batt"))),
        battery_state=None if state is None else int(state),
        trigger=_text(record.get("t")),
        event=_text(record.get("event")),
        description=_text(record.get("desc")),
        evidence=tuple(
            (storable(name, MAX_VALUE_CHARS), storable(json_text(value, MAX_VALUE_CHARS), MAX_VALUE_CHARS))
            for name, value in rest[:MAX_EVIDENCE]
        ),
        doubts=tuple(doubts),
    )


def serialise(publication: Publication) -> dict[str, Any]:
    """Write one message as the app would, as a JSON object."""
    record = {
        "_type": publication.kind,
        "topic": publication.topic,
        "tid": publication.tid,
        "tst": _seconds(publication.at),
        "created_at": None
        if publication.created_at is None
        else (publication.created_at - _EPOCH) // timedelta(seconds=1),
        "lat": publication.lat,
        "lon": publication.lon,
        "acc": publication.accuracy_m,
        "alt": publication.altitude_m,
        "vel": publication.speed_kmh,
        "cog": publication.course_deg,
        "batt": publication.battery_pct,
        "bs": publication.battery_state,
        "t": publication.trigger,
        "event": publication.event,
        "desc": publication.description,
        **dict(publication.evidence),
    }
    return {name: value for name, value in record.items() if value is not None}


def device_of(publication: Publication, request: HttpRequest) -> AccountId | None:
    """Return the name that the device gives itself, from the best place that has one; None if none has."""
    name = publication.topic
    if name and name.startswith("owntracks/"):
        name = "/".join(name.split("/")[:3])  # events and waypoints publish one level below the device
    user, device = request.header("x-limit-u"), request.header("x-limit-d")
    if not name and user and device:
        name = f"owntracks/{user}/{device}"
    if not name and (basic := basic_credentials(request)):
        name = basic[0]
    name = storable((name or publication.tid or "").strip(), MAX_DEVICE_CHARS)
    return AccountId(name) if name else None


def signals_of(publication: Publication, device: AccountId | None, now: datetime) -> tuple[Signal, ...]:
    """Return what the message says: always one signal."""
    doubts = list(publication.doubts)
    # A waypoint's place and time are the waypoint's own, not the phone's.
    at = None if publication.kind.startswith("waypoint") else _believed(publication.at, now, doubts)
    sent_at = _believed(publication.created_at, now, doubts)
    position = None
    if publication.kind in PLACED and publication.lat is not None and publication.lon is not None:
        doubt = place_doubt(publication.lat, publication.lon)
        doubts += [doubt] if doubt else []
        position = None if doubt else _place(publication, publication.lat, publication.lon, at)
    kind, code = _kind(publication)
    dated = sent_at is not None or (at is not None and kind is not SignalKind.CHECK_IN)
    return (
        Signal(
            kind=kind,
            device=device,
            repeat_key=digest("owntracks", device or "", repr(publication), "" if dated else iso(now)),
            event_at=at,
            sent_at=sent_at,
            buffered=True if at and sent_at and sent_at - at > QUEUED else None,
            position=position,
            battery_pct=publication.battery_pct,
            charging=_CHARGING.get(publication.battery_state or 0),
            code=code,
            text=publication.description if publication.kind == "transition" else None,
            evidence=publication.evidence,
            doubts=tuple(doubts),
        ),
    )


def _kind(publication: Publication) -> tuple[SignalKind, str | None]:
    match publication.kind:
        case "location":
            return TRIGGERS.get(publication.trigger or "", SignalKind.POSITION), publication.trigger
        case "transition":
            return TRANSITIONS.get((publication.event or "").lower(), SignalKind.UNKNOWN), publication.event
        case harmless if harmless in HARMLESS:
            return SignalKind.HEARTBEAT, harmless
        case other:
            return SignalKind.UNKNOWN, other


def _place(publication: Publication, lat: float, lon: float, at: datetime | None) -> Position:
    speed_kmh = publication.speed_kmh
    return Position(
        lat=lat,
        lon=lon,
        accuracy_m=publication.accuracy_m,
        fix_at=at,
        altitude_m=publication.altitude_m,
        speed_mps=None if speed_kmh is None else round(speed_kmh / 3.6, 3),
        course_deg=publication.course_deg,
    )


def _believed(claim: datetime | None, now: datetime, doubts: list[str]) -> datetime | None:
    if claim is None:
        return None
    at, doubt = plausible_time(claim, now)
    doubts += [doubt] if doubt else []
    return at


def _claimed_time(record: dict[str, Any], name: str, doubts: list[str]) -> datetime | None:
    if record.get(name) is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=round((json_number(record[name]) or 0) * 1000))
    except OverflowError:
        doubts.append("time unreadable")
        return None


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // timedelta(seconds=1)


def _above(value: object, least: float = 0, most: float = 1e9) -> float | None:
    claimed = json_number(value)  # the app says -1 where it does not know
    return claimed if claimed is not None and least <= claimed <= most else None


def _text(value: object) -> str | None:
    return None if value is None else storable(json_text(value, MAX_VALUE_CHARS), MAX_VALUE_CHARS)
