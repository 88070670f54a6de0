"""What machines ask."""

from __future__ import annotations

import dataclasses

import httpx
import pytest
from prometheus_client import CollectorRegistry

from larmcentral.api.server import WebListen, WebRole
from larmcentral.domain.errors import StoreUnavailable
from tests.larmcentral.api.house import ApiHouse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_health_says_what_is_there(house: ApiHouse) -> None:
    async with house.browser() as browser:
        live, ready = await browser.get("/api/health/live"), await browser.get("/api/health/ready")
        assert (live.status_code, ready.status_code) == (200, 200)
        assert ready.json() == {"ready": True, "database": True, "version": "1.2.3"}
        await house.service.close()
        live, ready = await browser.get("/api/health/live"), await browser.get("/api/health/ready")
        assert (live.status_code, ready.status_code) == (200, 503)
        assert ready.json() == {"ready": False, "database": False, "version": "1.2.3"}


async def test_metrics_can_have_a_key(house: ApiHouse) -> None:
    settings = dataclasses.replace(house.parts.settings, metrics_secret="nyckel")
    parts = dataclasses.replace(house.parts, settings=settings, registry=CollectorRegistry())
    transport = httpx.ASGITransport(WebRole(parts, WebListen(port=0)).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://larm.test") as scraper:
        assert (await scraper.get("/metrics")).status_code == 401
        found = await scraper.get("/metrics", headers={"Authorization": "Bearer nyckel"})
        assert "larm_feed_readers 0.0" in found.text


async def call_back(house: ApiHouse, content: str | bytes, secret: str = "kvitto") -> httpx.Response:
    transport = httpx.ASGITransport(house.role.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://larm.test") as gateway:
        return await gateway.post(f"/api/receipts/46elks/{secret}", content=content, headers=FORM)


async def test_the_sms_gateways_receipts_are_handed_on(house: ApiHouse) -> None:
    delivered = await call_back(house, "id=s1&status=delivered&delivered=2026-11-22T12%3A00%3A01.5")
    failed = await call_back(house, "id=s2&status=failed")
    assert (delivered.status_code, failed.status_code) == (204, 204)
    assert house.receipts.said == [("s1", True, ""), ("s2", False, "failed")]


async def test_a_receipt_without_the_secret_is_not_found(house: ApiHouse) -> None:
    assert (await call_back(house, "id=s1&status=delivered", secret="fel")).status_code == 404
    assert house.receipts.said == []


@pytest.mark.parametrize(
    "content", ["", "status=delivered", "id=s1&status=maybe", b"\xff", "&".join(f"a{i}=1" for i in range(50))]
)
async def test_a_receipt_that_says_nothing_is_invalid(house: ApiHouse, content: str | bytes) -> None:
    assert (await call_back(house, content)).status_code == 422
    assert house.receipts.said == []


async def test_a_receipt_that_cannot_be_stored_is_asked_for_again(house: ApiHouse) -> None:
    house.receipts.failure = StoreUnavailable("gone")
    assert (await call_back(house, "id=s1&status=delivered")).status_code == 503


@pytest.mark.parametrize("status", ["created", "sent"])
async def test_a_receipt_of_a_message_on_its_way_is_taken_and_changes_nothing(house: ApiHouse, status: str) -> None:
    answer = await call_back(house, f"id=s1&status={status}")
    assert answer.status_code == 204
    assert house.receipts.said == []
