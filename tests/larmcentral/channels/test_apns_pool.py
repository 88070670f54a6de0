"""Opening with patience, watching the line, waiting for room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import cast

from devices.peers.apns_server import ApnsServer
from devices.peers.orders import Fate, Order
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import DeliveryState
from tests.larmcentral.channels.support import MODERATE, SHORT, WORDING, in_house, running, until

Make = Callable[..., ApnsSettings]


class HangUp(asyncio.Protocol):
    """A server that takes a connection and drops it at once."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        HangUp.taken += 1
        cast(asyncio.Transport, transport).abort()


async def test_a_thousand_notices_make_no_connect_storm(apns_settings: Make) -> None:
    HangUp.taken = 0
    server = await asyncio.get_running_loop().create_server(HangUp, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async with running(ApnsChannel(apns_settings(port=port), SystemClock(), WORDING)) as apns:
        deliveries = await asyncio.gather(*(apns.send(in_house(f"n{number}")) for number in range(1000)))

    server.close()
    await server.wait_closed()
    assert {delivery.state for delivery in deliveries} == {DeliveryState.RETRY}
    assert all(delivery.retry_after is not None for delivery in deliveries)
    assert HangUp.taken <= 3


async def test_waits_between_failed_openings_grow_and_are_told(apns_settings: Make, apns_server: ApnsServer) -> None:
    await apns_server.stop()
    waits: list[timedelta] = []

    async with running(ApnsChannel(apns_settings(), SystemClock(), WORDING)) as apns:
        async with asyncio.timeout(10):
            while not waits or waits[-1] < timedelta(seconds=0.5):
                waits.append((await apns.send(in_house())).retry_after or timedelta())

    assert min(waits) < timedelta(seconds=0.15)


async def test_a_server_that_takes_the_connection_and_says_nothing_is_left(apns_settings: Make) -> None:
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async with running(ApnsChannel(apns_settings(port=port, deadline=SHORT), SystemClock(), WORDING)) as apns:
        delivery = await apns.send(in_house())

    server.close()
    assert delivery.state is DeliveryState.RETRY
    assert "in time" in delivery.reason


async def test_the_connection_is_there_before_the_first_alarm(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    await until(lambda: apns_server.connections_made == 1)


async def test_a_lost_connection_comes_back_without_a_notice_asking(apns: ApnsChannel, apns_server: ApnsServer) -> None:
    await apns.send(in_house())

    apns_server.cut_all()

    await until(lambda: apns_server.connections_made == 2)


async def test_an_idle_line_that_answers_no_ping_is_replaced(apns_settings: Make, apns_server: ApnsServer) -> None:
    ping = timedelta(milliseconds=50)

    async with running(ApnsChannel(apns_settings(ping_every=ping), SystemClock(), WORDING)) as apns:
        await apns.send(in_house())
        for line in apns_server.lines:
            line.deafen()

        await until(lambda: apns_server.connections_made == 2)

        assert (await apns.send(in_house())).state is DeliveryState.SENT


async def test_an_idle_line_that_answers_pings_stays(apns_settings: Make, apns_server: ApnsServer) -> None:
    ping = timedelta(milliseconds=20)

    async with running(ApnsChannel(apns_settings(ping_every=ping), SystemClock(), WORDING)) as apns:
        await apns.send(in_house())
        await until(lambda: apns_server.pings >= 5)

        assert (await apns.send(in_house())).state is DeliveryState.SENT
    assert apns_server.connections_made == 1


async def test_sends_that_found_no_room_in_time_are_retries_and_leave_the_line(
    apns_settings: Make, apns_server: ApnsServer
) -> None:
    apns_server.max_streams = 1
    apns_server.orders.for_next(Order(fate=Fate.SILENCE))

    settings = apns_settings(deadline=MODERATE, max_connections=1)
    async with running(ApnsChannel(settings, SystemClock(), WORDING)) as apns:
        stuck = asyncio.create_task(apns.send(in_house("stuck")))
        await until(lambda: apns_server.record.count == 1)
        behind = await asyncio.gather(*(apns.send(in_house(f"n{number}")) for number in range(20)))
        first = await stuck
        after = await apns.send(in_house("after 0"))
        for number in range(1, 10):  # on a busy machine a new connection may take longer than the deadline
            if after.state is DeliveryState.SENT:
                break
            after = await apns.send(in_house(f"after {number}"))

    assert first.state is DeliveryState.RETRY
    assert {delivery.state for delivery in behind} <= {DeliveryState.RETRY, DeliveryState.SENT}
    assert after.state is DeliveryState.SENT
