"""What every screen is told once."""

from __future__ import annotations

from dataclasses import replace

import httpx
from fastapi import FastAPI

from larmcentral.api import shapes_setup
from larmcentral.api.routes_setup import setup_routes
from larmcentral.api.settings import ApiSettings
from larmcentral.domain.views_setup import MapSetup, Setup
from tests.larmcentral.api.house import ApiHouse

TILES = MapSetup(kind="raster", url="https://tiles.test/{z}/{x}/{y}.png", attribution="© Kartan", max_zoom=18)
SAID = Setup(organisation="Älvmården", map=TILES, push_key="BNc", call_back="0303-174 06 09")


async def test_everybody_who_is_logged_in_is_told(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        told = await browser.get("/api/setup")
    assert told.json() == {"organisation": "", "map": None, "push_key": None, "call_back": None}
    async with house.browser() as browser:
        assert (await browser.get("/api/setup")).status_code == 401


async def test_the_map_the_key_and_the_number_are_those_of_the_settings() -> None:
    app = FastAPI()
    app.include_router(setup_routes(replace(ApiSettings(version="1"), setup=SAID)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://larm.test") as browser:
        told = shapes_setup.Setup.model_validate_json((await browser.get("/api/setup")).content)
    assert told.model_dump() == {
        "organisation": "Älvmården",
        "map": {
            "kind": "raster",
            "url": "https://tiles.test/{z}/{x}/{y}.png",
            "attribution": "© Kartan",
            "max_zoom": 18,
        },
        "push_key": "BNc",
        "call_back": "0303-174 06 09",
    }
