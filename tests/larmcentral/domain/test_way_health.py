"""How a way out is judged by what comes back from it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.domain.notice import Delivery, DeliveryState, Probe
from larmcentral.domain.way_health import (
    ADDRESSES_TO_DEATH,
    BELIEVED,
    QUIET,
    RECENT,
    SLOW_S,
    TRIES_TO_DEATH,
    UNTRIED,
    Sign,
    WayHealth,
    WayState,
    after_probe,
    after_try,
    sign_of,
    since_at,
    state_at,
)
from tests.world import T0

SENT = Delivery(state=DeliveryState.SENT)
DOWN = Delivery(state=DeliveryState.RETRY, reason="refused")
THROTTLED = Delivery(state=DeliveryState.RETRY, reason="429", retry_after=timedelta(seconds=5))
BAD_NUMBER = Delivery(state=DeliveryState.REFUSED, reason="bad number")
BAD_PASSWORD = Delivery(state=DeliveryState.REFUSED, reason="401", about_us=True)
GREYLISTED = Delivery(state=DeliveryState.RETRY, reason="450", of_address=True)
GONE = Delivery(state=DeliveryState.GONE, reason="Unregistered")
ALIVE, SILENT = Probe(True), Probe(False, "silent")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def dead() -> WayHealth:
    """Three failures in a row, at 0, 1 and 2 s."""
    health = UNTRIED
    for second in range(TRIES_TO_DEATH):
        health = after_try(health, DOWN, 0.1, at(second))
    return health


def test_nothing_is_known_of_what_was_never_tried() -> None:
    assert state_at(UNTRIED, T0) is WayState.UNKNOWN
    assert since_at(UNTRIED, T0) is None


def test_one_success_is_life() -> None:
    health = after_try(UNTRIED, SENT, 0.1, T0)
    assert (state_at(health, T0), since_at(health, T0), health.last_good_at) == (WayState.ALIVE, T0, T0)


@pytest.mark.parametrize("failure", [DOWN, BAD_PASSWORD])
def test_three_failures_in_a_row_are_death_and_two_are_not(failure: Delivery) -> None:
    health = UNTRIED
    for second in range(TRIES_TO_DEATH - 1):
        health = after_try(health, failure, 5.0, at(second))
    assert state_at(health, at(1)) is WayState.UNKNOWN
    health = after_try(health, failure, 5.0, at(2))
    assert (state_at(health, at(2)), since_at(health, at(2))) == (WayState.DEAD, at(2))
    assert health.reason == failure.reason


def test_a_success_between_failures_begins_the_count_anew() -> None:
    health = UNTRIED
    for second in range(2):
        health = after_try(health, DOWN, 0.1, at(second))
    health = after_try(health, SENT, 0.1, at(2))
    for second in range(10, 12):
        health = after_try(health, DOWN, 0.1, at(second))
    assert state_at(health, at(12)) is WayState.ALIVE


def test_failures_beside_a_fresh_success_are_the_bad_luck_of_a_moment() -> None:
    health = after_try(UNTRIED, SENT, 0.1, T0)
    for _ in range(20):
        health = after_try(health, DOWN, 0.1, at(1))
    assert state_at(health, at(1)) is WayState.ALIVE
    health = after_try(health, DOWN, 0.1, T0 + QUIET)
    assert state_at(health, T0 + QUIET) is WayState.DEAD


def test_where_each_address_is_a_server_of_its_own_a_success_outweighs_failures_for_longer() -> None:
    health = after_try(UNTRIED, SENT, 0.1, T0)
    for second in range(10, 50):
        health = after_try(health, DOWN, 0.1, at(second), quiet=BELIEVED)
    assert state_at(health, at(50)) is WayState.ALIVE
    assert state_at(after_try(health, DOWN, 0.1, T0 + BELIEVED, quiet=BELIEVED), T0 + BELIEVED) is WayState.DEAD


def test_the_first_success_brings_it_back() -> None:
    health = after_try(dead(), SENT, 0.1, at(30))
    assert (state_at(health, at(30)), since_at(health, at(30)), health.reason) == (WayState.ALIVE, at(30), "")
    assert health.last_bad_at == at(2)


def test_a_verdict_runs_out_and_then_one_failure_renews_it() -> None:
    health, end = dead(), at(2) + BELIEVED
    assert state_at(health, end - timedelta(seconds=1)) is WayState.DEAD
    assert (state_at(health, end), since_at(health, end)) == (WayState.UNKNOWN, end)
    again = after_try(health, DOWN, 0.1, at(100))
    assert (state_at(again, at(100)), since_at(again, at(100))) == (WayState.DEAD, at(100))


def test_a_clock_that_is_set_back_does_not_prolong_a_verdict() -> None:
    assert state_at(dead(), T0 - timedelta(hours=1)) is WayState.UNKNOWN


def test_fresh_failures_keep_a_verdict_and_the_time_it_began() -> None:
    health = dead()
    for second in range(30, 200, 30):
        health = after_try(health, DOWN, 0.1, at(second))
    assert (state_at(health, at(200)), since_at(health, at(200))) == (WayState.DEAD, at(2))


@pytest.mark.parametrize("answer", [BAD_NUMBER, THROTTLED, GREYLISTED])
def test_what_one_address_is_told_says_nothing_against_the_provider_however_often(answer: Delivery) -> None:
    health = UNTRIED
    for second in range(50):
        health = after_try(health, answer, 0.1, at(second), address="+46701740605")
    assert state_at(health, at(50)) is WayState.UNKNOWN


@pytest.mark.parametrize("answer", [BAD_NUMBER, THROTTLED, GREYLISTED])
def test_what_every_address_is_told_does(answer: Delivery) -> None:
    health = UNTRIED
    for number in range(ADDRESSES_TO_DEATH):
        assert state_at(health, at(number)) is WayState.UNKNOWN
        health = after_try(health, answer, 0.1, at(number), address=str(number))
    assert state_at(health, at(ADDRESSES_TO_DEATH)) is WayState.DEAD
    assert len(health.refused) == ADDRESSES_TO_DEATH
    assert after_try(health, SENT, 0.1, at(9)).refused == frozenset()


def test_an_address_that_is_gone_says_nothing_at_all() -> None:
    health = dead()
    assert after_try(health, GONE, 0.1, at(10)) is health


def test_two_silent_probes_are_death_and_a_good_one_lifts_it() -> None:
    once = after_probe(UNTRIED, SILENT, T0)
    assert state_at(once, T0) is WayState.UNKNOWN
    twice = after_probe(once, SILENT, at(10))
    assert (state_at(twice, at(10)), twice.reason) == (WayState.DEAD, "silent")
    back = after_probe(twice, ALIVE, at(20))
    assert (state_at(back, at(20)), since_at(back, at(20)), back.reason) == (WayState.ALIVE, at(20), "")


def test_what_answers_a_probe_lives_though_nothing_was_sent_yet() -> None:
    health = after_probe(UNTRIED, ALIVE, T0)
    assert (state_at(health, T0), health.answered_at, health.last_good_at) == (WayState.ALIVE, T0, None)
    assert after_probe(health, SILENT, at(60)).answered_at is None


def test_a_good_probe_does_not_make_known_again_what_tries_had_found_dead() -> None:
    health, end = dead(), at(2) + BELIEVED
    assert state_at(after_probe(health, ALIVE, end), end) is WayState.UNKNOWN


def test_a_good_probe_does_not_lift_what_tries_have_found() -> None:
    health = after_probe(dead(), ALIVE, at(10))
    assert state_at(health, at(10)) is WayState.DEAD
    assert state_at(health, at(2) + BELIEVED) is WayState.UNKNOWN


def test_a_bad_probe_keeps_what_tries_have_found() -> None:
    health = after_probe(dead(), SILENT, at(50))
    assert state_at(health, at(100)) is WayState.DEAD


def test_a_good_probe_of_what_lives_changes_nothing_but_the_count_of_bad_ones() -> None:
    health = after_probe(after_try(UNTRIED, SENT, 0.1, T0), ALIVE, at(10))
    assert (state_at(health, at(10)), since_at(health, at(10))) == (WayState.ALIVE, T0)


def test_probes_that_fail_while_notices_go_out_are_not_believed_until_one_is_answered() -> None:
    health = after_probe(after_probe(UNTRIED, SILENT, T0), SILENT, at(10))
    assert state_at(health, at(10)) is WayState.DEAD
    health = after_try(health, SENT, 0.1, at(20))
    for second in range(80, 200, 10):
        health = after_probe(health, SILENT, at(second))
    assert (state_at(health, at(200)), health.answered_at) == (WayState.ALIVE, None)
    health = after_probe(health, ALIVE, at(210))
    health = after_probe(after_probe(health, SILENT, at(270)), SILENT, at(275))
    assert state_at(health, at(275)) is WayState.DEAD


def test_probes_that_are_not_believed_do_not_keep_what_tries_have_found() -> None:
    health = after_try(after_probe(UNTRIED, SILENT, T0), SENT, 0.1, at(1))
    for second in range(10, 13):
        health = after_try(health, DOWN, 0.1, at(second))
    assert state_at(health, at(13)) is WayState.DEAD
    assert state_at(after_probe(health, SILENT, at(60)), at(12) + BELIEVED) is WayState.UNKNOWN


def test_it_is_slow_when_more_than_one_success_in_twenty_is() -> None:
    health = UNTRIED
    for second in range(RECENT):
        health = after_try(health, SENT, SLOW_S + 1 if second == 3 else 0.1, at(second))
    assert state_at(health, at(20)) is WayState.ALIVE
    health = after_try(health, SENT, SLOW_S + 1, at(21))
    assert (state_at(health, at(21)), since_at(health, at(21))) == (WayState.SLOW, at(21))
    for second in range(22, 22 + RECENT):
        health = after_try(health, SENT, 0.1, at(second))
    assert state_at(health, at(60)) is WayState.ALIVE


def test_a_handful_of_successes_is_no_ground_to_call_it_slow() -> None:
    health = UNTRIED
    for second in range(4):
        health = after_try(health, SENT, 5.0, at(second))
    assert state_at(health, at(4)) is WayState.ALIVE


def test_each_result_has_its_sign() -> None:
    assert [sign_of(one) for one in (SENT, DOWN, THROTTLED, GREYLISTED, BAD_NUMBER, BAD_PASSWORD, GONE)] == [
        Sign.GOOD,
        Sign.BAD,
        Sign.OF_ADDRESS,
        Sign.OF_ADDRESS,
        Sign.OF_ADDRESS,
        Sign.BAD,
        Sign.NOTHING,
    ]


RESULTS = st.sampled_from([SENT, DOWN, THROTTLED, GREYLISTED, BAD_NUMBER, BAD_PASSWORD, GONE, ALIVE, SILENT])


@given(st.lists(st.tuples(RESULTS, st.floats(0, 40), st.sampled_from("abcdefg")), max_size=60))
def test_whatever_happens_a_way_that_just_carried_something_is_not_dead(
    story: list[tuple[Delivery | Probe, float, str]],
) -> None:
    health, now = UNTRIED, T0
    for result, pause, address in story:
        now += timedelta(seconds=pause)
        if isinstance(result, Probe):
            health = after_probe(health, result, now)
        else:
            health = after_try(health, result, 0.1, now, address=address)
        assert len(health.seconds) <= RECENT
        if health.last_good_at is not None and now - health.last_good_at < QUIET:
            assert state_at(health, now) is not WayState.DEAD
        if state_at(health, now) is WayState.DEAD:
            assert health.last_bad_at is not None
            assert now - health.last_bad_at < BELIEVED
            since = since_at(health, now)
            assert since is not None
            assert since <= now
