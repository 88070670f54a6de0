"""A message of the house about itself, from asking for it to what came back. It knows no incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, UserId
from larmcentral.domain.proof import Proof


class ServiceKind(Enum):
    """Why the house speaks of itself."""

    TEST = "test"
    """Somebody wants to see that a contact point works."""
    PROOF = "proof"
    """The code or the link that proves one."""
    RECEIVER_TEST = "receiver_test"
    """One row of a centre's mapping, sent while the centre has us in its test state."""


class ServiceState(Enum):
    """What became of it."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAsk:
    """A message that somebody asks for: to a contact point, or to a centre by its forwarder's name.

    detail: of a centre's row: kind, silent ("silent" or "open") and fingerprint. Never a code, a key or an address.
    """

    id: UUID
    organisation_id: OrganisationId
    committee_id: CommitteeId
    kind: ServiceKind
    channel: Channel
    point_id: ContactPointId | None
    receiver: str | None
    asked_by: UserId
    asked_at: datetime
    detail: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        of_receiver = self.channel is Channel.RECEIVER
        if of_receiver != (self.receiver is not None) or of_receiver != (self.point_id is None):
            raise ValueError("a message goes to a contact point or to a centre")
        if of_receiver != (self.kind is ServiceKind.RECEIVER_TEST):
            raise ValueError("a centre gets tests of its rows and nothing else")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceClaim:
    """A message leased to this process. tries: those begun before this one.

    address: of the point, "" where it is retired. language: of its owner. proof: the one that stands for the point.
    """

    ask: ServiceAsk
    tries: int
    address: str = field(repr=False)
    language: str
    proof: Proof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceResult:
    """What came of one try. due_at: with PENDING, when the next one is. seconds: from handing it over to the answer."""

    ask: ServiceAsk
    state: ServiceState
    at: datetime
    due_at: datetime | None = None
    provider: str | None = None
    seconds: float | None = None
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """A message as it stands."""

    ask: ServiceAsk
    state: ServiceState
    tries: int
    settled_at: datetime | None
    provider: str | None
    seconds: float | None
    reason: str
    answer: str
