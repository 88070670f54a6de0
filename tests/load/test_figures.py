"""Percentiles keep three digits, what is over a limit is counted exactly, and lateness is part of every figure."""

from __future__ import annotations

import dataclasses
from uuid import UUID

import pytest

from load.figures import (
    ACK,
    ALL_NOTICES,
    LATE,
    NOTICE,
    TO_NOTICE,
    by_family,
    by_second,
    completed_within,
    figure,
    figures,
    lateness,
    merged,
    rate,
    stages,
    was_the_limit,
)
from load.generator import Pressed
from load.match import Journey, StoredAlarm


def journey(number: int, *, intended_s: float = 100.0, late_s: float = 0.001, notices: tuple[float, ...]) -> Journey:
    press = Pressed(number, "866", f"f{number}", intended_s, intended_s + late_s, intended_s + 0.020, 1)
    signal = StoredAlarm("866", press.frame, UUID(int=number + 1), intended_s + 0.003, intended_s + 0.005, 1)
    told = tuple(("apns", intended_s + each) for each in notices)
    return Journey(press=press, signal=signal, first=True, notices=told, drawn_s=None)


def test_percentiles_of_a_thousand_even_times() -> None:
    found = figure("x", (each / 1000 for each in range(1, 1001)), limit_ms=900)

    assert found is not None
    assert (found.count, found.max_ms, found.over_limit) == (1000, 1000.0, 100)
    for percent, expected in ((found.p50_ms, 500), (found.p90_ms, 900), (found.p99_ms, 990), (found.p999_ms, 999)):
        assert percent == pytest.approx(expected, rel=0.001)


def test_nothing_has_no_figure() -> None:
    assert figure("x", (), limit_ms=1) is None


@pytest.mark.parametrize(("seconds", "shown_ms"), [(-0.5, 0.0), (0.0, 0.0), (150.0, 150_000.0)])
def test_what_the_histogram_cannot_hold_is_not_lost(seconds: float, shown_ms: float) -> None:
    found = figure("x", [seconds], limit_ms=1000)

    assert found is not None
    assert (found.count, found.max_ms) == (1, shown_ms)


def test_runs_merged_have_the_percentiles_of_all_their_times_and_not_a_mean_of_percentiles() -> None:
    quick = figure("x", (0.010 for _ in range(990)), limit_ms=500)
    slow = figure("x", (each / 100 for each in range(91, 101)), limit_ms=500)
    assert quick is not None
    assert slow is not None

    found = merged("x", [quick, slow])

    assert found is not None
    assert (found.count, found.max_ms, found.over_limit) == (1000, 1000.0, 10)
    assert found.p99_ms == pytest.approx(10, rel=0.001)
    assert found.p999_ms == pytest.approx(990, rel=0.001)
    assert merged("x", []) is None


def test_presses_ten_milliseconds_late_are_counted_and_fifty_at_p99_make_the_generator_the_limit() -> None:
    late = lateness(journey(n, late_s=0.020 if n < 5 else 0.001, notices=()).press for n in range(100))
    too_late = lateness(journey(n, late_s=0.060 if n < 5 else 0.001, notices=()).press for n in range(100))

    assert late is not None
    assert (late.count, late.over_limit) == (100, 5)
    assert (was_the_limit(late), was_the_limit(too_late), was_the_limit(None)) == (False, True, False)


def test_each_family_has_its_own_presses_and_acks() -> None:
    shares = (("watch", 1), ("gt06", 1))
    twice = dataclasses.replace(journey(1, notices=()), signals=2)
    watch, gt06 = by_family([journey(0, notices=()), twice, journey(2, notices=())], shares, 10, 1000)

    assert (watch.family, watch.presses, watch.acked, watch.twice) == ("watch", 2, 2, 0)
    assert (gt06.family, gt06.presses, gt06.acked, gt06.twice) == ("gt06", 1, 1, 1)
    assert watch.acks is not None
    assert watch.acks.max_ms == pytest.approx(20)


def test_an_alarm_is_completed_in_the_span_in_which_its_last_notice_came() -> None:
    alarms = [journey(0, notices=(0.1, 0.9)), journey(1, notices=(0.1, 1.1)), journey(2, notices=())]

    assert (completed_within(alarms, 100.0, 101.0), completed_within(alarms, 101.0, 102.0)) == (1, 1)


def test_a_figure_counts_from_the_intended_press_not_from_the_late_one() -> None:
    found = {one.what: one for one in figures([journey(0, late_s=0.5, notices=(0.6, 0.7, 0.9))], limit_ms=650)}

    assert found[NOTICE].count == 3
    assert found[NOTICE].over_limit == 2
    assert found[NOTICE].max_ms == pytest.approx(900)
    assert found[ALL_NOTICES].p50_ms == pytest.approx(900, rel=0.001)
    assert found[ACK].p50_ms == pytest.approx(20, rel=0.001)
    assert found[LATE].p50_ms == pytest.approx(500, rel=0.001)


def test_stages_follow_one_another() -> None:
    found = {one.what: one for one in stages([journey(0, notices=(0.015,))], limit_ms=1000)}

    assert found[LATE].p50_ms == pytest.approx(1, rel=0.01)
    assert found[TO_NOTICE].p50_ms == pytest.approx(10, rel=0.01)


def test_seconds_count_from_the_end_of_the_warm_up() -> None:
    found = by_second(
        [journey(0, intended_s=98.5, notices=(0.1,)), journey(1, intended_s=100.2, notices=(0.1, 0.3))], begin_s=100.0
    )

    assert [(one.at_s, one.presses, round(one.max_ms)) for one in found] == [(-2, 1, 100), (0, 1, 300)]


def test_the_rate_of_a_flood_ends_with_its_last_notice() -> None:
    flood = [journey(n, intended_s=100.0 + n / 1000, notices=(0.5, 1.0)) for n in range(1000)]
    found = rate(flood, offered_per_s=1000)

    assert found is not None
    assert found.noticed_per_s == pytest.approx(1000 / 1.999)
    assert found.acked_per_s == pytest.approx(1000 / 1.019)
    assert rate([journey(0, notices=())], 1) is None
