"""Contact points in the store: kept, ordered, proven, retired; and messages of the house about itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import ContactPointId, PersonId, UserId
from larmcentral.domain.contact import KnownPoint
from larmcentral.domain.outbox import Lease
from larmcentral.domain.proof import Proof
from larmcentral.domain.service import ServiceAsk, ServiceClaim, ServiceKind, ServiceRecord, ServiceResult


class ContactPointWork(Protocol):
    """Part of a transaction. Whoever looks at points holds them against others who change them by these same words."""

    async def points_of(self, person_id: PersonId) -> Sequence[KnownPoint]:
        """Hold and return all points of a person, retired ones too, by rank."""
        ...

    async def point(self, point_id: ContactPointId) -> KnownPoint | None:
        """Hold and return one; None if there is none, or it may not be seen."""
        ...

    async def keep_point(self, point: KnownPoint) -> None:
        """Enter a point, or the same one again: label, rank and retirement as given, and nothing proven yet.

        What belongs to somebody else under that id, or has another address, stays as it is.
        """
        ...

    async def retire_point(self, point_id: ContactPointId, at: datetime, why: str) -> None:
        """Use it no more; one that is retired keeps its reason."""
        ...

    async def retire_elsewhere(self, channel: Channel, address: str, keep: ContactPointId, at: datetime) -> None:
        """The app at this address reports for the point `keep` now: it is nobody else's any more."""
        ...

    async def rank_points(self, point_ids: Sequence[ContactPointId]) -> None:
        """Let points be tried in this order."""
        ...

    async def verify_point(self, point_id: ContactPointId, at: datetime) -> None:
        """Somebody answered from there; the first time counts."""
        ...

    async def keep_proof(self, proof: Proof, point: KnownPoint) -> None:
        """Await this proof in place of the one before."""
        ...

    async def proof(self, point_id: ContactPointId) -> Proof | None:
        """Hold and return what is awaited of a point."""
        ...

    async def count_wrong_code(self, point_id: ContactPointId) -> None:
        """A wrong code was given."""
        ...


class ServiceMessageWork(Protocol):
    """Part of a transaction."""

    async def asked_times(
        self,
        kinds: Collection[ServiceKind],
        since: datetime,
        *,
        by: UserId | None = None,
        point_id: ContactPointId | None = None,
        person_id: PersonId | None = None,
    ) -> Sequence[datetime]:
        """Return when messages of these kinds were asked for since then: by a user, to a point, or to a person.

        by: holds the user, so that two requests of his count one another.
        """
        ...

    async def file_service_message(self, ask: ServiceAsk) -> None:
        """Let it go out, at once; repeatable."""
        ...

    async def claim_service_messages(self, *, lease: Lease, limit: int) -> Sequence[ServiceClaim]:
        """Lease messages that are due and that nobody living holds, oldest first; each claim counts as a try."""
        ...

    async def settle_service_message(self, result: ServiceResult, *, lease: Lease) -> None:
        """Write down what came of a try, and what it says of its contact point; nothing if it is no longer ours."""
        ...

    async def service_message(self, message_id: UUID) -> ServiceRecord | None:
        """Return one as it stands; None if there is none, or it may not be seen."""
        ...

    async def forget_proofs(self, expired_before: datetime) -> None:
        """Drop proofs that nobody can give any more."""
        ...


class ServiceMessageStore(Protocol):
    """Part of the store."""

    async def service_messages_due(self) -> bool:
        """Say whether a message waits that could be claimed now; one quick look, without a transaction."""
        ...
