"""Retry-After in both its forms, and in none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from larmcentral.channels.retry_after import LONGEST, parse_retry_after
from tests.fakes.settable_clock import MIDDAY


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("0", timedelta()),
        (" 3 ", timedelta(seconds=3)),
        ("-3", None),
        ("3.5", None),
        ("²", None),
        ("soon", None),
        ("99999", LONGEST),
        ("9" * 400, LONGEST),
        ("Sun, 22 Nov 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Sun, 22 Nov 2026 13:00:30 +0100", timedelta(seconds=30)),
        ("Sun, 22 Nov 2026 12:00:30 -0000", timedelta(seconds=30)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta()),
        ("Sun, 22 Nov 2099 11:00:00 GMT", LONGEST),
        ("Sun, 99 Nov 2026 11:00:00 GMT", None),
    ],
)
def test_the_header_is_read(value: str | None, expected: timedelta | None) -> None:
    assert parse_retry_after(value, MIDDAY) == expected


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=60))
def test_any_header_is_bounded(value: str) -> None:
    wish = parse_retry_after(value, MIDDAY)

    assert wish is None or timedelta() <= wish <= LONGEST
