"""Our web push before a push service of others: what two ends of ours agree on proves little.

Skipped unless LARM_INTEROP=1. npm's web-push-testing is installed into a folder of its own outside the repository;
LARM_INTEROP_WEB_PUSH names one where it is kept between runs.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from devices.peers.web_push_server import WebPushServer
from escalation.chain import Channel
from larmcentral.channels.web_push import WebPushChannel, WebPushSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import DeliveryState
from tests.fakes.bad_server import closed_port
from tests.larmcentral.channels.support import WORDING, about_ourselves, in_house, running, some_id

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1" or shutil.which("npm") is None,
    reason="LARM_INTEROP=1 and npm install and run web-push-testing",
)

PEER = "web-push-testing@1.2.2"
SCRIPT = Path(__file__).parent / "web_push_peer" / "serve.cjs"
WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Service:
    """The peer, by its own HTTP interface. vapid_pem: whose messages it takes."""

    base: str
    session: aiohttp.ClientSession
    vapid_pem: str
    public_key: str

    async def ask(self, path: str, body: dict[str, object]) -> Any:
        async with self.session.post(f"{self.base}/{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json() if response.content_type == "application/json" else None

    async def subscribe(self) -> tuple[str, str]:
        """Return a subscription as a browser's JSON, and the peer's own name for it."""
        told = await self.ask(
            "subscribe", {"applicationServerKey": self.public_key, "userVisibleOnly": "true"}
        )  # it wants a word
        data = told["data"]
        return json.dumps({"endpoint": data["endpoint"], "keys": data["keys"]}), data["clientHash"]

    async def messages(self, client: str) -> list[Any]:
        """Return what this browser has decrypted."""
        told = await self.ask("get-notifications", {"clientHash": client})
        return [json.loads(message) for message in told["data"]["messages"]]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with node_modules; what is not there is installed."""
    kept = os.environ.get("LARM_INTEROP_WEB_PUSH")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("web-push")
    if not (folder / "node_modules" / "web-push-testing").exists():
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder), PEER]
        subprocess.run(command, check=True, timeout=300, cwd=folder)
    return folder


@pytest.fixture
async def service(installed: Path) -> AsyncIterator[Service]:
    port, vapid_pem = closed_port(), WebPushServer(None).vapid_pem
    process = await asyncio.create_subprocess_exec(
        "node", str(SCRIPT), str(installed), str(port), stdout=asyncio.subprocess.PIPE
    )
    async with aiohttp.ClientSession() as session:
        await _until_it_listens(process)
        public_key = channel(vapid_pem).public_key
        yield Service(f"http://localhost:{port}", session, vapid_pem, public_key)
    process.kill()
    await process.communicate()


async def _until_it_listens(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(WITHIN_S):
        while await process.stdout.readline() != b"listening\n":
            assert not process.stdout.at_eof(), "the peer ended"


def channel(vapid_pem: str) -> WebPushChannel:
    settings = WebPushSettings(
        key_pem=vapid_pem,
        subject="mailto:larm@example.se",
        allow_hosts=("localhost",),
        deadline=timedelta(seconds=20),
    )
    return WebPushChannel(settings, SystemClock(), WORDING, lambda notice_id: f"key of {notice_id}")


async def test_a_strangers_browser_decrypts_what_we_send(service: Service) -> None:
    address, client = await service.subscribe()

    async with running(channel(service.vapid_pem)) as push:
        alarm = await push.send(in_house(address=address, channel=Channel.WEB_PUSH))
        test = await push.post(about_ourselves(Channel.WEB_PUSH, address))

    first, second = await service.messages(client)
    assert (alarm.state, test.state, test.answer[:3]) == (DeliveryState.SENT, DeliveryState.SENT, "201")
    assert first["notice_id"] == str(some_id("notice"))
    assert first["title"] == WORDING.push(in_house().text, in_house().purpose).title
    assert second["service_id"] == str(some_id("service"))


async def test_a_subscription_that_has_ended_is_gone(service: Service) -> None:
    address, client = await service.subscribe()
    await service.ask(f"expire-subscription/{client}", {})

    async with running(channel(service.vapid_pem)) as push:
        delivery = await push.send(in_house(address=address, channel=Channel.WEB_PUSH))

    assert delivery.state is DeliveryState.GONE


async def test_another_key_than_the_subscriptions_is_refused(service: Service) -> None:
    address, client = await service.subscribe()

    async with running(channel(WebPushServer(None).vapid_pem)) as push:
        delivery = await push.send(in_house(address=address, channel=Channel.WEB_PUSH))

    assert delivery.state is DeliveryState.REFUSED
    assert await service.messages(client) == []


async def test_a_hundred_browsers_at_once(service: Service) -> None:
    browsers = [await service.subscribe() for _ in range(100)]

    async with running(channel(service.vapid_pem)) as push:
        deliveries = await asyncio.gather(
            *(
                push.send(in_house(f"n{number}", address=address, channel=Channel.WEB_PUSH))
                for number, (address, _) in enumerate(browsers)
            )
        )

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert [len(await service.messages(client)) for _, client in browsers] == [1] * 100
