"""What the line peers share, on the smallest of them: one that says back what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from devices.peers.line_peer import LinePeer
from devices.peers.orders import Fate, Order


class Echo(LinePeer):
    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        while heard := await reader.read(100):
            if not await self.answer(writer, self.orders.take(""), heard + b"%d" % connection):
                return


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    peer = Echo(tls=None, port=0, side_port=0, quiet=False)
    await peer.start()
    yield peer
    await peer.stop()


async def test_it_answers_each_of_its_lines(echo: Echo) -> None:
    lines = [await asyncio.open_connection("127.0.0.1", echo.port) for _ in range(2)]
    for _, writer in lines:
        writer.write(b"hej")

    assert sorted([await reader.read(100) for reader, _ in lines]) == [b"hej1", b"hej2"]
    await echo.cut_all()
    assert [await _rest(reader) for reader, _ in lines] == [b"", b""]
    for _, writer in lines:
        writer.close()


@pytest.mark.parametrize(("fate", "heard"), [(Fate.HALF, b"he"), (Fate.CUT, b""), (Fate.SILENCE, b"")])
async def test_bad_networks(echo: Echo, fate: Fate, heard: bytes) -> None:
    echo.orders.for_all(Order(fate=fate))
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    writer.write(b"hej")

    if fate is Fate.HALF:
        assert await reader.readexactly(2) == b"he"
    elif fate is Fate.CUT:
        assert await _rest(reader) == b""
    else:
        echo.orders.clear()
        writer.write(b"du")
        assert await reader.read(100) in (b"du1", b"hejdu1")
    writer.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionError:
        return b""
