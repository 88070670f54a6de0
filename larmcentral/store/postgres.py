"""ports.Store on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, Roster, Target
from escalation.ids import CommitteeId, IncidentId, NoticeId, OrganisationId, PersonId, SignalId
from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Condition, DeviceState, Lease, Settled
from larmcentral.domain.record import Change, Deadline, FiledSignal, NewSignal, Subject
from larmcentral.ports import Clock, Ids, Locked
from larmcentral.store import chains, incidents, notices, signals, telemetry
from larmcentral.store.columns import columns
from larmcentral.store.pool import Pool


class PostgresStore:
    """The durable state. service: pool of the server's own role. web: pool of the role that sees by committee."""

    def __init__(self, service: Pool, web: Pool, clock: Clock, ids: Ids) -> None:
        self._service, self._web, self._clock, self._ids = service, web, clock, ids

    @asynccontextmanager
    async def transaction(self, sight: frozenset[CommitteeId] | None = None) -> AsyncIterator[PostgresTransaction]:
        """Begin; see ports.Store."""
        pool = self._service if sight is None else self._web
        async with pool.transaction(sight) as connection:
            yield PostgresTransaction(connection, self._ids)

    async def renew(self, *, lease: Lease, held: Collection[NoticeId]) -> None:
        """Keep leases; see ports.Store."""
        async with self._service.connection() as connection:
            now = await _now(connection)
            await connection.execute(notices.SQL["renew"], lease.owner, list(held), now + lease.length)

    async def fold_telemetry(self, states: Sequence[DeviceState]) -> None:
        """Write device states; see ports.Store."""
        async with self._service.connection() as connection:
            await telemetry.fold(connection, states)

    async def keep_unknown(self, found: Sequence[UnknownBytes]) -> None:
        """Keep unknown bytes; see ports.Store."""
        async with self._service.connection() as connection:
            await telemetry.keep(connection, found)

    async def next_due(self) -> datetime | None:
        """Return the next deadline's time; see ports.Store."""
        async with self._service.connection() as connection:
            due: datetime | None = await connection.fetchval(incidents.SQL["next_due"])
            return due

    async def withdrawn(self, notices_: Collection[NoticeId]) -> frozenset[NoticeId]:
        """Return what must not go out; see ports.Store."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(notices.SQL["withdrawn"], list(notices_))
            return frozenset(NoticeId(row["id"]) for row in rows)

    async def condition(self, now: datetime) -> Condition:
        """Return what the auditor looks at; see ports.Store."""
        async with self._service.connection() as connection:
            row = await connection.fetchrow(incidents.SQL["condition"], now)
        if row is None:
            raise AssertionError("one row always comes")
        return Condition(
            without_deadline=tuple(IncidentId(i) for i in row["without_deadline"]),
            overdue=row["overdue"],
            overdue_s=(now - row["oldest_due"]).total_seconds() if row["oldest_due"] else 0.0,
            waiting=row["waiting"],
            waiting_s=(now - row["oldest_waiting"]).total_seconds() if row["oldest_waiting"] else 0.0,
            open_incidents=row["open_incidents"],
        )

    async def raise_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        """Raise a system alarm of the house; see ports.Store."""
        row = (organisation_id, committee_id, self._ids.new(), None, fault, None, self._clock.now())
        async with self._service.connection() as connection:
            await connection.execute(incidents.SQL["raise_faults"], *columns([row]))

    async def clear_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        """Clear it; see ports.Store."""
        async with self._service.connection() as connection:
            await connection.execute(
                incidents.SQL["clear_fault"], organisation_id, committee_id, fault, self._clock.now()
            )

    async def find_notice(self, provider_id: str) -> Settled | None:
        """Find the notice of a receipt; see ports.Store."""
        async with self._service.connection() as connection:
            row = await connection.fetchrow(notices.SQL["by_provider"], provider_id)
        return None if row is None else notices.settled_from(row, self._clock.now())


class PostgresTransaction:
    """ports.Transaction on one connection inside BEGIN."""

    def __init__(self, connection: asyncpg.Connection, ids: Ids) -> None:
        self._connection, self._ids = connection, ids
        self._now: datetime | None = None

    async def file_signals(self, signals_: Sequence[NewSignal]) -> Sequence[FiledSignal]:
        """See ports.Transaction."""
        return await signals.file_signals(self._connection, signals_)

    async def tracked(self, signals_: Sequence[NewSignal]) -> frozenset[SignalId]:
        """See ports.Transaction."""
        return await signals.tracked(self._connection, signals_)

    async def lock_open(self, subjects: Sequence[Subject]) -> Locked:
        """See ports.Transaction."""
        keys = sorted({(str(s.organisation_id), s.key, s.purpose.value) for s in subjects})
        rows = await self._connection.fetch(incidents.SQL["lock_open"], *columns(keys))
        return Locked(await self._after_lock(), incidents.records(rows))

    async def lock(self, incident_ids: Sequence[IncidentId]) -> Locked:
        """See ports.Transaction."""
        rows = await self._connection.fetch(incidents.SQL["lock"], list(incident_ids))
        return Locked(await self._after_lock(), incidents.records(rows))

    async def lock_due(self, limit: int) -> tuple[Locked, Sequence[Deadline]]:
        """See ports.Transaction."""
        before = await _now(self._connection)
        rows = await self._connection.fetch(incidents.SQL["lock_due"], before, limit)
        now = await self._after_lock()
        if not rows:
            return Locked(now, {}), []
        held = columns([(row["organisation_id"], row["id"]) for row in rows])
        due = await self._connection.fetch(incidents.SQL["due"], *held, now)
        return Locked(now, incidents.records(rows)), incidents.deadlines(due)

    async def chains(self, wanted: Sequence[tuple[Subject, AlarmKind]]) -> Sequence[EscalationChain | None]:
        """See ports.Transaction."""
        return await chains.chains(self._connection, wanted)

    async def roster(self, organisation_id: OrganisationId, targets: Collection[Target]) -> Roster:
        """See ports.Transaction."""
        return await chains.roster(self._connection, organisation_id, targets, await self._time())

    async def subject_of_person(self, person_id: PersonId) -> Subject | None:
        """See ports.Transaction."""
        row = await self._connection.fetchrow(chains.SQL["person"], person_id)
        if row is None:
            return None
        return Subject(
            organisation_id=OrganisationId(row["organisation_id"]),
            committee_id=CommitteeId(row["committee_id"]),
            protocol="drill",
            account=str(person_id),
            person_id=person_id,
            unit_id=row["unit_id"],
            label=row["name"],
            language=row["language"],
        )

    async def save(self, changes: Sequence[Change], *, lease: Lease) -> Sequence[OutgoingNotice]:
        """See ports.Transaction."""
        wanted = [change for change in changes if not change.nothing]
        if not wanted:
            return []
        now = await self._time()
        await incidents.save(self._connection, wanted, self._ids, now)
        await signals.join_incidents(self._connection, wanted)
        return await notices.file_notices(self._connection, wanted, lease, now)

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        """See ports.Transaction."""
        return await notices.claim(self._connection, lease, held, limit, await self._time())

    async def settle(self, results: Sequence[Settled], now: datetime) -> None:
        """See ports.Transaction."""
        if results:
            await notices.settle(self._connection, results)

    async def _after_lock(self) -> datetime:
        self._now = await _now(self._connection)
        return self._now

    async def _time(self) -> datetime:
        return self._now or await self._after_lock()


async def _now(connection: asyncpg.Connection) -> datetime:
    """The database's time as of this statement, not of the transaction's beginning."""
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return now
