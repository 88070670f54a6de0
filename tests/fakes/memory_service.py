"""Messages of the house about itself, in the memory store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from escalation.ids import ContactPointId, PersonId, UserId
from larmcentral.domain.outbox import Lease
from larmcentral.domain.service import (
    ServiceAsk,
    ServiceClaim,
    ServiceKind,
    ServiceRecord,
    ServiceResult,
    ServiceState,
)
from tests.fakes.memory_points import MemoryPoints, facts_of, retire
from tests.fakes.memory_state import ServiceRow

_REACHED = frozenset({ServiceState.SENT, ServiceState.DELIVERED})


class MemoryService(MemoryPoints):
    """Part of ports.Transaction."""

    async def asked_times(
        self,
        kinds: Collection[ServiceKind],
        since: datetime,
        *,
        by: UserId | None = None,
        point_id: ContactPointId | None = None,
        person_id: PersonId | None = None,
    ) -> Sequence[datetime]:
        return sorted(
            ask.asked_at
            for ask in (row.ask for row in self.tables.service_messages.values())
            if ask.kind in kinds
            and ask.asked_at > since
            and self._may_see(ask.committee_id)
            and by in {None, ask.asked_by}
            and point_id in {None, ask.point_id}
            and person_id in {None, self._owner(ask)}
        )

    async def file_service_message(self, ask: ServiceAsk) -> None:
        if ask.id not in self.tables.service_messages:
            row = ServiceRow(ask=ask, state=ServiceState.PENDING, due_at=ask.asked_at)
            self.tables.service_messages[ask.id] = row

    async def claim_service_messages(self, *, lease: Lease, limit: int) -> Sequence[ServiceClaim]:
        now, rows = self._clock.now(), self.tables.service_messages
        due = sorted((row.due_at, i) for i, row in rows.items() if row.claimable(now))[:limit]
        taken = [i for _, i in due]
        for i in taken:
            rows[i] = replace(rows[i], tries=rows[i].tries + 1, lease_owner=lease.owner, lease_until=now + lease.length)
        return [self._claim(rows[i]) for i in taken]

    async def settle_service_message(self, result: ServiceResult, *, lease: Lease) -> None:
        row = self.tables.service_messages[result.ask.id]
        if row.lease_owner != lease.owner or row.state is not ServiceState.PENDING:
            return
        pending = result.state is ServiceState.PENDING
        self.tables.service_messages[result.ask.id] = replace(
            row,
            state=result.state,
            settled_at=None if pending else result.at,
            due_at=result.due_at or row.due_at,
            provider=result.provider or row.provider,
            seconds=row.seconds if result.seconds is None else result.seconds,
            reason=result.reason,
            answer=result.answer,
            lease_owner=None,
            lease_until=None,
        )
        if not pending and result.ask.point_id is not None and result.provider is not None:
            self._learn(result.ask.point_id, result)

    async def service_message(self, message_id: UUID) -> ServiceRecord | None:
        row = self.tables.service_messages.get(message_id)
        if row is None or not self._may_see(row.ask.committee_id):
            return None
        return ServiceRecord(
            ask=row.ask,
            state=row.state,
            tries=row.tries,
            settled_at=row.settled_at,
            provider=row.provider,
            seconds=row.seconds,
            reason=row.reason,
            answer=row.answer,
        )

    def _learn(self, point_id: ContactPointId, result: ServiceResult) -> None:
        """What a try says of its contact point."""
        why = result.reason or "gone"
        if result.state is ServiceState.GONE:
            retire(self.tables, point_id, result.at, why)
        facts = facts_of(self.tables, point_id)
        reached = result.state in _REACHED
        self.tables.point_facts[point_id] = (
            replace(facts, reached_at=result.at) if reached else replace(facts, failed_at=result.at, failed_why=why)
        )

    def _claim(self, row: ServiceRow) -> ServiceClaim:
        point_id = row.ask.point_id
        found = None if point_id is None else self.tables.points[point_id]
        return ServiceClaim(
            ask=row.ask,
            tries=row.tries - 1,
            address="" if found is None or found[2] else found[1].address,
            language="sv" if found is None else self.tables.persons[found[0]][1].language,
            proof=None if point_id is None else self.tables.proofs.get(point_id),
        )

    def _owner(self, ask: ServiceAsk) -> PersonId | None:
        return None if ask.point_id is None else self.tables.points[ask.point_id][0]
