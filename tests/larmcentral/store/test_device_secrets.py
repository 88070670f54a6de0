"""A device's secret changes hands in two steps, and each is on disk before anybody is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from escalation.ids import OrganisationId
from larmcentral.domain.errors import NotFound
from larmcentral.store.device_secrets import DeviceSecrets
from larmcentral.store.enrolment import load_enrolled
from larmcentral.store.sealed_secrets import seal_what_is_clear
from larmcentral.store.sealing import OtherKey, Sealing, SealingKey, is_sealed
from protocols.conversation import Renewal
from protocols.signal import AccountId
from tests.larmcentral.store.rooms import Rooms, rooms

KEY, NEXT = SealingKey(b"k" * 32), SealingKey(b"n" * 32)
SEALING = Sealing(KEY)
UNIT = AccountId("4711")
OLD, FRESH, OTHER = b"Installer-00001", b"Fresh0123456789", b"Other0123456789"


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


@pytest.fixture
async def secrets(made: Rooms) -> DeviceSecrets:
    """Those of a house with one unit, whose password stands there as an administrator entered it."""
    device = await made.town.device(await made.town.committee("Omsorg"), UNIT)
    await made.town.connection.execute("UPDATE devices SET protocol = 'sos_access' WHERE id = $1", device)
    kept = DeviceSecrets(made.service, SEALING, OrganisationId(made.town.organisation))
    await kept.give("sos_access", UNIT, OLD)
    return kept


async def known(made: Rooms, sealing: Sealing = SEALING) -> tuple[bytes | None, bytes | None]:
    [row] = await load_enrolled(made.service, None, sealing)
    return row.secret, row.next_secret


async def test_a_fresh_secret_is_kept_beside_the_old_one_until_it_is_used(made: Rooms, secrets: DeviceSecrets) -> None:
    assert await known(made) == (OLD, None)
    assert await secrets.renew("sos_access", Renewal(UNIT, fresh=FRESH))
    assert await known(made) == (OLD, FRESH)
    assert not await secrets.renew("sos_access", Renewal(UNIT, fresh=OTHER)), "one was told already"
    assert await secrets.renew("sos_access", Renewal(UNIT, used=OTHER)), "used is only what was told"
    assert await known(made) == (OLD, FRESH)
    assert await secrets.renew("sos_access", Renewal(UNIT, used=FRESH))
    assert await known(made) == (FRESH, None)
    assert await secrets.renew("sos_access", Renewal(UNIT, used=FRESH)), "said twice"
    assert await known(made) == (FRESH, None)


async def test_a_used_one_and_a_fresh_one_may_come_at_once(made: Rooms, secrets: DeviceSecrets) -> None:
    await secrets.renew("sos_access", Renewal(UNIT, fresh=FRESH))
    assert await secrets.renew("sos_access", Renewal(UNIT, used=FRESH, fresh=OTHER))
    assert await known(made) == (FRESH, OTHER)


async def test_both_stand_sealed_and_receivers_hear_of_a_change(made: Rooms, secrets: DeviceSecrets) -> None:
    before = await made.town.connection.fetchval("SELECT changed_at FROM devices")
    await secrets.renew("sos_access", Renewal(UNIT, fresh=FRESH))
    row = await made.town.connection.fetchrow("SELECT secret, next_secret, changed_at FROM devices")
    assert is_sealed(row["secret"])
    assert is_sealed(row["next_secret"])
    assert row["changed_at"] > before


async def test_a_replaced_unit_ends_what_the_broken_one_knew(made: Rooms, secrets: DeviceSecrets) -> None:
    await secrets.renew("sos_access", Renewal(UNIT, fresh=FRESH))
    await secrets.give("sos_access", UNIT, OTHER)
    assert await known(made) == (OTHER, None)


async def test_a_device_that_is_not_ours_gets_none(made: Rooms, secrets: DeviceSecrets) -> None:
    assert not await secrets.renew("sos_access", Renewal(AccountId("4712"), fresh=FRESH))
    elsewhere = DeviceSecrets(made.service, SEALING, OrganisationId(UUID(int=9)))
    assert not await elsewhere.renew("sos_access", Renewal(UNIT, fresh=FRESH))
    with pytest.raises(NotFound):
        await secrets.give("sos_access", "4712", OTHER)


async def test_a_coming_secret_goes_under_a_new_key_with_the_rest(made: Rooms, secrets: DeviceSecrets) -> None:
    await secrets.renew("sos_access", Renewal(UNIT, fresh=FRESH))
    with pytest.raises(OtherKey):
        await seal_what_is_clear(made.service, Sealing(NEXT))
    assert await seal_what_is_clear(made.service, Sealing(NEXT, KEY)) == 2
    assert await known(made, Sealing(NEXT)) == (OLD, FRESH)
