"""Places in the feed, and whom a change concerns."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.ids import CommitteeId, IncidentId, OrganisationId, PersonId
from larmcentral.domain.feed import Cursor, Touched, concerned
from larmcentral.domain.roles import Reach, Scope

ORGANISATION, CARE, INCIDENT = OrganisationId(UUID(int=1)), CommitteeId(UUID(int=2)), IncidentId(UUID(int=3))
ANNA, BO = PersonId(UUID(int=4)), PersonId(UUID(int=5))


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**18 - 1))
def test_a_cursor_is_read_as_it_was_written(xact: int, feed: int) -> None:
    assert Cursor.parse(str(Cursor(xact, feed))) == Cursor(xact, feed)


@pytest.mark.parametrize(
    "text", ["", "1", "1:", ":1", "-1:0", "1:-1", "1:2:3", " 1:2", "1:2\n", "٣:٤", "9223372036854775808:0", "1" * 30]
)
def test_anything_else_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


def touched(*, silent: bool = False, test: bool = False, told: frozenset[PersonId] = frozenset()) -> Touched:
    return Touched(
        organisation_id=ORGANISATION,
        committee_id=CARE,
        incident_id=INCIDENT,
        person_id=ANNA,
        test=test,
        silent=silent,
        told=told,
        seqs=(1,),
    )


def scope(reach: Reach = Reach.ALL, person_id: PersonId | None = None, *, tests: bool = False) -> Scope:
    return Scope(
        organisation_id=ORGANISATION, committees=frozenset({CARE}), reach=reach, person_id=person_id, tests=tests
    )


def test_the_desk_hears_of_everything_in_its_committees_but_tests() -> None:
    assert touched().concerns(scope())
    assert not touched(test=True).concerns(scope())
    assert touched(test=True).concerns(scope(tests=True))


def test_another_committee_or_organisation_hears_nothing() -> None:
    other = Scope(organisation_id=ORGANISATION, committees=frozenset({CommitteeId(UUID(int=9))}))
    assert not touched().concerns(other)
    stranger = Scope(organisation_id=OrganisationId(UUID(int=9)), committees=frozenset({CARE}))
    assert not touched().concerns(stranger)


def test_a_responder_hears_of_what_he_was_told_about() -> None:
    assert touched(told=frozenset({BO})).concerns(scope(Reach.TOLD, BO))
    assert not touched().concerns(scope(Reach.TOLD, BO))


def test_a_worker_hears_of_his_own_but_never_of_a_silent_alarm() -> None:
    assert touched().concerns(scope(Reach.OWN, ANNA))
    assert not touched().concerns(scope(Reach.OWN, BO))
    assert not touched(silent=True).concerns(scope(Reach.OWN, ANNA))


def test_of_many_scopes_only_those_that_a_change_concerns_are_told_each_its_own_part() -> None:
    to_bo, silent = touched(told=frozenset({BO})), touched(silent=True)
    desk, bo, anna = scope(), scope(Reach.TOLD, BO), scope(Reach.OWN, ANNA)
    others = [scope(Reach.TOLD, PersonId(UUID(int=number))) for number in range(100, 120)]

    assert concerned([desk, bo, anna, *others], [to_bo, silent]) == {
        desk: [to_bo, silent],
        bo: [to_bo],
        anna: [to_bo],
    }
    assert concerned([bo, *others], [silent]) == {}
    assert concerned([desk, bo], []) == {}


@given(st.sets(st.sampled_from([ANNA, BO])), st.booleans(), st.booleans())
def test_nobody_is_passed_over_whom_a_change_concerns(told: set[PersonId], silent: bool, test: bool) -> None:
    one = touched(told=frozenset(told), silent=silent, test=test)
    scopes = [
        scope(reach, None if reach is Reach.ALL else person, tests=tests)
        for reach in Reach
        for person in (ANNA, BO)
        for tests in (False, True)
    ]

    assert set(concerned(scopes, [one])) == {each for each in scopes if one.concerns(each)}
