"""Calls to pagers: against the local exchange, and against exchanges that behave badly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devices.peers.orders import Fate, Order
from devices.peers.pager_server import PagerServer
from escalation.chain import Channel
from larmcentral.channels.pager import PagerChannel, PagerSettings
from larmcentral.channels.wording import Wording
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import Delivery, DeliveryState, Probe, ServiceMessage
from protocols.espa444_text import CharacterSet
from tests.fakes.bad_server import NOWHERE, BadServer, Manner, closed_port
from tests.larmcentral.channels.support import MODERATE, PATIENT, SHORT, in_house, outward, running, text

HANDSET = "550"
SAID = ServiceMessage(
    id=UUID(int=1), channel=Channel.PAGER, address=HANDSET, language="sv", title="Prov", body="Prov från\nlarmcentralen"
)


def channel(port: int, **changes: Any) -> PagerChannel:
    settings: dict[str, Any] = {"host": "127.0.0.1", "port": port, "deadline": PATIENT}
    return PagerChannel(PagerSettings(**settings | changes), SystemClock(), Wording("Europe/Stockholm"))


def polite(heard: bytes) -> bytes | None:
    """An exchange as it should be: ready when selected, and it takes the block."""
    return b"\x06" if heard.endswith(b"2\x05") or (len(heard) > 1 and heard[-2] == 0x03) else None


@pytest.fixture
async def exchange(loop_faults: list[dict[str, Any]]) -> AsyncIterator[PagerServer]:
    server = PagerServer()
    await server.start()
    yield server
    await server.stop()


async def test_a_call_in_full(exchange: PagerServer) -> None:
    async with running(channel(exchange.port, beep=5)) as pager:
        delivery = await pager.send(outward(address=HANDSET))

    (kept,) = exchange.record
    assert delivery == Delivery(state=DeliveryState.SENT, answer="ACK: the exchange has the call")
    assert kept.address == HANDSET
    assert kept.payload["text"].startswith("NÖDLARM")
    assert "Anna K" in kept.payload["text"]
    records = kept.payload["records"]
    assert [records[identifier] for identifier in "13456"] == [HANDSET, "5", "3", "1", "1"]


async def test_calls_go_one_after_the_other_on_one_connection(exchange: PagerServer) -> None:
    async with running(channel(exchange.port)) as pager:
        deliveries = await asyncio.gather(*(pager.send(outward(address=str(600 + n))) for n in range(20)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert sorted(kept.address for kept in exchange.record) == [str(600 + n) for n in range(20)]
    assert exchange.connections_made == 1


async def test_seven_bits_with_parity_reach_the_display_as_meant() -> None:
    server = PagerServer(characters=CharacterSet.SWEDISH7, even_parity=True)
    await server.start()
    async with running(channel(server.port, characters=CharacterSet.SWEDISH7, even_parity=True)) as pager:
        delivery = await pager.send(outward(address=HANDSET))
    await server.stop()

    assert delivery.state is DeliveryState.SENT
    assert next(iter(server.record)).payload["text"].startswith("NÖDLARM")


async def test_words_are_cut_to_the_display_and_carry_no_control_signs(exchange: PagerServer) -> None:
    async with running(channel(exchange.port, text_limit=40)) as pager:
        await pager.send(outward(address=HANDSET, words=text(place="rum\x03\x1e5 " + "x" * 200)))

    (kept,) = exchange.record
    assert len(kept.payload["text"]) == 40
    assert kept.payload["text"].isprintable()


async def test_words_about_ourselves_are_the_body_alone(exchange: PagerServer) -> None:
    async with running(channel(exchange.port)) as pager:
        delivery = await pager.post(SAID)

    assert delivery.state is DeliveryState.SENT
    assert next(iter(exchange.record)).payload["text"] == "Prov från larmcentralen"


async def test_a_look_rings_nobody(exchange: PagerServer) -> None:
    async with running(channel(exchange.port)) as pager:
        assert await pager.probe() == Probe(alive=True)
        exchange.refuse_selections = 2
        assert await pager.probe() == Probe(alive=False, reason="the exchange is not ready (NAK 2)")

    assert exchange.record.count == 0
    assert await channel(closed_port()).probe() == Probe(alive=False, reason="stopped")


@pytest.mark.parametrize("address", ["", "55 0", "5" * 17, "550\x1e", "+4655"])
async def test_what_is_no_pagers_number_is_never_called(exchange: PagerServer, address: str) -> None:
    async with running(channel(exchange.port)) as pager:
        delivery = await pager.send(outward(address=address))

    assert delivery.state is DeliveryState.REFUSED
    assert exchange.connections_made == 0


async def test_a_refused_block_is_said_once_more_and_then_waits_for_the_outbox(exchange: PagerServer) -> None:
    exchange.orders.for_next(Order(reason="1"))
    async with running(channel(exchange.port)) as pager:
        once = await pager.send(outward(address=HANDSET))
        exchange.orders.for_next(Order(reason="3"), times=2)
        twice = await pager.send(outward(address=HANDSET))
        exchange.refuse_selections = 2
        busy = await pager.send(outward(address=HANDSET))
        after = await pager.send(outward(address=HANDSET))

    assert (once.state, after.state) == (DeliveryState.SENT, DeliveryState.SENT)
    assert (twice.state, twice.reason) == (DeliveryState.RETRY, "the exchange did not take the call (NAK 3)")
    assert (busy.state, busy.reason) == (DeliveryState.RETRY, "the exchange is not ready (NAK 2)")


@pytest.mark.parametrize("fate", [Fate.SILENCE, Fate.CUT])
async def test_a_bad_network_is_a_retry_and_the_next_call_is_well(exchange: PagerServer, fate: Fate) -> None:
    exchange.orders.for_next(Order(fate=fate))
    async with running(channel(exchange.port, deadline=MODERATE)) as pager:
        bad = await pager.send(outward(address=HANDSET))
        after = await pager.send(outward(address=HANDSET))

    assert (bad.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)


async def test_an_idle_line_that_was_closed_is_made_anew(exchange: PagerServer) -> None:
    async with running(channel(exchange.port)) as pager:
        await pager.send(outward(address=HANDSET))
        await exchange.cut_all()
        after = await pager.send(outward(address=HANDSET))

    assert after.state is DeliveryState.SENT
    assert exchange.connections_made == 2


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (Manner.SILENT, "no answer in time"),
        (Manner.MUTE_CLOSE, "the exchange closed the connection"),
        (Manner.CUT, ""),
        (Manner.GARBAGE, "no answer in time"),
    ],
)
async def test_bad_exchanges(manner: Manner, words: str) -> None:
    async with (
        BadServer(polite, manner) as server,
        running(channel(server.port, deadline=SHORT if manner is not Manner.CUT else MODERATE)) as pager,
    ):
        bad = await pager.send(outward(address=HANDSET))
        server.manner = Manner.GOOD
        after = await pager.send(outward(address=HANDSET))

    assert bad.state is DeliveryState.RETRY
    assert words in bad.reason
    assert after.state is DeliveryState.SENT


async def test_an_ack_that_comes_too_late_does_not_pass_for_the_next() -> None:
    async with BadServer(polite, Manner.LATE) as server, running(channel(server.port, deadline=SHORT)) as pager:
        bad = await pager.send(outward(address=HANDSET))
        server.release()
        server.manner = Manner.GOOD
        after = await pager.send(outward(address=HANDSET))

    assert (bad.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)
    assert server.heard[1].count(b"\x03") == 1


async def test_an_exchange_that_says_all_twice_gets_each_call_once() -> None:
    async with BadServer(polite, Manner.TWICE) as server, running(channel(server.port)) as pager:
        deliveries = [await pager.send(outward(address=HANDSET)) for _ in range(3)]

    assert [delivery.state for delivery in deliveries] == [DeliveryState.SENT] * 3
    assert server.heard[0].count(b"\x03") == 3


@pytest.mark.parametrize("where", ["closed", NOWHERE])
async def test_nobody_there(where: str) -> None:
    host = "127.0.0.1" if where == "closed" else where
    async with running(channel(closed_port(), host=host)) as pager:
        delivery = await pager.send(outward(address=HANDSET))

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason in ("it refuses the connection", "its name does not resolve")


async def test_before_start_and_after_stop_it_is_a_retry(exchange: PagerServer) -> None:
    pager = channel(exchange.port)
    stopped = Delivery(state=DeliveryState.RETRY, reason="stopped")

    assert await pager.send(outward(address=HANDSET)) == stopped
    await pager.start()
    await pager.start()
    assert (await pager.send(outward(address=HANDSET))).state is DeliveryState.SENT
    await pager.stop()
    await pager.stop()
    assert await pager.send(outward(address=HANDSET)) == stopped
    await pager.start()
    assert (await pager.send(outward(address=HANDSET))).state is DeliveryState.SENT
    await pager.stop()


async def test_a_call_under_way_when_it_stops_is_a_retry(exchange: PagerServer) -> None:
    exchange.orders.for_all(Order(fate=Fate.SILENCE))
    pager = channel(exchange.port)
    await pager.start()
    trying = [asyncio.create_task(pager.send(outward(address=HANDSET))) for _ in range(3)]
    await exchange.record.wait_for(lambda received: True)

    await pager.stop()

    assert [delivery.reason for delivery in await asyncio.gather(*trying)] == ["stopped"] * 3


async def test_no_drill_reaches_a_pager(exchange: PagerServer) -> None:
    async with running(channel(exchange.port)) as pager:
        with pytest.raises(TypeError, match="outward notices only"):
            await pager.send(in_house(address=HANDSET))  # type: ignore[arg-type]

    assert exchange.connections_made == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"port": 0},
        {"host": ""},
        {"beep": 10},
        {"priority": 0},
        {"call_type": 4},
        {"text_limit": 129},
        {"even_parity": True},
        {"own": "2"},
        {"exchange": "22"},
        {"deadline": timedelta()},
    ],
)
def test_settings_that_cannot_be_are_refused(bad: dict[str, Any]) -> None:
    good = PagerSettings(host="127.0.0.1", port=1)
    with pytest.raises(ValueError, match="pager"):
        replace(good, **bad)
