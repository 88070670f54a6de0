"""A minute's figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.chain import Channel
from larmcentral.domain.notice import DeliveryState
from larmcentral.domain.way_minute import LIMITS_MS, WayMinute, at_most_ms, together, whole, with_try
from tests.world import T0

NOTHING = WayMinute(provider="46elks", channel=Channel.SMS, minute=T0)
TRIES = st.lists(st.tuples(st.sampled_from(DeliveryState), st.floats(0, 60)), max_size=40)


def minute_of(tries: list[tuple[DeliveryState, float]]) -> WayMinute:
    minute = NOTHING
    for state, seconds in tries:
        minute = with_try(minute, state, seconds)
    return minute


def test_each_end_of_a_try_has_its_own_count() -> None:
    minute = minute_of([(state, 0.1) for state in DeliveryState])
    assert (minute.sent, minute.delivered, minute.retried, minute.refused, minute.gone) == (1, 1, 1, 1, 1)
    assert (minute.tries, minute.lost) == (5, 3)


@pytest.mark.parametrize(
    ("seconds", "end_ms"), [(0.0, 1.0), (0.001, 1.0), (0.0011, 2.0), (5.0, 5000.0), (10.0, 10_000.0)]
)
def test_a_try_lies_in_the_bucket_that_ends_at_or_above_it(seconds: float, end_ms: float) -> None:
    minute = with_try(NOTHING, DeliveryState.SENT, seconds)
    assert minute.buckets[LIMITS_MS.index(end_ms)] == 1


def test_what_took_longer_than_any_bucket_is_told_by_the_worst() -> None:
    minute = minute_of([(DeliveryState.RETRY, 12.5)])
    assert minute.buckets[-1] == 1
    assert at_most_ms(minute, 99) == 12_500.0


def test_percentiles_are_upper_bounds_and_never_above_the_worst() -> None:
    minute = minute_of([(DeliveryState.SENT, 0.004)] * 98 + [(DeliveryState.RETRY, 5.0)] * 2)
    assert [at_most_ms(minute, percent) for percent in (50, 95, 98, 99)] == [5.0, 5.0, 5.0, 5000.0]
    assert at_most_ms(minute_of([(DeliveryState.SENT, 0.06)]), 50) == 60.0


def test_without_tries_there_is_no_figure() -> None:
    assert at_most_ms(NOTHING, 50) is None
    assert whole([]) is None


@given(TRIES, TRIES)
def test_two_halves_are_the_whole(
    first: list[tuple[DeliveryState, float]], rest: list[tuple[DeliveryState, float]]
) -> None:
    added, at_once = together(minute_of(first), minute_of(rest)), minute_of(first + rest)
    assert added.buckets == at_once.buckets
    assert (added.tries, added.lost, added.worst_ms) == (at_once.tries, at_once.lost, at_once.worst_ms)
    assert added.total_ms == pytest.approx(at_once.total_ms)


def test_an_hour_is_its_minutes() -> None:
    later = WayMinute(provider="46elks", channel=Channel.SMS, minute=T0 + timedelta(minutes=1))
    hour = whole([minute_of([(DeliveryState.SENT, 0.1)]), with_try(later, DeliveryState.REFUSED, 2.0)])
    assert hour is not None
    assert (hour.minute, hour.tries, hour.lost, hour.worst_ms) == (T0, 2, 1, 2000.0)
