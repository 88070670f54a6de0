"""ports.Store on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, Roster, Target
from escalation.ids import (
    CommitteeId,
    IncidentId,
    NoticeId,
    OrganisationId,
    PersonId,
    SignalId,
    UnitId,
    UserId,
    VigilId,
)
from escalation.vigil import VigilKind
from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.assurance import ChainInUse, RotaInUse
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import UNDER_WAY_AT_CENTRE, Condition, DeviceState, Lease, Settled
from larmcentral.domain.record import Change, Deadline, FiledSignal, NewSignal, Record, Subject
from larmcentral.ports import Clock, Ids, Locked
from larmcentral.store import chains, incidents, notices, service_messages, signals, telemetry, vigils
from larmcentral.store.columns import columns
from larmcentral.store.desk import DeskPart
from larmcentral.store.devices import DevicePart
from larmcentral.store.downlinks import DownlinkPart
from larmcentral.store.notice_rows import settled_from
from larmcentral.store.places import PlacePart
from larmcentral.store.plans import PlanPart
from larmcentral.store.pool import Pool
from larmcentral.store.service_messages import ServiceMessagePart
from larmcentral.store.together import Together
from larmcentral.store.vigils import VigilPart
from larmcentral.store.work import database_time

BEHIND: Final = 10
"""How many processes may freeze, each over a whole claim of deadlines, before one that lives finds none of its own."""


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
            now = await database_time(connection)
            await connection.execute(notices.SQL["renew"], lease.owner, list(held), now + lease.length)

    async def fold_telemetry(self, states: Sequence[DeviceState], *, now: datetime | None = None) -> None:
        """Write device states; see ports.Store."""
        async with self._service.connection() as connection:
            await telemetry.fold(connection, states, now)

    async def keep_unknown(self, found: Sequence[UnknownBytes]) -> None:
        """Keep unknown bytes; see ports.Store."""
        async with self._service.connection() as connection:
            await telemetry.keep(connection, found)

    async def next_due(self) -> datetime | None:
        """Return the next deadline's time; see ports.Store."""
        async with self._service.connection() as connection:
            due: datetime | None = await connection.fetchval(incidents.SQL["next_due"])
            return due

    async def overdue(self, limit: int) -> Sequence[IncidentId]:
        """Return what the timekeeper is late with; see ports.Store."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(incidents.SQL["overdue"], await database_time(connection), limit)
            return [IncidentId(row["id"]) for row in rows]

    async def put_off(self, incident_id: IncidentId, pause: timedelta) -> None:
        """Let its deadlines come again later; see ports.Store."""
        async with self._service.connection() as connection:
            now = await database_time(connection)
            await connection.execute(incidents.SQL["put_off"], incident_id, now, now + pause, self._ids.new())

    async def withdrawn(self, notices_: Collection[NoticeId]) -> frozenset[NoticeId]:
        """Return what must not go out; see ports.Store."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(notices.SQL["withdrawn"], list(notices_))
            return frozenset(NoticeId(row["id"]) for row in rows)

    async def condition(self, now: datetime) -> Condition:
        """Return what the auditor looks at; see ports.Store."""
        async with self._service.connection() as connection:
            row = await connection.fetchrow(
                incidents.SQL["condition"], now, [kind.value for kind in VigilKind], UNDER_WAY_AT_CENTRE
            )
        if row is None:
            raise AssertionError("one row always comes")
        return Condition(
            without_deadline=tuple(IncidentId(i) for i in row["without_deadline"]),
            overdue=row["overdue"],
            overdue_s=(now - row["oldest_due"]).total_seconds() if row["oldest_due"] else 0.0,
            waiting=row["waiting"],
            waiting_s=max((now - row["oldest_waiting"]).total_seconds(), 0.0) if row["oldest_waiting"] else 0.0,
            open_incidents=row["open_incidents"],
            vigils_overdue_s=(now - row["oldest_vigil"]).total_seconds() if row["oldest_vigil"] else 0.0,
        )

    async def raise_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        """Raise a system alarm of the house; see ports.Store."""
        async with self._service.connection() as connection:
            now = self._clock.now()
            await incidents.raise_fault(connection, organisation_id, committee_id, fault, self._ids, now)

    async def clear_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        """Clear it; see ports.Store."""
        async with self._service.connection() as connection:
            await incidents.clear_fault(connection, organisation_id, committee_id, fault, self._clock.now())

    async def service_messages_due(self) -> bool:
        """Say whether one waits; see ports.ServiceMessageStore."""
        async with self._service.connection() as connection:
            return bool(await connection.fetchval(service_messages.SQL["due"], await database_time(connection)))

    async def next_vigil_due(self, kinds: Collection[VigilKind]) -> datetime | None:
        """Return the next vigil's time; see ports.VigilStore."""
        async with self._service.connection() as connection:
            due: datetime | None = await connection.fetchval(vigils.SQL["next_due"], [kind.value for kind in kinds])
            return due

    async def overdue_vigils(self, kinds: Collection[VigilKind], limit: int) -> Sequence[VigilId]:
        """Return what the keeper is late with; see ports.VigilStore."""
        wanted = [kind.value for kind in kinds]
        async with self._service.connection() as connection:
            rows = await connection.fetch(vigils.SQL["overdue"], wanted, await database_time(connection), limit)
            return [VigilId(row["id"]) for row in rows]

    async def put_off_vigil(self, vigil_id: VigilId, pause: timedelta) -> None:
        """Let it come due again later; see ports.VigilStore."""
        async with self._service.connection() as connection:
            now = await database_time(connection)
            await connection.execute(vigils.SQL["put_off"], vigil_id, now, now + pause, self._ids.new())

    async def chains_in_use(self) -> Sequence[ChainInUse]:
        """Return all chains; see ports.Store."""
        async with self._service.connection() as connection:
            return await chains.chains_in_use(connection)

    async def rotas_in_use(self) -> Sequence[RotaInUse]:
        """Return all rotas; see ports.Store."""
        async with self._service.connection() as connection:
            return await chains.rotas_in_use(connection)

    async def find_notice(self, provider_id: str) -> Settled | None:
        """Find the notice of a receipt; see ports.Store."""
        return await self._notice("by_provider", provider_id)

    async def answerable(self, notice_id: NoticeId) -> Settled | None:
        """Find the notice of an answer; see ports.Store."""
        return await self._notice("by_id", notice_id)

    async def last_asked(self, number: str, since: datetime) -> Settled | None:
        """Find what a number was asked last; see ports.Store."""
        return await self._notice("last_asked", number, since)

    async def _notice(self, block: str, *values: object) -> Settled | None:
        async with self._service.connection() as connection:
            row = await connection.fetchrow(notices.SQL[block], *values)
        return None if row is None else settled_from(row, self._clock.now())


class PostgresTransaction(VigilPart, PlacePart, PlanPart, DevicePart, DownlinkPart, DeskPart, ServiceMessagePart):
    """ports.Transaction on one connection inside BEGIN."""

    async def file_signals(self, signals_: Sequence[NewSignal]) -> Sequence[FiledSignal]:
        """See ports.Transaction."""
        return await signals.file_signals(self._connection, signals_)

    async def tracked(self, signals_: Sequence[NewSignal]) -> frozenset[SignalId]:
        """See ports.Transaction."""
        return await signals.tracked(self._connection, signals_)

    async def lock_open(self, subjects: Sequence[Subject]) -> Locked:
        """See ports.Transaction."""
        keys = sorted({(str(s.organisation_id), s.key, s.purpose.value) for s in subjects})
        rows = await self._connection.fetch(incidents.SQL["lock_open"], *columns(keys)) if keys else []
        return Locked(await self._after_lock(), incidents.records(rows))

    async def lock(self, incident_ids: Sequence[IncidentId]) -> Locked:
        """See ports.Transaction."""
        rows = await self._connection.fetch(incidents.SQL["lock"], list(incident_ids))
        return Locked(await self._after_lock(), incidents.records(rows))

    async def lock_due(self, limit: int, only: IncidentId | None = None) -> tuple[Locked, Sequence[Deadline]]:
        """See ports.Transaction."""
        before = await self._after_lock()
        rows = await self._connection.fetch(incidents.SQL["lock_due"], before, limit, only)
        if not rows:
            # All the oldest are held: by a process that fires them, or that froze over them. Look behind those.
            rows = await self._connection.fetch(incidents.SQL["lock_due"], before, limit * BEHIND, only)
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
        return await chains.subject_of_person(self._connection, person_id)

    async def subject_of_house(self, committee_id: CommitteeId, unit_id: UnitId | None) -> Subject | None:
        """See ports.Transaction."""
        return await chains.subject_of_house(self._connection, committee_id, unit_id)

    async def still_open(self, limit: int) -> Sequence[Record]:
        """See ports.Transaction."""
        rows = await self._connection.fetch(incidents.SQL["still_open"], limit)
        return list(incidents.records(rows).values())

    async def owned_by(self, user_id: UserId) -> Locked:
        """See ports.Transaction."""
        rows = await self._connection.fetch(incidents.SQL["lock_owned"], user_id)
        return Locked(await self._after_lock(), incidents.records(rows))

    async def stale_tests(self, opened_before: datetime, limit: int) -> Locked:
        """See ports.Transaction."""
        rows = await self._connection.fetch(incidents.SQL["lock_stale_tests"], opened_before, limit)
        return Locked(await self._after_lock(), incidents.records(rows))

    async def save(self, changes: Sequence[Change], *, lease: Lease) -> Sequence[OutgoingNotice]:
        """See ports.Transaction."""
        wanted = [change for change in changes if not change.nothing]
        if not wanted:
            return []
        now = await self._time()
        together = Together()
        signals.join_incidents(wanted, together)
        await incidents.save(self._connection, wanted, self._ids, now, together)
        return await notices.file_notices(self._connection, wanted, lease, now)

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        """See ports.Transaction."""
        return await notices.claim(self._connection, lease, held, limit, await self._time())

    async def set_fault(
        self,
        organisation_id: OrganisationId,
        committee_id: CommitteeId,
        fault: str,
        *,
        raised: bool,
        vigil_id: VigilId | None = None,
    ) -> None:
        """See ports.Transaction."""
        now, home = await self._time(), (organisation_id, committee_id)
        if raised:
            await incidents.raise_fault(self._connection, *home, fault, self._ids, now, vigil_id)
        else:
            await incidents.clear_fault(self._connection, *home, fault, now, vigil_id)

    async def clear_fault_of(
        self, organisation_id: OrganisationId, committee_id: CommitteeId, incident_id: IncidentId, fault: str
    ) -> None:
        """See ports.Transaction."""
        now = await self._time()
        await incidents.clear_fault(self._connection, organisation_id, committee_id, fault, now, incident_id)

    async def settle(self, results: Sequence[Settled], now: datetime) -> None:
        """See ports.Transaction."""
        if results:
            await notices.settle(self._connection, results)
