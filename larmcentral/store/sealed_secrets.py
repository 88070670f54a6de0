"""Secrets of the house, and of devices whose key must be read back: sealed on disk, in clear only in memory."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import asyncpg
import structlog

from escalation.ids import OrganisationId
from larmcentral.ports import Clock
from larmcentral.store.columns import columns
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.sealing import ID_BYTES, MAGIC, SHORTEST, OtherKey, SealBroken, SealedPlace, Sealing, is_sealed

SQL: Final = load("sealing")
LOG: Final = structlog.get_logger("larmcentral.store.sealed_secrets")

HASHED: Final = frozenset({"osmand", "owntracks"})
"""Protocols whose devices keep the SHA-256 of their secret here: nothing to read back, nothing to seal."""
BATCH: Final = 500


class SealedSecrets:
    """ports.KeepsSecrets on PostgreSQL, for one organisation. Opening raises OtherKey or SealBroken."""

    def __init__(self, service: Pool, sealing: Sealing, clock: Clock, organisation_id: OrganisationId) -> None:
        self._service, self._sealing, self._clock, self._organisation_id = service, sealing, clock, organisation_id

    async def kept(self, name: str) -> str | None:
        """Return the secret; see ports.KeepsSecrets."""
        async with self._service.connection() as connection:
            sealed = await connection.fetchval(SQL["kept"], self._organisation_id, name)
        return None if sealed is None else self._sealing.open(sealed, self._place(name)).decode()

    async def keep(self, name: str, secret: str) -> None:
        """Keep it; see ports.KeepsSecrets."""
        sealed = self._sealing.seal(secret.encode(), self._place(name))
        async with self._service.transaction() as connection:
            await connection.execute(SQL["keep"], self._organisation_id, name, sealed, self._clock.now())

    def _place(self, name: str) -> SealedPlace:
        return SealedPlace("sealed_secrets", self._organisation_id, name)


def of_device(organisation_id: UUID, device_id: UUID) -> SealedPlace:
    """Return the place of a device's secret."""
    return SealedPlace("devices", organisation_id, str(device_id))


async def seal_what_is_clear(service: Pool, sealing: Sealing) -> int:
    """Bring everything under the current key: clear secrets of devices, and what the previous key sealed.

    Returns how many were sealed. Can be repeated, and several processes may do it at once. Raises OtherKey where
    anything is sealed with a key that we were not given, before anything is changed.
    """
    async with service.connection() as connection:
        rows = await connection.fetch(SQL["key_ids"], MAGIC, ID_BYTES, SHORTEST)
    if strangers := sorted(row["key_id"].hex() for row in rows if row["key_id"] not in sealing.known):
        raise OtherKey(strangers[0])
    done = 0
    for seal in (_seal_devices, _seal_next, _seal_secrets):
        while True:
            async with service.transaction() as connection:
                number = await seal(connection, sealing)
            done += number
            if number < BATCH:
                break
    if done:
        LOG.info("secrets_sealed", number=done, key=sealing.key_id.hex())
    return done


async def _seal_devices(connection: asyncpg.Connection, sealing: Sealing) -> int:
    rows = await connection.fetch(SQL["devices_to_seal"], sorted(HASHED), MAGIC + sealing.key_id, BATCH)
    sealed = []
    for row in rows:
        place = of_device(row["organisation_id"], row["id"])
        clear = _opened(sealing, row["secret"], place) if is_sealed(row["secret"]) else row["secret"]
        sealed.append((row["organisation_id"], row["id"], sealing.seal(clear, place)))
    if sealed:
        await connection.execute(SQL["seal_devices"], *columns(sealed))
    return len(sealed)


async def _seal_next(connection: asyncpg.Connection, sealing: Sealing) -> int:
    """A device's coming secret has its present one's place: it takes it as it stands."""
    rows = await connection.fetch(SQL["next_to_seal"], MAGIC + sealing.key_id, BATCH)
    sealed = []
    for row in rows:
        place = of_device(row["organisation_id"], row["id"])
        sealed.append((row["organisation_id"], row["id"], sealing.seal(_opened(sealing, row["secret"], place), place)))
    if sealed:
        await connection.execute(SQL["seal_next"], *columns(sealed))
    return len(sealed)


async def _seal_secrets(connection: asyncpg.Connection, sealing: Sealing) -> int:
    rows = await connection.fetch(SQL["secrets_to_seal"], MAGIC + sealing.key_id, BATCH)
    sealed = []
    for row in rows:
        place = SealedPlace("sealed_secrets", row["organisation_id"], row["name"])
        secret = _opened(sealing, row["sealed"], place)
        sealed.append((row["organisation_id"], row["name"], sealing.seal(secret, place)))
    if sealed:
        await connection.execute(SQL["seal_secrets"], *columns(sealed))
    return len(sealed)


def _opened(sealing: Sealing, sealed: bytes, place: SealedPlace) -> bytes:
    """Open what the previous key sealed; whoever reads the refusal must know which one it is."""
    try:
        return sealing.open(sealed, place)
    except SealBroken as broken:
        raise SealBroken(f"{place.table} {place.name}: {broken}; enter it anew") from None


def secret_of_device(
    sealing: Sealing | None, protocol: str, organisation_id: UUID, device_id: UUID, secret: bytes
) -> bytes:
    """Return a device's secret as it goes to disk. Raises ValueError where it must be sealed and there is no key."""
    if protocol in HASHED:
        return secret
    if sealing is None:
        raise ValueError("a device's key goes to disk sealed, and no sealing key is at hand")
    return sealing.seal(secret, of_device(organisation_id, device_id))


def opened(sealing: Sealing, organisation_id: UUID, device_id: UUID, secret: bytes) -> bytes | None:
    """Return a device's secret as it was given; None, and a line in the log, where the seal cannot be opened.

    A clear one is returned as it is: a process of an older version may still have written it.
    """
    if not is_sealed(secret):
        return secret
    try:
        return sealing.open(secret, of_device(organisation_id, device_id))
    except (OtherKey, SealBroken) as error:
        LOG.error("device_secret_unreadable", device=str(device_id), why=str(error))
        return None
