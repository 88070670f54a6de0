"""What people see of contact points, of tests, and of what the house has been given to reach people by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """A contact point. address: None where it is an app's own key. proof: how it is proven. health: by what came last.

    verified_at: None until it is proven; it rings all the same.
    """

    id: UUID
    committee_id: UUID
    person_id: UUID
    person: str
    channel: str
    address: str | None
    label: str | None
    rank: int
    made_at: datetime
    proof: str
    verified_at: datetime | None
    health: str
    last_reached_at: datetime | None
    last_failed_at: datetime | None
    last_failed_why: str | None
    retired_at: datetime | None
    retired_why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMessageView:
    """A test or a proof, and what came back. seconds: until the provider's answer. answer: its words, masked."""

    id: UUID
    kind: str
    channel: str
    point_id: UUID | None
    receiver: str | None
    asked_at: datetime
    state: str
    settled_at: datetime | None
    tries: int
    provider: str | None
    seconds: float | None
    reason: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    """A way out as it is set up. facts: what is no secret, by name."""

    provider: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """One page of settings. providers: in the order in which they are asked; none: the channel is not set up.

    proven, unproven: living points. failing: of those, whose last try failed. retired: gone for their providers.
    """

    channel: str
    providers: tuple[ProviderView, ...]
    proven: int
    unproven: int
    failing: int
    retired: int
    last_test: ServiceMessageView | None
