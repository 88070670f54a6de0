"""ports.Store in memory, with the same promises; the contract suite runs on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from escalation.ids import CommitteeId, NoticeId, OrganisationId
from escalation.incident import State
from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.outbox import Condition, DeviceState, Lease, NoticeState, Settled
from larmcentral.domain.register import ChainChoice, Device, Home, Person
from larmcentral.ports import Clock
from tests.fakes.memory_state import Tables
from tests.fakes.memory_transaction import MemoryTransaction


class MemoryStore:
    """The durable state, in memory. `available` False is a dead database; lost_answers: commits that stand but hang."""

    def __init__(self, clock: Clock) -> None:
        self.tables = Tables()
        self.available = True
        self.lost_answers = 0
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, sight: frozenset[CommitteeId] | None = None) -> AsyncIterator[MemoryTransaction]:
        self._check()
        async with self._one_at_a_time:
            work = MemoryTransaction(self.tables.copy(), self._clock, sight)
            yield work
            await asyncio.sleep(0)
            self._check()
            self.tables = work.tables
        if self.lost_answers:
            self.lost_answers -= 1
            raise StoreUnavailable("the answer was lost")

    async def renew(self, *, lease: Lease, held: Collection[NoticeId]) -> None:
        async with self._one_at_a_time:
            self._check()
            for notice_id in held:
                row = self.tables.notices.get(notice_id)
                if row is not None and row.lease_owner == lease.owner and row.state is NoticeState.PENDING:
                    self.tables.notices[notice_id] = replace(row, lease_until=self._clock.now() + lease.length)

    async def fold_telemetry(self, states: Sequence[DeviceState]) -> None:
        async with self._one_at_a_time:
            self._check()
            for state in states:
                if (state.protocol, state.account) in self.tables.devices:
                    before = self.tables.states.get((state.protocol, state.account), state)
                    self.tables.states[(state.protocol, state.account)] = replace(
                        state,
                        battery_pct=before.battery_pct if state.battery_pct is None else state.battery_pct,
                        charging=before.charging if state.charging is None else state.charging,
                        last_seen_at=max(before.last_seen_at, state.last_seen_at),
                    )

    async def keep_unknown(self, found: Sequence[UnknownBytes]) -> None:
        async with self._one_at_a_time:
            self._check()
            self.tables.unknown.extend(found)

    async def next_due(self) -> datetime | None:
        self._check()
        return min((deadline.due_at for deadline in self.tables.deadlines.values()), default=None)

    async def withdrawn(self, notices: Collection[NoticeId]) -> frozenset[NoticeId]:
        self._check()
        return frozenset(i for i in notices if self.tables.notices[i].state is not NoticeState.PENDING)

    async def condition(self, now: datetime) -> Condition:
        self._check()
        t = self.tables
        open_ids = [i for i, r in t.incidents.items() if r.incident.state is not State.STOOD_DOWN]
        due = [d.due_at for d in t.deadlines.values() if d.due_at <= now]
        waiting = [row.due_at for row in t.notices.values() if row.state is NoticeState.PENDING]
        late = [at for at in waiting if at <= now]
        armed = {key[0] for key in t.deadlines}
        return Condition(
            without_deadline=tuple(i for i in open_ids if i not in armed),
            overdue=len(due),
            overdue_s=(now - min(due)).total_seconds() if due else 0.0,
            waiting=len(waiting),
            waiting_s=(now - min(late)).total_seconds() if late else 0.0,
            open_incidents=len(open_ids),
        )

    async def raise_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        async with self._one_at_a_time:
            self._check()
            self.tables.faults.add((committee_id, fault, None, None))

    async def clear_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        async with self._one_at_a_time:
            self._check()
            self.tables.faults.discard((committee_id, fault, None, None))

    async def find_notice(self, provider_id: str) -> Settled | None:
        self._check()
        for notice_id, row in self.tables.notices.items():
            if row.provider_id == provider_id and row.state is NoticeState.SENT:
                subject = self.tables.incidents[row.incident_id].subject
                return Settled(
                    notice_id=notice_id,
                    organisation_id=subject.organisation_id,
                    committee_id=subject.committee_id,
                    incident_id=row.incident_id,
                    channel=row.notice.channel,
                    person_id=row.notice.person_id,
                    point_id=row.notice.point_id,
                    state=row.state,
                    at=self._clock.now(),
                    tries=row.tries,
                    provider_id=provider_id,
                )
        return None

    def _check(self) -> None:
        if not self.available:
            raise StoreUnavailable("switched off")


class MemoryRegister:
    """store.register.Register on the memory store, as far as flows look at it."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def organisation(self, organisation_id: OrganisationId, name: str) -> None:
        pass

    async def committee(self, organisation_id: OrganisationId, committee_id: CommitteeId, name: str) -> None:
        pass

    async def sector(self, home: Home, sector_id: UUID, name: str) -> None:
        pass

    async def unit(self, home: Home, unit_id: UUID, sector_id: UUID, name: str) -> None:
        pass

    async def team(self, home: Home, team_id: UUID, unit_id: UUID, name: str) -> None:
        pass

    async def person(self, home: Home, person: Person) -> None:
        self._store.tables.persons[person.id] = (home, person)
        for point in person.contact_points:
            self._store.tables.points[point.id] = (person.id, point, False)

    async def device(self, home: Home, device: Device, now: datetime) -> None:
        self._store.tables.devices[(device.protocol, device.account)] = (home, device)

    async def chain(self, home: Home, choice: ChainChoice, now: datetime, made_by: UUID | None = None) -> None:
        self._store.tables.choices[choice.id] = (home, choice)
