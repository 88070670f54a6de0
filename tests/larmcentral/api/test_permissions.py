"""Who may call what: the table, the routes and the answers are one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.routing import Mount, Route

from escalation.alarm import AlarmKind
from larmcentral.api.permissions import PERMITTED, PUBLIC
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.forwarding_tests import RowTest, fingerprint
from larmcentral.domain.roles import Role
from tests.builders import NOON
from tests.larmcentral.api.house import PASSWORD, ROLES, ApiHouse, annas_alarm
from tests.larmcentral.api.known import PIN

CHAIN = {"name": "Omsorg", "steps": [{"targets": [{"desk": True}], "media": ["console"], "wait_s": 60}]}
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//SV\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261122T120000Z\r\n"
    "DTSTART:20261124T120000Z\r\nDTEND:20261124T130000Z\r\nSUMMARY:Anna\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
FILES = {
    ("PUT", "/api/places/{place_id}/plan"): ("image/png", b"\x89PNG\r\n\x1a\n..."),
    ("PUT", "/api/persons/{person_id}/photo"): ("image/png", b"\x89PNG\r\n\x1a\n..."),
    ("PUT", "/api/me/session/recording"): ("audio/ogg", b"OggS..."),
    ("POST", "/api/rotas/{rota_id}/calendar.ics"): ("text/calendar", CALENDAR.encode()),
}
ROW_OF_CENTRE = {"name": "nord", "kind": "panic", "silence": "open"}
OF_THE_ORGANISATION = "/api/forwarders"
"""A contract with a centre is the whole organisation's: no committee has one of its own."""
QUERIES = {"/api/dry-run": "?kind=fall"}


def body_of(house: ApiHouse, method: str, path: str, role: str) -> Any:
    """A body that this route takes, from somebody of care in this role."""
    later, person = "2026-11-22T20:00:00Z", house.bo if role == "responder" else house.anna
    bodies: dict[tuple[str, str], Any] = {
        ("POST", "/api/incidents/{incident_id}/note"): {"text": "På väg"},
        ("POST", "/api/incidents/{incident_id}/stand-down"): {"outcome": "false"},
        ("POST", "/api/incidents/{incident_id}/plan/{key}"): {"outcome": "done"},
        ("POST", "/api/incidents/{incident_id}/message"): {"to": "responders", "text": "Porten är öppen"},
        ("PUT", "/api/action-plans/{plan_id}"): {
            "committee_id": str(house.care),
            "name": "Fall",
            "kind": "fall",
            "steps": [{"key": "call", "text": "Ring upp"}],
            "version": 0,
        },
        ("POST", "/api/incidents/{incident_id}/jump"): {"step": 1},
        ("POST", "/api/incidents/{incident_id}/add"): {"targets": [{"person": str(house.bo)}]},
        ("POST", "/api/incidents/{incident_id}/hold"): {"wait_s": 60},
        ("POST", "/api/incidents/{incident_id}/merge"): {"into": "{incident_id}"},
        ("POST", "/api/incidents/{incident_id}/hand-over"): {"to": str(house.users["operator.care"])},
        ("POST", "/api/incidents/{incident_id}/sos-call"): {"what": "dialled"},
        ("POST", "/api/incidents/{incident_id}/devices/{device_id}/call-back"): {"number": "0303-174 06 09"},
        ("PUT", "/api/devices/{device_id}/commissioning"): {"sos_numbers": ["+46701740601"], "note": "ladda först"},
        ("POST", "/api/devices/{device_id}/commissioning/send"): {},
        ("POST", "/api/drills"): {"person_id": str(house.anna)},
        ("POST", "/api/me/session"): {"purpose": "hembesök"},
        ("POST", "/api/me/session/check-in"): {},
        ("POST", "/api/me/session/extend"): {"until": later},
        ("POST", "/api/me/session/end"): {},
        ("PUT", "/api/me/session/memo"): {"memo": "går in"},
        ("POST", "/api/me/welfare"): {"fine": True},
        ("POST", "/api/me/pre-alarm"): {"kind": "fall"},
        ("POST", "/api/me/pre-alarm/cancel"): {"pin": PIN},
        ("POST", "/api/me/signals"): {"id": str(house.anna), "kind": "panic"},
        ("POST", "/api/me/shift"): {"until": later},
        ("PUT", "/api/me/pin"): {"pin": "2345", "duress_pin": "8765", "password": PASSWORD},
        ("POST", "/api/sessions"): {"purpose": "hembesök", "person_id": str(house.anna)},
        ("PUT", "/api/places/{place_id}"): {"committee_id": str(house.care), "name": "Storgatan 1"},
        ("PUT", "/api/places/{place_id}/flag"): {
            "risk": "evident",
            "owner_id": str(house.bo),
            "ground": "hot",
            "review_on": "2027-01-15",
        },
        ("PUT", "/api/persons/{person_id}/dossier"): {"notes": "Epilepsi."},
        ("PUT", "/api/places/{place_id}/beacons"): {"beacons": [{"id": "AC:23:3F:00:00:01", "label": "hall"}]},
        ("POST", "/api/places/{place_id}/coverage"): {"good": False},
        ("PUT", "/api/rotas/{rota_id}"): {
            "committee_id": str(house.care),
            "version": house.known.rotas.standing.version,
            "name": "Jour Nord",
            "layers": [{"name": "Först", "persons": [str(house.bo), str(house.anna)], "starts_on": "2026-11-16"}],
        },
        ("POST", "/api/rotas/{rota_id}/overrides"): {
            "person_id": str(house.anna),
            "from_at": "2026-11-22T20:00:00Z",
            "until_at": "2026-11-22T22:00:00Z",
            "layer": 0,
        },
        ("POST", "/api/rotas/{rota_id}/swaps"): {
            "one": {"layer": 0, "at": "2026-12-09T12:00:00Z"},
            "other": {"layer": 0, "at": "2026-12-16T12:00:00Z"},
        },
        ("PUT", "/api/chains/{chain_id}"): {"committee_id": str(house.care), "version": 4, "chain": CHAIN},
        ("POST", "/api/chains/complaints"): {"committee_id": str(house.care), "chain": CHAIN},
        ("POST", "/api/handovers"): {},
        ("POST", "/api/system-alarms/{alarm_id}/dealt-with"): {"note": "ringde dem"},
        ("POST", "/api/pool/check-out"): {"tag": "14", "person_id": str(person), "due_back": later},
        ("POST", "/api/pool/check-in"): {"tag": "14"},
        ("POST", "/api/pool/prolong"): {"tag": "14", "due_back": later},
        ("PUT", "/api/templates"): {"committee_id": str(house.care), "medium": "sms", "body": "Kom! {subject}"},
        ("POST", "/api/templates/preview"): {"medium": "sms", "body": "Kom! {subject}"},
        ("POST", "/api/me/points"): {"id": str(house.anna), "channel": "sms", "address": "+46701740699"},
        ("PUT", "/api/me/points/order"): {"ids": []},
        ("PUT", "/api/me/points/{point_id}/proof"): {"code": "123456"},
        ("PUT", "/api/points/{point_id}/proof"): {"code": "123456"},
        ("POST", "/api/points/{point_id}/seen"): {"message_id": str(house.known.ids["message"])},
        ("POST", "/api/persons/{person_id}/points"): {
            "id": str(house.anna),
            "channel": "pager",
            "address": "4711",
        },
        ("PUT", "/api/persons/{person_id}/points/order"): {"ids": []},
        ("POST", "/api/channels/{channel}/test"): {"point_id": str(house.known.ids["point"])},
        ("POST", "/api/forwarders/{name}/test-state"): {"until": "2026-11-22T13:00:00Z"},
        ("PUT", "/api/forwarders/{name}/rows/{kind}/{silence}"): {"event_code": "PA", "sia": "PA", "cid": "120"},
        ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/dry-run"): {
            "event_code": "PA",
            "sia": "PA",
            "cid": "120",
        },
        ("POST", "/api/forwarders/{name}/rows/{kind}/{silence}/sign"): {"test_id": str(_taken_test(house))},
    }
    return bodies.get((method, path))


def _taken_test(house: ApiHouse) -> UUID:
    """A test of our proposal for an open panic, which the centre took."""
    row = default_row(AlarmKind.PANIC, False)
    test = RowTest(
        id=house.anna,
        receiver="nord",
        kind=row.kind,
        silent=row.silent,
        fingerprint=fingerprint(row),
        state="sent",
        asked_at=NOON,
        settled_at=NOON,
        reason="",
        answer="dator: ACK",
    )
    house.forwarders.tests[test.id] = test
    return test.id


NOT_TRIED = {("GET", "/api/feed")}
"""A stream does not end by itself; test_routes_feed.py tries every role on it."""


def called(house: ApiHouse) -> Iterable[tuple[str, str]]:
    for path, operations in house.role.app.openapi()["paths"].items():
        for method in operations:
            yield method.upper(), path


async def test_every_route_has_a_row_and_every_row_a_route(house: ApiHouse) -> None:
    documented = set(called(house)) | {("GET", "/api/openapi.json")}
    assert documented == PERMITTED.keys() | PUBLIC


async def test_no_route_stands_outside_the_documented_ones(house: ApiHouse) -> None:
    """What FastAPI does not document would not meet the table."""
    plain = [one for one in house.role.app.routes if isinstance(one, (Route, Mount))]
    assert [one.path for one in plain] == ["/api/openapi.json"]


async def ask(
    house: ApiHouse, browser: httpx.AsyncClient, method: str, path: str, incident: object, role: str, query: str = ""
) -> httpx.Response:
    ids = {f"{name}_id": value for name, value in house.known.ids.items()} | ROW_OF_CENTRE
    url = path.format(**{**ids, "incident_id": incident, "person_id": house.anna, "channel": "sms", "key": "call"}) + (
        query or QUERIES.get(path, "")
    )
    if (method, path) in FILES:
        media_type, content = FILES[method, path]
        return await browser.request(method, url, content=content, headers={"Content-Type": media_type})
    body = body_of(house, method, path, role)
    if body == {"into": "{incident_id}"}:
        body = {"into": str(incident)}
    return await browser.request(method, url, json=body)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_is_let_in_or_refused_as_the_table_says(house: ApiHouse, role: str) -> None:
    incident = await annas_alarm(house)
    house.known.ids["alarm"] = await house.town.system_alarm(house.care, "receiver_unreachable")
    house.known.ids["device"] = await house.town.device(house.care, "8669999999")
    async with house.browser(f"{role}.care") as browser:
        for (method, path), permitted in PERMITTED.items():
            if (method, path) in NOT_TRIED:
                continue
            response = await ask(house, browser, method, path, incident, role)
            if Role(role) not in permitted:
                assert (response.status_code, response.json()["reason"]) == (403, "forbidden"), (method, path)
            elif path.startswith("/api/me/points") and role not in {"worker", "responder"} and method != "GET":
                assert response.status_code == 404, (method, path)  # no person of the house, so no points of his own
            elif response.status_code == 403:  # let in; that he was not told is a matter of this incident
                assert response.json()["reason"] == "not_a_responder", (method, path)
            else:
                assert response.is_success, (method, path, response.text)


@pytest.mark.parametrize("role", ROLES)
async def test_another_committees_users_learn_nothing(house: ApiHouse, role: str) -> None:
    """Whatever they call, no name, id or count of care's comes back, and no command goes through."""
    incident = await annas_alarm(house)
    await house.town.system_alarm(house.care, "no_chain", incident_id=incident)
    house.known.ids["alarm"] = await house.town.system_alarm(house.care, "receiver_unreachable")
    house.known.ids["device"] = await house.town.device(house.care, "8669999999")
    await house.town.unknown_input(house.care, b"\xca\xfe")
    secrets = ["Anna", "Bo", str(incident), str(house.anna), str(house.bo), "Natt", "866", "cafe", "no_chain"]
    secrets += ["Epilepsi", "Storgatan", "1947", "Jour Nord", "Omsorg", "Karin", "Klocka 14"]
    async with house.browser(f"{role}.social") as browser:
        for method, path in PERMITTED:
            if (method, path) in NOT_TRIED or path == "/api/drills":
                continue
            for query in ("", "?state=all&tests=true&kind=fall", "?part=Anna&kind=fall"):
                response = await ask(house, browser, method, path, incident, role, query)
                assert not [secret for secret in secrets if secret in response.text], (method, path, response.text)
                if "{" in path and not path.startswith(OF_THE_ORGANISATION):
                    assert response.status_code in {403, 404}, (method, path, response.text)
    assert house.commands.asked == []
    reads = house.known
    assert reads.dossiers.written == reads.dossiers.asked == []
    assert reads.places.written == reads.rotas.written == reads.chains.written == reads.work.looks == []


async def test_a_drill_is_asked_for_within_the_askers_committees(house: ApiHouse) -> None:
    async with house.browser("manager.social") as browser:
        await ask(house, browser, "POST", "/api/drills", None, "manager")
    [(name, person, *_, sight)] = house.commands.asked
    assert (name, person, sight) == ("start_drill", house.anna, {house.social})


async def test_without_a_session_every_route_of_the_table_is_closed(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    house.known.ids["device"] = house.anna
    async with house.browser() as browser:
        for method, path in PERMITTED:
            response = await ask(house, browser, method, path, incident, "worker")
            assert (response.status_code, response.json()["reason"]) == (401, "session_over"), (method, path)


async def test_every_answer_is_documented(house: ApiHouse) -> None:
    paths = house.role.app.openapi()["paths"]
    for method, path in PERMITTED:
        documented = paths[path][method.lower()]["responses"]
        assert {"401", "503"} <= documented.keys(), (method, path)
        if PERMITTED[method, path] != frozenset(Role):
            assert "403" in documented, (method, path)
        for status, about in documented.items():
            if int(status) >= 400:
                assert about["content"]["application/json"]["schema"]["$ref"].endswith("/Problem"), (path, status)
    schemas = house.role.app.openapi()["components"]["schemas"]
    assert "Problem" in schemas
    assert "HTTPValidationError" not in schemas
