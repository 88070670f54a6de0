"""Cards in Teams."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from devices.peers.hook_server import HookServer, read_card
from devices.peers.orders import Order
from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.hooks import HookTarget
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.teams import TeamsChannel, TeamsSettings, card, delivery
from larmcentral.channels.wording import ChatWords
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import DeliveryState
from tests.larmcentral.channels.support import PATIENT, WORDING, about_ourselves, in_house, outward, running, text


@pytest.fixture
async def hooks(loop_faults: list[dict[str, Any]]) -> AsyncIterator[HookServer]:
    server = HookServer(None)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def teams(hooks: HookServer) -> AsyncIterator[TeamsChannel]:
    target = HookTarget(url=f"{hooks.base_url}/teams/larm", allow_private=True)
    async with running(
        TeamsChannel(TeamsSettings(hooks={"ledning": target}, deadline=PATIENT), SystemClock(), WORDING)
    ) as channel:
        yield channel


async def test_an_alarm_is_a_card(teams: TeamsChannel, hooks: HookServer) -> None:
    notice = outward(address="ledning", channel=Channel.TEAMS)

    sent = await teams.send(notice)

    words = WORDING.chat(notice.text)
    received = await hooks.record.wait_for(lambda received: True)
    assert sent.state is DeliveryState.SENT
    assert read_card(received.payload) == [words.title, *(line for line in words.lines if line)]
    assert received.address == "/teams/larm"


def test_what_people_are_called_is_never_read_as_markdown() -> None:
    made = json.loads(card(ChatWords("Larm", ("[Anna](https://bad.example) **K**",)), urgent=True))

    blocks = made["attachments"][0]["content"]["body"]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    assert blocks[0]["inlines"][0]["color"] == "Attention"


async def test_a_silent_alarm_says_so(teams: TeamsChannel, hooks: HookServer) -> None:
    await teams.send(outward(address="ledning", channel=Channel.TEAMS, words=text(silent=True)))

    assert "TYST" in read_card((await hooks.record.wait_for(lambda received: True)).payload)[0]


async def test_a_test_that_was_asked_for_is_a_card_without_alarm(teams: TeamsChannel, hooks: HookServer) -> None:
    sent = await teams.post(about_ourselves(Channel.TEAMS, "ledning"))

    received = await hooks.record.wait_for(lambda received: True)
    assert (sent.state, sent.answer) == (DeliveryState.SENT, "202")
    assert read_card(received.payload) == ["Prov från larmcentralen", "PROV. Koden är 417730."]
    assert "Attention" not in received.body.decode()


async def test_an_unknown_name_is_refused_in_words(teams: TeamsChannel, hooks: HookServer) -> None:
    sent = await teams.send(outward(address="borta", channel=Channel.TEAMS))

    assert (sent.state, sent.reason) == (DeliveryState.REFUSED, "no hook called borta in the settings")
    assert hooks.record.count == 0


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, b"1", DeliveryState.SENT),
        (202, b"", DeliveryState.SENT),
        (200, b"Microsoft Teams endpoint returned HTTP error 429 with ContextId x", DeliveryState.RETRY),
        (200, b"Webhook message delivery failed with error: 400", DeliveryState.RETRY),
        (400, b"Bad payload", DeliveryState.REFUSED),
        (404, b"", DeliveryState.REFUSED),
        (410, b"", DeliveryState.REFUSED),
        (302, b"", DeliveryState.RETRY),
        (429, b"", DeliveryState.RETRY),
        (500, b"", DeliveryState.RETRY),
    ],
)
def test_every_answer_has_a_meaning(status: int, body: bytes, state: DeliveryState) -> None:
    assert delivery(HttpAnswer(status, body, None), None).state is state


async def test_throttling_is_handed_on(teams: TeamsChannel, hooks: HookServer) -> None:
    hooks.orders.for_next(Order(status=429, headers=(("Retry-After", "4"),)))

    sent = await teams.send(outward(address="ledning", channel=Channel.TEAMS))

    assert (sent.state, sent.retry_after) == (DeliveryState.RETRY, timedelta(seconds=4))


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
async def test_a_drill_is_not_for_teams(teams: TeamsChannel, hooks: HookServer, purpose: Purpose) -> None:
    with pytest.raises(TypeError, match="outward notices only"):
        await teams.send(in_house(address="ledning", purpose=purpose))  # type: ignore[arg-type]
    assert hooks.record.count == 0


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        TeamsSettings(hooks={})
    with pytest.raises(ValueError, match="deadline"):
        TeamsSettings(hooks={"a": HookTarget(url="https://x.example")}, deadline=timedelta())
