"""The web role comes and goes inside a loop that is not its own."""

from __future__ import annotations

import dataclasses
import signal

import httpx
import pytest
from prometheus_client import CollectorRegistry

from larmcentral.api.server import WebListen, WebRole
from tests.larmcentral.api.house import ApiHouse


async def test_it_starts_twice_and_stops_twice_in_any_order(house: ApiHouse) -> None:
    role = house.role
    await role.stop()
    for _ in range(2):
        await role.start()
        await role.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{role.port}") as browser:
            assert (await browser.get("/api/health/live")).status_code == 200
        await role.stop()
        await role.stop()


async def test_an_address_that_is_taken_is_said_at_once(house: ApiHouse) -> None:
    await house.role.start()
    parts = dataclasses.replace(house.parts, registry=CollectorRegistry())
    second = WebRole(parts, WebListen(port=house.role.port))
    with pytest.raises(OSError, match=r"[Aa]ddress"):
        await second.start()
    await second.stop()


async def test_signals_stay_with_whoever_owns_the_loop(house: ApiHouse) -> None:
    before = signal.getsignal(signal.SIGTERM)
    await house.role.start()
    assert signal.getsignal(signal.SIGTERM) is before
    await house.role.stop()
    assert signal.getsignal(signal.SIGTERM) is before


async def test_the_server_does_not_say_what_it_is(house: ApiHouse) -> None:
    await house.role.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.role.port}") as browser:
        assert "server" not in (await browser.get("/api/health/live")).headers
