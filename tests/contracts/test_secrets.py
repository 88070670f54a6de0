"""Secrets that the server must keep: every promise of ports.KeepsSecrets, kept by the fake and by PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from escalation.ids import OrganisationId
from larmcentral.clock import SystemClock
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.ports import KeepsSecrets
from larmcentral.store.pool import Pool
from larmcentral.store.sealed_secrets import SealedSecrets
from larmcentral.store.sealing import Sealing, SealingKey
from tests.builders import Town
from tests.fakes.kept_secrets import KeptSecrets


@dataclass
class Keeping:
    """A keeper, and what takes its disk away."""

    keeper: KeepsSecrets
    go_away: Callable[[], Awaitable[None]]


@pytest.fixture
async def keeping(dsn: str | None) -> AsyncIterator[Keeping]:
    if dsn is None:
        fake = KeptSecrets()

        async def away() -> None:
            fake.away = True

        yield Keeping(fake, away)
        return
    town = await Town.found(dsn)
    service = Pool([dsn], role="larm_service", size=1, deadline_s=5)
    sealing = Sealing(SealingKey(bytes(32)))
    yield Keeping(SealedSecrets(service, sealing, SystemClock(), OrganisationId(town.organisation)), service.close)
    await service.close()
    await town.close()


async def test_what_was_never_kept_is_none(keeping: Keeping) -> None:
    assert await keeping.keeper.kept("sos_access/nord/primary") is None


async def test_a_secret_is_kept_under_its_name_in_the_place_of_the_one_before(keeping: Keeping) -> None:
    keeper = keeping.keeper
    await keeper.keep("nord", "första")
    await keeper.keep("syd", "andra")
    await keeper.keep("nord", "tredje")
    assert (await keeper.kept("nord"), await keeper.kept("syd")) == ("tredje", "andra")


async def test_an_empty_secret_is_a_secret(keeping: Keeping) -> None:
    await keeping.keeper.keep("nord", "")
    assert await keeping.keeper.kept("nord") == ""


async def test_without_the_disk_nothing_is_promised(keeping: Keeping) -> None:
    await keeping.go_away()
    with pytest.raises(StoreUnavailable):
        await keeping.keeper.kept("nord")
    with pytest.raises(StoreUnavailable):
        await keeping.keeper.keep("nord", "ord")
