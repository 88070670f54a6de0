"""When the desk is flooded: above ten for each in ten minutes, until below five."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from larmcentral.domain.pressure import (
    FLOOD_ABOVE,
    FLOOD_BELOW,
    WINDOW,
    is_flood,
    opened_lately,
    per_operator,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGO = st.integers(min_value=0, max_value=3599).map(lambda seconds: NOON - timedelta(seconds=seconds))
OPENINGS = st.lists(AGO, max_size=120)
OPERATORS = st.integers(min_value=0, max_value=6)


def ago(*minutes: float) -> list[datetime]:
    return [NOON - timedelta(minutes=one) for one in minutes]


def test_ten_in_ten_minutes_are_none_yet_and_eleven_are() -> None:
    assert not is_flood(ago(*[1.0] * 10), 1, NOON)
    assert is_flood(ago(*[1.0] * 11), 1, NOON)
    assert not is_flood(ago(*[1.0] * 11), 2, NOON)
    assert is_flood(ago(*[1.0] * 11), 0, NOON), "an empty desk is no larger than one operator"


def test_it_lasts_until_fewer_than_five_are_left() -> None:
    burst = ago(*[14.0] * 11)
    assert is_flood(burst + ago(*[5.0] * 5), 1, NOON)
    assert not is_flood(burst + ago(*[3.0] * 4), 1, NOON)
    assert not is_flood(ago(*[5.0] * 5), 1, NOON), "five alone are no flood"


def test_once_it_is_over_five_do_not_bring_it_back() -> None:
    assert not is_flood(ago(*[40.0] * 11) + ago(*[5.0] * 7), 1, NOON)


def test_the_window_ends_just_before_its_own_length() -> None:
    assert opened_lately(ago(10, 9.99, 0, -1), NOON) == 2
    assert per_operator(6, 0) == 6.0
    assert per_operator(6, 4) == 1.5


@settings(max_examples=30)
@given(OPENINGS, OPERATORS)
def test_it_is_what_a_watchman_says_who_looks_every_second(openings: list[datetime], operators: int) -> None:
    flood, staff = False, max(operators, 1)
    for second in range(-3599, 1):
        at = NOON + timedelta(seconds=second)
        # First what is gone from the window, then what came, one by one.
        inside = sum(at - WINDOW < one < at for one in openings)
        for more in range(sum(one == at for one in openings) + 1):
            share = (inside + more) / staff
            flood = share > FLOOD_ABOVE or (flood and share >= FLOOD_BELOW)
    assert is_flood(openings, operators, NOON) == flood


@given(st.permutations(ago(*range(24))), OPERATORS)
def test_the_order_in_which_they_are_told_does_not_matter(openings: list[datetime], operators: int) -> None:
    assert is_flood(openings, operators, NOON) == is_flood(sorted(openings), operators, NOON)


@given(OPENINGS, OPERATORS)
def test_what_the_last_ten_minutes_hold_settles_what_they_can(openings: list[datetime], operators: int) -> None:
    share = per_operator(opened_lately(openings, NOON), operators)
    if share > FLOOD_ABOVE:
        assert is_flood(openings, operators, NOON)
    if share < FLOOD_BELOW:
        assert not is_flood(openings, operators, NOON)
