"""Calls by Twilio, from the order to the key, over real sockets on both sides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from devices.peers.orders import Order
from devices.peers.voice_server import VoiceServer
from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.voice_twilio import TWIML_CHARS, VoiceTwilioChannel, VoiceTwilioSettings, delivery
from larmcentral.clock import SystemClock
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.flows.calls import Said
from tests.fakes.written_calls import WrittenCalls
from tests.larmcentral.channels.callbacks import answering
from tests.larmcentral.channels.support import (
    NUMBER,
    PATIENT,
    WORDING,
    about_ourselves,
    in_house,
    outward,
    running,
    some_id,
    text,
)

NOTICE = outward(channel=Channel.VOICE)


@pytest.fixture
async def gateway(loop_faults: list[dict[str, Any]]) -> AsyncIterator[VoiceServer]:
    server = VoiceServer(None)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def calls() -> WrittenCalls:
    return WrittenCalls()


def settings(gateway: VoiceServer, url: str, **changes: Any) -> VoiceTwilioSettings:
    said: dict[str, Any] = {
        "account_sid": gateway.account_sid,
        "token": gateway.token,
        "number": "+46766860000",
        "answer_url": url,
        "endpoint": gateway.twilio_endpoint,
        "deadline": PATIENT,
    }
    return VoiceTwilioSettings(**said | changes)


@pytest.fixture
async def voice(gateway: VoiceServer, calls: WrittenCalls) -> AsyncIterator[VoiceTwilioChannel]:
    async with (
        answering(calls, speech=None, twilio_token=gateway.token) as url,
        running(VoiceTwilioChannel(settings(gateway, url), SystemClock(), WORDING, calls.scripts.seal)) as channel,
    ):
        yield channel


async def call_of(gateway: VoiceServer) -> Any:
    """What happened in the call, once it is over."""
    return (await gateway.record.wait_for(lambda received: received.reason == "call")).payload


async def test_the_alarm_is_read_out_and_a_key_is_taken(
    voice: VoiceTwilioChannel, gateway: VoiceServer, calls: WrittenCalls
) -> None:
    sent = await voice.send(NOTICE)

    call, words = await call_of(gateway), WORDING.spoken(NOTICE.text)
    assert sent == Delivery(state=DeliveryState.SENT, provider_id=call["call"])
    assert call["heard"] == [f"{words.message} {words.question}", "Tack."]
    assert (call["pressed"], call["state"]) == ("1", "completed")
    assert calls.asked == [
        ("came_to", some_id("notice"), call["call"], True, ""),
        ("pressed", some_id("notice"), "1"),
        ("came_to", some_id("notice"), call["call"], True, ""),
    ]


async def test_a_wrong_key_is_asked_for_again(
    voice: VoiceTwilioChannel, gateway: VoiceServer, calls: WrittenCalls
) -> None:
    calls.said = Said("", ask=True)
    gateway.orders.for_address(NUMBER, Order(reason="press:77"))
    await voice.send(NOTICE)

    call = await call_of(gateway)
    assert call["pressed"] == "77"
    assert call["heard"][0] == call["heard"][1]


async def test_who_presses_nothing_hears_it_three_times(voice: VoiceTwilioChannel, gateway: VoiceServer) -> None:
    gateway.orders.for_address(NUMBER, Order(reason="press:"))
    await voice.send(NOTICE)

    assert len((await call_of(gateway))["heard"]) == 3


@pytest.mark.parametrize("why", ["busy", "no-answer"])
async def test_who_is_not_reached_is_told_so(
    voice: VoiceTwilioChannel, gateway: VoiceServer, calls: WrittenCalls, why: str
) -> None:
    gateway.orders.for_address(NUMBER, Order(reason=why))
    await voice.send(NOTICE)

    call = await call_of(gateway)
    assert calls.asked == [("came_to", some_id("notice"), call["call"], False, why)]


async def test_a_code_is_read_twice_and_nothing_is_asked(voice: VoiceTwilioChannel, gateway: VoiceServer) -> None:
    sent = await voice.post(about_ourselves(Channel.VOICE, NUMBER))

    assert (sent.state, sent.answer[:3]) == (DeliveryState.SENT, "201")
    assert NUMBER not in sent.answer
    assert (await call_of(gateway))["heard"] == ["PROV. Koden är 4, 1, 7, 7, 3, 0."] * 2


async def test_a_centre_is_told_twice(voice: VoiceTwilioChannel, gateway: VoiceServer) -> None:
    told = CentreCall(id=UUID(int=1), purpose=Purpose.REAL, number=NUMBER, words="Larm 7KQ2.", language="sv")

    assert (await voice.tell_centre(told)).state is DeliveryState.SENT
    assert (await call_of(gateway))["heard"] == ["Larm 7KQ2."] * 2
    with pytest.raises(TypeError, match="real case"):
        await voice.tell_centre(about_ourselves(Channel.VOICE, NUMBER))  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", ["Anna " * 100, "<&" * 200])
async def test_the_longest_words_still_make_a_call(
    voice: VoiceTwilioChannel, gateway: VoiceServer, subject: str
) -> None:
    sent = await voice.send(outward(channel=Channel.VOICE, words=text(subject=subject, place="Väg & väg " * 60)))

    order = (await gateway.record.wait_for(lambda received: True)).payload
    assert sent.state is DeliveryState.SENT
    assert len(order["Twiml"]) <= TWIML_CHARS
    assert (await call_of(gateway))["pressed"] == "1"


async def test_the_probe_asks_for_our_account(
    voice: VoiceTwilioChannel, gateway: VoiceServer, calls: WrittenCalls
) -> None:
    wrong = settings(gateway, "https://larm.example/api", token="wrong")
    async with running(VoiceTwilioChannel(wrong, SystemClock(), WORDING, calls.scripts.seal)) as stranger:
        refused = await stranger.probe()

    assert (await voice.probe()).alive
    assert (refused.alive, refused.reason) == (False, "401: account SID or token is refused")


@pytest.mark.parametrize(
    ("status", "body", "made"),
    [
        (201, b'{"sid":"CA1"}', Delivery(state=DeliveryState.SENT, provider_id="CA1")),
        (
            201,
            b"{}",
            Delivery(state=DeliveryState.RETRY, reason="201 without a call's sid: not Twilio's answer"),
        ),
        (
            400,
            b'{"code":21211,"message":"The number +46701740601 is not valid"}',
            Delivery(state=DeliveryState.REFUSED, reason="400 21211 The number … is not valid"),
        ),
        (
            400,
            b'{"code":21210,"message":"x"}',
            Delivery(
                state=DeliveryState.REFUSED,
                reason="400 21210 the number that we call from is not this account's",
                about_us=True,
            ),
        ),
        (
            401,
            b'{"code":20003}',
            Delivery(state=DeliveryState.REFUSED, reason="401 20003 account SID or token is refused", about_us=True),
        ),
        (404, b"<html>", Delivery(state=DeliveryState.REFUSED, reason="404")),
        (429, b'{"code":20429}', Delivery(state=DeliveryState.RETRY, reason="429 20429")),
        (503, b"[]", Delivery(state=DeliveryState.RETRY, reason="503")),
    ],
)
def test_every_answer_has_a_meaning(status: int, body: bytes, made: Delivery) -> None:
    assert delivery(HttpAnswer(status, body, None), None) == made


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
async def test_a_drill_rings_nobody(voice: VoiceTwilioChannel, gateway: VoiceServer, purpose: Purpose) -> None:
    with pytest.raises(TypeError, match="outward notices only"):
        await voice.send(in_house(purpose=purpose))  # type: ignore[arg-type]
    assert gateway.record.count == 0


@pytest.mark.parametrize("number", ["", "1177", "0700000017"])
async def test_nobody_is_rung_but_subscribers(voice: VoiceTwilioChannel, gateway: VoiceServer, number: str) -> None:
    assert (await voice.send(outward(address=number, channel=Channel.VOICE))).state is DeliveryState.REFUSED
    assert gateway.record.count == 0


@pytest.mark.parametrize("bad", [{"account_sid": "AC/.."}, {"max_connections": 0}])
def test_settings_that_cannot_be_are_refused(gateway: VoiceServer, bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="twilio"):
        settings(gateway, "https://larm.example/api", **bad)
