"""Contact points on disk, and what proves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, PersonId
from larmcentral.domain.contact import MOVED, KnownPoint
from larmcentral.domain.proof import Proof
from larmcentral.store.queries import load
from larmcentral.store.work import Work

SQL: Final = load("contact_points")


class ContactPointPart(Work):
    """ports.ContactPointWork. In the web's role it sees the points of the asker's committees."""

    async def points_of(self, person_id: PersonId) -> Sequence[KnownPoint]:
        """See ports.ContactPointWork."""
        await self._hold(f"points of {person_id}")
        return [known_point(row) for row in await self._connection.fetch(SQL["of_person"], person_id)]

    async def point(self, point_id: ContactPointId) -> KnownPoint | None:
        """See ports.ContactPointWork."""
        owner = await self._connection.fetchval(SQL["owner"], point_id)
        if owner is None:
            return None
        await self._hold(f"points of {owner}")
        row = await self._connection.fetchrow(SQL["point"], point_id)  # as it is now that it is held
        return None if row is None else known_point(row)

    async def keep_point(self, point: KnownPoint) -> None:
        """See ports.ContactPointWork."""
        await self._connection.execute(
            SQL["keep"],
            point.organisation_id,
            point.committee_id,
            point.id,
            point.person_id,
            point.channel.value,
            point.address,
            point.rank,
            point.label,
            point.made_at,
            point.retired_at,
            point.retired_why,
        )

    async def retire_point(self, point_id: ContactPointId, at: datetime, why: str) -> None:
        """See ports.ContactPointWork."""
        await self._connection.execute(SQL["retire"], point_id, at, why)

    async def retire_elsewhere(self, channel: Channel, address: str, keep: ContactPointId, at: datetime) -> None:
        """See ports.ContactPointWork."""
        await self._connection.execute(SQL["retire_elsewhere"], channel.value, address, keep, at, MOVED)

    async def rank_points(self, point_ids: Sequence[ContactPointId]) -> None:
        """See ports.ContactPointWork."""
        await self._connection.execute(SQL["rank"], list(point_ids), list(range(len(point_ids))))

    async def verify_point(self, point_id: ContactPointId, at: datetime) -> None:
        """See ports.ContactPointWork."""
        await self._connection.execute(SQL["verify"], point_id, at)

    async def keep_proof(self, proof: Proof, point: KnownPoint) -> None:
        """See ports.ContactPointWork."""
        await self._connection.execute(
            SQL["keep_proof"],
            point.organisation_id,
            point.committee_id,
            proof.point_id,
            proof.nonce,
            proof.asked_at,
            proof.expires_at,
            proof.tries,
        )

    async def proof(self, point_id: ContactPointId) -> Proof | None:
        """See ports.ContactPointWork."""
        row = await self._connection.fetchrow(SQL["proof"], point_id)
        if row is None:
            return None
        return Proof(
            point_id=ContactPointId(row["point_id"]),
            nonce=row["nonce"],
            asked_at=row["asked_at"],
            expires_at=row["expires_at"],
            tries=row["tries"],
        )

    async def count_wrong_code(self, point_id: ContactPointId) -> None:
        """See ports.ContactPointWork."""
        await self._connection.execute(SQL["wrong_code"], point_id)

    async def forget_proofs(self, expired_before: datetime) -> None:
        """See ports.ServiceMessageWork."""
        await self._connection.execute(SQL["forget_proofs"], expired_before)

    async def _hold(self, name: str) -> None:
        await self._connection.execute(SQL["hold"], name)


def known_point(row: Any) -> KnownPoint:
    """Read a row of contact_points."""
    return KnownPoint(
        id=ContactPointId(row["id"]),
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        person_id=PersonId(row["person_id"]),
        channel=Channel(row["channel"]),
        address=row["address"],
        rank=row["rank"],
        made_at=row["made_at"],
        label=row["label"],
        verified_at=row["verified_at"],
        last_reached_at=row["last_reached_at"],
        last_failed_at=row["last_failed_at"],
        last_failed_why=row["last_failed_why"],
        retired_at=row["retired_at"],
        retired_why=row["retired_why"],
    )
