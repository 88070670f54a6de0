"""ports.Store in memory, with the same promises; the contract suite runs on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from escalation.chain import Channel
from escalation.ids import CommitteeId, IncidentId, NoticeId, OrganisationId, UnitId, VigilId
from escalation.incident import State
from escalation.vigil import VigilKind
from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.assurance import ChainInUse, RotaInUse
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.outbox import UNDER_WAY_AT_CENTRE, Condition, DeviceState, Lease, NoticeState, Settled
from larmcentral.ports import Clock
from tests.fakes.memory_chains import in_use
from tests.fakes.memory_notices import last_asked, settled_of
from tests.fakes.memory_register import MemoryRegister as MemoryRegister
from tests.fakes.memory_state import FaultRow, NoticeRow, Tables
from tests.fakes.memory_telemetry import fold
from tests.fakes.memory_transaction import MemoryTransaction

OVERDUE = "engine_overdue"


class MemoryStore:
    """The durable state, in memory. `available` False is a dead database; lost_answers: commits that stand but hang.

    One transaction at a time writes into the tables themselves, and takes back what it wrote if it fails. Whoever
    reads waits for it, so that nobody sees what does not stand.
    """

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
            journal = self.tables.journal
            journal.begin()
            try:
                yield MemoryTransaction(self.tables, self._clock, sight)
                await asyncio.sleep(0)
                self._check()
            except BaseException:
                journal.roll_back()
                raise
            journal.commit()
        if self.lost_answers:
            self.lost_answers -= 1
            raise StoreUnavailable("the answer was lost")

    async def renew(self, *, lease: Lease, held: Collection[NoticeId]) -> None:
        async with self._reading():
            for notice_id in held:
                row = self.tables.notices.get(notice_id)
                if row is not None and row.lease_owner == lease.owner and (row.pending or row.called_off):
                    self.tables.notices[notice_id] = replace(row, lease_until=self._clock.now() + lease.length)

    async def fold_telemetry(self, states: Sequence[DeviceState], *, now: datetime | None = None) -> None:
        async with self._reading():
            own = self._clock.now()
            ahead = timedelta() if now is None else own - now
            for state in states:
                fix_at = None if state.fix_at is None else min(state.fix_at + ahead, own)
                fold(self.tables, replace(state, last_seen_at=min(state.last_seen_at + ahead, own), fix_at=fix_at))

    async def keep_unknown(self, found: Sequence[UnknownBytes]) -> None:
        async with self._reading():
            self.tables.unknown.extend(found)

    async def next_due(self) -> datetime | None:
        async with self._reading():
            return self.tables.due.first

    async def next_vigil_due(self, kinds: Collection[VigilKind]) -> datetime | None:
        async with self._reading():
            firsts = [self.tables.vigils_due[kind].first for kind in kinds]
            return min((first for first in firsts if first is not None), default=None)

    async def overdue(self, limit: int) -> Sequence[IncidentId]:
        async with self._reading():
            return list(dict.fromkeys(key[0] for key in self.tables.due.until(self._clock.now())))[:limit]

    async def put_off(self, incident_id: IncidentId, pause: timedelta) -> None:
        async with self._reading():
            t, now = self.tables, self._clock.now()
            late = [key for key in t.due.until(now) if key[0] == incident_id]
            for key in late:
                t.deadlines[key] = replace(t.deadlines[key], due_at=now + pause)
            if late:
                committee_id = t.incidents[incident_id].subject.committee_id
                t.faults.setdefault((committee_id, OVERDUE, incident_id, None), FaultRow(incident_id, now))

    async def overdue_vigils(self, kinds: Collection[VigilKind], limit: int) -> Sequence[VigilId]:
        async with self._reading():
            return self.tables.overdue_vigils(kinds, self._clock.now())[:limit]

    async def put_off_vigil(self, vigil_id: VigilId, pause: timedelta) -> None:
        async with self._reading():
            t, now = self.tables, self._clock.now()
            record = t.vigils[vigil_id]
            if vigil_id in t.overdue_vigils([record.kind], now):
                t.put_off[vigil_id] = now + pause
                t.vigils[vigil_id] = record
                t.faults.setdefault((record.subject.committee_id, OVERDUE, vigil_id, None), FaultRow(vigil_id, now))

    async def withdrawn(self, notices: Collection[NoticeId]) -> frozenset[NoticeId]:
        async with self._reading():
            return frozenset(i for i in notices if self.tables.notices[i].state is not NoticeState.PENDING)

    async def condition(self, now: datetime) -> Condition:
        async with self._reading():
            t = self.tables
            open_ids = [*t.in_state.of(State.OPEN), *t.in_state.of(State.ACKNOWLEDGED)]
            due = t.due.until(now)
            late = t.pending.until(now)
            firsts = [a.first for a in t.vigils_due.values() if a.first is not None and a.first <= now]
            return Condition(
                without_deadline=tuple(i for i in open_ids if i not in t.deadlines_of),
                overdue=len(due),
                overdue_s=(now - t.deadlines[due[0]].due_at).total_seconds() if due else 0.0,
                waiting=len(t.pending),
                waiting_s=max((0.0, *((now - _wanted_by(t.notices[i])).total_seconds() for i in late))),
                open_incidents=len(open_ids),
                vigils_overdue_s=max(((now - first).total_seconds() for first in firsts), default=0.0),
            )

    async def service_messages_due(self) -> bool:
        async with self._reading():
            now = self._clock.now()
            return any(row.claimable(now) for row in self.tables.service_messages.values())

    async def raise_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        async with self._reading():
            self.tables.faults.setdefault((committee_id, fault, None, None), FaultRow(None, self._clock.now()))

    async def clear_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        async with self._reading():
            self.tables.faults.pop((committee_id, fault, None, None), None)

    async def chains_in_use(self) -> Sequence[ChainInUse]:
        async with self._reading():
            return [
                ChainInUse(
                    organisation_id=home.organisation_id,
                    committee_id=home.committee_id,
                    unit_id=None if choice.unit_id is None else UnitId(choice.unit_id),
                    kind=choice.kind,
                    chain=choice.chain,
                )
                for home, choice in in_use(self.tables.choices.values())
            ]

    async def rotas_in_use(self) -> Sequence[RotaInUse]:
        async with self._reading():
            return [
                RotaInUse(organisation_id=home.organisation_id, committee_id=home.committee_id, rota=rota)
                for home, rota in self.tables.rotas.values()
            ]

    async def find_notice(self, provider_id: str) -> Settled | None:
        async with self._reading():
            found = self.tables.receipts.of(provider_id)
            return settled_of(self.tables, found[-1], self._clock.now()) if found else None

    async def answerable(self, notice_id: NoticeId) -> Settled | None:
        async with self._reading():
            known = notice_id in self.tables.notices
            return settled_of(self.tables, notice_id, self._clock.now()) if known else None

    async def last_asked(self, number: str, since: datetime) -> Settled | None:
        async with self._reading():
            found = last_asked(self.tables, number, since)
            return None if found is None else settled_of(self.tables, found, self._clock.now())

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        async with self._one_at_a_time:
            self._check()
            yield

    def _check(self) -> None:
        if not self.available:
            raise StoreUnavailable("switched off")


def _wanted_by(row: NoticeRow) -> datetime:
    """When a notice should be out; a centre's paths are tried one after another."""
    return row.due_at + (UNDER_WAY_AT_CENTRE if row.notice.channel is Channel.RECEIVER else timedelta())
