"""The wall: only our own pages write, and every answer carries its headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from larmcentral.api.bodies import INERT
from larmcentral.api.guard import content_policy
from larmcentral.domain.views_setup import MapSetup
from tests.larmcentral.api.house import ApiHouse, annas_alarm


async def test_a_write_without_our_header_is_refused(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        del browser.headers["X-Larm"]
        response = await browser.post(f"/api/incidents/{incident}/acknowledge")
    assert (response.status_code, response.json()["reason"]) == (403, "cross_site")
    assert house.commands.asked == []


@pytest.mark.parametrize("origin", ["http://evil.test", "http://larm.test:81", "http://larm.test.evil.test", "null"])
async def test_a_write_from_another_origin_is_refused(house: ApiHouse, origin: str) -> None:
    incident = await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        response = await browser.post(f"/api/incidents/{incident}/acknowledge", headers={"Origin": origin})
    assert response.status_code == 403
    assert house.commands.asked == []


async def test_a_write_from_our_own_pages_goes_through(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        response = await browser.post(f"/api/incidents/{incident}/acknowledge", headers={"Origin": "http://larm.test"})
    assert response.status_code == 200


async def test_reading_needs_no_header(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        del browser.headers["X-Larm"]
        assert (await browser.get("/api/incidents")).status_code == 200


async def test_a_large_body_is_refused_whether_it_says_its_length_or_not(house: ApiHouse) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    async with house.browser() as browser:
        said = await browser.post("/api/session", content=b" " * 100_000)
        unsaid = await browser.post("/api/session", content=pieces(), headers={"Content-Type": "application/json"})
    assert [one.status_code for one in (said, unsaid)] == [413, 413]
    assert unsaid.json()["reason"] == "too_large"


async def test_every_answer_carries_the_headers(house: ApiHouse) -> None:
    async with house.browser() as browser:
        for response in (await browser.get("/api/me"), await browser.get("/nothing"), await browser.get("/metrics")):
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:;")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "no-referrer"
        of_the_api = (await browser.get("/api/me")).headers
        assert (of_the_api["Cache-Control"], of_the_api["X-Larm"]) == ("no-store", "1")
        assert "X-Larm" not in (await browser.get("/nothing")).headers


async def test_a_bug_behind_one_request_is_a_problem_and_says_nothing(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    house.commands.failure = RuntimeError("Anna's secret")
    async with house.browser("operator.care") as browser:
        response = await browser.post(f"/api/incidents/{incident}/acknowledge")
        assert (response.status_code, response.json()["reason"]) == (500, "internal")
        assert "Anna" not in response.text
        house.commands.failure = None
        assert (await browser.get("/api/incidents")).status_code == 200


async def test_requests_are_counted_by_route_and_never_by_path(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        await browser.get(f"/api/incidents/{incident}")
        await browser.get(f"/api/unknown/{incident}")
        counts: httpx.Response = await browser.get("/metrics")
    assert 'larm_http_requests_total{method="GET",route="/api/incidents/{incident_id}",status="200"} 1.0' in counts.text
    assert str(incident) not in counts.text


async def test_a_made_up_method_makes_no_series_of_its_own(house: ApiHouse) -> None:
    async with house.browser() as browser:
        await browser.request("BREW", "/api/me")
        counts = await browser.get("/metrics")
    assert "BREW" not in counts.text
    assert 'method="other"' in counts.text


async def test_a_file_that_might_run_keeps_its_own_stricter_policy(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        drawn = await browser.get(f"/api/places/{house.known.ids['place']}/plan")
    assert drawn.headers.get_list("Content-Security-Policy") == [INERT]
    assert "sandbox" in INERT


RASTER = MapSetup(kind="raster", url="https://tiles.test:8443/{z}/{x}/{y}.png?key=1", attribution="", max_zoom=19)


def policy(tiles: MapSetup | None) -> dict[str, str]:
    return dict(directive.split(" ", 1) for directive in content_policy(tiles).split("; "))


def test_without_tiles_nothing_outside_our_origin_is_allowed() -> None:
    assert policy(None) == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "style-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    assert policy(replace(RASTER, url="/tiles/{z}/{x}/{y}.png")) == policy(None)


def test_the_tiles_of_the_settings_may_be_fetched_and_nothing_else() -> None:
    raster, one_file = policy(RASTER), policy(replace(RASTER, kind="pmtiles", url="https://tiles.test/a.pmtiles"))
    assert raster == policy(None) | {"img-src": "'self' data: https://tiles.test:8443"}
    assert one_file == policy(None) | {
        "img-src": "'self' data: https://tiles.test",
        "connect-src": "'self' https://tiles.test",
    }


async def test_every_route_that_writes_says_that_a_body_may_be_too_large(house: ApiHouse) -> None:
    paths = house.role.app.openapi()["paths"]
    writing = {(path, method) for path, methods in paths.items() for method in methods} - {
        (path, "get") for path in paths
    }
    assert [one for one in sorted(writing) if "413" not in paths[one[0]][one[1]]["responses"]] == []
