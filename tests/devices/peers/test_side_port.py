"""What other processes read and order, over HTTP."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from devices.peers.orders import Fate, Orders
from devices.peers.record import Record
from devices.peers.side_port import SidePort
from devices.peers.town import Town


@dataclass
class Side:
    record: Record
    orders: Orders
    session: aiohttp.ClientSession
    url: str

    def add(self, notice_id: str) -> None:
        self.record.add(
            notice_id=notice_id, address="a", status=200, reason="", connection=1, headers={}, body=b'{"x":1}'
        )


@pytest.fixture
async def side() -> AsyncIterator[Side]:
    record, orders = Record(), Orders()
    port = SidePort(record, orders)
    await port.start()
    async with aiohttp.ClientSession() as session:
        yield Side(record, orders, session, f"http://127.0.0.1:{port.port}")
    await port.stop()


async def test_what_came_is_read_from_a_number_on(side: Side) -> None:
    for name in ("one", "two", "three"):
        side.add(name)

    async with side.session.get(f"{side.url}/_received?since=1&limit=1") as response:
        read = await response.json()

    assert read["count"] == 3
    assert [(entry["number"], entry["notice_id"], entry["payload"]) for entry in read["received"]] == [
        (2, "two", {"x": 1})
    ]


async def test_a_reader_may_wait_for_the_next(side: Side) -> None:
    waiting = asyncio.create_task(side.session.get(f"{side.url}/_received?since=0&wait_s=10"))
    async with asyncio.timeout(5):
        while not side.record._waiting:
            await asyncio.sleep(0)
    side.add("one")

    response = await waiting
    assert [entry["notice_id"] for entry in (await response.json())["received"]] == ["one"]


async def test_a_wait_in_vain_is_an_empty_list(side: Side) -> None:
    async with side.session.get(f"{side.url}/_received?wait_s=0.01") as response:
        assert await response.json() == {"count": 0, "received": []}


async def test_orders_are_given_and_taken_back(side: Side) -> None:
    for order in (
        {"for": "address", "address": "x", "fate": "silence"},
        {"for": "next", "times": 1, "status": 503},
        {"for": "all", "status": 410},
    ):
        async with side.session.post(f"{side.url}/_orders", json=order) as response:
            assert response.status == 204

    assert side.orders.take("x").fate is Fate.SILENCE
    assert [side.orders.take("y").status for _ in range(2)] == [503, 410]
    async with side.session.delete(f"{side.url}/_orders") as response:
        assert response.status == 204
    assert side.orders.take("x").status == 200


@pytest.mark.parametrize("order", [{}, {"for": "nobody"}, {"for": "all", "status": "x"}, [], {"for": "address"}])
async def test_what_is_no_order_is_refused(side: Side, order: object) -> None:
    async with side.session.post(f"{side.url}/_orders", json=order) as response:
        assert response.status == 400


async def test_what_was_kept_can_be_forgotten(side: Side) -> None:
    side.add("one")

    async with side.session.delete(f"{side.url}/_received") as response:
        assert response.status == 204
    async with side.session.get(f"{side.url}/_received?since=x") as response:
        assert response.status == 400
    assert len(side.record) == 0


async def test_a_receiver_that_was_shut_refuses_until_it_is_opened(tmp_path: Path) -> None:
    """Both kinds: what speaks HTTP/2 and what speaks HTTP/1.1."""
    town = Town(tmp_path)
    tls = ssl.create_default_context(cafile=str(town.describe()["ca_file"]))
    tls.set_alpn_protocols(["h2", "http/1.1"])
    async with aiohttp.ClientSession() as session:
        for peer in (town.apns, town.fcm):
            await peer.start()
            try:
                port, door = peer.port, f"http://127.0.0.1:{peer.side.port}/_door"
                kept = await asyncio.open_connection("localhost", port, ssl=tls)

                assert (await session.delete(door)).status == 204
                assert (await session.delete(door)).status == 204

                await _ended(kept[0])
                kept[1].close()
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.open_connection("127.0.0.1", port)
                assert (await session.post(door)).status == 204
                assert peer.port == port
                _, again = await asyncio.open_connection("localhost", port, ssl=tls)
                again.transport.abort()
            finally:
                await peer.stop()


async def _ended(line: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        async with asyncio.timeout(5):
            await line.read()
