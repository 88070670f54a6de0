"""Times that name no zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from protocols.sos_access.wall_time import clock_offset, wall_text

NOW = datetime(2026, 11, 22, 12, 14, 15, 16_789, tzinfo=UTC)


def test_a_moment_is_written_as_the_wall_shows_it() -> None:
    assert wall_text(NOW, ZoneInfo("Europe/Stockholm")) == "2026-11-22 13:14:15.016"
    assert wall_text(NOW.replace(microsecond=0), UTC) == "2026-11-22 12:14:15.000"


@pytest.mark.parametrize(
    ("arrival", "seconds"),
    [
        ("2026-11-22 12:14:15.016", -0.000789),
        ("2026-11-22 13:14:20.016789", 5),
        ("2026-11-22 14:13:55", -20.016789),
        ("2026-11-22T13:44:00", 1784.983211),
        ("2026-11-22 13:14:17.016789+01:00", 2),
    ],
)
def test_whole_hours_are_the_zones_and_the_rest_is_the_clocks(arrival: str, seconds: float) -> None:
    assert clock_offset(arrival, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("arrival", ["", "yesterday", "2026-13-01 00:00:00", "9999-12-31T23:59:59-14:00" * 2])
def test_a_time_that_cannot_be_read_says_nothing(arrival: str) -> None:
    assert clock_offset(arrival, NOW) is None
