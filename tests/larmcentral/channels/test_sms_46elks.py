"""The channel against the local gateway: the form, its answers, and the delivery report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import web

from devices.peers.orders import Fate, Order
from devices.peers.sms_server import SmsServer
from escalation.chain import Channel
from escalation.ids import NoticeId
from escalation.purpose import Purpose
from larmcentral.channels.gsm7 import fits_one_message
from larmcentral.channels.sms_46elks import (
    Receipt,
    ReceiptRefused,
    SmsChannel,
    SmsSettings,
    parse_receipt,
    receipt_url,
)
from larmcentral.clock import SystemClock
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Delivery, DeliveryState
from tests.larmcentral.channels.support import (
    MODERATE,
    NUMBER,
    WORDING,
    about_ourselves,
    outward,
    running,
    some_id,
    text,
)

Make = Callable[..., SmsSettings]
SECRET = "sixteen characters or more"
NOTICE = NoticeId(some_id("notice"))


async def test_the_whole_form(sms: SmsChannel, sms_server: SmsServer) -> None:
    delivery = await sms.send(outward())

    received = await sms_server.record.wait_for(lambda received: True)
    assert delivery == Delivery(state=DeliveryState.SENT, provider_id="s" + f"{1:032x}")
    assert received.payload == {
        "from": "Larmet",
        "to": NUMBER,
        "message": "NÖDLARM. Anna K, Storgatan 5, kl. 14:02.",
    }


@pytest.mark.parametrize("number", ["", "1177", "+461177", "0700000017", "+46 70 000 00 17", "+4611414"])
async def test_nothing_is_sent_to_a_number_that_is_no_subscribers(
    sms: SmsChannel, sms_server: SmsServer, number: str
) -> None:
    delivery = await sms.send(outward(address=number))

    assert delivery.state is DeliveryState.REFUSED
    assert sms_server.record.count == 0


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (400, DeliveryState.REFUSED),
        (401, DeliveryState.REFUSED),
        (403, DeliveryState.REFUSED),
        (404, DeliveryState.REFUSED),
        (408, DeliveryState.RETRY),
        (429, DeliveryState.RETRY),
        (500, DeliveryState.RETRY),
        (503, DeliveryState.RETRY),
        (301, DeliveryState.RETRY),
    ],
)
async def test_every_status_has_a_meaning(
    sms: SmsChannel, sms_server: SmsServer, status: int, state: DeliveryState
) -> None:
    words = f"Something about {NUMBER}"
    sms_server.orders.for_next(Order(status=status, reason=words, headers=(("Retry-After", "9"),)))

    delivery = await sms.send(outward())

    assert delivery.state is state
    assert delivery.reason == f"{status} Something about …"
    assert delivery.retry_after == (timedelta(seconds=9) if state is DeliveryState.RETRY else None)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b'{"id":"s1","status":"created"}', DeliveryState.SENT),
        (b'{"id":"s1","status":"failed"}', DeliveryState.REFUSED),
        (b"{}", DeliveryState.RETRY),
        (b"[]", DeliveryState.RETRY),
        (b"<html>guest network</html>", DeliveryState.RETRY),
        (b"", DeliveryState.RETRY),
    ],
)
async def test_200_counts_only_with_a_message_id(
    sms: SmsChannel, sms_server: SmsServer, body: bytes, state: DeliveryState
) -> None:
    sms_server.orders.for_next(Order(body=body))

    assert (await sms.send(outward())).state is state


async def test_wrong_credentials_are_refused(sms_settings: Make, sms_server: SmsServer) -> None:
    async with running(SmsChannel(sms_settings(password="wrong"), SystemClock(), WORDING)) as sms:
        delivery = await sms.send(outward())

    assert delivery.state is DeliveryState.REFUSED
    assert delivery.reason.startswith("401")


@pytest.mark.parametrize("fate", [Fate.SILENCE, Fate.HALF, Fate.CUT])
async def test_a_bad_network_is_a_retry(sms_settings: Make, sms_server: SmsServer, fate: Fate) -> None:
    async with running(SmsChannel(sms_settings(deadline=MODERATE), SystemClock(), WORDING)) as sms:
        sms_server.orders.for_next(Order(fate=fate))
        bad = await sms.send(outward())
        after = await sms.send(outward())

    assert (bad.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)


async def test_a_certificate_of_an_unknown_ca_is_not_trusted(sms_settings: Make, sms_server: SmsServer) -> None:
    async with running(SmsChannel(sms_settings(ca_file=None), SystemClock(), WORDING)) as sms:
        delivery = await sms.send(outward())

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason.startswith("the server's certificate is not trusted")
    assert sms_server.record.count == 0


async def test_before_start_and_after_stop_it_is_a_retry(sms_settings: Make) -> None:
    sms = SmsChannel(sms_settings(), SystemClock(), WORDING)

    assert await sms.send(outward()) == Delivery(state=DeliveryState.RETRY, reason="stopped")
    await sms.start()
    await sms.start()
    assert (await sms.send(outward())).state is DeliveryState.SENT
    await sms.stop()
    await sms.stop()
    assert await sms.send(outward()) == Delivery(state=DeliveryState.RETRY, reason="stopped")


async def test_the_report_comes_back_signed(sms_settings: Make, sms_server: SmsServer) -> None:
    receipts: list[Receipt] = []

    async def take(request: web.BaseRequest) -> web.Response:
        receipts.append(parse_receipt(request.query, {k: str(v) for k, v in (await request.post()).items()}, SECRET))
        return web.Response(status=204)

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts?unit=7"
    settings = sms_settings(delivered_url=url, receipt_secret=SECRET)
    async with running(SmsChannel(settings, SystemClock(), WORDING)) as sms:
        sent = await sms.send(outward())
        received = await sms_server.record.wait_for(lambda received: True)
        answers = [await sms_server.report(received, status) for status in ("sent", "delivered", "failed")]
    await runner.cleanup()

    assert answers == [204, 204, 204]
    assert [receipt.delivery.state for receipt in receipts] == [
        DeliveryState.SENT,
        DeliveryState.DELIVERED,
        DeliveryState.REFUSED,
    ]
    assert {receipt.notice_id for receipt in receipts} == {NOTICE}
    assert {receipt.delivery.provider_id for receipt in receipts} == {sent.provider_id}
    assert [receipt.delivered_at is not None for receipt in receipts] == [False, True, False]


def test_a_report_in_full() -> None:
    query = dict(parse_qsl(urlsplit(receipt_url("https://larm.example/sms?unit=7", NOTICE, SECRET)).query))

    receipt = parse_receipt(
        query,
        {"id": "s70df59406a1b4643b96f3f91e0bfb7b0", "status": "delivered", "delivered": "2018-07-13T13:57:23.741000"},
        SECRET,
    )

    assert query["unit"] == "7"
    assert receipt == Receipt(
        notice_id=NOTICE,
        delivery=Delivery(state=DeliveryState.DELIVERED, provider_id="s70df59406a1b4643b96f3f91e0bfb7b0"),
        delivered_at=datetime(2018, 7, 13, 13, 57, 23, 741_000, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ({}, {"status": "delivered"}),
        ({"notice": "x"}, {"status": "delivered"}),
        ({"notice": str(NOTICE)}, {"status": "delivered"}),
        ({"notice": str(NOTICE), "sig": "0" * 32}, {"status": "delivered"}),
        ({"notice": str(NOTICE), "sig": "å"}, {"status": "delivered"}),
        ({"good": "1"}, {"status": "lost"}),
        ({"good": "1"}, {}),
    ],
)
def test_a_report_that_is_not_ours_is_refused(query: dict[str, str], form: dict[str, str]) -> None:
    if "good" in query:
        query = dict(parse_qsl(urlsplit(receipt_url("https://larm.example/sms", NOTICE, SECRET)).query))

    with pytest.raises(ReceiptRefused):
        parse_receipt(query, form, SECRET)


def test_a_report_without_a_readable_time_still_counts() -> None:
    query = dict(parse_qsl(urlsplit(receipt_url("https://larm.example/sms", NOTICE, SECRET)).query))

    receipt = parse_receipt(query, {"status": "delivered", "delivered": "yesterday"}, SECRET)

    assert (receipt.delivery.state, receipt.delivered_at) == (DeliveryState.DELIVERED, None)


@pytest.mark.parametrize(
    "bad",
    [
        {"sender": "1Larm"},
        {"sender": "x"},
        {"sender": "much too long a name"},
        {"sender": "0700000017"},
        {"endpoint": "http://sms.example/a1/sms"},
        {"delivered_url": "http://larm.example/receipts", "receipt_secret": SECRET},
        {"delivered_url": "https://larm.example/receipts"},
        {"max_connections": 0},
    ],
)
async def test_settings_that_cannot_be_are_refused(sms_settings: Make, bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"sms|https|receipt"):
        sms_settings(**bad)


async def test_long_words_are_cut_to_one_message(sms: SmsChannel, sms_server: SmsServer) -> None:
    await sms.send(outward(words=text(place="漢" * 300)))

    received = await sms_server.record.wait_for(lambda received: True)
    assert fits_one_message(received.payload["message"])
    assert "…" in received.payload["message"]


async def test_a_code_is_texted_and_what_came_back_is_told_without_numbers(
    sms: SmsChannel, sms_server: SmsServer
) -> None:
    delivery = await sms.post(about_ourselves(Channel.SMS, NUMBER))

    received = await sms_server.record.wait_for(lambda received: True)
    assert (delivery.state, delivery.answer[:3]) == (DeliveryState.SENT, "200")
    assert NUMBER not in delivery.answer
    assert received.payload == {"from": "Larmet", "to": NUMBER, "message": "PROV. Koden är 417730."}


async def test_a_centre_is_texted_what_was_agreed(sms: SmsChannel, sms_server: SmsServer) -> None:
    told = CentreCall(id=some_id("call"), purpose=Purpose.REAL, number=NUMBER, words="Larm 7KQ2.", language="sv")

    assert (await sms.tell_centre(told)).state is DeliveryState.SENT
    assert (await sms_server.record.wait_for(lambda received: True)).payload["message"] == "Larm 7KQ2."
    with pytest.raises(TypeError, match="real case"):
        await sms.tell_centre(outward())  # type: ignore[arg-type]


async def test_the_probe_asks_who_we_are(sms_settings: Make, sms: SmsChannel, sms_server: SmsServer) -> None:
    async with running(SmsChannel(sms_settings(password="wrong"), SystemClock(), WORDING)) as stranger:
        refused = await stranger.probe()
    sms_server.orders.for_next(Order(status=500))
    ill = await sms.probe()

    assert (await sms.probe()).alive
    assert (refused.alive, refused.reason) == (False, "401: username or password is refused")
    assert (ill.alive, ill.reason) == (False, "status 500")
    assert {received.address for received in sms_server.record} == {""}
