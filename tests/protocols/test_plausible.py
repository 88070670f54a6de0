"""What is believed of a device's claims."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.plausible import digest, iso, number, percent, place_doubt, plausible_time, storable

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claim", "believed"),
    [
        (datetime(2014, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2015, 1, 1, tzinfo=UTC), True),
        (NOW + timedelta(days=1), True),
        (NOW + timedelta(days=1, seconds=1), False),
    ],
)
def test_a_time_is_believed_from_2015_to_tomorrow(claim: datetime, believed: bool) -> None:
    doubt = f"time {iso(claim)} dropped"

    assert plausible_time(claim, NOW) == ((claim, None) if believed else (None, doubt))


@pytest.mark.parametrize(
    ("lat", "lon", "doubt"),
    [
        (57.93, 12.09, None),
        (90.0, -180.0, None),
        (0.0, 12.0, None),
        (0.0, -0.0, "position 0/0 dropped"),
        (90.1, 0.0, "position outside the globe dropped"),
        (0.0, 180.1, "position outside the globe dropped"),
        (math.nan, 1.0, "position outside the globe dropped"),
    ],
)
def test_a_place_is_on_the_globe_and_not_at_its_origin(lat: float, lon: float, doubt: str | None) -> None:
    assert place_doubt(lat, lon) == doubt


@pytest.mark.parametrize(
    ("claim", "pct"), [(None, None), (-1.0, None), (0.0, 0), (80.6, 81), (100.0, 100), (101.0, None)]
)
def test_a_battery_is_zero_to_a_hundred(claim: float | None, pct: int | None) -> None:
    assert percent(claim) == pct


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        (" -3 ", -3.0),
        (".5", 0.5),
        ("1e2", 100.0),
        ("nan", None),
        ("inf", None),
        ("1_0", None),
        ("", None),
    ],
)
def test_a_number_is_plain_and_finite(text: str, value: float | None) -> None:
    assert number(text) == value


@given(st.text(st.characters()), st.integers(0, 40))
def test_storable_text_can_be_stored_and_is_short(text: str, limit: int) -> None:
    stored = storable(text, limit)

    assert len(stored) <= limit
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert all(sign.isprintable() or not 0 <= ord(sign) < 0xA0 for sign in stored)


def test_a_digest_keeps_its_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a', 'b") != digest("a", "b") != digest("a", b"b")
    assert digest("ab", b"c", "\ud800") == digest("ab", b"c", "\ud800")
    assert len(digest("\ud800")) == 32
