"""How far it is."""

from __future__ import annotations

import pytest

from larmcentral.geo import metres_between


def test_a_degree_of_latitude_at_the_equator_is_what_the_ellipsoid_says() -> None:
    assert metres_between(0, 0, 1, 0) == pytest.approx(110_574.4, abs=0.1)


def test_a_degree_of_longitude_at_the_equator_is_an_arc_of_the_large_axis() -> None:
    assert metres_between(0, 0, 0, 1) == pytest.approx(111_319.5, abs=0.1)


def test_the_way_across_the_antimeridian_is_the_short_one() -> None:
    assert metres_between(60, 179.999, 60, -179.999) == pytest.approx(111.6, abs=0.1)


@pytest.mark.parametrize("latitude", [90.001, -91, float("nan")])
def test_a_latitude_beyond_the_pole_is_refused(latitude: float) -> None:
    with pytest.raises(ValueError, match="between -90 and 90"):
        metres_between(latitude, 0, 0, 0)
    with pytest.raises(ValueError, match="between -90 and 90"):
        metres_between(0, 0, latitude, 0)
