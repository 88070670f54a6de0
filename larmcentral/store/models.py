"""Which model a device is, by the beginning of its IMEI: what a family's codes mean may depend on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from escalation.ids import OrganisationId
from larmcentral.domain.errors import NotFound
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("models")


class Models:
    """The registry of one organisation, written by its administrators. The longest prefix wins; a model that a device
    was enrolled with wins over all."""

    def __init__(self, service: Pool, organisation_id: OrganisationId) -> None:
        self._service, self._organisation_id = service, organisation_id

    async def all(self) -> Mapping[str, str]:
        """Return models by prefix, in the order of the digits."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(_SQL["list"], self._organisation_id)
        return {row["imei_prefix"]: row["model"] for row in rows}

    async def set(self, imei_prefix: str, model: str) -> None:
        """Say which model begins so; receivers know within seconds. Repeatable. imei_prefix: 4 to 15 digits."""
        async with self._service.transaction(None) as connection:
            await connection.execute(_SQL["set"], self._organisation_id, imei_prefix, model)
            await connection.execute(_SQL["touch"], self._organisation_id, imei_prefix)

    async def remove(self, imei_prefix: str) -> None:
        """Forget a prefix. Raises NotFound."""
        async with self._service.transaction(None) as connection:
            if not await connection.fetchval(_SQL["remove"], self._organisation_id, imei_prefix):
                raise NotFound("model")
            await connection.execute(_SQL["touch"], self._organisation_id, imei_prefix)
