"""How far each role sees."""

from __future__ import annotations

from uuid import UUID

import pytest

from escalation.events import Operator
from escalation.ids import CommitteeId, OrganisationId, PersonId, UserId
from larmcentral.domain.roles import Committee, Reach, Role, Scope, Viewer

BO = PersonId(UUID(int=5))
CARE = Committee(CommitteeId(UUID(int=2)), "Omsorg")


def viewer(role: Role) -> Viewer:
    return Viewer(
        user_id=UserId(UUID(int=7)),
        organisation_id=OrganisationId(UUID(int=1)),
        name="Bo",
        role=role,
        person_id=BO,
        language="sv",
        committees=(CARE,),
    )


@pytest.mark.parametrize(
    ("role", "reach", "person"),
    [
        (Role.WORKER, Reach.OWN, BO),
        (Role.RESPONDER, Reach.TOLD, BO),
        (Role.OPERATOR, Reach.ALL, None),
        (Role.MANAGER, Reach.ALL, None),
        (Role.ADMIN, Reach.ALL, None),
    ],
)
def test_a_role_has_one_reach(role: Role, reach: Reach, person: PersonId | None) -> None:
    scope = viewer(role).scope()
    assert (scope.reach, scope.person_id, scope.committees) == (reach, person, {CARE.id})


def test_two_operators_of_one_committee_share_a_scope() -> None:
    assert viewer(Role.OPERATOR).scope() == viewer(Role.MANAGER).scope()


def test_a_reach_of_ones_own_needs_the_person() -> None:
    with pytest.raises(ValueError, match="names the person"):
        Scope(organisation_id=OrganisationId(UUID(int=1)), committees=frozenset(), reach=Reach.OWN)


def test_an_operator_acts_as_himself() -> None:
    assert viewer(Role.OPERATOR).operator == Operator(UserId(UUID(int=7)), BO)
