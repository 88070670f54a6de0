"""The channel against the local FCM: the message, Google's table of answers, the token, bad networks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from devices.peers.fcm_server import FcmServer
from devices.peers.google import BAD_TOKEN, CODES, field_refusal, refusal
from devices.peers.orders import Fate, Order
from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.fcm import FcmChannel, FcmSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, NoticeText
from tests.larmcentral.channels.support import (
    MODERATE,
    SHORT,
    WORDING,
    about_ourselves,
    in_house,
    outward,
    running,
    some_id,
    text,
    until,
)

Make = Callable[..., FcmSettings]
STATES = {
    "UNREGISTERED": DeliveryState.GONE,
    "SENDER_ID_MISMATCH": DeliveryState.REFUSED,
    "INVALID_ARGUMENT": DeliveryState.REFUSED,
    "THIRD_PARTY_AUTH_ERROR": DeliveryState.REFUSED,
    "QUOTA_EXCEEDED": DeliveryState.RETRY,
    "UNAVAILABLE": DeliveryState.RETRY,
    "INTERNAL": DeliveryState.RETRY,
    "UNSPECIFIED_ERROR": DeliveryState.RETRY,
}


def android(
    name: str = "notice",
    *,
    address: str = "phone",
    purpose: Purpose = Purpose.REAL,
    words: NoticeText | None = None,
) -> InHouse:
    return in_house(name, address=address, purpose=purpose, channel=Channel.FCM, words=words)


async def test_the_whole_message(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    delivery = await fcm.send(android("first", words=text(lateness_s=720.4)))

    received = await fcm_server.record.wait_for(lambda received: True)
    assert delivery.state is DeliveryState.SENT
    assert delivery.provider_id == "projects/larm-local/messages/0:0000000000000001%local"
    assert received.notice_id == str(some_id("first"))
    assert received.payload == {
        "validate_only": False,
        "message": {
            "token": "phone",
            "notification": {
                "title": "Nödlarm",
                "body": "Anna K – Storgatan 5\nkl. 14:02, 12 min gammalt när det kom",
            },
            "data": {
                "notice_id": str(some_id("first")),
                "incident_id": str(some_id("incident")),
                "about": "alarm",
                "kind": "panic",
                "purpose": "real",
                "silent": "false",
                "opened_at": "2026-11-22T13:02:03.450Z",
                "lateness_s": "720",
            },
            "android": {
                "priority": "HIGH",
                "ttl": "3600s",
                "notification": {
                    "channel_id": "larm_critical",
                    "tag": str(some_id("incident")),
                    "notification_priority": "PRIORITY_MAX",
                    "visibility": "PRIVATE",
                },
            },
        },
    }


@pytest.mark.parametrize(
    ("purpose", "words", "channel", "title"),
    [
        (Purpose.REAL, text(kind=AlarmKind.FALL), "larm_alarm", "Fallarm"),
        (Purpose.REAL, text(silent=True), "larm_silent", "TYST LARM: Nödlarm"),
        (Purpose.DRILL, text(), "larm_critical", "ÖVNING: Nödlarm"),
        (Purpose.TEST, text(), "larm_silent", "PROV: Nödlarm"),
    ],
)
async def test_the_androids_channel_follows_kind_silence_and_purpose(
    fcm: FcmChannel, fcm_server: FcmServer, purpose: Purpose, words: NoticeText, channel: str, title: str
) -> None:
    await fcm.send(android(purpose=purpose, words=words))

    message = (await fcm_server.record.wait_for(lambda received: True)).payload["message"]
    assert message["android"]["notification"]["channel_id"] == channel
    assert message["notification"]["title"] == title
    assert message["data"]["purpose"] == purpose.value


@pytest.mark.parametrize("code", sorted(CODES))
async def test_every_code_of_googles_table_has_a_meaning(fcm: FcmChannel, fcm_server: FcmServer, code: str) -> None:
    fcm_server.orders.for_next(Order(status=CODES[code][0], reason=code))

    delivery = await fcm.send(android())

    assert delivery.state is STATES[code]
    assert delivery.of_address == (code == "QUOTA_EXCEEDED")
    assert delivery.reason.startswith(code)
    assert fcm_server.record.count == 1


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (400, refusal("INVALID_ARGUMENT", message=BAD_TOKEN).body, DeliveryState.GONE),
        (400, field_refusal("message.data[0].value", "Invalid value").body, DeliveryState.REFUSED),
        (404, b'{"error":{"code":404,"status":"NOT_FOUND","message":"Requested entity was not found."}}', "gone"),
        (404, b"<html>no such page</html>", DeliveryState.REFUSED),
        (404, b"", DeliveryState.REFUSED),
        (403, b'{"error":{"code":403,"status":"PERMISSION_DENIED"}}', DeliveryState.REFUSED),
        (429, b"", DeliveryState.RETRY),
        (500, b"", DeliveryState.RETRY),
        (502, b"<html>bad gateway</html>", DeliveryState.RETRY),
        (503, b'"text"', DeliveryState.RETRY),
        (302, b"", DeliveryState.RETRY),
        (200, b"", DeliveryState.RETRY),
        (200, b"<html>welcome to the guest network</html>", DeliveryState.RETRY),
        (500, b'{"error":{"details":[7,{"@type":"x","fieldViolations":7}]}}', DeliveryState.RETRY),
        (500, b'{"error":{"details":{"a":1}}}', DeliveryState.RETRY),
    ],
)
async def test_answers_outside_the_table(
    fcm: FcmChannel, fcm_server: FcmServer, status: int, body: bytes, state: DeliveryState | str
) -> None:
    fcm_server.orders.for_next(Order(status=status, reason="x", body=body))

    delivery = await fcm.send(android())

    assert delivery.state is DeliveryState(state)
    assert delivery.reason


@pytest.mark.parametrize("as_date", [False, True])
async def test_retry_after_is_handed_on_and_not_slept(fcm: FcmChannel, fcm_server: FcmServer, as_date: bool) -> None:
    value = format_datetime(datetime.now(UTC) + timedelta(seconds=100)) if as_date else "100"  # noqa: TID251
    fcm_server.orders.for_next(Order(status=503, reason="UNAVAILABLE", headers=(("Retry-After", value),)))

    delivery = await fcm.send(android())

    assert delivery.retry_after is not None
    assert timedelta(seconds=60) < delivery.retry_after <= timedelta(seconds=100)


async def test_one_token_serves_all_sends(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    deliveries = await asyncio.gather(*(fcm.send(android(f"n{number}")) for number in range(200)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert fcm_server.token_requests == 1


async def test_an_expired_token_is_renewed_once_inside_the_same_send(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    await fcm.send(android())
    fcm_server.expire_tokens()

    deliveries = await asyncio.gather(*(fcm.send(android(f"n{number}")) for number in range(50)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert fcm_server.token_requests == 2


async def test_a_401_that_stays_is_a_retry_and_no_storm_of_tokens(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    """As shipped, pyfcm asked for 968 tokens in 7.6 s here."""
    fcm_server.orders.for_all(Order(status=401, reason="ACCESS_TOKEN_EXPIRED"))

    deliveries = await asyncio.gather(*(fcm.send(android(f"n{number}")) for number in range(50)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.RETRY}
    assert fcm_server.token_requests == 2
    assert fcm_server.record.count <= 100


async def test_a_refused_service_account_is_refused_with_words(fcm_settings: Make, fcm_server: FcmServer) -> None:
    fcm_server.token_orders.for_all(Order(reason="invalid_grant"))

    async with running(FcmChannel(fcm_settings(), SystemClock(), WORDING)) as fcm:
        delivery = await fcm.send(android())

    assert delivery.state is DeliveryState.REFUSED
    assert delivery.reason.startswith("the service account is refused: invalid_grant")
    assert fcm_server.record.count == 0


async def test_a_token_server_that_is_silent_ends_at_our_deadline(fcm_settings: Make, fcm_server: FcmServer) -> None:
    fcm_server.token_orders.for_all(Order(fate=Fate.SILENCE))

    async with running(FcmChannel(fcm_settings(deadline=SHORT), SystemClock(), WORDING)) as fcm:
        deliveries = await asyncio.gather(*(fcm.send(android(f"n{number}")) for number in range(20)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.RETRY}
    assert fcm_server.token_requests == 1


async def test_a_token_server_in_trouble_is_a_retry(fcm_settings: Make, fcm_server: FcmServer) -> None:
    fcm_server.token_orders.for_all(Order(fate=Fate.CUT))

    async with running(FcmChannel(fcm_settings(deadline=MODERATE), SystemClock(), WORDING)) as fcm:
        delivery = await fcm.send(android())

    assert delivery.state is DeliveryState.RETRY


@pytest.mark.parametrize("fate", [Fate.SILENCE, Fate.HALF])
async def test_silence_ends_at_our_own_deadline(fcm_settings: Make, fcm_server: FcmServer, fate: Fate) -> None:
    async with running(FcmChannel(fcm_settings(deadline=MODERATE), SystemClock(), WORDING)) as fcm:
        await fcm.send(android())
        fcm_server.orders.for_next(Order(fate=fate))
        silent = await fcm.send(android())
        after = await fcm.send(android())

    assert silent == Delivery(state=DeliveryState.RETRY, reason="no answer in time")
    assert after.state is DeliveryState.SENT


async def test_a_cut_connection_is_a_retry(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    fcm_server.orders.for_next(Order(fate=Fate.CUT))

    cut = await fcm.send(android())
    after = await fcm.send(android())

    assert (cut.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)


async def test_an_answer_in_pieces_is_put_together(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    fcm_server.orders.for_next(Order(status=404, reason="UNREGISTERED", pieces=9))

    assert (await fcm.send(android())).state is DeliveryState.GONE


async def test_one_stuck_send_does_not_hold_up_the_others(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    fcm_server.orders.for_address("stuck", Order(fate=Fate.SILENCE))
    stuck = asyncio.create_task(fcm.send(android(address="stuck")))
    await fcm_server.record.wait_for(lambda received: received.address == "stuck")

    deliveries = [await fcm.send(android(f"n{number}")) for number in range(20)]

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert not stuck.done()
    stuck.cancel()
    await asyncio.wait([stuck])


async def test_connections_are_bounded(fcm_settings: Make, fcm_server: FcmServer) -> None:
    async with running(FcmChannel(fcm_settings(max_connections=3), SystemClock(), WORDING)) as fcm:
        await asyncio.gather(*(fcm.send(android(f"n{number}")) for number in range(100)))

    assert fcm_server.connections_made <= 3


async def test_who_waits_for_a_connection_is_not_overtaken_for_ever(fcm_settings: Make, fcm_server: FcmServer) -> None:
    """aiohttp's own queue gives a connection to whoever asks first again: one of 10,000 sends waited for 20 s."""
    enough = asyncio.Event()

    async def busy(fcm: FcmChannel) -> None:
        while not enough.is_set():
            await fcm.send(android("busy"))

    async with running(FcmChannel(fcm_settings(max_connections=1), SystemClock(), WORDING)) as fcm:
        others = [asyncio.create_task(busy(fcm)) for _ in range(5)]
        await until(lambda: fcm_server.record.count >= 5)
        before = fcm_server.record.count
        await fcm.send(android("patient"))
        enough.set()
        await asyncio.gather(*others)

    patient = await fcm_server.record.wait_for(lambda received: received.notice_id == str(some_id("patient")))
    assert patient.number - before <= 8


async def test_two_thousand_sends_leave_nothing_behind(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    await fcm.send(android())
    await until(lambda: fcm_server.record.count == 1)
    tasks = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]

    deliveries = await asyncio.gather(*(fcm.send(android(f"n{number}")) for number in range(2000)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    left = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]
    assert left == tasks
    assert fcm_server.token_requests == 1


async def test_stopping_ends_sends_under_way_as_retry(fcm_settings: Make, fcm_server: FcmServer) -> None:
    fcm_server.orders.for_all(Order(fate=Fate.SILENCE))

    async with running(FcmChannel(fcm_settings(max_connections=4), SystemClock(), WORDING)) as fcm:
        sends = [asyncio.create_task(fcm.send(android(f"n{number}"))) for number in range(50)]
        await until(lambda: fcm_server.record.count == 4)
        await fcm.stop()
        deliveries = await asyncio.gather(*sends)
        after = await fcm.send(android())

    assert {delivery.state for delivery in deliveries} == {DeliveryState.RETRY}
    assert after.reason == "stopped"


async def test_stopping_while_the_token_is_fetched_is_a_retry(fcm_settings: Make, fcm_server: FcmServer) -> None:
    fcm_server.token_orders.for_all(Order(fate=Fate.SILENCE))

    async with running(FcmChannel(fcm_settings(deadline=MODERATE), SystemClock(), WORDING)) as fcm:
        send = asyncio.create_task(fcm.send(android()))
        await until(lambda: fcm_server.token_requests == 1)
        await fcm.stop()
        delivery = await send

    assert delivery.state is DeliveryState.RETRY


async def test_it_starts_and_stops_twice_in_any_order(fcm: FcmChannel) -> None:
    await fcm.start()
    await fcm.stop()
    await fcm.stop()
    await fcm.start()

    assert (await fcm.send(android())).state is DeliveryState.SENT


async def test_a_certificate_of_an_unknown_ca_is_not_trusted(fcm_settings: Make, fcm_server: FcmServer) -> None:
    async with running(FcmChannel(fcm_settings(ca_file=None, deadline=MODERATE), SystemClock(), WORDING)) as fcm:
        delivery = await fcm.send(android())

    assert delivery.state is DeliveryState.RETRY
    assert fcm_server.token_requests == 0


async def test_an_outward_notice_is_not_ours(fcm: FcmChannel) -> None:
    with pytest.raises(TypeError, match="in-house"):
        await fcm.send(outward())  # type: ignore[arg-type]  # what mypy forbids, the code forbids too


async def test_an_impossible_registration_token_is_gone(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    states = [(await fcm.send(android(address=address))).state for address in ("", "x" * 5000)]

    assert states == [DeliveryState.GONE] * 2
    assert fcm_server.record.count == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"endpoint": "http://fcm.example/v1/projects"},
        {"service_account_json": "{}"},
        {"service_account_json": "not json"},
        {"time_to_live": timedelta(days=2)},
        {"max_connections": 0},
    ],
)
async def test_settings_that_cannot_be_are_refused(fcm_settings: Make, bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        FcmChannel(fcm_settings(**bad), SystemClock(), WORDING)


async def test_the_key_does_not_show(fcm_settings: Make) -> None:
    assert "PRIVATE KEY" not in repr(fcm_settings())


async def test_a_test_that_was_asked_for_shows_without_the_alarms_sound(fcm: FcmChannel, fcm_server: FcmServer) -> None:
    delivery = await fcm.post(about_ourselves(Channel.FCM, "phone", link="/api/proofs/x"))

    message = (await fcm_server.record.wait_for(lambda received: True)).payload["message"]
    assert (delivery.state, delivery.answer[:3]) == (DeliveryState.SENT, "200")
    assert message["notification"] == {"title": "Prov från larmcentralen", "body": "PROV. Koden är 417730."}
    assert message["data"] == {"service_id": str(some_id("service")), "about": "service", "link": "/api/proofs/x"}
    assert message["android"]["notification"]["channel_id"] == "larm_news"
    assert (await fcm.post(about_ourselves(Channel.FCM, ""))).state is DeliveryState.GONE


async def test_the_probe_fetches_a_token_and_tells_nobody(fcm_settings: Make, fcm_server: FcmServer) -> None:
    async with running(FcmChannel(fcm_settings(), SystemClock(), WORDING)) as fcm:
        well = await fcm.probe()
    fcm_server.token_orders.for_all(Order(reason="invalid_grant"))
    async with running(FcmChannel(fcm_settings(), SystemClock(), WORDING)) as fcm:
        refused = await fcm.probe()
        stopped = FcmChannel(fcm_settings(), SystemClock(), WORDING)

    assert well.alive
    assert (refused.alive, refused.reason.startswith("the service account is refused")) == (False, True)
    assert (await stopped.probe()).reason == "stopped"
    assert fcm_server.record.count == 0


async def test_a_refused_service_account_speaks_against_us_and_not_the_phone(
    fcm_settings: Make, fcm_server: FcmServer
) -> None:
    fcm_server.token_orders.for_all(Order(reason="invalid_grant"))
    async with running(FcmChannel(fcm_settings(), SystemClock(), WORDING)) as fcm:
        assert (await fcm.send(android())).about_us
