"""Devices' secrets as they change hands: one kept beside the other until it is used, and a fresh one for a new unit."""

from __future__ import annotations

import hmac
from typing import Any, Final

import asyncpg

from escalation.ids import OrganisationId
from larmcentral.domain.errors import NotFound
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.sealed_secrets import of_device, opened, secret_of_device
from larmcentral.store.sealing import Sealing
from protocols.conversation import Renewal

SQL: Final = load("device_secrets")


class DeviceSecrets:
    """Those of one organisation's devices; each call is one transaction. Raises StoreUnavailable."""

    def __init__(self, service: Pool, sealing: Sealing, organisation_id: OrganisationId) -> None:
        self._service, self._sealing, self._organisation_id = service, sealing, organisation_id

    async def renew(self, protocol: str, renewal: Renewal) -> bool:
        """Do what a renewal says; see ports.RenewsSecrets."""
        async with self._service.transaction() as connection:
            row = await connection.fetchrow(SQL["lock"], self._organisation_id, protocol, renewal.device)
            if row is None:
                return False
            secret, coming = row["secret"], row["next_secret"]
            if renewal.used is not None and self._is(row, coming, renewal.used):
                secret, coming = coming, None
            if renewal.fresh is not None:
                if coming is not None:
                    return False
                coming = self._sealing.seal(renewal.fresh, of_device(row["organisation_id"], row["id"]))
            await _write(connection, row, secret, coming)
        return True

    async def give(self, protocol: str, account: str, secret: bytes) -> None:
        """A unit was replaced: whatever the old one knew is worth nothing any more. Raises NotFound."""
        async with self._service.transaction() as connection:
            row = await connection.fetchrow(SQL["lock"], self._organisation_id, protocol, account)
            if row is None:
                raise NotFound(f"a device {account} that speaks {protocol}")
            sealed = secret_of_device(self._sealing, protocol, row["organisation_id"], row["id"], secret)
            await _write(connection, row, sealed, None)

    def _is(self, row: Any, sealed: bytes | None, clear: bytes) -> bool:
        if sealed is None:
            return False
        secret = opened(self._sealing, row["organisation_id"], row["id"], sealed)
        return secret is not None and hmac.compare_digest(secret, clear)


async def _write(connection: asyncpg.Connection, row: Any, secret: bytes | None, coming: bytes | None) -> None:
    if (secret, coming) != (row["secret"], row["next_secret"]):
        await connection.execute(SQL["renew"], row["organisation_id"], row["id"], secret, coming)
