"""What is wrong with a device before anybody needs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from escalation.supervision import SupervisionClass
from larmcentral.domain.device_health import is_low, is_silent, is_test_due

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=90)


@pytest.mark.parametrize("supervision", SupervisionClass)
def test_a_device_is_silent_once_its_classs_window_is_over(supervision: SupervisionClass) -> None:
    last = NOON - supervision.window
    assert not is_silent(supervision, heard_at=last, enrolled_at=LONG_AGO, now=NOON)
    assert is_silent(supervision, heard_at=last - timedelta(seconds=1), enrolled_at=LONG_AGO, now=NOON)


def test_one_that_was_never_heard_has_its_window_from_the_day_it_was_enrolled() -> None:
    assert not is_silent(SupervisionClass.WEARABLE, heard_at=None, enrolled_at=NOON - timedelta(minutes=5), now=NOON)
    assert is_silent(SupervisionClass.WEARABLE, heard_at=None, enrolled_at=NOON - timedelta(minutes=6), now=NOON)


def test_a_battery_is_low_below_a_fifth_and_unknown_is_not_low() -> None:
    assert [is_low(pct) for pct in (None, 0, 19, 20, 100)] == [False, True, True, False, False]


def test_a_device_is_tried_once_in_thirty_days() -> None:
    assert is_test_due(None, NOON)
    assert not is_test_due(NOON - timedelta(days=30), NOON)
    assert is_test_due(NOON - timedelta(days=30, seconds=1), NOON)
