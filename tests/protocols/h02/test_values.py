"""Places and times as H02 spells them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from protocols.h02.values import coded, parse_degrees, parse_moment, parse_status, serialise_degrees


@pytest.mark.parametrize(
    ("text", "letter", "expected"),
    [
        ("5755.8000", "N", 57.93),
        ("01205.4000", "W", -12.09),
        ("57558000", "S", -57.93),
        ("012054000", "E", 12.09),
        ("-57-55.8000", "N", 57.93),
        ("-012-05.4000", "W", -12.09),
        ("12.5", "N", 0.2083333),
        ("5760.0000", "N", None),
        ("57606000", "N", None),
        ("1234", "N", None),
        ("", "N", None),
        ("nan", "N", None),
    ],
)
def test_a_coordinate_is_read_in_each_spelling(text: str, letter: str, expected: float | None) -> None:
    assert parse_degrees(text, letter) == expected


def test_minutes_that_round_to_sixty_become_a_degree() -> None:
    assert serialise_degrees(11.99999999, 3) == "01200.0000"


def test_a_time_is_utc_and_an_impossible_one_is_none() -> None:
    assert parse_moment("050607", "040326") == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert parse_moment("000000", "010170") == datetime(1970, 1, 1, tzinfo=UTC)
    assert [parse_moment("250000", "040326"), parse_moment("050607", "310226"), parse_moment("", "")] == [None] * 3


def test_a_number_with_a_letter_is_hex() -> None:
    assert [coded("4660"), coded("1A2B"), coded("x"), coded("")] == [4660, 6699, None, None]
    assert [parse_status("FFFFFBFD"), parse_status("FFFFFBF"), parse_status("GFFFFBFD")] == [0xFFFFFBFD, None, None]
