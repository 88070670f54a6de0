"""Calls by 46elks, from the order to the key, over real sockets on both sides."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from devices.peers.orders import Order
from devices.peers.voice_server import VoiceServer
from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.speech_program import SpeechProgram, SpeechSettings
from larmcentral.channels.voice_46elks import Voice46elksChannel, Voice46elksSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Delivery, DeliveryState
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

TONE = SpeechSettings(command=(sys.executable, "-m", "devices.peers.tone_voice"), deadline=PATIENT)
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


def settings(gateway: VoiceServer, url: str, **changes: Any) -> Voice46elksSettings:
    said: dict[str, Any] = {
        "username": gateway.username,
        "password": gateway.password,
        "number": "+46766860000",
        "answer_url": url,
        "endpoint": gateway.elks_endpoint,
        "has_voice": True,
        "deadline": PATIENT,
    }
    return Voice46elksSettings(**said | changes)


@pytest.fixture
async def voice(gateway: VoiceServer, calls: WrittenCalls) -> AsyncIterator[Voice46elksChannel]:
    async with (
        answering(calls, speech=SpeechProgram(TONE), twilio_token="") as url,
        running(Voice46elksChannel(settings(gateway, url), SystemClock(), WORDING, calls.scripts.seal)) as channel,
    ):
        yield channel


async def call_of(gateway: VoiceServer) -> Any:
    """What happened in the call, once it is over."""
    return (await gateway.record.wait_for(lambda received: received.reason == "call")).payload


async def test_the_alarm_is_read_out_and_a_key_is_taken(
    voice: Voice46elksChannel, gateway: VoiceServer, calls: WrittenCalls
) -> None:
    delivery = await voice.send(NOTICE)

    call, words = await call_of(gateway), WORDING.spoken(NOTICE.text)
    assert delivery == Delivery(state=DeliveryState.SENT, provider_id=call["call"])
    assert call["heard"] == [f"{words.message} {words.question}", "Tack."]
    assert (call["pressed"], call["state"]) == ("1", "success")
    assert calls.asked == [
        ("came_to", some_id("notice"), call["call"], True, ""),
        ("pressed", some_id("notice"), "1"),
        ("came_to", some_id("notice"), call["call"], True, ""),
    ]


async def test_the_order_holds_no_words_about_anybody(voice: Voice46elksChannel, gateway: VoiceServer) -> None:
    await voice.send(NOTICE)

    order = (await gateway.record.wait_for(lambda received: True)).payload
    assert (order["from"], order["to"], order["timeout"]) == ("+46766860000", NUMBER, "45")
    assert "Anna" not in str(order)


async def test_who_presses_nothing_hears_it_three_times(voice: Voice46elksChannel, gateway: VoiceServer) -> None:
    gateway.orders.for_address(NUMBER, Order(reason="press:"), times=1)
    await voice.send(NOTICE)

    assert len((await call_of(gateway))["heard"]) == 3 + 1  # and "Tack.", for this double thanks for no key too


async def test_who_is_busy_is_told_as_not_reached(
    voice: Voice46elksChannel, gateway: VoiceServer, calls: WrittenCalls
) -> None:
    gateway.orders.for_address(NUMBER, Order(reason="busy"))
    delivery = await voice.send(NOTICE)

    call = await call_of(gateway)
    assert delivery.state is DeliveryState.SENT
    assert calls.asked == [("came_to", some_id("notice"), call["call"], False, "busy")]


async def test_a_silent_alarm_is_read_out_with_its_advice(voice: Voice46elksChannel, gateway: VoiceServer) -> None:
    notice = outward(channel=Channel.VOICE, words=text(silent=True))
    await voice.send(notice)

    heard = (await call_of(gateway))["heard"][0]
    assert heard.startswith(WORDING.spoken(notice.text).message)
    assert "tyst" in heard.lower()


async def test_without_a_voice_of_its_own_the_house_has_it_read_in_english(
    gateway: VoiceServer, calls: WrittenCalls
) -> None:
    async with (
        answering(calls, speech=None, twilio_token="") as url,
        running(
            Voice46elksChannel(settings(gateway, url, has_voice=False), SystemClock(), WORDING, calls.scripts.seal)
        ) as voice,
    ):
        await voice.send(NOTICE)
        call = await call_of(gateway)

    assert "Press 1" in call["heard"][0]
    assert call["pressed"] == "1"


async def test_a_code_is_read_twice_and_nothing_is_asked(voice: Voice46elksChannel, gateway: VoiceServer) -> None:
    delivery = await voice.post(about_ourselves(Channel.VOICE, NUMBER))

    call = await call_of(gateway)
    assert (delivery.state, delivery.answer[:3]) == (DeliveryState.SENT, "200")
    assert NUMBER not in delivery.answer
    assert call["heard"] == ["PROV. Koden är 4, 1, 7, 7, 3, 0."] * 2
    assert call["pressed"] == ""


async def test_a_centre_is_told_twice(voice: Voice46elksChannel, gateway: VoiceServer) -> None:
    told = CentreCall(id=UUID(int=1), purpose=Purpose.REAL, number=NUMBER, words="Larm 7KQ2.", language="sv")

    assert (await voice.tell_centre(told)).state is DeliveryState.SENT
    assert (await call_of(gateway))["heard"] == ["Larm 7KQ2."] * 2
    with pytest.raises(TypeError, match="real case"):
        await voice.tell_centre(about_ourselves(Channel.VOICE, NUMBER))  # type: ignore[arg-type]


async def test_the_probe_asks_who_we_are(voice: Voice46elksChannel, gateway: VoiceServer, calls: WrittenCalls) -> None:
    wrong = settings(gateway, "https://larm.example/api", password="wrong")
    async with running(Voice46elksChannel(wrong, SystemClock(), WORDING, calls.scripts.seal)) as stranger:
        refused = await stranger.probe()

    assert (await voice.probe()).alive
    assert (refused.alive, refused.reason) == (False, "401: username or password is refused")


@pytest.mark.parametrize("number", ["", "1177", "+461177", "0700000017"])
async def test_nobody_is_rung_but_subscribers(voice: Voice46elksChannel, gateway: VoiceServer, number: str) -> None:
    delivery = await voice.send(outward(address=number, channel=Channel.VOICE))

    assert delivery.state is DeliveryState.REFUSED
    assert gateway.record.count == 0


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
async def test_a_drill_rings_nobody(voice: Voice46elksChannel, gateway: VoiceServer, purpose: Purpose) -> None:
    with pytest.raises(TypeError, match="outward notices only"):
        await voice.send(in_house(purpose=purpose))  # type: ignore[arg-type]
    assert gateway.record.count == 0


def test_settings_that_cannot_be_are_refused(gateway: VoiceServer) -> None:
    with pytest.raises(ValueError, match="positive"):
        settings(gateway, "https://larm.example/api", max_connections=0)
