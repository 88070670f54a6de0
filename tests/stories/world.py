"""The real flows on the memory store and a clock that jumps; a story tells it what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from escalation.alarm import AlarmKind
from escalation.chain import Channel, EscalationChain
from escalation.effects import About
from escalation.events import Operator, Outcome, Responder, Wearer
from escalation.ids import IncidentId, PersonId, UserId
from escalation.incident import Incident, State
from escalation.purpose import Purpose
from escalation.session import Session
from escalation.vigil import VigilKind
from larmcentral.domain.arrival import Arrival, ReceiverName
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Record
from larmcentral.domain.session_start import SessionStart
from larmcentral.domain.timeline import Line, first_broken
from larmcentral.flows.audit import EVERY_S as AUDIT_EVERY_S
from larmcentral.flows.audit import Audit
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.hints import Hints
from larmcentral.flows.intake import Intake
from larmcentral.flows.means import Means
from larmcentral.flows.outbox import Outbox
from larmcentral.flows.sessions import LoneWork
from larmcentral.flows.settling import Settling
from larmcentral.flows.supervise import Supervise
from larmcentral.flows.test_alarms import TestSweep
from larmcentral.flows.timekeeper import Timekeeper
from larmcentral.flows.vigil_keeper import VigilKeeper
from larmcentral.flows.ways_out import WaysOut
from larmcentral.geo import metres_between
from protocols.signal import AccountId, Position, Signal, SignalKind
from tests.fakes.channel import FakeChannel
from tests.fakes.memory_store import MemoryRegister, MemoryStore
from tests.fakes.plain_days import PlainDays
from tests.fakes.virtual_loop import CountedIds, NoMeasures, VirtualClock, VirtualLoop
from tests.stories.world_desk import DeskFlows, DeskVerbs, FakeSpeaks
from tests.stories.world_ways import name_of, ways_of
from tests.world import ANNA, CARE, ORGANISATION, RECEIVER, WATCH, an_id, settle_in

T = TypeVar("T")

KARIN = Operator(UserId(an_id("karin")))
LARS = Operator(UserId(an_id("lars")))
SIGHT = frozenset({CARE})
APP_RECEIVER = replace(RECEIVER, name="app", protocol="app")
"""A worker's own phone, whose account is his name in the house."""
NIGHT = datetime(2026, 3, 4, 2, tzinfo=UTC)
"""A Wednesday."""
PROMISE_S = 0.25
"""A step fires at most so late; a story that says "after 30 seconds" means within this."""


class Process:
    """One incarnation of the server: its flows, and a lease of its own."""

    def __init__(self, world: World) -> None:
        self.hints = Hints()
        self.ways = WaysOut(world.ways, world.clock)
        means = self.means = Means(
            store=world.store,
            clock=world.clock,
            calendar=world.calendar,
            ids=world.ids,
            lease=Lease(world.ids.new()),
            hand_over=lambda notices: self.outbox.hand_over(notices),
            hints=self.hints,
            measures=world.measures,
            distance_m=metres_between,
            dead=self.ways.dead,
        )
        poll: dict[str, Any] = {"poll_s": 3600.0} if world.hours else {}
        self.settling = Settling(means)
        self.outbox = Outbox(means, self.ways, self.settling, **poll)
        self.intake = Intake(means, **poll)
        self.escalate = Escalate(means)
        self.lone_work = LoneWork(means)
        self.house = DeskFlows(means, self.escalate, world.speaks)
        self.timekeeper = Timekeeper(means, **poll)
        self.vigil_keeper = VigilKeeper(means, **poll)
        self.supervise = Supervise(means)
        self.test_sweep = TestSweep(means)
        self.audit = Audit(means, (ORGANISATION, CARE), every_s=3600.0 if world.hours else AUDIT_EVERY_S)
        self._parts = [
            self.settling,
            self.outbox,
            self.intake,
            self.timekeeper,
            self.vigil_keeper,
            self.test_sweep,
            *self.house.parts,
            self.audit,
        ]
        if world.supervising:
            self._parts.append(self.supervise)
        if world.hours:
            for wake in (self.timekeeper.wake, self.vigil_keeper.wake, self.outbox.wake):
                self.hints.listen(wake)

    async def start(self) -> None:
        for part in self._parts:
            part.start()

    async def stop(self) -> None:
        for part in reversed(self._parts):
            await part.stop()


class World(DeskVerbs):
    """A town at night. supervising: the silence of devices is looked after, so a story has to let them beat.

    hours: a story of hours, whose loops are woken by commits and by what falls due, and do not look every moment.
    stand_ins: further providers by name, asked after their channel's first. per_second: agreed rates, by provider.
    """

    def __init__(
        self,
        a_chain: EscalationChain | None = None,
        *,
        supervising: bool = False,
        hours: bool = False,
        begins: datetime = NIGHT,
        stand_ins: Mapping[str, Channel] | None = None,
        per_second: Mapping[str, float] | None = None,
    ) -> None:
        self.supervising, self.hours, self.calendar = supervising, hours, PlainDays()
        self._loop = VirtualLoop()
        self.clock = VirtualClock(self._loop, begins)
        self.ids = CountedIds(self.clock)
        self.store = MemoryStore(self.clock)
        self.measures = NoMeasures()
        self.speaks = FakeSpeaks()
        self.channels = {channel: FakeChannel(self.clock) for channel in Channel}
        self.stand_ins = {name: FakeChannel(self.clock) for name in stand_ins or {}}
        self.ways = ways_of(self.channels, self.stand_ins, stand_ins or {}, per_second or {})
        self.acked: list[str] = []
        self._promised: set[str] = set()
        self._until = 0.0
        self._presses = 0
        self._waiting: set[asyncio.Task[None]] = set()
        self._dead: list[Process] = []
        self.do(settle_in(MemoryRegister(self.store), a_chain=a_chain))
        self.server = Process(self)
        self.do(self.server.start())

    def do(self, work: Awaitable[T]) -> T:
        """Let something happen now, and what follows from it at once."""

        async def with_what_follows() -> T:
            result = await work
            for _ in range(200):
                await asyncio.sleep(0)
            return result

        return self._loop.run_until_complete(with_what_follows())

    def run(self, *, seconds: float) -> None:
        """Let time pass."""
        self._until += seconds
        self.do(asyncio.sleep(max(self._until + PROMISE_S - self._loop.time(), 0)))

    def press(
        self,
        account: str = WATCH,
        kind: SignalKind = SignalKind.PANIC,
        *,
        receiver: ReceiverName = RECEIVER,
        event_at: datetime | None = None,
        silent: bool = False,
        again: bool = False,
        position: Position | None = None,
        evidence: tuple[tuple[str, str], ...] = (),
        text: str | None = None,
        battery_pct: int | None = None,
        charging: bool | None = None,
    ) -> None:
        """A device sends; the ack is noted when it comes. again: the last message once more."""
        if not again:
            self._presses += 1
        signal = Signal(
            kind=kind,
            device=AccountId(account),
            repeat_key=f"press {self._presses}",
            event_at=event_at,
            silent=silent,
            position=position,
            evidence=evidence,
            text=text,
            battery_pct=battery_pct,
            charging=charging,
        )
        self.send(
            Arrival(receiver=receiver, received_at=self.clock.now(), authentic=True, raw=b"[]", signals=(signal,))
        )

    def send(self, arrival: Arrival) -> None:
        """A frame arrives; nobody waits for its ack but the list `acked`."""

        async def one() -> None:
            await self.server.intake.take_in(arrival)
            self.acked.append(arrival.signals[0].repeat_key)
            if arrival.signals[0].is_alarm:
                self._promised.add(arrival.signals[0].repeat_key)

        async def begin() -> None:
            task = asyncio.create_task(one())
            self._waiting.add(task)

        self.do(begin())

    def keep(self, task: asyncio.Task[None]) -> None:
        """Somebody waits for an ack; the end of the story does not."""
        self._waiting.add(task)

    def crash(self) -> None:
        """The process is gone from one moment to the next: no flow says goodbye, nothing in memory is left."""

        async def vanish() -> None:
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()

        self.do(vanish())
        self._dead.append(self.server)

    def restart(self) -> None:
        """A new process on the same store."""
        self.server = Process(self)
        self.do(self.server.start())

    @property
    def called(self) -> list[str]:
        """Names in the order of being told, the desk as 'desk', a centre by its own; at one moment by the alphabet."""
        tries = [sent for port in (*self.channels.values(), *self.stand_ins.values()) for sent in port.sent]
        return [name_of(sent.notice) for sent in sorted(tries, key=lambda sent: (sent.at, name_of(sent.notice)))]

    def forget_calls(self) -> None:
        """From here on `called` tells what is new."""
        for channel in (*self.channels.values(), *self.stand_ins.values()):
            channel.sent.clear()

    @property
    def record(self) -> Record:
        """The one incident, or the newest."""
        return max(self.store.tables.incidents.values(), key=lambda record: record.incident.opened_at)

    @property
    def incident(self) -> Incident:
        return self.record.incident

    @property
    def state(self) -> str:
        """The word of its state."""
        return self.incident.state.value

    @property
    def incident_id(self) -> IncidentId:
        return self.incident.id

    @property
    def lines(self) -> Sequence[Line]:
        """Its timeline."""
        return self.store.tables.timeline[self.incident_id]

    @property
    def story(self) -> list[str]:
        """The kinds of the timeline's lines; its chain of hashes is checked each time."""
        lines = self.store.tables.timeline[self.incident_id]
        assert first_broken(self.incident_id, lines) is None
        return [line.entry.kind.value for line in lines]

    def acknowledge(self, by: Operator | Responder = KARIN) -> None:
        self.do(self.server.escalate.acknowledge(self.incident_id, by, SIGHT))

    def going(self, person_id: PersonId) -> None:
        self.do(self.server.escalate.on_the_way(self.incident_id, Responder(person_id), SIGHT))

    def arrived(self, person_id: PersonId) -> None:
        self.do(self.server.escalate.arrived(self.incident_id, Responder(person_id), SIGHT))

    def declines(self, person_id: PersonId) -> None:
        self.do(self.server.escalate.decline(self.incident_id, Responder(person_id), SIGHT))

    def stand_down(self, outcome: Outcome = Outcome.FALSE) -> None:
        self.do(self.server.escalate.stand_down(self.incident_id, KARIN, outcome, "klart", SIGHT))

    def drill(self, about: PersonId = ANNA) -> IncidentId:
        return self.do(self.server.escalate.start_drill(about, AlarmKind.PANIC, KARIN, SIGHT))

    def heartbeat(self, account: str = WATCH, *, position: Position | None = None) -> None:
        """A device says that it is there."""
        self.press(account, SignalKind.HEARTBEAT, position=position)

    def beat(self, *, minutes: int, account: str = WATCH) -> None:
        """Time passes in which a device says so each minute."""
        for _ in range(minutes):
            self.heartbeat(account)
            self.run(seconds=60)

    def fall(self, *, confirmed: bool = False, person_id: PersonId = ANNA) -> None:
        """The app on a worker's phone feels a fall; it speaks as the person."""
        evidence = (("confirmed", "1"),) if confirmed else ()
        self.press(str(person_id), SignalKind.FALL, receiver=APP_RECEIVER, evidence=evidence)

    def start_session(self, person_id: PersonId = ANNA, *, minutes: float | None = None, **how: Any) -> None:
        """A worker begins to work alone. minutes: until the end he names."""
        ends_at = None if minutes is None else self.clock.now() + timedelta(minutes=minutes)
        start = SessionStart(person_id=person_id, purpose=how.pop("purpose", "Hembesök"), ends_at=ends_at, **how)
        self.do(self.server.lone_work.start(start, Wearer(person_id), SIGHT))

    def check_in(self, person_id: PersonId = ANNA, *, duress: bool = False) -> None:
        self.do(self.server.lone_work.check_in(person_id, how="app", duress=duress))

    def end_session(self, person_id: PersonId = ANNA, *, duress: bool = False) -> None:
        self.do(self.server.lone_work.end(person_id, Wearer(person_id), how="app", duress=duress))

    def pin(self, person_id: PersonId = ANNA, *, duress: bool = False) -> None:
        """A worker cancels a countdown with his PIN, or with the one for those who are forced to."""
        self.do(self.server.lone_work.cancel_pre_alarm(person_id, how="pin", duress=duress))

    def ask_welfare(self, person_id: PersonId = ANNA) -> None:
        """The desk asks how a worker is."""
        self.do(self.server.lone_work.ask_welfare(person_id, KARIN, SIGHT))

    def session_of(self, person_id: PersonId = ANNA) -> Session:
        """The newest session of a person."""
        cores = [vigil.core for vigil in self.store.tables.vigils.values() if vigil.kind is VigilKind.SESSION]
        own = [core for core in cores if isinstance(core, Session) and core.person_id == person_id]
        return max(own, key=lambda core: core.started_at)

    def told(self, person_id: PersonId | None, *, alarms: bool = False) -> list[About]:
        """What reached a person, or the desk, in the order of time; alarms only where asked for."""
        tries = [sent for channel in self.channels.values() for sent in channel.sent]
        own = sorted((sent for sent in tries if sent.notice.person_id == person_id), key=lambda sent: sent.at)
        return [sent.notice.text.about for sent in own if alarms or sent.notice.text.about is not About.ALARM]

    def incidents(self, purpose: Purpose = Purpose.REAL) -> list[Record]:
        """Every incident of a purpose, oldest first."""
        found = [record for record in self.store.tables.incidents.values() if record.incident.purpose is purpose]
        return sorted(found, key=lambda record: record.incident.opened_at)

    def close(self) -> None:
        """End of the story: what must always hold is looked at, then everything stops."""
        self._check()

        async def stop() -> None:
            for task in self._waiting:
                task.cancel()
            await self.server.stop()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self._loop.run_until_complete(stop())
        self._loop.close()

    def _check(self) -> None:
        tables = self.store.tables
        armed = {key[0] for key in tables.deadlines}
        for incident_id, record in tables.incidents.items():
            if record.incident.state is State.STOOD_DOWN:
                assert incident_id not in armed
            else:
                assert incident_id in armed, "an open incident has a next deadline"
            assert first_broken(incident_id, tables.timeline[incident_id]) is None
        stored = {row.new.signal.repeat_key for row in tables.signals.values()}
        assert self._promised <= stored, "an acked alarm is stored"
