"""A process of the server, from settings to serving: the database first, then every part in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog

from larmcentral.assembly_database import DATABASE, EMBEDDED_SETTINGS, database_dsns
from larmcentral.assembly_house import House, Role
from larmcentral.assembly_part import Part
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.collecting import Collecting
from larmcentral.config import Config
from larmcentral.metrics import Metrics
from larmcentral.receivers.listening import Receiver
from larmcentral.store.migrate import migrate
from larmcentral.store.pool import Pool
from larmcentral.store.provided import ProvidedDatabase, keep_running, provide

log = structlog.get_logger(__name__)


class Server:
    """A process of the server. start() returns when it serves; stop() when everything is settled."""

    def __init__(self, config: Config, role: Role = Role.ALL) -> None:
        self.config, self.role = config, role
        self.clock = SystemClock()
        self.ids = SystemIds(self.clock)
        self.metrics = Metrics()
        self._house: House | None = None
        self._running: list[Part] = []
        self._keeper: asyncio.Task[Any] | None = None
        self._database: ProvidedDatabase | None = None

    @property
    def receivers(self) -> list[Receiver]:
        """What listens for devices."""
        return [] if self._house is None else self._house.receivers

    @property
    def web_port(self) -> int | None:
        """Where the web listens, once it does."""
        return None if self._house is None else self._house.web_port

    async def start(self) -> None:
        """Find or start the database, then every part in order. Raises what the first part that cannot says."""
        dsns = await self._provide_database()
        try:
            for part in await self._build(dsns):
                started = part.start()
                if started is not None:
                    await started
                self._running.append(part)
        except BaseException:
            await self.stop()
            raise
        log.info("serving", role=self.role.value, receivers={r.name: r.port for r in self.receivers}, web=self.web_port)

    async def stop(self) -> None:
        """Stop in the opposite order. The embedded database outlives us; its next process adopts it."""
        while self._running:
            part = self._running.pop()
            try:
                stopped = part.stop()
                if stopped is not None:
                    await stopped
            except Exception:
                log.exception("stop_failed", part=part.name)
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    async def stop_database(self) -> None:
        """End the embedded database too, if it is one; for the demo and for tests."""
        if self._database is not None and self._database.server is not None:
            await self._database.server.stop()

    async def _provide_database(self) -> list[str]:
        settings = self.config.database
        if settings.data_dir is None:
            return database_dsns(self.config)
        self._database = await provide(None, settings.data_dir, database=DATABASE, settings=EMBEDDED_SETTINGS)
        await migrate(self._database.dsn)
        if self._database.server is not None:
            self._keeper = asyncio.create_task(keep_running(self._database.server, settings=EMBEDDED_SETTINGS))
        return [self._database.dsn]

    async def _build(self, dsns: Sequence[str]) -> list[Part]:
        database = self.config.database
        service = Pool(dsns, role="larm_service", size=database.service_connections, deadline_s=database.deadline_s)
        web = Pool(dsns, role="larm_web", size=database.web_connections, deadline_s=database.deadline_s)
        house = House(
            self.config, self.role, clock=self.clock, ids=self.ids, metrics=self.metrics, service=service, web=web
        )
        self._house = house
        collecting = Collecting(self.clock)
        parts = [
            Part("pools", house.open_pools, house.close_pools),
            Part("hints", house.post.start, house.post.stop),
            Part("collecting", collecting.start, collecting.stop),
        ]
        if self.role in {Role.ALL, Role.RECEIVER, Role.ESCALATION}:
            parts += house.sending_parts()
        if self.role in {Role.ALL, Role.ESCALATION}:
            parts += house.escalation_parts()
        if self.role in {Role.ALL, Role.RECEIVER}:
            parts += await house.receiving_parts()
        if self.role in {Role.ALL, Role.WEB}:
            parts.append(house.web_part())
        elif self.config.metrics.enabled:
            parts.append(house.metrics_part())
        return parts
