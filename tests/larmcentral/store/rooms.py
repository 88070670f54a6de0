"""Pools in the two roles on a test's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from larmcentral.store.pool import Pool
from tests.builders import Town


@dataclass(frozen=True, slots=True)
class Rooms:
    """service and web: pools in these roles. town: an empty one."""

    service: Pool
    web: Pool
    town: Town


@asynccontextmanager
async def rooms(dsn: str) -> AsyncIterator[Rooms]:
    service = Pool([dsn], role="larm_service", size=2, deadline_s=20)
    web = Pool([dsn], role="larm_web", size=2, deadline_s=20)
    town = await Town.found(dsn)
    yield Rooms(service, web, town)
    await town.close()
    await service.close()
    await web.close()
