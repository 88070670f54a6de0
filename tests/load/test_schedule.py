"""Presses are due at fixed times, in turn, and shared among generators without gap or double."""

from __future__ import annotations

import pytest

from load.profile import Profile
from load.schedule import Phase, Presses, flood_presses, main_presses, phase_of

PROFILE = Profile(name="p", words="", devices=6, alarms_per_s=2, run_s=3, warm_up_s=1, flood=4, flood_per_s=100)


def test_press_after_press_is_due_at_its_own_time() -> None:
    presses = Presses(begin_s=1000.0, per_s=50.0, first=0, count=4, devices=3)

    assert list(presses.of(0, 1)) == [(0, 0, 1000.0), (1, 1, 1000.02), (2, 2, 1000.04), (3, 0, 1000.06)]


@pytest.mark.parametrize("generators", [1, 2, 3])
def test_generators_share_the_presses_and_each_keeps_its_own_watches(generators: int) -> None:
    presses = main_presses(PROFILE, 10.0)
    shares = [list(presses.of(each, generators)) for each in range(generators)]

    assert sorted(one for share in shares for one in share) == list(presses.of(0, 1))
    assert all(device % generators == each for each, share in enumerate(shares) for _, device, _ in share)


def test_warm_up_and_run_are_one_schedule_without_a_gap() -> None:
    presses = main_presses(PROFILE, 10.0)

    assert [(phase_of(PROFILE, n), presses.intended(n)) for n in (0, 1, 2, 7)] == [
        (Phase.WARM_UP, 10.0),
        (Phase.WARM_UP, 10.5),
        (Phase.RUN, 11.0),
        (Phase.RUN, 13.5),
    ]
    assert presses.count == 8


def test_the_flood_counts_on_where_the_run_ended() -> None:
    presses = flood_presses(PROFILE, 50.0)

    assert list(presses.of(0, 1)) == [(8, 2, 50.0), (9, 3, 50.01), (10, 4, 50.02), (11, 5, 50.03)]
    assert {phase_of(PROFILE, n) for n in range(8, 12)} == {Phase.FLOOD}
