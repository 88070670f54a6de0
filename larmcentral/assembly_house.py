"""The parts of one process and what they share: pools, means, flows, listeners, ways out."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, Final
from uuid import uuid5

import structlog

from escalation.chain import Channel
from escalation.ids import CommitteeId, OrganisationId
from larmcentral import bridge
from larmcentral.assembly_channels import SECRET_BYTES, answers_secret, channel_ports
from larmcentral.calendars.swedish_days import SwedishDays
from larmcentral.channels.push_kind import TokenOf
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.config import Config
from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.outbox import Lease
from larmcentral.domain.register import Device, Home
from larmcentral.flows.answers import Answers
from larmcentral.flows.assurance import Assurance
from larmcentral.flows.audit import Audit
from larmcentral.flows.desk import Desk
from larmcentral.flows.desk_watch import DeskWatch
from larmcentral.flows.downlinks import Downlinks
from larmcentral.flows.dry_run import DryRun
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.hints import Hints
from larmcentral.flows.intake import Intake
from larmcentral.flows.means import Means
from larmcentral.flows.outbox import Outbox
from larmcentral.flows.pool import Pool as DevicePool
from larmcentral.flows.receipts import Receipts
from larmcentral.flows.sessions import LoneWork
from larmcentral.flows.settling import Settling
from larmcentral.flows.supervise import Supervise
from larmcentral.flows.synthetic import Synthetic
from larmcentral.flows.test_alarms import TestSweep
from larmcentral.flows.timekeeper import Timekeeper
from larmcentral.flows.vigil_keeper import VigilKeeper
from larmcentral.geo import metres_between
from larmcentral.metrics import Metrics
from larmcentral.metrics_http import MetricsServer
from larmcentral.ports import Channel as ChannelPort
from larmcentral.receivers.build import build_receiver
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.listening import Receiver
from larmcentral.receivers.sessions import Sessions as DeviceSessions
from larmcentral.receivers.speaking import Speaking
from larmcentral.receivers.watch_presser import WatchPresser
from larmcentral.store.enrolment import load_enrolled
from larmcentral.store.hints import HintPost
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.register import Register

log = structlog.get_logger(__name__)

SYNTHETIC_ACCOUNT: Final = "0000000001"


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


class House:
    """What the parts of one process share. receivers, web_port: what listens, once it does."""

    def __init__(
        self,
        config: Config,
        role: Role,
        *,
        clock: SystemClock,
        ids: SystemIds,
        metrics: Metrics,
        service: Pool,
        web: Pool,
    ) -> None:
        self._config, self._role, self._clock, self._ids, self._metrics = config, role, clock, ids, metrics
        self._service, self._web = service, web
        self.receivers: list[Receiver] = []
        self.web_port: int | None = None
        self._sends = role is not Role.WEB
        self._hints = Hints()
        self.post = HintPost(service, clock, self._heard)
        self._hints.listen(self.post.changed)
        self._means = Means(
            store=PostgresStore(service, web, clock, ids),
            clock=clock,
            calendar=SwedishDays(config.organisation.zone),
            ids=ids,
            # A process that sends nothing leases nothing: what it files is free for those who send.
            lease=Lease(ids.new(), timedelta(seconds=15) if self._sends else timedelta()),
            hand_over=lambda notices: self._outbox.hand_over(notices) if self._sends else None,
            hints=self._hints,
            measures=metrics,
            distance_m=metres_between,
        )
        self._settling = Settling(self._means)
        self._synthetic: Synthetic | None = None
        self._escalate = Escalate(self._means)
        secret = answers_secret(config)
        self._answers = Answers(self._means, self._escalate, secret or os.urandom(SECRET_BYTES))
        # Without a secret that all processes share no notice carries a key: SMS and voice answers still come in.
        self._ports = self._channels(self._answers.token if secret else None) if self._sends else {}
        self._outbox = Outbox(self._means, self._ports, self._settling, self._on_sent)
        self._timekeeper = Timekeeper(self._means)
        self._intake = Intake(self._means)
        self._vigils = VigilKeeper(self._means)
        self._wakers: list[Callable[[], None]] = [self._outbox.wake, self._timekeeper.wake, self._vigils.wake]

    @property
    def home(self) -> tuple[OrganisationId, CommitteeId]:
        """Whose alarms are nobody else's."""
        organisation = self._config.organisation
        return OrganisationId(organisation.id), CommitteeId(organisation.committee_id)

    async def open_pools(self) -> None:
        """Open the connections that this role will need, before devices take the files."""
        if self._sends:
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
        """Deadlines of incidents and of vigils, supervision, the desk's sign of life, and the auditors."""
        supervise = Supervise(self._means)
        desk = DeskWatch(self._means, Desk(self._means))
        audit, assurance, tests = Audit(self._means, self.home), Assurance(self._means), TestSweep(self._means)
        return [
            Part("timekeeper", self._timekeeper.start, self._timekeeper.stop),
            Part("vigil keeper", self._vigils.start, self._vigils.stop),
            Part("supervision", supervise.start, supervise.stop),
            Part("desk watch", desk.start, desk.stop),
            Part("test sweep", tests.start, tests.stop),
            Part("audit", audit.start, audit.stop),
            Part("assurance", assurance.start, assurance.stop),
        ]

    async def receiving_parts(self) -> list[Part]:
        """Intake, the enrolled devices, Twisted, the listeners, words down and the synthetic panic, in that order."""
        devices = EnrolledDevices(load=lambda since: load_enrolled(self._service, since), clock=self._clock)
        sessions = DeviceSessions()
        reactor = bridge.install_reactor()
        parts = [
            Part("intake", self._intake.start, self._intake.stop),
            Part("enrolled devices", devices.start, devices.stop),
            Part("devices known", devices.loaded, lambda: None),
            Part("twisted", lambda: bridge.start_reactor(reactor), lambda: bridge.stop_reactor(reactor)),
        ]
        organisation_id, home = self.home
        for name, settings in self._config.receivers.items():
            committee = home if settings.committee_id is None else CommitteeId(settings.committee_id)
            receiver = build_receiver(
                ReceiverName(
                    name=name, protocol=settings.protocol, organisation_id=organisation_id, committee_id=committee
                ),
                settings.listen,
                settings.limits,
                reactor=reactor,
                takes_in=self._intake,
                devices=devices,
                sessions=sessions,
                clock=self._clock,
                metrics=self._metrics,
                draw=os.urandom,
            )
            self.receivers.append(receiver)
            parts.append(Part(f"receiver {name}", receiver.start, receiver.stop))
        downlinks = Downlinks(self._means, Speaking(sessions))
        self._wakers.append(downlinks.wake)
        parts.append(Part("downlinks", downlinks.start, downlinks.stop))
        return parts + self._synthetic_parts(devices)

    def _synthetic_parts(self, devices: EnrolledDevices) -> list[Part]:
        listener = next((r for r in self.receivers if self._speaks_watch(r)), None)
        if not self._config.synthetic.enabled:
            return []
        if listener is None:
            log.warning("synthetic_panic_off", why="no watch receiver over tcp on this machine")
            return []
        synthetic = Synthetic(
            self._means,
            WatchPresser(lambda: listener.port or 0, SYNTHETIC_ACCOUNT, self._clock),
            self._escalate,
            self.home,
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
        organisation_id, committee_id = self.home
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
        from larmcentral.assembly_web import Commands, build_web  # FastAPI takes a second to import

        web = build_web(
            self._config,
            service=self._service,
            web=self._web,
            clock=self._clock,
            metrics=self._metrics,
            commands=Commands(
                incidents=self._escalate,
                work=LoneWork(self._means),
                desk=Desk(self._means),
                pool=DevicePool(self._means),
                answers=self._answers,
                dry_runs=DryRun(self._means),
                intake=self._intake,
                calendar=self._means.calendar,
                receipts=Receipts(self._means, self._settling),
            ),
        )
        self._hints.listen(web.hub.wake)
        self._wakers.append(web.hub.wake)
        alone = self._role is Role.WEB

        async def start() -> None:
            if alone:
                self._settling.start()
                self._intake.start()
            await web.start()
            self.web_port = web.port

        async def stop() -> None:
            await web.stop()
            if alone:
                await self._intake.stop()
                await self._settling.stop()

        return Part("web", start, stop)

    def metrics_part(self) -> Part:
        """Figures of a role that has no web."""

        async def complaints() -> list[str]:
            return [] if await self._service.ready() else ["the database does not answer"]

        settings = self._config.metrics
        server = MetricsServer(metrics=self._metrics, ready=complaints, host=settings.host, port=settings.port)
        return Part("metrics", server.start, server.stop)

    def _channels(self, token_of: TokenOf | None) -> dict[Channel, ChannelPort[Any]]:
        return channel_ports(self._config, self._clock, self._publish, token_of)

    async def _publish(self, notice: object) -> None:
        """The console's notice is published by its own row: the feed reads the timeline."""
        self._hints.changed()

    def _on_sent(self, notice: Any) -> None:
        if self._synthetic is not None:
            self._synthetic.on_sent(notice)

    def _heard(self) -> None:
        for wake in self._wakers:
            wake()
