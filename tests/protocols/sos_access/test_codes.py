"""What a status makes the sender do."""

from __future__ import annotations

import pytest

from protocols.sos_access.codes import LEVELS, VERDICTS, Status, Verdict, name, verdict


def test_every_status_has_a_verdict() -> None:
    assert set(VERDICTS) == set(Status)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([0], Verdict.TAKEN),
        ([10], Verdict.TAKEN_BEFORE),
        ([1, 2, 3, 7, 100], Verdict.FAULTY),
        ([4, 6], Verdict.UNAUTHORISED),
        ([5, 98, 99, 8, 11, 97, 102, 99_999], Verdict.ELSEWHERE),
        ([9], Verdict.NOT_ORDERED),
        ([101], Verdict.TOO_OFTEN),
    ],
)
def test_the_verdicts_of_the_table(statuses: list[int], expected: Verdict) -> None:
    assert {verdict(status) for status in statuses} == {expected}


def test_an_operator_reads_number_and_name() -> None:
    assert [name(0), name(10), name(42)] == ["0 OK", "10 DUPLICATED_ALARM", "42 (in no table)"]


def test_the_service_levels() -> None:
    assert {level: longest.total_seconds() for level, longest in LEVELS.items()} == {
        1: 90_000,
        2: 18_000,
        3: 180,
        4: 90,
    }
