"""The local telephone gateway before a bare HTTP client: what it refuses. Whole calls: test_voice_46elks, _twilio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from devices.peers.voice_server import VoiceServer

NUMBER = "+46700000017"
ELKS = {"from": "+46766860000", "to": NUMBER, "voice_start": '{"hangup": "reject"}'}
TWILIO = {"From": "+46766860000", "To": NUMBER, "Twiml": "<Response/>"}


@pytest.fixture
async def server() -> AsyncIterator[VoiceServer]:
    server = VoiceServer(None)
    await server.start()
    yield server
    await server.stop()


async def ask(url: str, name: str, word: str, form: dict[str, str] | None = None) -> tuple[int, Any]:
    headers = {"Authorization": aiohttp.encode_basic_auth(name, word)}
    async with (
        aiohttp.ClientSession() as session,
        session.request("GET" if form is None else "POST", url, data=form, headers=headers) as response,
    ):
        text = await response.text()
        return response.status, await response.json(content_type=None) if text.startswith("{") else text


def without(form: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in form.items() if key != name}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (without(ELKS, "from"), "Missing key from"),
        (without(ELKS, "voice_start"), "Missing key voice_start"),
        (ELKS | {"to": "0700000017"}, "Invalid to number 0700000017"),
    ],
)
async def test_46elks_refuses_in_plain_words(server: VoiceServer, form: dict[str, str], words: str) -> None:
    assert await ask(server.elks_endpoint, server.username, server.password, form) == (400, words)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (TWILIO | {"To": "0700000017"}, 21211),
        (without(TWILIO, "Twiml"), 21205),
        (TWILIO | {"Twiml": "x" * 4001}, 21218),
    ],
)
async def test_twilio_refuses_with_a_code(server: VoiceServer, form: dict[str, str], code: int) -> None:
    url = f"{server.twilio_endpoint}/Accounts/{server.account_sid}/Calls.json"

    status, told = await ask(url, server.account_sid, server.token, form)

    assert (status, told["code"], told["status"]) == (400, code, 400)


async def test_wrong_names_are_refused_and_ours_are_known(server: VoiceServer) -> None:
    me = f"{server.base_url}/a1/me"
    account = f"{server.twilio_endpoint}/Accounts/{server.account_sid}.json"
    elks, twilio = (server.username, server.password), (server.account_sid, server.token)

    assert [(await ask(url, *pair))[0] for url, pair in ((me, elks), (account, twilio))] == [200, 200]
    assert [(await ask(url, *pair))[0] for url, pair in ((me, twilio), (account, elks))] == [401, 401]
    assert (await ask(f"{server.base_url}/else", *elks))[0] == 404
    assert (await ask(f"{server.twilio_endpoint}/else", *twilio))[0] == 404


async def test_a_call_back_to_another_machine_is_refused(server: VoiceServer) -> None:
    form = ELKS | {"voice_start": "https://larm.example/api"}

    assert (await ask(server.elks_endpoint, server.username, server.password, form))[0] == 500


async def test_a_client_is_told_what_it_must_know(server: VoiceServer) -> None:
    told = server.describe()

    assert told.keys() == {"elks", "twilio", "side"}
    assert told["side"] == f"http://127.0.0.1:{server.side.port}"
