"""The real flows on the memory store and a clock that jumps; a story tells it what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from escalation.alarm import AlarmKind
from escalation.chain import Channel, EscalationChain
from escalation.events import Operator, Outcome, Responder
from escalation.ids import IncidentId, PersonId, UserId
from escalation.incident import Incident, State
from larmcentral.domain.arrival import Arrival, ReceiverName
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Record
from larmcentral.domain.timeline import first_broken
from larmcentral.flows.audit import Audit
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.hints import Hints
from larmcentral.flows.intake import Intake
from larmcentral.flows.outbox import Outbox
from larmcentral.flows.settling import Settling
from larmcentral.flows.timekeeper import Timekeeper
from protocols.signal import AccountId, Position, Signal, SignalKind
from tests.fakes.channel import FakeChannel
from tests.fakes.memory_store import MemoryRegister, MemoryStore
from tests.fakes.virtual_loop import CountedIds, NoMeasures, VirtualClock, VirtualLoop
from tests.world import ANNA, BO, CARE, CECILIA, DAVID, GUARD, ORGANISATION, RECEIVER, WATCH, an_id, settle_in

T = TypeVar("T")

NAMES = {ANNA: "anna", BO: "bo", CECILIA: "cecilia", DAVID: "david", GUARD: "guard", None: "desk"}
KARIN = Operator(UserId(an_id("karin")))
LARS = Operator(UserId(an_id("lars")))
SIGHT = frozenset({CARE})
PROMISE_S = 0.25
"""A step fires at most so late; a story that says "after 30 seconds" means within this."""


class Process:
    """One incarnation of the server: its flows, and a lease of its own."""

    def __init__(self, world: World) -> None:
        lease = Lease(world.ids.new())
        hints, store, clock = Hints(), world.store, world.clock
        self.settling = Settling(store, clock, lease, hints)
        self.outbox = Outbox(store, world.channels, clock, lease, self.settling, world.measures)
        self.settling.bind(self.outbox.hand_over)
        common = (store, clock, world.ids, lease, self.outbox.hand_over, hints, world.measures)
        self.intake = Intake(*common)
        self.escalate = Escalate(*common)
        self.timekeeper = Timekeeper(store, clock, lease, self.outbox.hand_over, hints, world.measures)
        self.audit = Audit(store, clock, lease, self.outbox.hand_over, world.measures, (ORGANISATION, CARE))
        self._parts = (self.settling, self.outbox, self.intake, self.timekeeper, self.audit)

    async def start(self) -> None:
        for part in self._parts:
            part.start()

    async def stop(self) -> None:
        for part in reversed(self._parts):
            await part.stop()


class World:
    """A town at night."""

    def __init__(self, a_chain: EscalationChain | None = None) -> None:
        self._loop = VirtualLoop()
        self.clock = VirtualClock(self._loop)
        self.ids = CountedIds(self.clock)
        self.store = MemoryStore(self.clock)
        self.measures = NoMeasures()
        self.channels = {channel: FakeChannel(self.clock) for channel in Channel}
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
        """Names in the order of being told, the desk as 'desk'; at one moment in alphabetical order."""
        tries = [sent for channel in self.channels.values() for sent in channel.sent]
        return [NAMES[sent.notice.person_id] for sent in sorted(tries, key=lambda s: (s.at, NAMES[s.notice.person_id]))]

    def forget_calls(self) -> None:
        """From here on `called` tells what is new."""
        for channel in self.channels.values():
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
