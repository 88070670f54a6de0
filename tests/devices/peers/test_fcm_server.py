"""The local FCM before a bare HTTP client and Google's own token library."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import google.auth.transport.requests
import pytest
from google.oauth2 import service_account

from devices.peers.credentials import Credentials, make_credentials
from devices.peers.fcm_server import SCOPE, FcmServer


@pytest.fixture
async def server(peer_credentials: Credentials) -> AsyncIterator[FcmServer]:
    server = FcmServer(peer_credentials, None)
    await server.start()
    yield server
    await server.stop()


def _fetch(account: str, scope: str = SCOPE) -> str:
    make: Any = service_account.Credentials.from_service_account_info
    credentials = make(json.loads(account), scopes=[scope])
    credentials.refresh(google.auth.transport.requests.Request())
    return str(credentials.token)


async def _send(server: FcmServer, token: str, message: object, project: str = "larm-local") -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{server.base_url}/v1/projects/{project}/messages:send"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"message": message}, headers=headers) as response,
    ):
        return response.status, await response.json()


async def test_googles_library_gets_a_token_that_sends(server: FcmServer) -> None:
    token = await asyncio.to_thread(_fetch, server.service_account())

    status, answer = await _send(server, token, {"token": "t", "data": {"notice_id": "n1"}})

    assert (status, answer) == (200, {"name": "projects/larm-local/messages/0:0000000000000001%local"})
    assert [(received.notice_id, received.address) for received in server.record] == [("n1", "t")]


async def test_another_key_gets_no_token(server: FcmServer) -> None:
    stranger = make_credentials().service_account(server.token_uri)

    with pytest.raises(Exception, match="invalid_grant"):
        await asyncio.to_thread(_fetch, stranger)


async def test_another_scope_gets_no_token(server: FcmServer) -> None:
    with pytest.raises(Exception, match="invalid_scope"):
        await asyncio.to_thread(_fetch, server.service_account(), "https://www.googleapis.com/auth/drive")


@pytest.mark.parametrize(("token", "reason"), [("", "CREDENTIALS_MISSING"), ("x", "ACCESS_TOKEN_TYPE_UNSUPPORTED")])
async def test_a_foreign_bearer_is_a_401(server: FcmServer, token: str, reason: str) -> None:
    status, answer = await _send(server, token, {"token": "t"})

    assert (status, answer["error"]["details"][0]["reason"]) == (401, reason)


async def test_an_expired_bearer_is_a_401(server: FcmServer) -> None:
    token = await asyncio.to_thread(_fetch, server.service_account())
    server.expire_tokens()

    status, answer = await _send(server, token, {"token": "t"})

    assert (status, answer["error"]["details"][0]["reason"]) == (401, "ACCESS_TOKEN_EXPIRED")


async def test_another_project_and_a_bad_message_are_refused(server: FcmServer) -> None:
    token = await asyncio.to_thread(_fetch, server.service_account())

    assert (await _send(server, token, {"token": "t"}, "other"))[0] == 404
    assert (await _send(server, token, {"token": "t", "data": {"n": 1}}))[0] == 400
