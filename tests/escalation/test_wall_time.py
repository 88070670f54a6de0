"""What a clock on the wall means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.wall_time import instant_of
from tests.escalation.rotas import BACK, FORWARD, STOCKHOLM

MINUTE = timedelta(minutes=1)


def wall(*parts: int, fold: int = 0) -> datetime:
    """What a clock shows; it knows no zone."""
    shown = datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001
    return shown.replace(fold=fold)


def test_an_ordinary_time_is_the_zones_distance_from_utc() -> None:
    assert instant_of(wall(2026, 1, 5, 8), STOCKHOLM) == datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert instant_of(wall(2026, 7, 6, 8), STOCKHOLM) == datetime(2026, 7, 6, 6, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 1, 30, 59])
def test_a_time_that_is_jumped_over_comes_right_after_the_jump(minute: int) -> None:
    assert instant_of(wall(2026, 3, 29, 2, minute), STOCKHOLM) == FORWARD


def test_a_broken_second_before_the_end_of_the_jump_comes_right_after_it_too() -> None:
    assert instant_of(wall(2026, 3, 29, 2, 59, 59, 999_999), STOCKHOLM) == FORWARD


def test_the_first_time_after_the_jump_is_the_same_moment() -> None:
    assert instant_of(wall(2026, 3, 29, 3), STOCKHOLM) == FORWARD
    assert instant_of(wall(2026, 3, 29, 3, 1), STOCKHOLM) == FORWARD + MINUTE


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_comes_twice_is_meant_the_first_time(fold: int) -> None:
    assert instant_of(wall(2026, 10, 25, 2, 30, fold=fold), STOCKHOLM) == BACK - timedelta(minutes=30)
    assert instant_of(wall(2026, 10, 25, 3, fold=fold), STOCKHOLM) == BACK + timedelta(hours=1)


def test_a_whole_day_may_be_jumped_over() -> None:
    """Samoa had no 30 December 2011."""
    jump = datetime(2011, 12, 30, 10, tzinfo=UTC)

    assert instant_of(wall(2011, 12, 30, 12), ZoneInfo("Pacific/Apia")) == jump
    assert instant_of(wall(2011, 12, 31), ZoneInfo("Pacific/Apia")) == jump


@given(
    zone=st.sampled_from(["Europe/Stockholm", "Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo", "UTC"]),
    minutes=st.integers(0, 365 * 24 * 60),
)
def test_it_is_the_first_moment_at_which_the_clock_shows_as_much(zone: str, minutes: int) -> None:
    shown = wall(2026, 1, 1) + minutes * MINUTE
    found = instant_of(shown, ZoneInfo(zone))

    def shows(moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert shows(found) >= shown
    assert all(shows(found - back * MINUTE) < shown for back in range(1, 200))
