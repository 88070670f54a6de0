"""What other processes read and order, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from devices.peers.orders import Fate, Orders
from devices.peers.record import Record
from devices.peers.side_port import SidePort


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
