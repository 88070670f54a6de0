"""Who may call what: the table, the routes and the answers are one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from starlette.routing import Mount, Route

from larmcentral.api.permissions import PERMITTED, PUBLIC
from larmcentral.domain.roles import Role
from tests.larmcentral.api.house import ROLES, ApiHouse, annas_alarm

BODIES: dict[str, Any] = {
    "/api/incidents/{incident_id}/note": {"text": "På väg"},
    "/api/incidents/{incident_id}/stand-down": {"outcome": "false"},
}
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
    browser: httpx.AsyncClient, method: str, path: str, incident: object, person: object, query: str = ""
) -> httpx.Response:
    body = {"person_id": str(person)} if path == "/api/drills" else BODIES.get(path)
    return await browser.request(method, path.format(incident_id=incident) + query, json=body)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_is_let_in_or_refused_as_the_table_says(house: ApiHouse, role: str) -> None:
    incident = await annas_alarm(house)
    async with house.browser(f"{role}.care") as browser:
        for (method, path), permitted in PERMITTED.items():
            if (method, path) in NOT_TRIED:
                continue
            response = await ask(browser, method, path, incident, house.anna)
            if Role(role) not in permitted:
                assert (response.status_code, response.json()["reason"]) == (403, "forbidden"), (method, path)
            elif response.status_code == 403:  # let in; that he was not told is a matter of this incident
                assert response.json()["reason"] == "not_a_responder", (method, path)
            else:
                assert response.is_success, (method, path, response.text)


@pytest.mark.parametrize("role", ROLES)
async def test_another_committees_users_learn_nothing(house: ApiHouse, role: str) -> None:
    """Whatever they call, no name, id or count of care's comes back, and no command goes through."""
    incident = await annas_alarm(house)
    await house.town.system_alarm(house.care, "no_chain", incident_id=incident)
    await house.town.unknown_input(house.care, b"\xca\xfe")
    secrets = ["Anna", "Bo", str(incident), str(house.anna), str(house.bo), "Natt", "866", "cafe", "no_chain"]
    async with house.browser(f"{role}.social") as browser:
        for method, path in PERMITTED:
            if (method, path) in NOT_TRIED or path == "/api/drills":
                continue
            for query in ("", "?state=all&tests=true", "?part=Anna"):
                response = await ask(browser, method, path, incident, house.anna, query)
                assert not [secret for secret in secrets if secret in response.text], (method, path, response.text)
                if "{incident_id}" in path:
                    assert response.status_code in {403, 404}, (method, path)
    assert house.commands.asked == []


async def test_a_drill_is_asked_for_within_the_askers_committees(house: ApiHouse) -> None:
    async with house.browser("manager.social") as browser:
        await ask(browser, "POST", "/api/drills", None, house.anna)
    [(name, person, *_, sight)] = house.commands.asked
    assert (name, person, sight) == ("start_drill", house.anna, {house.social})


async def test_without_a_session_every_route_of_the_table_is_closed(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser() as browser:
        for method, path in PERMITTED:
            response = await ask(browser, method, path, incident, house.anna)
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
