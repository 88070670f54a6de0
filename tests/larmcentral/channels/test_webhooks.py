"""Signed webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from devices.peers.hook_server import HookServer
from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.hooks import HookTarget
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.webhooks import WebhookChannel, WebhookSettings, delivery, signature
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import DeliveryState
from tests.larmcentral.channels.support import (
    PATIENT,
    WORDING,
    about_ourselves,
    in_house,
    outward,
    running,
    some_id,
    text,
)


@pytest.fixture
async def hooks(loop_faults: list[dict[str, Any]]) -> AsyncIterator[HookServer]:
    server = HookServer(None)
    await server.start()
    yield server
    await server.stop()


def channel_to(hooks: HookServer, secret: str) -> WebhookChannel:
    target = HookTarget(url=f"{hooks.base_url}/hook/larm", secret=secret, allow_private=True)
    return WebhookChannel(WebhookSettings(hooks={"vakt": target}, deadline=PATIENT), SystemClock(), WORDING)


@pytest.fixture
async def webhooks(hooks: HookServer) -> AsyncIterator[WebhookChannel]:
    async with running(channel_to(hooks, hooks.secret)) as channel:
        yield channel


async def test_the_whole_body(webhooks: WebhookChannel, hooks: HookServer) -> None:
    notice = outward(address="vakt", channel=Channel.WEBHOOK, words=text(silent=True, lateness_s=90.0))

    sent = await webhooks.send(notice)

    received = await hooks.record.wait_for(lambda received: True)
    told = received.payload
    assert sent.state is DeliveryState.SENT
    assert (told.pop("title"), told.pop("lines")) != ("", [])
    assert told == {
        "version": 1,
        "type": "notice",
        "id": str(some_id("notice")),
        "about": "alarm",
        "kind": "panic",
        "silent": True,
        "language": "sv",
        "subject": "Anna K",
        "place": "Storgatan 5",
        "incident_id": str(some_id("incident")),
        "opened_at": "2026-11-22T13:02:03.450Z",
        "lateness_s": 90.0,
    }


async def test_a_repeat_carries_the_same_id(webhooks: WebhookChannel, hooks: HookServer) -> None:
    notice = outward(address="vakt", channel=Channel.WEBHOOK)
    for _ in range(2):
        await webhooks.send(notice)

    assert [received.notice_id for received in hooks.record] == [str(some_id("notice"))] * 2


def test_the_signature_by_hand() -> None:
    mac = hmac.new(b"shared", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()

    assert signature("shared", "1700000000", b'{"a":1}') == f"v1={mac}"


async def test_a_wrong_secret_is_refused(hooks: HookServer) -> None:
    async with running(channel_to(hooks, "another secret of sixteen")) as webhooks:
        sent = await webhooks.send(outward(address="vakt", channel=Channel.WEBHOOK))

    assert (sent.state, sent.reason) == (DeliveryState.REFUSED, "401 the signature is wrong")


async def test_a_test_that_was_asked_for_says_that_it_is_one(webhooks: WebhookChannel, hooks: HookServer) -> None:
    sent = await webhooks.post(about_ourselves(Channel.WEBHOOK, "vakt"))

    received = await hooks.record.wait_for(lambda received: True)
    assert (sent.state, sent.answer) == (DeliveryState.SENT, "204")
    assert received.payload == {
        "version": 1,
        "type": "test",
        "id": str(some_id("service")),
        "title": "Prov från larmcentralen",
        "lines": ["PROV. Koden är 417730."],
    }


async def test_an_unknown_name_is_refused_in_words(webhooks: WebhookChannel) -> None:
    sent = await webhooks.send(outward(address="borta", channel=Channel.WEBHOOK))

    assert (sent.state, sent.reason) == (DeliveryState.REFUSED, "no hook called borta in the settings")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, DeliveryState.SENT),
        (204, DeliveryState.SENT),
        (299, DeliveryState.SENT),
        (301, DeliveryState.REFUSED),
        (400, DeliveryState.REFUSED),
        (404, DeliveryState.REFUSED),
        (410, DeliveryState.REFUSED),
        (408, DeliveryState.RETRY),
        (425, DeliveryState.RETRY),
        (429, DeliveryState.RETRY),
        (500, DeliveryState.RETRY),
    ],
)
def test_every_status_has_a_meaning(status: int, state: DeliveryState) -> None:
    assert delivery(HttpAnswer(status, b"to +46701740601", None), None).state is state


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
async def test_a_drill_does_not_leave(webhooks: WebhookChannel, hooks: HookServer, purpose: Purpose) -> None:
    with pytest.raises(TypeError, match="outward notices only"):
        await webhooks.send(in_house(address="vakt", purpose=purpose))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot leave"):
        replace(outward(address="vakt"), purpose=purpose)  # type: ignore[arg-type]
    assert hooks.record.count == 0


def test_settings_that_cannot_be_are_refused() -> None:
    good = HookTarget(url="https://x.example", secret="sixteen characters")
    with pytest.raises(ValueError, match="16 characters"):
        WebhookSettings(hooks={"a": replace(good, secret="short")})
    with pytest.raises(ValueError, match="at least one"):
        WebhookSettings(hooks={})
    with pytest.raises(ValueError, match="deadline"):
        WebhookSettings(hooks={"a": good}, deadline=timedelta())
    assert json.dumps(repr(good)).count("sixteen") == 0
