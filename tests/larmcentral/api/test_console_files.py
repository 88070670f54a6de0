"""The built console, served."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.larmcentral.api.house import api_house


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("outside")
    folder = tmp_path / "dist"
    for name, text in {
        "index.html": "<!doctype html>",
        "outline.json": "{}",
        "assets/index-4f3a.js": "1",
        "fonts/a.txt": "f",
        "phone/index.html": "<!doctype html><title>phone",
        "phone/sw.js": "2",
        "phone/app.webmanifest": "{}",
        "sizes.json": "{}",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


async def test_pages_are_asked_for_each_time_and_hashed_files_kept_for_ever(dist: Path, database_dsn: str) -> None:
    async with api_house(database_dsn, dist=dist) as house, house.browser() as browser:
        kept = {
            path: await browser.get(path) for path in ("/", "/outline.json", "/assets/index-4f3a.js", "/fonts/a.txt")
        }
        assert {path: answer.headers["Cache-Control"] for path, answer in kept.items()} == {
            "/": "no-cache",
            "/outline.json": "no-cache",
            "/assets/index-4f3a.js": "public, max-age=31536000, immutable",
            "/fonts/a.txt": "no-cache",
        }
        assert kept["/"].text == "<!doctype html>"
        assert kept["/"].headers["Content-Type"].startswith("text/html")
        assert "Content-Security-Policy" in kept["/assets/index-4f3a.js"].headers


async def test_a_pages_address_without_its_last_stroke_leads_to_it(dist: Path, database_dsn: str) -> None:
    async with api_house(database_dsn, dist=dist) as house, house.browser() as browser:
        short, whole = await browser.get("/phone"), await browser.get("/phone/")
        assert (short.status_code, short.headers["Location"]) == (308, "/phone/")
        assert (whole.text, whole.headers["Cache-Control"]) == ("<!doctype html><title>phone", "no-cache")


async def test_the_phones_worker_and_manifest_come_as_what_they_are_and_never_stale(
    dist: Path, database_dsn: str
) -> None:
    async with api_house(database_dsn, dist=dist) as house, house.browser() as browser:
        worker, manifest = await browser.get("/phone/sw.js"), await browser.get("/phone/app.webmanifest")
        assert worker.headers["Content-Type"].partition(";")[0] in {"text/javascript", "application/javascript"}
        assert manifest.headers["Content-Type"] == "application/manifest+json"
        assert {answer.headers["Cache-Control"] for answer in (worker, manifest)} == {"no-cache"}
        assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]


async def test_the_builds_account_of_itself_is_not_served(dist: Path, database_dsn: str) -> None:
    async with api_house(database_dsn, dist=dist) as house, house.browser() as browser:
        assert (await browser.get("/sizes.json")).status_code == 404


async def test_nothing_outside_the_folder_is_served(dist: Path, database_dsn: str) -> None:
    async with api_house(database_dsn, dist=dist) as house, house.browser() as browser:
        for path in ("/../secret.txt", "/assets/../../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/assets/"):
            assert (await browser.get(path)).status_code == 404


async def test_the_console_hides_no_route_of_the_api(dist: Path, database_dsn: str) -> None:
    (dist / "api").mkdir()
    (dist / "api" / "me").write_text("me")
    async with api_house(database_dsn, dist=dist) as house, house.browser() as browser:
        assert (await browser.get("/api/me")).status_code == 401
        assert (await browser.put("/api/me")).status_code == 405
