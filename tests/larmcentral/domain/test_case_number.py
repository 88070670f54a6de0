"""The number of a case."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from escalation.ids import IncidentId
from larmcentral.domain.case_number import case_number


def test_it_is_the_same_wherever_it_is_worked_out() -> None:
    assert case_number(IncidentId(UUID("0198f000-0000-7000-8000-000000000001"))) == "0ZC5-ZZA7"


@given(st.uuids(), st.uuids())
def test_two_cases_have_two_numbers_that_can_be_read_out(one: UUID, other: UUID) -> None:
    first, second = case_number(IncidentId(one)), case_number(IncidentId(other))
    assert (first == second) == (one == other)
    assert len(first) == 9
    assert not set(first) & set("ILOU")
