"""Devices around an outage, against a receiver that answers as ours does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from load.generator import Place
from load.reconnect.generator import Reconnecting
from protocols.conversation import SignalsReceived
from protocols.watch.conversation import WatchConversation

AT = datetime(2026, 3, 4, tzinfo=UTC)
DEVICES = 3


class Receiver:
    """Answers every watch at once. close() cuts all connections, as a killed process does."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        await self._server.wait_closed()
        while self._open:
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        conversation = WatchConversation(AT)
        try:
            while chunk := await reader.read(4096):
                for event in conversation.receive(chunk, AT):
                    if isinstance(event, SignalsReceived) and event.token is not None:
                        writer.write(conversation.ack(event.token, AT))
        except ConnectionResetError:
            pass
        finally:
            writer.transport.abort()
            self._open.discard(writer)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def devices(receiver: Receiver) -> AsyncIterator[Reconnecting]:
    place = Place(
        ports={"watch": receiver.port},
        families=[("watch", 1)],
        devices=DEVICES,
        generator=0,
        generators=1,
        ramp_s=0.01,
        keepalive_s=60.0,
    )
    made = Reconnecting(place)
    await made.connect()
    yield made
    await made.close()


async def test_after_an_outage_of_the_network_each_device_says_when_it_was_answered(devices: Reconnecting) -> None:
    begin_s = time.monotonic()
    back, pressed = await devices.outage(True, begin_s, begin_s + 0.05, 20.0, [(7, 1, 0.01)])

    assert sorted(back) == list(range(DEVICES))
    assert all(at_s is not None and at_s >= begin_s + 0.05 for at_s in back.values())
    [one] = pressed
    assert (one.number, one.intended_s) == (7, begin_s + 0.01)
    assert one.acked_s is not None
    assert one.acked_s >= begin_s + 0.05, "it could not be heard before"


async def test_connections_cut_from_the_other_end_are_made_anew(receiver: Receiver, devices: Reconnecting) -> None:
    await receiver.close()
    await receiver.open()
    begin_s = time.monotonic()
    back, pressed = await devices.outage(False, begin_s, begin_s, 20.0, [])

    assert None not in back.values()
    assert pressed == []
