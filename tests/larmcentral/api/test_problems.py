"""Every refusal is a Problem."""

from __future__ import annotations

import pytest

from escalation.incident import Refused
from larmcentral.api.shapes import Problem
from larmcentral.domain.errors import Collision, NotFound, StoreUnavailable
from tests.larmcentral.api.house import ApiHouse, annas_alarm


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("PUT", "/api/incidents", 405, "method_not_allowed"),
        ("GET", "/api/session", 405, "method_not_allowed"),
        ("GET", "/api/incidents/no-uuid", 422, "invalid"),
        ("GET", "/api/incidents?state=old", 422, "invalid"),
        ("GET", "/api/incidents?limit=0", 422, "invalid"),
    ],
)
async def test_a_refusal_is_a_problem(house: ApiHouse, method: str, path: str, status: int, reason: str) -> None:
    async with house.browser("operator.care") as browser:
        response = await browser.request(method, path)
    assert (response.status_code, Problem.model_validate_json(response.content).reason) == (status, reason)


async def test_a_bad_body_names_its_fields_and_repeats_nothing_of_them(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        path = f"/api/incidents/{incident}/stand-down"
        response = await browser.post(path, json={"outcome": "hemligt", "nott": "hemligt"})
        assert response.json()["fields"] == {"body.outcome": "literal_error", "body.nott": "extra_forbidden"}
        assert "hemligt" not in response.text
        for body in (b"{", b"\xff\xfe{}"):  # no JSON, and not even text
            broken = await browser.post(path, content=body, headers={"Content-Type": "application/json"})
            assert (broken.status_code, broken.json()["reason"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("failure", "status", "reason"),
    [
        (Refused("stood_down"), 409, "stood_down"),
        (NotFound("incident"), 404, "not_found"),
        (StoreUnavailable("gone"), 503, "database"),
        (Collision("again"), 503, "database"),
    ],
)
async def test_what_a_command_raises_becomes_its_problem(
    house: ApiHouse, failure: Exception, status: int, reason: str
) -> None:
    incident = await annas_alarm(house)
    house.commands.failure = failure
    async with house.browser("operator.care") as browser:
        response = await browser.post(f"/api/incidents/{incident}/acknowledge")
    assert (response.status_code, response.json()["reason"]) == (status, reason)


async def test_a_database_that_is_gone_is_a_503(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        await house.web.close()
        response = await browser.get("/api/incidents")
        assert (response.status_code, response.json()["reason"]) == (503, "database")
        assert response.headers["Retry-After"] == "1"


async def test_text_that_the_database_cannot_hold_is_invalid(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        response = await browser.get("/api/persons", params={"part": "a\x00b"})
    assert (response.status_code, response.json()["reason"]) == (422, "invalid")
