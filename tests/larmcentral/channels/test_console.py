"""The desk's channel."""

from __future__ import annotations

import asyncio

import pytest

from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.console import ConsoleChannel, ConsoleSettings
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse
from tests.larmcentral.channels.support import SHORT, about_ourselves, in_house, outward

DESK = in_house(address="desk", channel=Channel.CONSOLE, purpose=Purpose.DRILL)


async def test_a_notice_is_published_once() -> None:
    published: list[InHouse] = []

    async def publish(notice: InHouse) -> None:
        published.append(notice)

    channel = ConsoleChannel(ConsoleSettings(), publish)
    await channel.start()
    delivery = await channel.send(DESK)
    await channel.stop()

    assert delivery == Delivery(state=DeliveryState.SENT)
    assert published == [DESK]


async def test_a_feed_that_hangs_is_a_retry() -> None:
    async def publish(notice: InHouse) -> None:
        await asyncio.Event().wait()

    delivery = await ConsoleChannel(ConsoleSettings(deadline=SHORT), publish).send(DESK)

    assert delivery == Delivery(state=DeliveryState.RETRY, reason="the feed did not take it in time")


async def test_a_feed_that_fails_is_a_retry() -> None:
    async def publish(notice: InHouse) -> None:
        raise ConnectionError("with words that may hold a name")

    delivery = await ConsoleChannel(ConsoleSettings(), publish).send(DESK)

    assert delivery == Delivery(state=DeliveryState.RETRY, reason="the feed failed: ConnectionError")


async def test_an_outward_notice_is_not_for_the_desk() -> None:
    async def publish(notice: InHouse) -> None:
        raise AssertionError("never")

    with pytest.raises(TypeError, match="in-house"):
        await ConsoleChannel(ConsoleSettings(), publish).send(outward())  # type: ignore[arg-type]


async def test_the_desk_is_alive_and_takes_no_words_about_ourselves() -> None:
    async def publish(notice: InHouse) -> None:
        raise AssertionError("never")

    channel = ConsoleChannel(ConsoleSettings(), publish)

    assert (await channel.probe()).alive
    refused = await channel.post(about_ourselves(Channel.CONSOLE, "desk"))
    assert (refused.state, bool(refused.reason)) == (DeliveryState.REFUSED, True)
