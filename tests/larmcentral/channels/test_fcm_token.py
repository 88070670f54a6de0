"""The access token in time: renewed at half its life in the background, useless before its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from devices.peers.fcm_server import FcmServer
from devices.peers.orders import Order
from larmcentral.channels.fcm import FcmSettings
from larmcentral.channels.fcm_token import Fcm, FcmToken, TokenUnreachable
from tests.fakes.settable_clock import SettableClock
from tests.larmcentral.channels.support import until


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
async def token(fcm_settings: Callable[..., FcmSettings], clock: SettableClock) -> AsyncIterator[FcmToken]:
    settings = fcm_settings()
    fcm = Fcm(
        service_account_json=settings.service_account_json,
        endpoint=settings.endpoint,
        ca_file=settings.ca_file,
        timeout_s=5,
    )
    token = FcmToken(fcm, clock)
    yield token
    await token.stop()


async def test_however_many_ask_one_fetch_runs(token: FcmToken, fcm_server: FcmServer) -> None:
    headers = await asyncio.gather(*(token.headers() for _ in range(100)))

    assert len({entry["Authorization"] for entry in headers}) == 1
    assert fcm_server.token_requests == 1


async def test_at_half_its_life_it_is_renewed_while_the_old_one_serves(
    token: FcmToken, clock: SettableClock, fcm_server: FcmServer
) -> None:
    first = await token.headers()
    clock.pass_by(timedelta(minutes=29))
    assert await token.headers() is first
    assert fcm_server.token_requests == 1

    clock.pass_by(timedelta(minutes=2))
    assert await token.headers() is first
    await until(lambda: fcm_server.token_requests == 2)
    fetching = token.begin()
    if fetching is not None:
        await asyncio.wait([fetching])
    assert await token.headers() is not first


async def test_near_its_end_nobody_gets_the_old_one(
    token: FcmToken, clock: SettableClock, fcm_server: FcmServer
) -> None:
    first = await token.headers()
    clock.pass_by(timedelta(minutes=59))

    assert await token.headers() is not first


async def test_after_a_failure_it_is_not_asked_for_by_every_send(
    token: FcmToken, clock: SettableClock, fcm_server: FcmServer
) -> None:
    fcm_server.token_orders.for_all(Order(status=302, body=b"{}"))
    for _ in range(20):
        with pytest.raises(TokenUnreachable, match="no token"):
            await token.headers()
    assert fcm_server.token_requests == 1

    fcm_server.token_orders.clear()
    clock.pass_by(timedelta(seconds=2))
    assert await token.headers()


async def test_who_gives_up_does_not_stop_it_for_the_others(token: FcmToken, fcm_server: FcmServer) -> None:
    fcm_server.token_orders.for_next(Order(delay_s=0.2))
    impatient = asyncio.create_task(token.headers())
    patient = asyncio.create_task(token.headers())
    await until(lambda: fcm_server.token_requests == 1)
    impatient.cancel()

    assert (await patient)["Authorization"].startswith("Bearer ya29.")
    assert fcm_server.token_requests == 1


async def test_after_stop_there_is_none(token: FcmToken) -> None:
    await token.stop()

    with pytest.raises(TokenUnreachable, match="stopped"):
        await token.headers()
