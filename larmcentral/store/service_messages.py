"""Messages of the house about itself, on disk."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, PersonId, UserId
from larmcentral.domain.outbox import Lease
from larmcentral.domain.proof import Proof
from larmcentral.domain.service import ServiceAsk, ServiceClaim, ServiceKind, ServiceRecord, ServiceResult, ServiceState
from larmcentral.store.contact_points import ContactPointPart
from larmcentral.store.queries import load

SQL: Final = load("service_messages")

_REACHED: Final = frozenset({ServiceState.SENT, ServiceState.DELIVERED})


class ServiceMessagePart(ContactPointPart):
    """ports.ServiceMessageWork. The web's role files and reads; only the service's own claims and settles."""

    async def asked_times(
        self,
        kinds: Collection[ServiceKind],
        since: datetime,
        *,
        by: UserId | None = None,
        point_id: ContactPointId | None = None,
        person_id: PersonId | None = None,
    ) -> Sequence[datetime]:
        """See ports.ServiceMessageWork."""
        if by is not None:
            await self._hold(f"asks of {by}")
        wanted = [kind.value for kind in kinds]
        rows = await self._connection.fetch(SQL["asked_times"], wanted, since, by, point_id, person_id)
        return [row["asked_at"] for row in rows]

    async def file_service_message(self, ask: ServiceAsk) -> None:
        """See ports.ServiceMessageWork."""
        await self._connection.execute(
            SQL["file"],
            ask.organisation_id,
            ask.committee_id,
            ask.id,
            ask.kind.value,
            ask.channel.value,
            ask.point_id,
            ask.receiver,
            json.dumps(dict(ask.detail)),
            ask.asked_by,
            ask.asked_at,
        )

    async def claim_service_messages(self, *, lease: Lease, limit: int) -> Sequence[ServiceClaim]:
        """See ports.ServiceMessageWork."""
        now = await self._after_lock()
        rows = await self._connection.fetch(SQL["claim"], now, lease.owner, now + lease.length, limit)
        return [_claim(row) for row in rows]

    async def settle_service_message(self, result: ServiceResult, *, lease: Lease) -> None:
        """See ports.ServiceMessageWork."""
        pending = result.state is ServiceState.PENDING
        ours = await self._connection.fetch(
            SQL["settle"],
            result.ask.id,
            lease.owner,
            result.state.value,
            None if pending else result.at,
            result.due_at,
            result.provider,
            result.seconds,
            result.reason or None,
            result.answer or None,
        )
        point_id = result.ask.point_id
        if not ours or pending or point_id is None or result.provider is None:
            return  # what no provider was asked for says nothing about the point
        if result.state in _REACHED:
            await self._connection.execute(SQL["point_reached"], point_id, result.at)
        else:
            gone = result.state is ServiceState.GONE
            await self._connection.execute(SQL["point_failed"], point_id, result.at, result.reason or "gone", gone)

    async def service_message(self, message_id: UUID) -> ServiceRecord | None:
        """See ports.ServiceMessageWork."""
        row = await self._connection.fetchrow(SQL["one"], message_id)
        if row is None:
            return None
        return ServiceRecord(
            ask=_ask(row),
            state=ServiceState(row["state"]),
            tries=row["tries"],
            settled_at=row["settled_at"],
            provider=row["provider"],
            seconds=row["seconds"],
            reason=row["reason"] or "",
            answer=row["answer"] or "",
        )


def _ask(row: Any) -> ServiceAsk:
    return ServiceAsk(
        id=row["id"],
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        kind=ServiceKind(row["kind"]),
        channel=Channel(row["channel"]),
        point_id=None if row["point_id"] is None else ContactPointId(row["point_id"]),
        receiver=row["receiver"],
        asked_by=UserId(row["asked_by"]),
        asked_at=row["asked_at"],
        detail=json.loads(row["detail"]),
    )


def _claim(row: Any) -> ServiceClaim:
    ask = _ask(row)
    proof = None
    if row["nonce"] is not None and ask.point_id is not None:
        proof = Proof(
            point_id=ask.point_id,
            nonce=row["nonce"],
            asked_at=row["proof_asked_at"],
            expires_at=row["expires_at"],
            tries=row["wrong_codes"],
        )
    return ServiceClaim(
        ask=ask, tries=row["tries"] - 1, address=row["address"] or "", language=row["language"], proof=proof
    )
