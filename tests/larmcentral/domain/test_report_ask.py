"""Spans of local days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from larmcentral.domain.report_ask import LONGEST, Span, rolling_year

ZONE = "Europe/Stockholm"


def test_a_day_begins_and_ends_at_local_midnight_also_when_the_clocks_change() -> None:
    span = Span(from_day=date(2026, 10, 25), until_day=date(2026, 10, 25), zone=ZONE)
    assert span.begins_at == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert span.ends_at == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert span.days == (date(2026, 10, 25),)


def test_a_span_that_ends_before_it_begins_or_lasts_too_long_is_none() -> None:
    day = date(2026, 1, 1)
    for until_day in (day - timedelta(days=1), day + LONGEST + timedelta(days=1)):
        with pytest.raises(ValueError, match="a span"):
            Span(from_day=day, until_day=until_day, zone=ZONE)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 22), date(2025, 11, 23)),
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2029, 2, 28), date(2028, 2, 29)),
    ],
)
def test_twelve_months_end_today(today: date, first: date) -> None:
    assert rolling_year(today) == first
