"""A device's connection: cut, and made anew."""

from __future__ import annotations

import asyncio
import random

from devices.device import Address, Surroundings
from devices.link import Link


async def test_a_connection_that_was_cut_is_made_anew_at_once() -> None:
    arrived: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: arrived.append(writer), "127.0.0.1", 0)
    address = Address("127.0.0.1", server.sockets[0].getsockname()[1])
    surroundings = Surroundings(random.Random(1))
    link = Link((address,), surroundings, lambda _: None, lambda: None)
    try:
        assert await link.connect(surroundings.monotonic_s() + 5)
        link.drop()
        assert not link.connected
        assert not link.send(b"?")
        assert await link.connect(surroundings.monotonic_s() + 5)
        assert link.generation == 2
        assert link.send(b"!")
    finally:
        link.drop()
        await asyncio.sleep(0)
        for writer in arrived:
            writer.close()
        server.close()
        await server.wait_closed()


class Closed(asyncio.WriteTransport):
    """What uvloop leaves behind when an attempt is given up while its connection was being made."""

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        raise RuntimeError("the handler is closed")


async def test_a_connection_that_was_closed_without_a_word_is_lost_when_it_is_written_to() -> None:
    lost: list[None] = []
    link = Link((Address("127.0.0.1", 1),), Surroundings(random.Random(1)), lambda _: None, lambda: lost.append(None))
    link.connection_made(Closed())
    assert (link.connected, link.send(b"?")) == (True, False)
    assert not link.connected
    assert lost == [None]
