"""The local APNs before a client that is not ours: curl, where it speaks HTTP/2."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.peers.apns_server import ApnsServer
from devices.peers.credentials import Credentials
from devices.peers.orders import Fate, Order
from tests.devices.peers.test_apple import TOKEN, _token

CURL = shutil.which("curl")
SPEAKS_HTTP2 = CURL is not None and "HTTP2" in subprocess.run([CURL, "-V"], capture_output=True, text=True).stdout
pytestmark = pytest.mark.skipif(not SPEAKS_HTTP2, reason="no curl with HTTP/2 on this machine")


@pytest.fixture
async def server(peer_credentials: Credentials, peer_folder: Path) -> AsyncIterator[ApnsServer]:
    server = ApnsServer(peer_credentials, peer_credentials.server_tls(peer_folder))
    await server.start()
    yield server
    await server.stop()


async def _curl(server: ApnsServer, folder: Path, *options: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *("curl", "-sS", "--http2", "--cacert", str(folder / "ca.pem"), "--max-time", "10"),
        *("-w", "\\n%{http_code} %{http_version}", *options, f"https://localhost:{server.port}/3/device/{TOKEN}"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return out.decode()


def _good(credentials: Credentials) -> tuple[str, ...]:
    return (
        *("-H", f"authorization: {_token(credentials)}", "-H", f"apns-topic: {credentials.apns_topic}"),
        *("-H", "apns-push-type: alert", "-d", '{"aps":{"alert":"Hej"}}'),
    )


async def test_a_good_notification(server: ApnsServer, peer_credentials: Credentials, peer_folder: Path) -> None:
    answer = await _curl(server, peer_folder, "-D", "-", *_good(peer_credentials))

    received = await server.record.wait_for(lambda received: True)
    assert answer.startswith("HTTP/2 200")
    assert "apns-id: 00000000-0000-0000-0000-000000000001" in answer
    assert answer.endswith("\n200 2")
    assert (received.address, received.payload) == (TOKEN, {"aps": {"alert": "Hej"}})


async def test_without_a_token(server: ApnsServer, peer_credentials: Credentials, peer_folder: Path) -> None:
    answer = await _curl(server, peer_folder, "-H", f"apns-topic: {peer_credentials.apns_topic}", "-d", '{"a":1}')

    assert answer == '{"reason":"MissingProviderToken"}\n403 2'


@pytest.mark.parametrize("pieces", [1, 3])
async def test_an_ordered_refusal(
    server: ApnsServer, peer_credentials: Credentials, peer_folder: Path, pieces: int
) -> None:
    server.orders.for_next(Order(status=503, reason="Shutdown", headers=(("retry-after", "5"),), pieces=pieces))

    answer = await _curl(server, peer_folder, "-D", "-", *_good(peer_credentials))

    assert "retry-after: 5" in answer
    assert answer.endswith('{"reason":"Shutdown"}\n503 2')


@pytest.mark.parametrize("fate", [Fate.RESET, Fate.CUT])
async def test_a_bad_network(server: ApnsServer, peer_credentials: Credentials, peer_folder: Path, fate: Fate) -> None:
    server.orders.for_all(Order(fate=fate))

    answer = await _curl(server, peer_folder, *_good(peer_credentials))

    assert answer.endswith(("000 0", "000 2"))


async def test_it_starts_and_stops_twice(server: ApnsServer, peer_credentials: Credentials, peer_folder: Path) -> None:
    await server.stop()
    await server.stop()
    await server.start()

    assert (await _curl(server, peer_folder, *_good(peer_credentials))).endswith("\n200 2")
