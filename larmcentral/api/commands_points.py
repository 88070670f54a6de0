"""What people can do with contact points, and the tests they can ask for.

flows/contact_points.py and service_asks.py keep these. All raise domain.errors.NotFound, StoreUnavailable and
escalation.incident.Refused; what asks for a message to be sent raises domain.proof.AskedTooOften.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import ContactPointId, PersonId
from larmcentral.domain.contact import PointAsker, PointDraft, ProofBy


class AskedProof(Protocol):
    """A proof that is on its way."""

    @property
    def message_id(self) -> UUID:
        """What was sent."""
        ...

    @property
    def by(self) -> ProofBy:
        """How it comes back."""
        ...

    @property
    def expires_at(self) -> datetime:
        """Until when."""
        ...


class PointCommands(Protocol):
    """His own points, or those of persons of his committees: the asker says which."""

    async def add(self, person_id: PersonId, draft: PointDraft, asker: PointAsker) -> ContactPointId:
        """Add a point, last in the order; return its id, that of the same point if there is one."""
        ...

    async def remove(self, point_id: ContactPointId, asker: PointAsker) -> int:
        """Take one away; return how many living ones its owner has left."""
        ...

    async def order(self, person_id: PersonId, point_ids: Sequence[ContactPointId], asker: PointAsker) -> None:
        """Let them be tried in this order."""
        ...

    async def ask_proof(self, point_id: ContactPointId, asker: PointAsker) -> AskedProof:
        """Send a code, a link or a key there."""
        ...

    async def give_code(self, point_id: ContactPointId, code: str, asker: PointAsker) -> None:
        """Prove it by the code."""
        ...

    async def give_key(self, key: str) -> None:
        """Prove it by the key of a link or a push."""
        ...

    async def seen(self, point_id: ContactPointId, message_id: UUID, asker: PointAsker) -> None:
        """Prove it by having seen a test there."""
        ...


class ServiceAsking(Protocol):
    """Tests that somebody asks for."""

    async def ask_test(self, point_id: ContactPointId, asker: PointAsker, *, channel: Channel | None = None) -> UUID:
        """Test a contact point, which must be of the channel where one is named; return the message's id."""
        ...
