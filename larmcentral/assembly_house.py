"""The parts of one process and what they share: pools, means, flows, listeners, ways out."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from socket import gethostname
from typing import Any, Final
from uuid import uuid5

import structlog

from escalation.effects import SystemFault
from escalation.ids import CommitteeId, OrganisationId
from larmcentral import bridge
from larmcentral.assembly_files import SECRET_BYTES, answers_secret, secret
from larmcentral.assembly_part import Part
from larmcentral.assembly_secrets import seal_at_start, sealing_of
from larmcentral.assembly_sending import Sending
from larmcentral.calendars.swedish_days import SwedishDays
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.config import Config
from larmcentral.config import Receiver as ReceiverSettings
from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.outbox import Lease
from larmcentral.domain.register import Device, Home
from larmcentral.flows.answers import Answers
from larmcentral.flows.assurance import Assurance
from larmcentral.flows.audit import Audit
from larmcentral.flows.call_scripts import CallScripts
from larmcentral.flows.calls import Calls
from larmcentral.flows.contact_points import ContactPoints
from larmcentral.flows.desk import Desk
from larmcentral.flows.desk_watch import DeskWatch
from larmcentral.flows.downlinks import Downlinks
from larmcentral.flows.dry_run import DryRun
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.hints import Hints
from larmcentral.flows.intake import Intake
from larmcentral.flows.means import Means
from larmcentral.flows.orders import DeviceOrders
from larmcentral.flows.pool import Pool as DevicePool
from larmcentral.flows.reach_board import ReachBoard
from larmcentral.flows.receipts import Receipts
from larmcentral.flows.service_asks import ServiceAsks
from larmcentral.flows.sessions import LoneWork
from larmcentral.flows.settling import Settling
from larmcentral.flows.supervise import Supervise
from larmcentral.flows.synthetic import Synthetic
from larmcentral.flows.test_alarms import TestSweep
from larmcentral.flows.timekeeper import Timekeeper
from larmcentral.flows.vigil_keeper import VigilKeeper
from larmcentral.flows.way_faults import WayFaults
from larmcentral.flows.way_reports import WayReports
from larmcentral.geo import metres_between
from larmcentral.metrics import Metrics
from larmcentral.metrics_http import MetricsServer
from larmcentral.receivers.build import TOLD_IN_ANSWERS, build_receiver
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.listening import Receiver
from larmcentral.receivers.mqtt import MqttSubscriber
from larmcentral.receivers.mqtt_build import BrokerWatch, build_subscriber
from larmcentral.receivers.sessions import Sessions as DeviceSessions
from larmcentral.receivers.speaking import Speaking
from larmcentral.receivers.turns import Turns
from larmcentral.receivers.watch_presser import WatchPresser
from larmcentral.store.device_secrets import DeviceSecrets
from larmcentral.store.enrolment import load_enrolled
from larmcentral.store.hints import HintPost
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.register import Register
from larmcentral.store.room import Room
from larmcentral.store.sealing import Sealing
from larmcentral.store.ways import Ways
from protocols.mqtt.session import Subscriber

log = structlog.get_logger(__name__)

SYNTHETIC_ACCOUNT: Final = "0000000001"


class Role(Enum):
    """What a process does. ALL is everything in one."""

    ALL = "all"
    RECEIVER = "receiver"
    ESCALATION = "escalation"
    WEB = "web"


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
        self._room = Room(service)
        self.receivers: list[Receiver] = []
        self.web_port: int | None = None
        self._sends = role is not Role.WEB
        self._sealing = sealing = sealing_of(config) if self._sends else None
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
            hand_over=lambda notices: self._sending.outbox.hand_over(notices) if self._sending else None,
            hints=self._hints,
            measures=metrics,
            distance_m=metres_between,
            dead=lambda: self._way_reports.dead(),
        )
        self._way_reports = WayReports(Ways(service), self._means.lease.owner, clock)
        self._settling = Settling(self._means)
        self._synthetic: Synthetic | None = None
        self._escalate = Escalate(self._means)
        signing = answers_secret(config)
        self._secret = signing or os.urandom(SECRET_BYTES)
        self._answers = Answers(self._means, self._escalate, self._secret)
        self._scripts = CallScripts(self._secret, clock)
        self._sending = None if sealing is None else self._build_sending(sealing, shared=signing is not None)
        self._timekeeper = Timekeeper(self._means)
        self._intake = Intake(self._means)
        self._vigils = VigilKeeper(self._means)
        self._wakers: list[Callable[[], None]] = [self._timekeeper.wake, self._vigils.wake]
        if self._sending is not None:
            self._wakers += [self._sending.outbox.wake, self._sending.service_messages.wake]

    @property
    def home(self) -> tuple[OrganisationId, CommitteeId]:
        """Whose alarms are nobody else's."""
        organisation = self._config.organisation
        return OrganisationId(organisation.id), CommitteeId(organisation.committee_id)

    async def open_pools(self) -> None:
        """Open the connections that this role will need, before devices take the files, and seal what is clear.

        Raises SealingUnusable for a wrong key.
        """
        if self._sealing is not None:
            await self._service.fill()
            await seal_at_start(self._service, self._sealing)

    async def close_pools(self) -> None:
        """Let go of the database."""
        await self._service.close()
        await self._web.close()

    def sending_parts(self) -> list[Part]:
        """The ways out, settling, the outbox, and what they need."""
        return [] if self._sending is None else self._sending.parts()

    def escalation_parts(self) -> list[Part]:
        """Deadlines of incidents and of vigils, supervision, the desk's sign of life, and the auditors."""
        supervise = Supervise(self._means)
        desk = DeskWatch(self._means, Desk(self._means))
        audit = Audit(self._means, self.home, takes_writes=self._room.ready)
        assurance, tests = Assurance(self._means), TestSweep(self._means)
        return [
            Part("timekeeper", self._timekeeper.start, self._timekeeper.stop),
            Part("vigil keeper", self._vigils.start, self._vigils.stop),
            Part("supervision", supervise.start, supervise.stop),
            Part("desk watch", desk.start, desk.stop),
            Part("test sweep", tests.start, tests.stop),
            Part("audit", audit.start, audit.stop),
            Part("assurance", assurance.start, assurance.stop),
            *([] if self._sending is None else [self._sending.heartbeat_part()]),
        ]

    async def receiving_parts(self) -> list[Part]:
        """Intake, the enrolled devices, Twisted, the listeners, words down and the synthetic panic, in that order."""
        sealing = self._sealing
        assert sealing is not None, "a process that receives has the key"
        devices = EnrolledDevices(load=lambda since: load_enrolled(self._service, since, sealing), clock=self._clock)
        secrets = DeviceSecrets(self._service, sealing, self.home[0])
        sessions, echoes, turns = DeviceSessions(), Echoes(self._clock.monotonic), Turns(self._clock)
        speaking = Speaking(sessions, echoes, self._clock)
        downlinks = Downlinks(self._means, speaking, in_answers=TOLD_IN_ANSWERS)
        reactor = bridge.install_reactor()
        parts = [
            Part("intake", self._intake.start, self._intake.stop),
            Part("enrolled devices", devices.start, devices.stop),
            Part("devices known", devices.loaded, lambda: None),
            Part("twisted", lambda: bridge.start_reactor(reactor), lambda: bridge.stop_reactor(reactor)),
        ]
        organisation_id, home = self.home
        subscribers: list[MqttSubscriber] = []
        for name, settings in self._config.receivers.items():
            committee = home if settings.committee_id is None else CommitteeId(settings.committee_id)
            named = ReceiverName(
                name=name, protocol=settings.protocol, organisation_id=organisation_id, committee_id=committee
            )
            if settings.listen is None:
                subscriber = self._subscriber(named, settings, devices)
                subscribers.append(subscriber)
                parts.append(Part(f"receiver {name}", subscriber.start, subscriber.stop))
                continue
            receiver = build_receiver(
                named,
                settings.listen,
                settings.limits,
                reactor=reactor,
                takes_in=self._intake,
                devices=devices,
                sessions=sessions,
                echoes=echoes,
                words=downlinks,
                clock=self._clock,
                metrics=self._metrics,
                draw=os.urandom,
                renews=secrets,
                turns=turns,
            )
            self.receivers.append(receiver)
            parts.append(Part(f"receiver {name}", receiver.start, receiver.stop))
        faults = WayFaults(self._means.store, self.home, self._clock, fault=SystemFault.BROKER_UNREACHABLE.value)
        watch = BrokerWatch(subscribers, faults, self._clock)
        parts += [Part("broker watch", watch.start, watch.stop)] if subscribers else []
        self._wakers.append(downlinks.wake)
        parts.append(Part("downlinks", downlinks.start, downlinks.stop))
        return parts + self._synthetic_parts(devices)

    def _subscriber(self, named: ReceiverName, settings: ReceiverSettings, devices: EnrolledDevices) -> MqttSubscriber:
        assert settings.broker is not None, "a receiver listens or subscribes"
        # The host's name: processes on two machines each hear everything, and the store knows repeats.
        client_id = settings.client_id or f"larm-{named.organisation_id.hex[:8]}-{named.name}-{gethostname()}"[:64]
        password = secret(settings.password, settings.password_file)
        return build_subscriber(
            named,
            settings.broker,
            Subscriber(client_id=client_id, topics=settings.topics, user=settings.user, password=password),
            settings.limits,
            ca_file=settings.ca_file,
            takes_in=self._intake,
            devices=devices,
            clock=self._clock,
            metrics=self._metrics,
        )

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
        return settings.protocol == "watch" and settings.listen is not None and settings.listen.transport == "tcp"

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
                calls=Calls(self._means, self._scripts, self._answers, self._settling),
                dry_runs=DryRun(self._means),
                reach=ReachBoard(self._means),
                intake=self._intake,
                calendar=self._means.calendar,
                receipts=Receipts(self._means, self._settling),
                points=ContactPoints(
                    self._means, self._secret, os.urandom, linked=self._config.http.origin is not None
                ),
                service_asks=ServiceAsks(self._means),
                orders=DeviceOrders(self._means),
            ),
        )
        self._hints.listen(web.hub.wake)
        self._wakers.append(web.hub.wake)
        alone = self._role is Role.WEB

        async def start() -> None:
            if alone:
                self._settling.start()
                self._intake.start()
                self._way_reports.start()
            await web.start()
            self.web_port = web.port

        async def stop() -> None:
            await web.stop()
            if alone:
                await self._way_reports.stop()
                await self._intake.stop()
                await self._settling.stop()

        return Part("web", start, stop)

    def metrics_part(self) -> Part:
        """Figures of a role that has no web."""

        async def complaints() -> list[str]:
            return [] if await self._room.ready() else ["the database does not answer, or has no room to write"]

        settings = self._config.metrics
        server = MetricsServer(metrics=self._metrics, ready=complaints, host=settings.host, port=settings.port)
        return Part("metrics", server.start, server.stop)

    def _build_sending(self, sealing: Sealing, *, shared: bool) -> Sending:
        """shared: all processes have the same secret. Without it no notice carries a key, and nobody is called."""
        return Sending(
            self._config,
            self._means,
            settling=self._settling,
            answers=self._answers,
            secret=self._secret,
            token_of=self._answers.token if shared else None,
            seal_call=self._scripts.seal if shared else None,
            service=self._service,
            sealing=sealing,
            home=self.home,
            way_reports=self._way_reports,
            on_sent=self._on_sent,
        )

    def _on_sent(self, notice: Any) -> None:
        if self._synthetic is not None:
            self._synthetic.on_sent(notice)

    def _heard(self) -> None:
        for wake in self._wakers:
            wake()
