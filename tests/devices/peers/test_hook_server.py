"""The local sink for hooks before a bare HTTP client."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from devices.peers.hook_server import AWAY_S, CARD, HookServer
from devices.peers.record import wall_now

BODY = json.dumps({"id": "7", "title": "Larm"})
CONTENT = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock"}]}


@pytest.fixture
async def server() -> AsyncIterator[HookServer]:
    server = HookServer(None)
    await server.start()
    yield server
    await server.stop()


async def post(server: HookServer, path: str, body: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}{path}", data=body.encode(), headers=headers) as response,
    ):
        return response.status, await response.text()


def signed(secret: str, body: str = BODY, away_s: int = 0) -> dict[str, str]:
    sent_at = str(int(wall_now().timestamp()) + away_s)
    mac = hmac.new(secret.encode(), f"{sent_at}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"Larm-Notice": "7", "Larm-Timestamp": sent_at, "Larm-Signature": f"v1={mac}"}


async def test_what_is_signed_is_taken(server: HookServer) -> None:
    assert await post(server, "/hook/larm", BODY, signed(server.secret)) == (204, "")


async def test_what_is_not_signed_by_us_or_not_now_is_refused(server: HookServer) -> None:
    good = signed(server.secret)
    for wrong in (
        {},
        signed("another secret"),
        signed(server.secret, away_s=-AWAY_S - 9),
        signed(server.secret, body="{}"),
        good | {"Larm-Timestamp": "x"},
    ):
        assert (await post(server, "/hook/larm", BODY, wrong))[0] == 401
    assert (await post(server, "/hook/larm", BODY, good | {"Larm-Notice": "8"}))[0] == 400


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ({"type": "message", "attachments": [{"contentType": CARD, "content": CONTENT}]}, 202),
        ({"type": "message", "attachments": [{"contentType": "text/html", "content": CONTENT}]}, 400),
        ({"type": "message", "attachments": [{"contentType": CARD, "content": CONTENT | {"body": []}}]}, 400),
        ({"type": "message", "attachments": [7]}, 400),
        ({"text": "an old connector's card"}, 400),
        ([], 400),
    ],
)
async def test_teams_takes_adaptive_cards_only(server: HookServer, message: object, status: int) -> None:
    assert (await post(server, "/teams/larm", json.dumps(message)))[0] == status


async def test_other_things_are_refused(server: HookServer) -> None:
    assert (await post(server, "/teams/larm", "no JSON"))[0] == 400
    assert (await post(server, "/else", "{}"))[0] == 404
    assert server.describe()["webhook_url"] == f"{server.base_url}/hook/larm"
