"""What every route is asked, and how it answers whom: one row a route, and a test that none is missing.

A request is written once, with the names of things in braces. Filled with one's own committee's things it must be let
in; with another committee's, answered exactly as if there were no such thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from larmcentral import seed as play
from tests.spite.house import PASSWORD, PHOTO, PIN, SPOKEN

SLOT: Final = re.compile(r"\{([a-z_]+)\}")
CHAIN: Final = {
    "name": "Omsorg",
    "steps": [{"targets": [{"desk": True}, {"person": "{person_id}"}], "media": ["console"], "wait_s": 60}],
}
CALENDAR: Final = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//SV\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261122T120000Z\r\n"
    b"DTSTART:20361124T120000Z\r\nDTEND:20361124T130000Z\r\nSUMMARY:Anna Lindqvist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
ROW: Final = {"event_code": "PA", "sia": "PA", "cid": "120"}
LATER: Final = "{later}"


PLACES: Final = frozenset({"place_id"})
"""Whoever goes to a place may say so: its danger is his too, whichever committee entered it (flows/starting.py)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One route's request. body: JSON with names in braces; upload: media type and bytes instead of it.

    made: names that whoever asks makes himself; somebody else's there cannot be answered as if it were free.
    common: things that the whole organisation may name, though nobody else is shown them.
    last: what it names is gone or over afterwards, so it is asked after all others.
    why_not: this route is not tried here, and why.
    """

    body: Any = None
    query: str = ""
    upload: tuple[str, bytes] | None = None
    made: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    last: bool = False
    why_not: str = ""


TABLE: Final[Mapping[tuple[str, str], Row]] = {
    ("GET", "/api/me"): Row(),
    ("GET", "/api/incidents"): Row(query="?state=all&tests=true"),
    ("GET", "/api/incidents/{incident_id}"): Row(),
    ("GET", "/api/feed"): Row(why_not="a stream does not end by itself; test_routes_feed.py tries every role on it"),
    ("POST", "/api/incidents/{incident_id}/acknowledge"): Row(),
    ("POST", "/api/incidents/{incident_id}/on-the-way"): Row(),
    ("POST", "/api/incidents/{incident_id}/arrived"): Row(),
    ("POST", "/api/incidents/{incident_id}/decline"): Row(),
    ("POST", "/api/incidents/{incident_id}/note"): Row({"text": "Ringer grannen"}),
    ("POST", "/api/incidents/{incident_id}/escalate"): Row(),
    ("POST", "/api/incidents/{incident_id}/shown"): Row(),
    ("POST", "/api/incidents/{incident_id}/stand-down"): Row(
        {"outcome": "false", "closing": [{"key": "cause", "choice": "by_mistake"}]}, last=True
    ),
    ("POST", "/api/incidents/{incident_id}/jump"): Row({"step": 1}),
    ("POST", "/api/incidents/{incident_id}/add"): Row(
        {"targets": [{"person": "{person_id}"}, {"team": "{team_id}"}, {"oncall": "{rota_id}"}]}
    ),
    ("POST", "/api/incidents/{incident_id}/hold"): Row({"wait_s": 60}),
    ("POST", "/api/incidents/{incident_id}/merge"): Row({"into": "{other_incident_id}"}, last=True),
    ("POST", "/api/incidents/{incident_id}/hand-over"): Row({"to": "{user_id}"}),
    ("POST", "/api/incidents/{incident_id}/put-back"): Row(),
    ("POST", "/api/incidents/{incident_id}/sos-call"): Row({"what": "dialled"}),
    ("GET", "/api/incidents/{incident_id}/plan"): Row(),
    ("POST", "/api/incidents/{incident_id}/plan/{key}"): Row({"outcome": "done"}),
    ("POST", "/api/incidents/{incident_id}/message"): Row({"to": "responders", "text": "Porten är öppen"}),
    ("GET", "/api/closing"): Row(),
    ("GET", "/api/action-plans"): Row(),
    ("PUT", "/api/action-plans/{plan_id}"): Row(
        {
            "committee_id": "{committee_id}",
            "name": "Fall",
            "kind": "fall",
            "unit_id": "{unit_id}",
            "place_id": "{place_id}",
            "steps": [{"key": "call", "text": "Ring upp"}],
            "version": 0,
        },
        made=frozenset({"plan_id"}),
    ),
    ("DELETE", "/api/action-plans/{plan_id}"): Row(last=True),
    ("GET", "/api/incidents/{incident_id}/card"): Row(),
    ("GET", "/api/incidents/{incident_id}/devices"): Row(),
    ("POST", "/api/incidents/{incident_id}/devices/{device_id}/locate"): Row(),
    ("POST", "/api/incidents/{incident_id}/devices/{device_id}/call-back"): Row({"number": "0303-174 06 09"}),
    ("GET", "/api/devices/{device_id}/commissioning"): Row(),
    ("PUT", "/api/devices/{device_id}/commissioning"): Row({"sos_numbers": ["+46701740601"], "note": "ladda först"}),
    ("POST", "/api/devices/{device_id}/commissioning/send"): Row({}),
    ("POST", "/api/drills"): Row({"person_id": "{person_id}"}),
    ("GET", "/api/persons"): Row(),
    ("GET", "/api/persons/{person_id}/dossier"): Row(query="?incident={incident_id}"),
    ("PUT", "/api/persons/{person_id}/dossier"): Row({"notes": "Epilepsi."}),
    ("GET", "/api/persons/{person_id}/photo"): Row(),
    ("PUT", "/api/persons/{person_id}/photo"): Row(upload=("image/png", PHOTO)),
    ("DELETE", "/api/persons/{person_id}/photo"): Row(last=True),
    ("GET", "/api/setup"): Row(),
    ("GET", "/api/devices"): Row(),
    ("GET", "/api/unknown-input"): Row(),
    ("GET", "/api/me/work"): Row(),
    ("POST", "/api/me/session"): Row(
        {"purpose": "Hembesök", "place_id": "{place_id}", "companions": ["{person_id}"]},
        common=PLACES,
    ),
    ("POST", "/api/me/session/check-in"): Row({}),
    ("POST", "/api/me/session/extend"): Row({"until": LATER}),
    ("POST", "/api/me/session/end"): Row({"pin": PIN}, last=True),
    ("PUT", "/api/me/session/recording"): Row(upload=("audio/ogg", SPOKEN)),
    ("PUT", "/api/me/session/memo"): Row({"memo": "Går in"}),
    ("GET", "/api/me/devices"): Row(),
    ("GET", "/api/me/reads"): Row(),
    ("GET", "/api/me/colleagues"): Row(),
    ("GET", "/api/me/places/{place_id}"): Row(),
    ("GET", "/api/me/messages"): Row(),
    ("POST", "/api/me/welfare"): Row({"fine": True}),
    ("POST", "/api/me/pre-alarm"): Row({"kind": "fall"}),
    ("POST", "/api/me/pre-alarm/cancel"): Row({"pin": PIN}),
    ("POST", "/api/me/pre-alarm/confirm"): Row(),
    ("POST", "/api/me/signals"): Row({"id": "{signal_id}", "kind": "panic"}),
    ("POST", "/api/me/shift"): Row({"until": LATER, "place_id": "{place_id}"}, common=PLACES),
    ("DELETE", "/api/me/shift"): Row(last=True),
    ("PUT", "/api/me/pin"): Row({"pin": PIN, "duress_pin": "41592670", "password": PASSWORD}),
    ("GET", "/api/sessions"): Row(),
    ("POST", "/api/sessions"): Row(
        {"purpose": "Hembesök", "person_id": "{person_id}", "place_id": "{place_id}", "companions": ["{person_id}"]},
        common=PLACES,
    ),
    ("POST", "/api/sessions/{person_id}/welfare"): Row(),
    ("POST", "/api/sessions/{person_id}/end"): Row(last=True),
    ("GET", "/api/sessions/{session_id}/recording"): Row(),
    ("GET", "/api/places"): Row(),
    ("GET", "/api/places/{place_id}"): Row(),
    ("PUT", "/api/places/{place_id}"): Row(
        {
            "committee_id": "{committee_id}",
            "name": "Storgatan 1",
            "building_id": "{building_id}",
            "unit_id": "{unit_id}",
        },
        made=frozenset({"place_id"}),
    ),
    ("DELETE", "/api/places/{place_id}"): Row(last=True),
    ("PUT", "/api/places/{place_id}/flag"): Row(
        {"risk": "evident", "owner_id": "{person_id}", "ground": "hot", "review_on": "{next_month}"}
    ),
    ("DELETE", "/api/places/{place_id}/flag"): Row(),
    ("GET", "/api/places/{place_id}/plan"): Row(),
    ("PUT", "/api/places/{place_id}/plan"): Row(upload=("image/png", PHOTO)),
    ("DELETE", "/api/places/{place_id}/plan"): Row(last=True),
    ("PUT", "/api/places/{place_id}/beacons"): Row({"beacons": [{"id": "AC:23:3F:00:00:01", "label": "hall"}]}),
    ("POST", "/api/places/{place_id}/coverage"): Row({"good": False}),
    ("GET", "/api/rotas"): Row(),
    ("GET", "/api/rotas/{rota_id}"): Row(),
    ("PUT", "/api/rotas/{rota_id}"): Row(
        {
            "committee_id": "{committee_id}",
            "version": 0,
            "name": "Jour Nord",
            "layers": [{"name": "Först", "persons": ["{person_id}"], "starts_on": "2026-11-16"}],
        },
        made=frozenset({"rota_id"}),
    ),
    ("POST", "/api/rotas/{rota_id}/overrides"): Row(
        {"person_id": "{person_id}", "from_at": LATER, "until_at": "{much_later}", "layer": 0}
    ),
    ("POST", "/api/rotas/{rota_id}/swaps"): Row(
        {"one": {"layer": 0, "at": "2036-12-09T12:00:00Z"}, "other": {"layer": 0, "at": "2036-12-16T12:00:00Z"}}
    ),
    ("GET", "/api/rotas/{rota_id}/on-call"): Row(),
    ("GET", "/api/rotas/{rota_id}/shifts"): Row(),
    ("GET", "/api/rotas/{rota_id}/gaps"): Row(),
    ("GET", "/api/rotas/{rota_id}/calendar.ics"): Row(),
    ("POST", "/api/rotas/{rota_id}/calendar.ics"): Row(upload=("text/calendar", CALENDAR)),
    ("GET", "/api/chains"): Row(),
    ("GET", "/api/chains/{chain_id}"): Row(),
    ("PUT", "/api/chains/{chain_id}"): Row(
        {"committee_id": "{committee_id}", "version": 0, "chain": CHAIN, "uses": [{"unit_id": "{unit_id}"}]},
        made=frozenset({"chain_id"}),
    ),
    ("POST", "/api/chains/complaints"): Row({"committee_id": "{committee_id}", "chain": CHAIN}),
    ("GET", "/api/dry-run"): Row(
        query="?kind=fall&committee_id={committee_id}&person_id={person_id}&unit_id={unit_id}"
    ),
    ("GET", "/api/desk"): Row(),
    ("GET", "/api/desk/picture"): Row(),
    ("GET", "/api/reach"): Row(),
    ("POST", "/api/desk"): Row(),
    ("DELETE", "/api/desk"): Row(last=True),
    ("GET", "/api/handovers"): Row(),
    ("POST", "/api/handovers"): Row({"to": "{user_id}"}),
    ("POST", "/api/handovers/{handover_id}/sign"): Row(),
    ("GET", "/api/pool"): Row(),
    ("POST", "/api/pool/check-out"): Row({"tag": "{tag}", "person_id": "{person_id}", "due_back": LATER}),
    ("POST", "/api/pool/check-in"): Row({"tag": "{tag}"}),
    ("POST", "/api/pool/prolong"): Row({"tag": "{tag}", "due_back": LATER}),
    ("GET", "/api/tests"): Row(),
    ("GET", "/api/ways-out"): Row(),
    ("POST", "/api/system-alarms/{alarm_id}/dealt-with"): Row({"note": "ringde dem"}),
    ("GET", "/api/forwarders"): Row(),
    ("POST", "/api/forwarders/{name}/test-state"): Row({"until": LATER}),
    ("GET", "/api/forwarders/{name}/rows"): Row(),
    ("PUT", "/api/forwarders/{name}/rows/{kind}/{silence}"): Row(ROW),
    ("DELETE", "/api/forwarders/{name}/rows/{kind}/{silence}"): Row(),
    ("GET", "/api/forwarders/{name}/rows/{kind}/{silence}/dry-run"): Row(),
    ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/dry-run"): Row(ROW),
    ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/test"): Row(),
    ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/sign"): Row({"test_id": "{nothing}"}),
    ("GET", "/api/me/points"): Row(),
    ("POST", "/api/me/points"): Row(
        {"id": "{new_point_id}", "channel": "sms", "address": "+46701740699"}, made=frozenset({"new_point_id"})
    ),
    ("PUT", "/api/me/points/order"): Row({"ids": ["{point_id}"]}),
    ("DELETE", "/api/me/points/{point_id}"): Row(last=True),
    ("POST", "/api/me/points/{point_id}/proof"): Row(),
    ("PUT", "/api/me/points/{point_id}/proof"): Row({"code": "123456"}),
    ("POST", "/api/me/points/{point_id}/test"): Row(),
    ("GET", "/api/points"): Row(),
    ("DELETE", "/api/points/{point_id}"): Row(last=True),
    ("POST", "/api/points/{point_id}/proof"): Row(),
    ("PUT", "/api/points/{point_id}/proof"): Row({"code": "123456"}),
    ("POST", "/api/points/{point_id}/test"): Row(),
    ("POST", "/api/points/{point_id}/seen"): Row({"message_id": "{message_id}"}),
    ("GET", "/api/persons/{person_id}/points"): Row(),
    ("POST", "/api/persons/{person_id}/points"): Row(
        {"id": "{new_point_id}", "channel": "pager", "address": "{pager}"}, made=frozenset({"new_point_id"})
    ),
    ("PUT", "/api/persons/{person_id}/points/order"): Row({"ids": ["{point_id}"]}),
    ("GET", "/api/service-messages/{message_id}"): Row(),
    ("GET", "/api/reports/incidents"): Row(query="?unit_id={unit_id}&before={incident_id}"),
    ("GET", "/api/reports/units"): Row(query="?unit_id={unit_id}"),
    ("GET", "/api/reports/response"): Row(query="?unit_id={unit_id}"),
    ("GET", "/api/reports/usage"): Row(query="?unit_id={unit_id}"),
    ("GET", "/api/incidents/{incident_id}/export.json"): Row(),
    ("GET", "/api/incidents/{incident_id}/export.pdf"): Row(),
    ("GET", "/api/templates"): Row(),
    ("PUT", "/api/templates"): Row({"committee_id": "{committee_id}", "medium": "sms", "body": "Kom! {{subject}}"}),
    ("DELETE", "/api/templates/{template_id}"): Row(last=True),
    ("POST", "/api/templates/preview"): Row({"medium": "sms", "body": "Kom! {{subject}}"}),
    ("GET", "/api/channels"): Row(),
    ("POST", "/api/channels/{channel}/test"): Row({"point_id": "{point_id}"}),
}

WORDS: Final[Mapping[str, str]] = {
    "channel": "sms", "key": "call", "name": play.CENTRE, "kind": "panic", "silence": "open",
}  # fmt: skip
"""Parts of paths that are no thing of a committee's: a contract with a centre is the whole organisation's."""


def slots(route: tuple[str, str]) -> list[str]:
    """The names in a route's request that stand for a thing of somebody's, in order."""
    row = TABLE[route]
    found = [*SLOT.findall(route[1]), *SLOT.findall(row.query), *_slots_of(row.body)]
    return [name for name in dict.fromkeys(found) if name.endswith("_id") or name == "tag"]


def _slots_of(body: Any) -> list[str]:
    match body:
        case str():
            return [] if "{{" in body else SLOT.findall(body)
        case dict():
            return [name for inner in body.values() for name in _slots_of(inner)]
        case list():
            return [name for inner in body for name in _slots_of(inner)]
    return []


def filled(said: Any, ids: Mapping[str, str]) -> Any:
    """Return a path, a query or a body with these things in its braces."""
    match said:
        case str() if "{{" in said:
            return said.replace("{{", "{").replace("}}", "}")
        case str():
            return SLOT.sub(lambda name: ids[name[1]], said)
        case dict():
            return {key: filled(inner, ids) for key, inner in said.items()}
        case list():
            return [filled(inner, ids) for inner in said]
    return said
