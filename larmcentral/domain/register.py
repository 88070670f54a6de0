"""The register: the municipality, its people, devices and chains, as an administrator enters them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import Channel, EscalationChain, Risk
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, PersonId, PlaceId, TeamId, UnitId
from escalation.plan import SafetyPlan
from escalation.supervision import SupervisionClass
from larmcentral.domain.place import Area


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
    """Somebody. external: of another employer, whom no drill may reach. ends_on: last day.

    trained_on: when he last learned how to use a device. pin_hash, duress_pin_hash: of the codes he ends a countdown
    with, both or only the first; None leaves those that stand.
    """

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
    trained_on: date | None = None
    pin_hash: str | None = field(default=None, repr=False)
    duress_pin_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A transmitter. secret: see protocols.conversation.Account. purpose 'test': of the synthetic panic.

    tag: what is scanned to lend it out. pool: it is there to be lent. place_id: where it hangs, if it is fixed.
    """

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
    tag: str | None = None
    pool: bool = False
    place_id: PlaceId | None = None
    supervision: SupervisionClass = SupervisionClass.WEARABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainChoice:
    """A chain and the alarms that take it: of a unit, of a kind, or of the whole committee where both are None."""

    id: UUID
    chain: EscalationChain
    unit_id: UUID | None = None
    kind: AlarmKind | None = None
    purpose: str = "real"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """A drawing of a place. media_type: image/png, image/jpeg, image/svg+xml, application/pdf. body: 1 byte to 5 MB.

    bounds: where its edges lie, None where nobody has said so.
    """

    place_id: PlaceId
    media_type: str
    body: bytes = field(repr=False)
    bounds: Area | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFlag:
    """A recorded risk at a place, in place of the one that stands. review_on: at most 90 days ahead."""

    id: UUID
    place_id: PlaceId
    risk: Risk
    owner_id: PersonId
    ground: str
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoice:
    """What a unit has settled about time alone, or the whole committee where unit_id is None."""

    id: UUID
    plan: SafetyPlan
    unit_id: UnitId | None = None
