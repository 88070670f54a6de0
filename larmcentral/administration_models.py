"""What an administrator says of device models from the command line."""

from __future__ import annotations

from collections.abc import Mapping

from escalation.ids import OrganisationId
from larmcentral.administration import open_pool
from larmcentral.config import Config
from larmcentral.store.models import Models


async def list_models(config: Config) -> Mapping[str, str]:
    """Return models by the beginning of the IMEI."""
    async with open_pool(config, "larm_service") as pool:
        return await Models(pool, OrganisationId(config.organisation.id)).all()


async def set_model(config: Config, *, imei_prefix: str, model: str) -> None:
    """Say which model begins so."""
    async with open_pool(config, "larm_service") as pool:
        await Models(pool, OrganisationId(config.organisation.id)).set(imei_prefix, model)


async def remove_model(config: Config, *, imei_prefix: str) -> None:
    """Forget a prefix. Raises NotFound."""
    async with open_pool(config, "larm_service") as pool:
        await Models(pool, OrganisationId(config.organisation.id)).remove(imei_prefix)
