"""The register: the municipality, its people, devices and chains, as an administrator enters them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import Channel, EscalationChain
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, PersonId, TeamId


@dataclass(frozen=True, slots=True)
class Home:
    """Where a row belongs."""

    organisation_id: OrganisationId
    committee_id: CommitteeId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """A way to reach a person. address: token or E.164 number. rank: smaller is tried first."""

    id: ContactPointId
    channel: Channel
    address: str
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody. external: of another employer, whom no drill may reach. ends_on: last day."""

    id: PersonId
    name: str
    unit_id: UUID | None = None
    phone: str | None = None
    employer: str | None = None
    external: bool = False
    ends_on: date | None = None
    language: str = "sv"
    teams: tuple[TeamId, ...] = ()
    contact_points: tuple[ContactPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A transmitter. secret: see protocols.conversation.Account. purpose 'test': of the synthetic panic."""

    id: UUID
    protocol: str
    account: str
    label: str | None = None
    model: str | None = None
    purpose: str = "real"
    secret: bytes | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    supervised: bool = True
    worn_by: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainChoice:
    """A chain and the alarms that take it: of a unit, of a kind, or of the whole committee where both are None."""

    id: UUID
    chain: EscalationChain
    unit_id: UUID | None = None
    kind: AlarmKind | None = None
    purpose: str = "real"
