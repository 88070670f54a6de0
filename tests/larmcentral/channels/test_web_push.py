"""The channel against the local push service: encrypted, signed, guarded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from devices.peers.orders import Order
from devices.peers.web_push_server import WebPushServer
from escalation.chain import Channel
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.web_push import WebPushChannel, WebPushSettings, known_service
from larmcentral.channels.web_push_payload import topic
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import DeliveryState, InHouse
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
async def service(loop_faults: list[dict[str, Any]]) -> AsyncIterator[WebPushServer]:
    server = WebPushServer(None)
    await server.start()
    yield server
    await server.stop()


def settings(service: WebPushServer, **changes: Any) -> WebPushSettings:
    said: dict[str, Any] = {
        "key_pem": service.vapid_pem,
        "subject": "mailto:larm@example.se",
        "allow_hosts": ("localhost",),
        "deadline": PATIENT,
    }
    return WebPushSettings(**said | changes)


@pytest.fixture
async def push(service: WebPushServer) -> AsyncIterator[WebPushChannel]:
    made = WebPushChannel(settings(service), SystemClock(), WORDING, lambda notice_id: f"key of {notice_id}")
    async with running(made) as channel:
        yield channel


def to(service: WebPushServer, name: str = "browser", **changes: Any) -> InHouse:
    return in_house(address=service.subscribe(name), channel=Channel.WEB_PUSH, **changes)


async def test_a_browser_reads_the_alarm_and_the_service_does_not(push: WebPushChannel, service: WebPushServer) -> None:
    delivery = await push.send(to(service))

    received = await service.record.wait_for(lambda received: True)
    assert delivery.state is DeliveryState.SENT
    assert received.payload["answer"] == f"key of {some_id('notice')}"
    assert received.payload["title"]
    assert received.headers["Urgency"] == "high"
    assert received.headers["TTL"] == "3600"
    assert received.headers["Topic"] == topic(str(some_id("incident")))


async def test_a_drill_is_told_in_the_house(push: WebPushChannel, service: WebPushServer) -> None:
    await push.send(to(service, purpose=Purpose.DRILL))

    assert (await service.record.wait_for(lambda received: True)).payload["purpose"] == "drill"


async def test_a_subscription_that_ended_is_gone(push: WebPushChannel, service: WebPushServer) -> None:
    notice = to(service)
    service.forget("browser")

    assert (await push.send(notice)).state is DeliveryState.GONE


async def test_a_browser_of_another_key_is_refused_with_a_hint(service: WebPushServer) -> None:
    stranger = WebPushServer(None)
    async with running(WebPushChannel(settings(stranger), SystemClock(), WORDING)) as push:
        delivery = await push.send(to(service))

    assert delivery.state is DeliveryState.REFUSED
    assert "another VAPID key" in delivery.reason


async def test_words_that_must_not_show_are_not_sent_to_a_browser(push: WebPushChannel, service: WebPushServer) -> None:
    delivery = await push.send(to(service, words=text(silent=True, about=About.TAKEN)))

    assert delivery.state is DeliveryState.REFUSED
    assert service.record.count == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "http://push.example/x",
        "https://push.example:22/x",
        "file:///etc/passwd",
        "javascript:x",
        "",
    ],
)
async def test_an_endpoint_into_the_inner_network_is_refused(
    push: WebPushChannel, service: WebPushServer, endpoint: str
) -> None:
    address = json.dumps(json.loads(service.subscribe("browser")) | {"endpoint": endpoint})

    delivery = await push.send(in_house(address=address, channel=Channel.WEB_PUSH))

    assert delivery.state is DeliveryState.REFUSED
    assert delivery.reason
    assert service.record.count == 0


async def test_what_is_no_subscription_is_gone(push: WebPushChannel) -> None:
    assert (await push.send(in_house(address="{}", channel=Channel.WEB_PUSH))).state is DeliveryState.GONE


async def test_a_test_that_was_asked_for_shows_and_says_what_came_back(
    push: WebPushChannel, service: WebPushServer
) -> None:
    delivery = await push.post(about_ourselves(Channel.WEB_PUSH, service.subscribe("browser"), link="/p/1"))

    received = await service.record.wait_for(lambda received: True)
    assert (delivery.state, delivery.answer) == (DeliveryState.SENT, "201")
    assert (received.notice_id, received.payload["link"]) == (str(some_id("service")), "/p/1")


async def test_the_probe_asks_the_service_that_was_used_last(push: WebPushChannel, service: WebPushServer) -> None:
    assert (await push.probe()).alive
    await push.send(to(service))
    assert (await push.probe()).alive
    await service.stop()
    probe = await push.probe()

    assert not probe.alive
    assert probe.reason.startswith("cannot connect")


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("fcm.googleapis.com", True),
        ("updates.push.services.mozilla.com", True),
        ("web.push.apple.com", True),
        ("push.example", False),
        ("notpush.apple.com", False),
        ("push.apple.com.example", False),
    ],
)
def test_a_server_that_somebody_brought_along_is_no_browsers_service(host: str, known: bool) -> None:
    assert known_service(host) is known


async def test_a_service_in_trouble_is_asked_again_as_it_wishes(push: WebPushChannel, service: WebPushServer) -> None:
    service.orders.for_next(Order(status=503, headers=(("Retry-After", "30"),)))

    delivery = await push.send(to(service))

    assert (delivery.state, delivery.retry_after) == (DeliveryState.RETRY, timedelta(seconds=30))


async def test_an_outward_notice_is_not_ours(push: WebPushChannel) -> None:
    with pytest.raises(TypeError, match="in-house"):
        await push.send(outward())  # type: ignore[arg-type]  # what mypy forbids, the code forbids too


@pytest.mark.parametrize(
    "bad", [{"time_to_live": timedelta(days=2)}, {"max_connections": 0}, {"deadline": timedelta()}]
)
def test_settings_that_cannot_be_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="web push"):
        settings(WebPushServer(None), **bad)
