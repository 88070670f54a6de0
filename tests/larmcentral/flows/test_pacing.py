"""The rate agreed with a provider."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from larmcentral.flows.pacing import Pace


def test_without_an_agreed_rate_nobody_waits() -> None:
    pace = Pace(None, 0.0)
    for _ in range(1000):
        pace.take(0.0)
    assert pace.wait_s(0.0) == 0.0
    assert pace.promise_s(0.0, 1000) == 0.0


def test_a_seconds_worth_goes_at_once_and_then_one_after_another() -> None:
    pace = Pace(4.0, 0.0)
    for _ in range(4):
        assert pace.wait_s(0.0) == 0.0
        pace.take(0.0)
    assert pace.wait_s(0.0) == 0.25
    assert pace.wait_s(0.0, ahead=3) == 1.0
    assert pace.wait_s(0.25) == 0.0


def test_a_rate_below_one_a_second_lets_one_go_now_and_then() -> None:
    pace = Pace(0.1, 0.0)
    assert pace.wait_s(0.0) == 0.0
    pace.take(0.0)
    assert pace.wait_s(0.0) == 10.0


def test_what_alarms_took_is_made_up_before_others_go() -> None:
    pace = Pace(2.0, 0.0)
    for _ in range(12):
        pace.take(0.0)
    assert pace.wait_s(0.0) == 5.5


def test_who_is_put_off_has_a_time_of_his_own() -> None:
    pace = Pace(2.0, 0.0)
    pace.take(0.0)
    pace.take(0.0)
    assert [pace.promise_s(0.0, 2) for _ in range(3)] == [1.5, 2.0, 2.5]
    assert pace.promise_s(2.4, 0) == 0.6000000000000001


@given(st.floats(0.05, 500), st.lists(st.floats(0, 3), max_size=200))
def test_what_asks_before_it_goes_keeps_the_rate(per_second: float, pauses: list[float]) -> None:
    pace, now, gone = Pace(per_second, 0.0), 0.0, 0
    for pause in pauses:
        now += pause
        if pace.wait_s(now) == 0.0:
            pace.take(now)
            gone += 1
    assert gone <= per_second * now + max(per_second, 1.0) + 1e-3


@given(st.floats(0.05, 500), st.integers(0, 50))
def test_who_waits_as_long_as_he_was_told_may_go(per_second: float, taken: int) -> None:
    pace = Pace(per_second, 0.0)
    for _ in range(taken):
        pace.take(0.0)
    assert pace.wait_s(pace.wait_s(0.0)) == 0.0
