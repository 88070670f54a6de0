"""Who asks, what he is here, and how far his sight reaches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from escalation.events import Operator
from escalation.ids import CommitteeId, OrganisationId, PersonId, UserId


class Role(Enum):
    """What a user is. Each has one reach; what each may do stands in api/permissions.py."""

    WORKER = "worker"
    RESPONDER = "responder"
    OPERATOR = "operator"
    MANAGER = "manager"
    ADMIN = "admin"


class Reach(Enum):
    """Which incidents of his committees a user may see."""

    ALL = "all"
    TOLD = "told"
    """Those he was told about as a responder."""
    OWN = "own"
    """Those about himself, but no silent one: whoever stands beside him must not read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one look at the data may reach. Equal scopes see the same, so one reading serves them all.

    person_id: whose incidents, for Reach.TOLD and Reach.OWN; else None. tests: whether test incidents are wanted.
    """

    organisation_id: OrganisationId
    committees: frozenset[CommitteeId]
    reach: Reach = Reach.ALL
    person_id: PersonId | None = None
    tests: bool = False

    def __post_init__(self) -> None:
        if (self.reach is Reach.ALL) != (self.person_id is None):
            raise ValueError("a person's own reach names the person, and only that")


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee by its name."""

    id: CommitteeId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A user who is logged in. committees: in order of name."""

    user_id: UserId
    organisation_id: OrganisationId
    name: str
    role: Role
    person_id: PersonId | None
    language: str
    committees: tuple[Committee, ...]

    @property
    def sight(self) -> frozenset[CommitteeId]:
        """The committees whose rows he may see."""
        return frozenset(committee.id for committee in self.committees)

    @property
    def operator(self) -> Operator:
        """He as an actor at the desk."""
        return Operator(self.user_id, self.person_id)

    def scope(self, *, tests: bool = False) -> Scope:
        """Return how far he sees."""
        match self.role:
            case Role.OPERATOR | Role.MANAGER | Role.ADMIN:
                reach, person_id = Reach.ALL, None
            case Role.RESPONDER:
                reach, person_id = Reach.TOLD, self.person_id
            case Role.WORKER:
                reach, person_id = Reach.OWN, self.person_id
        return Scope(
            organisation_id=self.organisation_id,
            committees=self.sight,
            reach=reach,
            person_id=person_id,
            tests=tests,
        )
