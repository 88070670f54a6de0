"""What servers and networks do to one connection: every row of facts/dependencies.md, section 4."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from devices.peers.apns_server import ApnsServer
from devices.peers.orders import Fate, Order
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.channels.apns_answer import Waiting
from larmcentral.channels.apns_protocol import HardenedProtocol
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import Delivery, DeliveryState
from tests.larmcentral.channels.support import MODERATE, WORDING, in_house, running, until

Make = Callable[..., ApnsSettings]
UNREGISTERED = b'{"reason":"Unregistered","timestamp":1795349905123}'


async def test_a_body_over_several_frames_is_put_together(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(status=410, body=UNREGISTERED, pieces=7))

    delivery = await apns.send(in_house())

    assert delivery.reason == "Unregistered since 2026-11-22T12:18:25.123Z"
    assert apns_server.connections_made == 1


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (503, b"", Delivery(state=DeliveryState.RETRY, reason="status 503")),
        (410, b"", Delivery(state=DeliveryState.GONE, reason="status 410")),
        (400, b"", Delivery(state=DeliveryState.REFUSED, reason="status 400")),
        (503, b"<html>busy</html>", Delivery(state=DeliveryState.RETRY, reason="NotJSON")),
        (410, b"\xff\xfe", Delivery(state=DeliveryState.GONE, reason="NotJSON")),
        (400, b"[1,2]", Delivery(state=DeliveryState.REFUSED, reason="NotJSON")),
        (500, b'{"reason":5,"timestamp":"x"}', Delivery(state=DeliveryState.RETRY, reason="5")),
        (302, b"", Delivery(state=DeliveryState.RETRY, reason="status 302")),
    ],
)
async def test_an_empty_or_foreign_body_leaves_the_status_and_the_connection(
    apns: ApnsChannel, apns_server: ApnsServer, status: int, body: bytes, expected: Delivery
) -> None:
    apns_server.orders.for_next(Order(status=status, body=body))

    assert await apns.send(in_house()) == expected
    assert (await apns.send(in_house())).state is DeliveryState.SENT
    assert apns_server.connections_made == 1


async def test_a_huge_body_is_not_kept(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(status=400, body=b"x" * 60_000, pieces=10))

    assert await apns.send(in_house()) == Delivery(state=DeliveryState.REFUSED, reason="NotJSON")
    assert (await apns.send(in_house())).state is DeliveryState.SENT


async def test_a_reset_stream_is_a_retry_and_the_connection_goes_on(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(fate=Fate.RESET))

    delivery = await apns.send(in_house())

    assert delivery == Delivery(state=DeliveryState.RETRY, reason="StreamReset INTERNAL_ERROR")
    assert (await apns.send(in_house())).state is DeliveryState.SENT
    assert apns_server.connections_made == 1


async def test_a_status_that_came_counts_though_its_body_never_does(
    apns_settings: Make, apns_server: ApnsServer
) -> None:
    async with running(ApnsChannel(apns_settings(deadline=MODERATE), SystemClock(), WORDING)) as apns:
        apns_server.orders.for_next(Order(status=410, reason="Unregistered", fate=Fate.HALF))
        gone = await apns.send(in_house())
        apns_server.orders.for_next(Order(fate=Fate.HALF))
        sent = await apns.send(in_house())

    assert (gone.state, sent.state) == (DeliveryState.GONE, DeliveryState.SENT)


async def test_a_late_answer_does_no_harm(
    apns_settings: Make, apns_server: ApnsServer, loop_faults: list[dict[str, Any]]
) -> None:
    """As shipped, aioapns dies of InvalidStateError here and repeats every send under way."""
    async with running(ApnsChannel(apns_settings(max_connections=1), SystemClock(), WORDING)) as apns:
        apns_server.orders.for_next(Order(delay_s=0.2), times=20)
        late = [asyncio.create_task(apns.send(in_house(f"late{number}"))) for number in range(20)]
        await until(lambda: apns_server.record.count == 20)
        for task in late:
            task.cancel()
        await asyncio.wait(late)
        apns_server.orders.for_next(Order(delay_s=0.4))
        after = await apns.send(in_house("after"))

    assert after.state is DeliveryState.SENT
    assert apns_server.connections_made == 1
    assert apns_server.record.count == 21
    assert loop_faults == []


async def test_error_bodies_beyond_the_receive_window_stall_nothing(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_all(Order(status=400, body=b'{"reason":"BadPriority"' + b" " * 400 + b"}"))

    deliveries = await _send_many(apns, 600)

    assert {delivery.reason for delivery in deliveries} == {"BadPriority"}
    assert apns_server.record.count == 600


async def test_two_thousand_sends_leave_nothing_behind(apns_settings: Make, apns_server: ApnsServer) -> None:
    async with running(ApnsChannel(apns_settings(max_connections=1), SystemClock(), WORDING)) as apns:
        await apns.send(in_house("first"))
        tasks = len(asyncio.all_tasks())

        deliveries = await _send_many(apns, 2000)

        gc.collect()
        [connection] = [thing for thing in gc.get_objects() if isinstance(thing, HardenedProtocol) and thing.usable]
        assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
        assert apns_server.record.count == 2001
        assert connection.streams == 0
        assert [thing for thing in gc.get_objects() if isinstance(thing, Waiting)] == []
        assert (connection.requests, connection.request_streams, connection.request_statuses) == ({}, {}, {})
        assert len(connection.conn.streams) <= 100
        assert len(asyncio.all_tasks()) == tasks
        assert connection.inactivity_timer is None


async def test_goaway_lets_the_answers_under_way_arrive(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    apns_server.orders.for_next(Order(delay_s=0.1, fate=Fate.GOAWAY))

    delivery = await apns.send(in_house("under way"))
    after = await apns.send(in_house("after"))

    assert (delivery.state, after.state) == (DeliveryState.SENT, DeliveryState.SENT)
    assert apns_server.connections_made == 2


async def test_goaway_returns_what_was_never_looked_at(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    await apns.send(in_house("before"))
    apns_server.orders.for_next(Order(reason="Shutdown", fate=Fate.GOAWAY_UNSEEN))

    delivery = await apns.send(in_house("unseen"))
    after = await apns.send(in_house("after"))

    assert delivery == Delivery(state=DeliveryState.RETRY, reason="GOAWAY Shutdown")
    assert after.state is DeliveryState.SENT


async def test_a_cut_connection_is_a_retry_for_all_and_opened_anew(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    await apns.send(in_house("before"))
    apns_server.orders.for_next(Order(fate=Fate.SILENCE), times=30)
    under_way = [asyncio.create_task(apns.send(in_house(f"n{number}"))) for number in range(30)]
    await until(lambda: apns_server.record.count == 31)

    apns_server.cut_all()

    deliveries = await asyncio.gather(*under_way)
    assert {delivery.state for delivery in deliveries} == {DeliveryState.RETRY}
    assert all(delivery.reason.startswith(("connection lost", "closed by the server")) for delivery in deliveries)
    assert (await apns.send(in_house("after"))).state is DeliveryState.SENT


async def test_a_line_that_fell_silent_is_given_no_new_notices(apns_settings: Make, apns_server: ApnsServer) -> None:
    settings = apns_settings(deadline=MODERATE, max_connections=1)
    async with running(ApnsChannel(settings, SystemClock(), WORDING)) as apns:
        # The greetings of a new line may come after its first notice; a line that has just spoken is not silent.
        before = await apns.send(in_house("before"))
        apns_server.orders.for_next(Order(fate=Fate.SILENCE))
        silent = await apns.send(in_house("silent"))
        await until(lambda: apns_server.connections_made == 2)
        after = await apns.send(in_house("after"))

    assert [one.state for one in (before, silent, after)] == [
        DeliveryState.SENT,
        DeliveryState.RETRY,
        DeliveryState.SENT,
    ]
    assert [received.connection for received in apns_server.record] == [1, 1, 2]


async def test_the_servers_limit_of_streams_is_kept(apns_settings: Make, apns_server: ApnsServer) -> None:
    apns_server.max_streams = 1

    async with running(ApnsChannel(apns_settings(max_connections=1), SystemClock(), WORDING)) as apns:
        deliveries = await _send_many(apns, 50)

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert apns_server.connections_made == 1


async def _send_many(apns: ApnsChannel, number: int) -> list[Delivery]:
    return await asyncio.gather(*(apns.send(in_house(f"n{index}")) for index in range(number)))
