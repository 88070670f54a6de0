"""The one place that builds: from settings to a running server, in one role or in all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final
from uuid import uuid5

import structlog

from escalation.chain import Channel
from escalation.ids import CommitteeId, OrganisationId
from larmcentral import bridge
from larmcentral.assembly_channels import channel_ports, secret_text
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.config import Config
from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.outbox import Lease
from larmcentral.domain.register import Device, Home
from larmcentral.flows.audit import Audit
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.hints import Hints
from larmcentral.flows.intake import Intake
from larmcentral.flows.outbox import Outbox
from larmcentral.flows.receipts import Receipts
from larmcentral.flows.settling import Settling
from larmcentral.flows.synthetic import Synthetic
from larmcentral.flows.timekeeper import Timekeeper
from larmcentral.metrics import Metrics
from larmcentral.metrics_http import MetricsServer
from larmcentral.ports import Channel as ChannelPort
from larmcentral.receivers.build import build_receiver
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.listening import Receiver
from larmcentral.receivers.sessions import Sessions as DeviceSessions
from larmcentral.receivers.watch_presser import WatchPresser
from larmcentral.store.enrolment import load_enrolled
from larmcentral.store.hints import HintPost
from larmcentral.store.migrate import migrate
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.provided import ProvidedDatabase, keep_running, provide
from larmcentral.store.register import Register

log = structlog.get_logger(__name__)

DATABASE: Final = "larmcentral"
SYNTHETIC_ACCOUNT: Final = "0000000001"
EMBEDDED_SETTINGS: Final = {"max_connections": "100", "shared_buffers": "256MB", "random_page_cost": "1.1"}


class Role(Enum):
    """What a process does. ALL is everything in one."""

    ALL = "all"
    RECEIVER = "receiver"
    ESCALATION = "escalation"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that starts and stops."""

    name: str
    start: Callable[[], Awaitable[Any] | None]
    stop: Callable[[], Awaitable[Any] | None]


class Server:
    """A process of the server. start() returns when it serves; stop() when everything is settled."""

    def __init__(self, config: Config, role: Role = Role.ALL) -> None:
        self.config, self.role = config, role
        self.clock = SystemClock()
        self.ids = SystemIds(self.clock)
        self.metrics = Metrics()
        self.receivers: list[Receiver] = []
        self.web_port: int | None = None
        self._running: list[Part] = []
        self._keeper: asyncio.Task[Any] | None = None
        self._database: ProvidedDatabase | None = None

    @property
    def home(self) -> tuple[OrganisationId, CommitteeId]:
        """Whose alarms are nobody else's."""
        organisation = self.config.organisation
        return OrganisationId(organisation.id), CommitteeId(organisation.committee_id)

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
        house = House(self, service, web)
        parts = [Part("pools", house.open_pools, house.close_pools), Part("hints", house.post.start, house.post.stop)]
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


class House:
    """What the parts of one process share."""

    def __init__(self, server: Server, service: Pool, web: Pool) -> None:
        self._server, self._config, self._clock, self._ids = server, server.config, server.clock, server.ids
        self._metrics = server.metrics
        self._service, self._web = service, web
        self._store = PostgresStore(service, web, self._clock, self._ids)
        sends = server.role is not Role.WEB
        # A process that sends nothing leases nothing: what it files is free for those who send.
        self._lease = Lease(self._ids.new(), timedelta(seconds=15) if sends else timedelta())
        self._hints = Hints()
        self.post = HintPost(service, self._clock, self._heard)
        self._hints.listen(self.post.changed)
        self._settling = Settling(self._store, self._clock, self._lease, self._hints)
        self._synthetic: Synthetic | None = None
        self._outbox = Outbox(
            self._store,
            self._channels() if sends else {},
            self._clock,
            self._lease,
            self._settling,
            self._metrics,
            self._on_sent,
        )
        hand_over = self._outbox.hand_over if sends else _nothing
        self._settling.bind(hand_over)
        self._common = (
            self._store,
            self._clock,
            self._ids,
            self._lease,
            hand_over,
            self._hints,
            self._metrics,
        )
        self._escalate = Escalate(*self._common)
        self._timekeeper = Timekeeper(self._store, self._clock, self._lease, hand_over, self._hints, self._metrics)
        self._wakers: list[Callable[[], None]] = [self._outbox.wake, self._timekeeper.wake]

    async def open_pools(self) -> None:
        """Open the connections that this role will need, before devices take the files."""
        if self._server.role is not Role.WEB:
            await self._service.fill()

    async def close_pools(self) -> None:
        """Let go of the database."""
        await self._service.close()
        await self._web.close()

    def sending_parts(self) -> list[Part]:
        """Channels, settling and outbox: the outbox stops first, so that its results are still filed."""
        parts = [Part(f"channel {c.value}", port.start, port.stop) for c, port in self._ports.items()]
        parts.append(Part("settling", self._settling.start, self._settling.stop))
        parts.append(Part("outbox", self._outbox.start, self._outbox.stop))
        return parts

    def escalation_parts(self) -> list[Part]:
        """Timekeeper and auditor."""
        audit = Audit(self._store, self._clock, self._lease, self._common[4], self._metrics, self._server.home)
        return [
            Part("timekeeper", self._timekeeper.start, self._timekeeper.stop),
            Part("audit", audit.start, audit.stop),
        ]

    async def receiving_parts(self) -> list[Part]:
        """Intake, the enrolled devices, Twisted, the listeners and the synthetic panic, in that order."""
        intake = Intake(*self._common)
        devices = EnrolledDevices(load=lambda since: load_enrolled(self._service, since), clock=self._clock)
        sessions = DeviceSessions()
        reactor = bridge.install_reactor()
        parts = [
            Part("intake", intake.start, intake.stop),
            Part("enrolled devices", devices.start, devices.stop),
            Part("devices known", devices.loaded, lambda: None),
            Part("twisted", lambda: bridge.start_reactor(reactor), lambda: bridge.stop_reactor(reactor)),
        ]
        organisation_id, home = self._server.home
        for name, settings in self._config.receivers.items():
            committee = home if settings.committee_id is None else CommitteeId(settings.committee_id)
            receiver = build_receiver(
                ReceiverName(
                    name=name, protocol=settings.protocol, organisation_id=organisation_id, committee_id=committee
                ),
                settings.listen,
                settings.limits,
                reactor=reactor,
                takes_in=intake,
                devices=devices,
                sessions=sessions,
                clock=self._clock,
                metrics=self._metrics,
                draw=os.urandom,
            )
            self._server.receivers.append(receiver)
            parts.append(Part(f"receiver {name}", receiver.start, receiver.stop))
        parts += self._synthetic_parts(devices)
        return parts

    def _synthetic_parts(self, devices: EnrolledDevices) -> list[Part]:
        listener = next((r for r in self._server.receivers if self._speaks_watch(r)), None)
        if not self._config.synthetic.enabled:
            return []
        if listener is None:
            log.warning("synthetic_panic_off", why="no watch receiver over tcp on this machine")
            return []
        synthetic = Synthetic(
            WatchPresser(lambda: listener.port or 0, SYNTHETIC_ACCOUNT, self._clock),
            self._store,
            self._escalate,
            self._clock,
            self._metrics,
            self._server.home,
            timedelta(seconds=self._config.synthetic.interval_s),
        )
        self._synthetic = synthetic

        async def start() -> None:
            await self._enrol_synthetic()
            devices.hint()
            synthetic.start()

        return [Part("synthetic panic", start, synthetic.stop)]

    def _speaks_watch(self, receiver: Receiver) -> bool:
        settings = self._config.receivers[receiver.name]
        return settings.protocol == "watch" and settings.listen.transport == "tcp"

    async def _enrol_synthetic(self) -> None:
        organisation_id, committee_id = self._server.home
        register = Register(self._service)
        await register.organisation(organisation_id, self._config.organisation.name)
        await register.committee_once(organisation_id, committee_id, self._config.organisation.name)
        device = Device(
            id=uuid5(organisation_id, "synthetic panic"),
            protocol="watch",
            account=SYNTHETIC_ACCOUNT,
            label="Syntetiskt larm",
            purpose="test",
            supervised=False,
        )
        await register.device(Home(organisation_id, committee_id), device, self._clock.now())

    def web_part(self) -> Part:
        """The API, the feed and the console's files."""
        from larmcentral.assembly_web import build_web  # FastAPI takes a second to import

        receipts = Receipts(self._store, self._clock, self._settling)
        web = build_web(
            self._config,
            service=self._service,
            web=self._web,
            clock=self._clock,
            metrics=self._metrics,
            commands=self._escalate,
            receipts=receipts,
        )
        self._hints.listen(web.hub.wake)
        self._wakers.append(web.hub.wake)

        async def start() -> None:
            if self._server.role is Role.WEB:
                self._settling.start()
            await web.start()
            self._server.web_port = web.port

        async def stop() -> None:
            await web.stop()
            if self._server.role is Role.WEB:
                await self._settling.stop()

        return Part("web", start, stop)

    def metrics_part(self) -> Part:
        """Figures of a role that has no web."""

        async def complaints() -> list[str]:
            return [] if await self._service.ready() else ["the database does not answer"]

        settings = self._config.metrics
        server = MetricsServer(metrics=self._metrics, ready=complaints, host=settings.host, port=settings.port)
        return Part("metrics", server.start, server.stop)

    def _channels(self) -> dict[Channel, ChannelPort[Any]]:
        self._ports = channel_ports(self._config, self._clock, self._publish)
        return self._ports

    async def _publish(self, notice: object) -> None:
        """The console's notice is published by its own row: the feed reads the timeline."""
        self._hints.changed()

    def _on_sent(self, notice: Any) -> None:
        if self._synthetic is not None:
            self._synthetic.on_sent(notice)

    def _heard(self) -> None:
        for wake in self._wakers:
            wake()


def _nothing(notices: object) -> None:
    """A process that sends nothing is handed nothing."""


async def embedded_dsn(config: Config) -> str:
    """Find or start the embedded database, bring it up to this version, and return its DSN."""
    if config.database.data_dir is None:
        raise ValueError("no embedded database in these settings")
    provided = await provide(None, config.database.data_dir, database=DATABASE, settings=EMBEDDED_SETTINGS)
    await migrate(provided.dsn)
    return provided.dsn


def database_dsns(config: Config) -> list[str]:
    """Return the DSNs of a database that somebody else runs."""
    database = config.database
    if database.dsns_file is not None:
        lines = Path(database.dsns_file).read_text("utf-8").splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [secret_text(dsn) for dsn in database.dsns]
