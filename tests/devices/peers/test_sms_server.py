"""The local text gateway before a bare HTTP client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from devices.peers.credentials import Credentials
from devices.peers.sms_server import SmsServer
from tests.larmcentral.channels.support import NUMBER

GOOD = {"from": "Larmet", "to": NUMBER, "message": "Hej"}


@pytest.fixture
async def server(peer_credentials: Credentials) -> AsyncIterator[SmsServer]:
    server = SmsServer(peer_credentials, None, report="delivered")
    await server.start()
    yield server
    await server.stop()


async def _post(server: SmsServer, credentials: Credentials, form: dict[str, str]) -> tuple[int, str]:
    auth = aiohttp.encode_basic_auth(credentials.sms_username, credentials.sms_password)
    async with (
        aiohttp.ClientSession() as session,
        session.post(server.endpoint, data=form, headers={"Authorization": auth}) as response,
    ):
        return response.status, await response.text()


@pytest.mark.parametrize(
    ("form", "status"),
    [(GOOD, 200), (GOOD | {"to": "0700000017"}, 400), (GOOD | {"message": ""}, 400), ({"to": NUMBER}, 400)],
)
async def test_forms(server: SmsServer, peer_credentials: Credentials, form: dict[str, str], status: int) -> None:
    assert (await _post(server, peer_credentials, form))[0] == status
    assert [received.status for received in server.record] == [status]


async def test_wrong_credentials(server: SmsServer) -> None:
    async with aiohttp.ClientSession() as session, session.post(server.endpoint, data=GOOD) as response:
        assert response.status == 401


async def test_every_message_is_reported_when_asked_for(server: SmsServer, peer_credentials: Credentials) -> None:
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def take(request: web.BaseRequest) -> web.Response:
        told.put_nowait({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=204)

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts"

    await _post(server, peer_credentials, GOOD | {"whendelivered": url})

    async with asyncio.timeout(10):
        report = await told.get()
    await runner.cleanup()
    assert report["id"] == f"s{1:032x}"
    assert report["status"] == "delivered"
    assert "delivered" in report


async def test_no_report_leaves_this_machine(server: SmsServer, peer_credentials: Credentials) -> None:
    server._report = None
    await _post(server, peer_credentials, GOOD | {"whendelivered": "https://larm.example/receipts"})
    await _post(server, peer_credentials, GOOD)
    far, silent = server.record

    with pytest.raises(ValueError, match="this machine only"):
        await server.report(far, "delivered")
    with pytest.raises(ValueError, match="asked for no report"):
        await server.report(silent, "delivered")
