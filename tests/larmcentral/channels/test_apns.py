"""The channel against the local APNs: headers, Apple's table of answers, starting and stopping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from devices.peers.apns_server import ApnsServer
from devices.peers.apple import REASONS
from devices.peers.credentials import Credentials, make_credentials
from devices.peers.orders import Fate, Order
from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import Delivery, DeliveryState
from tests.larmcentral.channels.support import (
    OTHER_PHONE,
    PHONE,
    SHORT,
    WORDING,
    about_ourselves,
    in_house,
    outward,
    running,
    some_id,
    until,
)

Make = Callable[..., ApnsSettings]
GONE = {"BadDeviceToken", "DeviceTokenNotForTopic", "Unregistered", "ExpiredToken"}
RETRY = {
    "ExpiredProviderToken",
    "IdleTimeout",
    "TooManyProviderTokenUpdates",
    "TooManyRequests",
    "InternalServerError",
    "ServiceUnavailable",
    "Shutdown",
}


async def test_a_notice_arrives_with_its_id_its_incident_and_an_end(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    delivery = await apns.send(in_house("first"))

    received = await apns_server.record.wait_for(lambda received: True)
    left = int(received.headers["apns-expiration"]) - received.at.timestamp()
    assert delivery == Delivery(state=DeliveryState.SENT, provider_id=str(some_id("first")))
    assert received.notice_id == str(some_id("first"))
    assert received.address == PHONE
    assert received.headers["apns-collapse-id"] == str(some_id("incident"))
    assert (received.headers["apns-priority"], received.headers["apns-push-type"]) == ("10", "alert")
    assert 3500 < left <= 3601
    assert received.payload["notice_id"] == str(some_id("first"))


async def test_a_second_try_carries_the_same_id(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(status=503, reason="ServiceUnavailable"))

    first = await apns.send(in_house())
    second = await apns.send(replace(in_house(), tries=1))

    assert (first.state, second.state) == (DeliveryState.RETRY, DeliveryState.SENT)
    assert len({received.notice_id for received in apns_server.record}) == 1


@pytest.mark.parametrize("reason", sorted(REASONS))
async def test_every_word_of_apples_table_has_a_meaning(
    apns: ApnsChannel, apns_server: ApnsServer, reason: str
) -> None:
    apns_server.orders.for_next(Order(status=REASONS[reason], reason=reason))

    delivery = await apns.send(in_house())

    expected = (
        DeliveryState.GONE if reason in GONE else DeliveryState.RETRY if reason in RETRY else DeliveryState.REFUSED
    )
    assert delivery.state is expected
    assert delivery.reason.startswith(reason)
    assert delivery.of_address == (reason == "TooManyRequests"), "one phone that is told too much is no dead way"


async def test_a_410_says_since_when(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(status=410, body=b'{"reason":"Unregistered","timestamp":1795349905123}'))

    delivery = await apns.send(in_house())

    assert delivery == Delivery(state=DeliveryState.GONE, reason="Unregistered since 2026-11-22T12:18:25.123Z")


async def test_the_provider_may_ask_for_patience(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(status=429, reason="TooManyRequests", headers=(("retry-after", "7"),)))

    delivery = await apns.send(in_house())

    assert (delivery.state, delivery.retry_after) == (DeliveryState.RETRY, timedelta(seconds=7))


async def test_an_expired_token_is_made_anew_for_the_next_try(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(status=403, reason="ExpiredProviderToken"))

    first = await apns.send(in_house())
    second = await apns.send(in_house())

    assert (first.state, second.state) == (DeliveryState.RETRY, DeliveryState.SENT)
    assert len({received.headers["authorization"] for received in apns_server.record}) == 2


async def test_a_wrong_key_is_refused_with_words(apns_settings: Make, apns_server: ApnsServer) -> None:
    stranger = make_credentials().apns_key_pem

    async with running(ApnsChannel(apns_settings(key_pem=stranger), SystemClock(), WORDING)) as apns:
        delivery = await apns.send(in_house())

    assert delivery.state is DeliveryState.REFUSED
    assert delivery.reason == "InvalidProviderToken: check the APNs key, its key id and the team id"


async def test_all_connections_share_one_token(apns_settings: Make, apns_server: ApnsServer) -> None:
    apns_server.orders.for_all(Order(fate=Fate.SILENCE))

    async with running(ApnsChannel(apns_settings(max_streams=2, max_connections=4), SystemClock(), WORDING)) as apns:
        sends = [asyncio.create_task(apns.send(in_house(f"n{number}"))) for number in range(20)]
        await until(lambda: apns_server.record.count == 8)
    await asyncio.gather(*sends)

    assert apns_server.connections_made == 4
    assert sorted(received.connection for received in apns_server.record) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert len({received.headers["authorization"] for received in apns_server.record}) == 1


async def test_an_address_that_is_no_token_never_reaches_the_path(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    states = [(await apns.send(in_house(address=address))).state for address in ("", "x" * 64, PHONE + "/../x", "ab")]

    assert states == [DeliveryState.GONE] * 4
    assert apns_server.record.count == 0


async def test_an_outward_notice_is_not_ours(apns: ApnsChannel) -> None:
    with pytest.raises(TypeError, match="in-house"):
        await apns.send(outward())  # type: ignore[arg-type]  # what mypy forbids, the code forbids too


async def test_a_drill_reaches_our_own_app(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    await apns.send(in_house(purpose=Purpose.DRILL))

    received = await apns_server.record.wait_for(lambda received: True)
    assert received.payload["aps"]["alert"]["title"] == "ÖVNING: Nödlarm"
    assert received.payload["purpose"] == "drill"


async def test_stopping_ends_sends_under_way_as_retry(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_all(Order(fate=Fate.SILENCE))
    sends = [asyncio.create_task(apns.send(in_house(f"n{number}"))) for number in range(300)]
    await until(lambda: apns_server.record.count >= 100)

    await apns.stop()

    deliveries = await asyncio.gather(*sends)
    assert {delivery.state for delivery in deliveries} == {DeliveryState.RETRY}
    assert (await apns.send(in_house())).reason == "stopped"


async def test_it_starts_and_stops_twice_in_any_order(apns: ApnsChannel) -> None:
    await apns.start()
    await apns.stop()
    await apns.stop()
    await apns.start()

    assert (await apns.send(in_house())).state is DeliveryState.SENT


async def test_a_certificate_of_an_unknown_ca_is_not_trusted(
    apns_settings: Make, loop_faults: list[dict[str, Any]]
) -> None:
    async with running(ApnsChannel(apns_settings(ca_file=None), SystemClock(), WORDING)) as apns:
        delivery = await apns.send(in_house())

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason.startswith("the server's certificate is not trusted")


async def test_a_server_that_is_down_is_a_retry_and_is_found_again(
    apns_settings: Make, apns_server: ApnsServer, credentials: Credentials
) -> None:
    await apns_server.stop()

    async with running(ApnsChannel(apns_settings(), SystemClock(), WORDING)) as apns:
        down = await apns.send(in_house())
        await apns_server.start()
        await until(lambda: apns_server.connections_made > 0)
        up = await apns.send(in_house())

    assert (down.state, up.state) == (DeliveryState.RETRY, DeliveryState.SENT)
    assert down.reason.startswith("cannot connect")
    assert down.retry_after is not None
    assert down.retry_after < timedelta(seconds=1)


async def test_a_silent_server_ends_at_our_own_deadline(apns_settings: Make, apns_server: ApnsServer) -> None:
    apns_server.orders.for_all(Order(fate=Fate.SILENCE))

    async with running(ApnsChannel(apns_settings(deadline=SHORT), SystemClock(), WORDING)) as apns:
        started_s = asyncio.get_running_loop().time()
        delivery = await apns.send(in_house())
        took_s = asyncio.get_running_loop().time() - started_s

    assert delivery == Delivery(state=DeliveryState.RETRY, reason="no answer in time")
    assert took_s < 2


async def test_one_stuck_send_does_not_hold_up_the_others(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_address(OTHER_PHONE, Order(fate=Fate.SILENCE))
    stuck = asyncio.create_task(apns.send(in_house("stuck", address=OTHER_PHONE)))
    await apns_server.record.wait_for(lambda received: received.address == OTHER_PHONE)

    deliveries = [await apns.send(in_house(f"n{number}")) for number in range(50)]

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert not stuck.done()
    stuck.cancel()
    await asyncio.wait([stuck])
    await until(lambda: apns_server.resets == 1)


def test_settings_out_of_bounds_are_refused(credentials: Credentials) -> None:
    good: dict[str, Any] = {"key_pem": "k", "key_id": "i", "team_id": "t", "topic": "x"}
    for bad in (
        {"time_to_live": timedelta(days=2)},
        {"time_to_live": timedelta()},
        {"volume": 1.5},
        {"max_streams": 0},
    ):
        with pytest.raises(ValueError, match="apns"):
            ApnsSettings(**good | bad)
    assert "k" not in repr(ApnsSettings(**good)).split("key_id")[0]


async def test_a_test_that_was_asked_for_shows_without_the_alarms_sound(
    apns: ApnsChannel, apns_server: ApnsServer
) -> None:
    delivery = await apns.post(about_ourselves(Channel.APNS, PHONE, link="/api/proofs/x"))

    received = await apns_server.record.wait_for(lambda received: True)
    assert (delivery.state, delivery.answer) == (DeliveryState.SENT, "200")
    assert received.headers["apns-collapse-id"] == "service"
    assert received.payload == {
        "aps": {
            "alert": {"title": "Prov från larmcentralen", "body": "PROV. Koden är 417730."},
            "sound": "default",
            "interruption-level": "active",
            "thread-id": "service",
        },
        "service_id": str(some_id("service")),
        "about": "service",
        "link": "/api/proofs/x",
    }
    assert (await apns.post(about_ourselves(Channel.APNS, "no token"))).state is DeliveryState.GONE


async def test_the_probe_needs_a_connection_and_tells_nobody(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    well = await apns.probe()
    await apns.stop()

    assert well.alive
    assert (await apns.probe()).reason == "stopped"
    assert apns_server.record.count == 0


@pytest.mark.parametrize(("reason", "about_us"), [("InvalidProviderToken", True), ("PayloadEmpty", False)])
async def test_a_refused_key_speaks_against_us_and_not_the_phone(
    apns: ApnsChannel, apns_server: ApnsServer, reason: str, about_us: bool
) -> None:
    apns_server.orders.for_next(Order(status=REASONS[reason], reason=reason))

    delivery = await apns.send(in_house())

    assert (delivery.state, delivery.about_us) == (DeliveryState.REFUSED, about_us)
