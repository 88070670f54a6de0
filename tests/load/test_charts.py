"""Axes have round marks and every line stays inside its chart."""

from __future__ import annotations

import re

import pytest

from load.charts import HEIGHT, WIDTH, Line, bars, chart, even, logarithmic, nines


@pytest.mark.parametrize(("highest", "top"), [(1.0, 1.0), (7.0, 8.0), (61.0, 75.0), (999.0, 1000.0)])
def test_an_even_axis_ends_at_a_round_figure_at_or_above_the_highest(highest: float, top: float) -> None:
    axis = even(highest, "x")

    assert axis.high >= highest
    assert axis.high == pytest.approx(top, rel=0.35)
    assert axis.marks[0][0] == 0.0


def test_a_logarithmic_axis_has_a_mark_for_each_power_of_ten() -> None:
    axis = logarithmic(2.0, 450.0, "ms")

    assert (axis.low, axis.high) == (0, 3)
    assert [words for _, words in axis.marks] == ["1", "10", "100", "1000"]


def test_each_nine_is_as_far_as_the_one_before() -> None:
    assert [round(nines(percent), 6) for percent in (0, 90, 99, 99.9, 100)] == [0, 1, 2, 3, 4]


def test_points_outside_are_drawn_at_the_edge() -> None:
    svg = chart("t", [Line("a", ((0.0, -5.0), (1.0, 500.0)))], even(1, "s"), even(100, "ms"))
    (points,) = re.findall(r'points="([^"]+)"', svg)

    for point in points.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_bars_are_in_proportion_and_escape_their_names() -> None:
    svg = bars("t", [("a<b", 2.0), ("c", 1.0)], "cores")
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]

    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert "a&lt;b" in svg
