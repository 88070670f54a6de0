"""What grows is told from what only trembles."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from load.soak.slope import MOST_POINTS, growth, slope


def test_the_slope_of_a_straight_line_is_its_own() -> None:
    assert slope([(at, 3.0 + 0.5 * at) for at in range(10)]) == 0.5


def test_less_than_two_points_have_no_slope() -> None:
    assert slope([]) == slope([(1.0, 5.0)]) == 0.0


def test_a_few_wild_samples_do_not_move_it() -> None:
    points = [(float(at), 100.0) for at in range(40)]
    for wild in (3, 20, 38):
        points[wild] = (float(wild), 900.0)

    assert slope(points) == 0.0


def test_a_leak_under_noise_is_found() -> None:
    chance = random.Random(1)
    points = [(at * 10.0, 150.0 + at * 0.25 + chance.uniform(-2, 2)) for at in range(240)]

    found = growth("web: memory", "MiB", points, share=0.05, room=12.0)

    assert not found.flat
    assert found.grown == pytest.approx(60.0, abs=2.0)
    assert found.per_hour == pytest.approx(90.0, abs=3.0)


def test_noise_alone_is_flat_and_so_is_what_shrinks() -> None:
    chance = random.Random(2)
    noise = [(at * 10.0, 150.0 + chance.uniform(-5, 5)) for at in range(240)]

    assert growth("a", "", noise, share=0.05, room=2.0).flat
    assert growth("b", "", [(float(at), -9.0 * at) for at in range(9)], share=0.0, room=0.0).flat


def test_a_step_up_in_the_middle_counts_as_growth() -> None:
    points = [(float(at), 100.0 if at < 50 else 200.0) for at in range(100)]

    assert not growth("a", "", points, share=0.05, room=2.0).flat


def test_too_few_samples_are_not_judged() -> None:
    with pytest.raises(ValueError, match="1 samples are not enough"):
        growth("a", "", [(0.0, 1.0)], share=0.1, room=1.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(-1e6, 1e6))
def test_where_the_line_lies_has_no_part_in_its_slope(values: list[float], up: float) -> None:
    points = [(float(at), value) for at, value in enumerate(values)]

    assert slope([(at, value + up) for at, value in points]) == pytest.approx(slope(points), abs=1e-3)


def test_a_long_run_is_thinned_out_and_judged_alike() -> None:
    points = [(float(at), 7.0 * at) for at in range(MOST_POINTS * 3 + 1)]

    assert slope(points) == 7.0
