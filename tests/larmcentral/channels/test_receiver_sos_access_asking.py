"""A new password, through every moment at which the renewal can break off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from devices.peers.orders import Fate, Order
from devices.peers.sos_access_centre import Centre
from devices.peers.sos_access_server import SosAccessServer
from larmcentral.channels.receiver_path import PathResult
from larmcentral.channels.receiver_sos_access import SosAccessPath
from larmcentral.clock import SystemClock
from tests.fakes.kept_secrets import KeptSecrets
from tests.larmcentral.channels.sos_access_support import GIVEN, account, handover, settings
from tests.larmcentral.channels.support import running


@pytest.fixture
async def centre(loop_faults: list[dict[str, Any]]) -> AsyncIterator[SosAccessServer]:
    server = SosAccessServer(None, centre=Centre(account()))
    await server.start()
    yield server
    await server.stop()


def a_path(centre: SosAccessServer, keeper: KeptSecrets | None, **changes: Any) -> SosAccessPath:
    return SosAccessPath(settings(centre.port, **changes), SystemClock(), keeper)


def roots(centre: SosAccessServer) -> list[str]:
    return [received.payload["root"] for received in centre.record]


async def test_a_renewed_password_is_on_disk_first_and_used_from_then_on(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        renewed = await path.renew_authentication()
        coming = centre.centre.account.coming
        assert renewed.result is PathResult.TOOK
        assert coming is not None
        assert coming not in renewed.words
        (kept,) = keeper.on_disk.values()
        assert coming in kept
        assert GIVEN in kept
        assert (await path.hand_over(handover())).result is PathResult.TOOK
        (kept,) = keeper.on_disk.values()
        assert GIVEN not in kept
    assert (centre.centre.account.password, centre.centre.account.coming) == (coming, None)
    assert roots(centre) == ["NewAuthenticationRequest", "AlarmRequest"]


async def test_it_is_renewed_once(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        await asyncio.gather(path.renew_authentication(), path.renew_authentication())
        await path.heartbeat()
        assert (await path.renew_authentication()).words == "the password was renewed before"
    async with running(a_path(centre, keeper, name="secondary")) as path:
        assert (await path.renew_authentication()).words == "the password was renewed before"
    assert roots(centre) == ["NewAuthenticationRequest", "PingRequest"]


async def crashed(path: SosAccessPath, moment: asyncio.Event) -> None:
    """Renew, and stop the process at the moment."""
    renewing = asyncio.create_task(path.renew_authentication())
    await moment.wait()
    await path.stop()
    assert (await renewing).words == "stopped"


async def lives(centre: SosAccessServer, keeper: KeptSecrets) -> SosAccessPath:
    """A new process hands a case over; it is taken, and the password is proved by it."""
    async with running(a_path(centre, keeper)) as path:
        assert (await path.hand_over(handover())).result is PathResult.TOOK
    return path


async def test_a_crash_before_the_request_changes_nothing(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    keeper.hold_before = 1
    async with running(a_path(centre, keeper)) as path:
        await crashed(path, keeper.held)
    await lives(centre, keeper)
    assert roots(centre) == ["AlarmRequest"]
    assert centre.centre.account.password == GIVEN


async def test_a_crash_before_the_answer_leaves_the_old_one_and_it_can_be_asked_for_again(
    centre: SosAccessServer,
) -> None:
    keeper = KeptSecrets()
    centre.orders.for_next(Order(fate=Fate.SILENCE))
    async with running(a_path(centre, keeper)) as path:
        renewing = asyncio.create_task(path.renew_authentication())
        await centre.record.wait_for(lambda received: True)
        await path.stop()
        assert (await renewing).result is PathResult.UNREACHED
    lost = centre.centre.account.coming
    assert lost is not None
    async with running(await lives(centre, keeper)) as path:
        assert (await path.renew_authentication()).result is PathResult.TOOK
        assert (await path.heartbeat()).result is PathResult.TOOK
    assert centre.centre.account.password not in (GIVEN, lost)


async def test_a_crash_between_answer_and_disk_leaves_the_old_one(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    keeper.hold_before = 2
    async with running(a_path(centre, keeper)) as path:
        await crashed(path, keeper.held)
    await lives(centre, keeper)
    assert centre.centre.account.password == GIVEN


async def test_a_crash_between_disk_and_first_use_goes_on_with_the_new_one(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    keeper.hold_after = 2
    async with running(a_path(centre, keeper)) as path:
        await crashed(path, keeper.held)
    coming = centre.centre.account.coming
    await lives(centre, keeper)
    assert centre.centre.account.password == coming != GIVEN


async def test_a_crash_after_first_use_and_before_the_old_one_was_let_go_goes_on_with_the_new_one(
    centre: SosAccessServer,
) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        await path.renew_authentication()
        keeper.away = True
        assert (await path.hand_over(handover())).result is PathResult.TOOK
        keeper.away = False
    await lives(centre, keeper)
    assert roots(centre)[1:] == ["AlarmRequest"] * 2


async def test_a_first_use_whose_answer_is_lost_goes_on_with_the_new_one(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        await path.renew_authentication()
        centre.orders.for_next(Order(fate=Fate.CUT))
        assert (await path.hand_over(handover())).result is PathResult.UNREACHED
        again = await path.hand_over(handover())
    assert again.result is PathResult.TOOK
    assert "the centre had it already" in again.words


async def test_a_new_one_that_the_centre_has_forgotten_gives_way_to_the_old_one(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        await path.renew_authentication()
        centre.centre.account.coming = None
        assert (await path.hand_over(handover())).result is PathResult.TOOK
        assert len(centre.record) == 3
        assert (await path.hand_over(handover(reference="next"))).result is PathResult.TOOK
    assert len(centre.record) == 4, "the refused one is not tried again"


async def test_nothing_is_asked_for_while_nothing_can_be_kept(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        keeper.away = True
        assert (await path.renew_authentication()).result is PathResult.UNREACHED
    async with running(a_path(centre, None)) as path:
        assert (await path.renew_authentication()).result is PathResult.UNFIT
    assert centre.connections_made == 0


async def test_one_that_could_not_be_kept_after_all_is_thrown_away(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        centre.orders.for_next(Order(delay_s=0.2))
        renewing = asyncio.create_task(path.renew_authentication())
        await centre.record.wait_for(lambda received: True)
        keeper.away = True
        assert (await renewing).words == "the new password could not be kept: the old one goes on"
        assert (await path.hand_over(handover())).result is PathResult.TOOK
    assert centre.centre.account.password == GIVEN


@pytest.mark.parametrize(
    ("order", "result"),
    [
        (Order(status=4), PathResult.UNAUTHORISED),
        (Order(status=99), PathResult.UNREACHED),
        (Order(status=0), PathResult.UNREACHED),
        (Order(fate=Fate.CUT), PathResult.UNREACHED),
    ],
)
async def test_a_refusal_or_an_answer_without_a_password_changes_nothing(
    centre: SosAccessServer, order: Order, result: PathResult
) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        centre.orders.for_next(order)
        assert (await path.renew_authentication()).result is result
        assert (await path.heartbeat()).result is PathResult.TOOK
    assert centre.centre.account.password == GIVEN


async def test_the_secondary_learns_of_the_primarys_new_password_at_its_first_refusal(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with (
        running(a_path(centre, keeper)) as primary,
        running(a_path(centre, keeper, name="secondary")) as secondary,
    ):
        await primary.renew_authentication()
        await primary.heartbeat()
        assert (await secondary.hand_over(handover())).result is PathResult.TOOK
        assert [received.status for received in centre.record] == [0, 0, 4, 0]
        assert (await secondary.heartbeat()).result is PathResult.TOOK
    assert len(centre.record) == 5


async def test_a_database_that_was_away_at_start_is_asked_again_at_the_first_refusal(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        await path.renew_authentication()
        await path.heartbeat()
    keeper.away = True
    async with running(a_path(centre, keeper)) as path:
        keeper.away = False
        assert (await path.hand_over(handover())).result is PathResult.TOOK


async def test_a_fresh_password_from_the_centre_is_used_in_the_place_of_a_kept_one(centre: SosAccessServer) -> None:
    keeper = KeptSecrets()
    async with running(a_path(centre, keeper)) as path:
        await path.renew_authentication()
        await path.heartbeat()
    fresh = centre.centre.account.password = "Fresh-from-them"
    async with running(a_path(centre, keeper, password=fresh)) as path:
        assert (await path.hand_over(handover())).result is PathResult.TOOK
    assert centre.record.count == 3
