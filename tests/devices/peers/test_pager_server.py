"""The local paging exchange, spoken to byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from devices.peers.orders import Order
from devices.peers.pager_server import PagerServer
from protocols.espa444 import Call, serialise
from protocols.espa444_text import CharacterSet

BLOCK = serialise(Call(address="550", text="HJÄLP".encode("latin-1")))


@pytest.fixture
async def exchange() -> AsyncIterator[PagerServer]:
    server = PagerServer()
    await server.start()
    yield server
    await server.stop()


async def _talk(server: PagerServer, *said: bytes) -> list[bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    heard = []
    for words in said:
        writer.write(words)
        async with asyncio.timeout(10):
            heard.append(await reader.read(100))
    writer.close()
    return heard


async def test_a_call_is_taken_and_kept(exchange: PagerServer) -> None:
    assert await _talk(exchange, b"\x041\x052\x05", BLOCK) == [b"\x06", b"\x06"]
    (kept,) = exchange.record
    assert (kept.address, kept.status, kept.payload["text"]) == ("550", 200, "HJÄLP")
    assert kept.payload["records"]["3"] == "3"


async def test_who_only_polls_hears_that_there_is_nothing(exchange: PagerServer) -> None:
    assert await _talk(exchange, b"2\x05") == [b"\x04"]


async def test_it_refuses_when_told_and_what_is_damaged(exchange: PagerServer) -> None:
    exchange.orders.for_address("550", Order(reason="3"))
    exchange.refuse_selections = 1
    select = b"1\x052\x05"

    heard = await _talk(exchange, select, b"\x04" + select, BLOCK, BLOCK[:-1] + b"?")

    assert heard == [b"2\x15", b"\x06", b"3\x15", b"1\x15"]
    assert [kept.reason for kept in exchange.record] == ["NAK"]


async def test_with_parity_it_says_so_in_its_description() -> None:
    server = PagerServer(characters=CharacterSet.SWEDISH7, even_parity=True)
    await server.start()

    assert server.describe()["parity"] == "even"
    assert await _talk(server, b"\xb1\x05\xb2\x05") == [b"\x06"]
    await server.stop()
