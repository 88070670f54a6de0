"""Response times: percentiles that are always one of the times, and bars that count whoever nobody took."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.domain.report_ask import Span
from larmcentral.domain.response import BARS, DayOfAlarms, bars_of, nearest_rank, response_report, share_within
from larmcentral.domain.views_reports import DayOfResponse

TIMES = st.lists(st.floats(0, 1e6), min_size=1)
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


@given(TIMES, st.integers(1, 1000))
def test_a_percentile_is_the_least_time_that_so_many_do_not_exceed(times: list[float], per_mille: int) -> None:
    ordered = sorted(times)
    found = nearest_rank(ordered, per_mille)
    assert found in ordered
    assert sum(one <= found for one in ordered) * 1000 >= per_mille * len(ordered)
    assert sum(one < found for one in ordered) * 1000 < per_mille * len(ordered)


@pytest.mark.parametrize(
    ("per_mille", "expected"), [(1, 1.0), (500, 10.0), (501, 11.0), (800, 16.0), (985, 20.0), (1000, 20.0)]
)
def test_of_twenty_times_each_rank_is_counted_by_hand(per_mille: int, expected: float) -> None:
    assert nearest_rank([float(number) for number in range(1, 21)], per_mille) == expected


def test_without_times_there_is_no_percentile_and_without_alarms_no_share() -> None:
    assert nearest_rank([], 500) is None
    assert share_within([], 0, 10.0) is None
    assert [(bar.reached, bar.met) for bar in bars_of([], 0)] == [(None, None)] * 2


@given(st.lists(st.floats(0, 100)), st.integers(0, 20))
def test_an_alarm_that_nobody_took_pulls_every_share_down(accepted_s: list[float], never: int) -> None:
    alarms = len(accepted_s) + never
    for bar in bars_of(accepted_s, alarms):
        if bar.reached is not None:
            assert bar.reached <= len(accepted_s) / alarms
            assert bar.met == (bar.reached >= bar.wanted or abs(bar.reached - bar.wanted) < 1e-12)


def test_a_bar_is_met_exactly_at_its_share_and_its_second() -> None:
    in_time = [10.0] * 800 + [40.0] * 185 + [41.0] * 15
    assert [bar.met for bar in bars_of(in_time, 1000)] == [True, True]
    assert [bar.met for bar in bars_of([*in_time[1:], 41.0], 1000)] == [False, False]
    assert [(bar.within_s, bar.wanted) for bar in bars_of(in_time, 1000)] == [(10.0, 0.8), (40.0, 0.985)]


def test_a_report_says_each_day_of_its_span_and_counts_who_was_never_taken() -> None:
    span = Span(from_day=MONDAY, until_day=TUESDAY, zone="Europe/Stockholm")
    report = response_report(span, [DayOfAlarms(TUESDAY, 4, (50.0, 5.0, 20.0), (1.0, 2.0))], ())
    assert (report.alarms, report.never) == (4, 1)
    assert (report.shown_p50_s, report.shown_p99_s) == (1.0, 2.0)
    assert (report.accepted_p50_s, report.accepted_p80_s, report.accepted_max_s) == (20.0, 50.0, 50.0)
    assert report.days == (
        DayOfResponse(day=MONDAY, alarms=0, within=(None, None)),
        DayOfResponse(day=TUESDAY, alarms=4, within=(0.25, 0.5)),
    )
    assert len(report.bars) == len(BARS)
