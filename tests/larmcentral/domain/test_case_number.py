"""The number of a case."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from escalation.ids import IncidentId
from larmcentral.domain.case_number import case_number, number_bytes


def test_it_is_the_same_wherever_it_is_worked_out() -> None:
    assert case_number(IncidentId(UUID("0198f000-0000-7000-8000-000000000001"))) == "0ZC5-ZZA7"


@given(st.uuids(), st.uuids())
def test_two_cases_have_two_numbers_that_can_be_read_out(one: UUID, other: UUID) -> None:
    first, second = case_number(IncidentId(one)), case_number(IncidentId(other))
    assert (first == second) == (one == other)
    assert len(first) == 9
    assert not set(first) & set("ILOU")


@given(st.uuids())
def test_a_number_is_read_however_it_is_typed(one: UUID) -> None:
    number = case_number(IncidentId(one))
    first_bytes = sha256(one.bytes).digest()[:5]
    assert number_bytes(number) == number_bytes(number.lower().replace("-", " ")) == first_bytes
    assert number_bytes(number.replace("0", "O").replace("1", "l")) == first_bytes


def test_what_is_no_number_is_none() -> None:
    assert [number_bytes(said) for said in ("", "Anna", "0ZC5-ZZA", "0ZC5-ZZAU", "0ZC5-ZZA77")] == [None] * 5
