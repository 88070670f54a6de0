"""What the database must keep secret, as it stands there and as it is used."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.clock import SystemClock
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.register import Device, Home
from larmcentral.store import sealed_secrets
from larmcentral.store.enrolment import load_enrolled
from larmcentral.store.register import Register
from larmcentral.store.sealed_secrets import SealedSecrets, seal_what_is_clear
from larmcentral.store.sealing import MAGIC, OtherKey, SealBroken, Sealing, SealingKey, is_sealed
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms

KEY, NEXT = SealingKey(b"k" * 32), SealingKey(b"n" * 32)
OLD, ROTATED = Sealing(KEY), Sealing(NEXT, KEY)
PANEL_KEY = bytes(range(16))
PHONE = hashlib.sha256(b"granris").digest()


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def home(town: Town) -> Home:
    return Home(OrganisationId(town.organisation), CommitteeId(await town.committee("Omsorg")))


async def clear_device(town: Town, protocol: str, account: str, secret: bytes | None) -> UUID:
    """A device as the version before this one wrote it."""
    device = await town.device(await town.committee(f"of {account}"), account)
    await town.connection.execute(
        "UPDATE devices SET protocol = $1, secret = $2 WHERE id = $3", protocol, secret, device
    )
    return device


async def on_disk(town: Town, device: UUID) -> bytes | None:
    secret: bytes | None = await town.connection.fetchval("SELECT secret FROM devices WHERE id = $1", device)
    return secret


async def known(made: Rooms, sealing: Sealing) -> dict[str, bytes | None]:
    return {row.account: row.secret for row in await load_enrolled(made.service, None, sealing)}


async def test_a_secret_is_kept_sealed_and_read_back(made: Rooms) -> None:
    kept = SealedSecrets(made.service, OLD, SystemClock(), OrganisationId(made.town.organisation))
    assert await kept.kept("sos/nord") is None
    await kept.keep("sos/nord", "hemligt ord")
    assert await kept.kept("sos/nord") == "hemligt ord"
    await kept.keep("sos/nord", "nytt ord")
    assert await kept.kept("sos/nord") == "nytt ord"
    assert await kept.kept("sos/syd") is None
    [row] = await made.town.connection.fetch("SELECT name, sealed FROM sealed_secrets")
    assert is_sealed(row["sealed"])
    assert b"nytt ord" not in row["sealed"]


async def test_a_secret_under_another_name_or_key_does_not_open(made: Rooms) -> None:
    organisation = OrganisationId(made.town.organisation)
    kept = SealedSecrets(made.service, OLD, SystemClock(), organisation)
    await kept.keep("a", "ord")
    await made.town.connection.execute("UPDATE sealed_secrets SET name = 'b'")
    with pytest.raises(SealBroken):
        await kept.kept("b")
    stranger = SealedSecrets(made.service, Sealing(NEXT), SystemClock(), organisation)
    with pytest.raises(OtherKey):
        await stranger.kept("b")


async def test_the_webs_role_reads_no_sealed_secret(made: Rooms) -> None:
    with pytest.raises(StoreUnavailable, match="InsufficientPrivilege"):
        async with made.web.transaction(frozenset()) as connection:
            await connection.fetch("SELECT * FROM sealed_secrets")


async def test_a_devices_key_goes_to_disk_sealed_and_comes_back_clear(made: Rooms) -> None:
    town = made.town
    where = await home(town)
    device = Device(id=town.new_id(), protocol="dc09", account="1234", label="Panel", secret=PANEL_KEY)
    await Register(made.service, OLD).device(where, device, NOON)
    sealed = await on_disk(town, device.id)
    assert sealed is not None
    assert is_sealed(sealed)
    assert PANEL_KEY not in sealed
    assert (await known(made, OLD))["1234"] == PANEL_KEY


async def test_a_phones_hash_stays_a_hash(made: Rooms) -> None:
    town = made.town
    device = Device(id=town.new_id(), protocol="osmand", account="866", label="Telefon", secret=PHONE)
    await Register(made.service).device(await home(town), device, NOON)
    assert await on_disk(town, device.id) == PHONE
    assert (await known(made, OLD))["866"] == PHONE
    assert await seal_what_is_clear(made.service, OLD) == 0


async def test_without_a_sealing_key_no_key_goes_to_disk(made: Rooms) -> None:
    device = Device(id=made.town.new_id(), protocol="dc09", account="1234", label="Panel", secret=PANEL_KEY)
    with pytest.raises(ValueError, match="sealing key"):
        await Register(made.service).device(await home(made.town), device, NOON)
    assert await known(made, OLD) == {}


async def test_clear_keys_are_sealed_once_in_batches_and_work_before_and_after(
    made: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_secrets, "BATCH", 2)
    panels = {str(number): await clear_device(made.town, "dc09", str(number), PANEL_KEY) for number in range(5)}
    bare = await clear_device(made.town, "watch", "bare", None)
    assert set((await known(made, OLD)).values()) == {PANEL_KEY, None}
    assert await seal_what_is_clear(made.service, OLD) == 5
    first = {account: await on_disk(made.town, device) for account, device in panels.items()}
    assert all(sealed is not None and sealed.startswith(MAGIC + KEY.id) for sealed in first.values())
    assert await seal_what_is_clear(made.service, OLD) == 0
    assert {account: await on_disk(made.town, device) for account, device in panels.items()} == first
    assert await on_disk(made.town, bare) is None
    assert await known(made, OLD) == {**dict.fromkeys(panels, PANEL_KEY), "bare": None}


async def test_processes_that_start_together_seal_each_key_once(made: Rooms) -> None:
    for number in range(20):
        await clear_device(made.town, "dc09", str(number), PANEL_KEY)
    done = await asyncio.gather(*(seal_what_is_clear(made.service, OLD) for _ in range(4)))
    assert sum(done) == 20
    assert set((await known(made, OLD)).values()) == {PANEL_KEY}


async def test_a_new_key_takes_everything_over(made: Rooms) -> None:
    kept = SealedSecrets(made.service, OLD, SystemClock(), OrganisationId(made.town.organisation))
    await kept.keep("sos/nord", "hemligt ord")
    panel = await clear_device(made.town, "dc09", "1234", PANEL_KEY)
    await seal_what_is_clear(made.service, OLD)
    assert (await known(made, ROTATED))["1234"] == PANEL_KEY
    assert await seal_what_is_clear(made.service, ROTATED) == 2
    alone = Sealing(NEXT)
    assert await seal_what_is_clear(made.service, alone) == 0
    assert (await known(made, alone))["1234"] == PANEL_KEY
    rotated = SealedSecrets(made.service, alone, SystemClock(), OrganisationId(made.town.organisation))
    assert await rotated.kept("sos/nord") == "hemligt ord"
    sealed = await on_disk(made.town, panel)
    assert sealed is not None
    assert sealed.startswith(MAGIC + NEXT.id)


async def test_with_a_wrong_key_nothing_is_changed_and_it_is_said(made: Rooms) -> None:
    sealed = await clear_device(made.town, "dc09", "1234", PANEL_KEY)
    await seal_what_is_clear(made.service, OLD)
    clear = await clear_device(made.town, "dc09", "5678", PANEL_KEY)
    before = await on_disk(made.town, sealed)
    with pytest.raises(OtherKey, match=KEY.id.hex()):
        await seal_what_is_clear(made.service, Sealing(NEXT))
    assert await on_disk(made.town, sealed) == before
    assert await on_disk(made.town, clear) == PANEL_KEY


async def test_a_device_whose_key_cannot_be_opened_is_a_stranger_and_all_others_work(made: Rooms) -> None:
    """Enrolled without its key it would be taken for one that may speak in the clear."""
    panel = await clear_device(made.town, "dc09", "1234", PANEL_KEY)
    await clear_device(made.town, "dc09", "5678", PANEL_KEY)
    await seal_what_is_clear(made.service, OLD)
    await made.town.connection.execute("UPDATE devices SET secret = secret || '\\x00'::bytea WHERE id = $1", panel)
    assert await known(made, OLD) == {"5678": PANEL_KEY}
    with pytest.raises(SealBroken, match=str(panel)):
        await seal_what_is_clear(made.service, ROTATED)
