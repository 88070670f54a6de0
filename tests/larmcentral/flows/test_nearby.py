"""The box around an alarm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from larmcentral.flows.nearby import area_around
from larmcentral.geo import metres_between


@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(50, 100_000),
    st.floats(-1, 1),
    st.floats(-1, 1),
)
def test_whatever_is_near_enough_lies_in_the_box(
    lat: float, lon: float, within_m: float, up: float, right: float
) -> None:
    area = area_around(lat, lon, within_m)
    there_lat = max(min(lat + up * 2 * within_m / 110_000, 90.0), -90.0)
    there_lon = (lon + right * 2 * (area.east - area.west) + 180.0) % 360.0 - 180.0
    inside = area.south <= there_lat <= area.north and area.west <= there_lon <= area.east
    assert inside or metres_between(lat, lon, there_lat, there_lon) > within_m


def test_a_box_that_reaches_over_the_date_line_takes_all_longitudes() -> None:
    area = area_around(65.0, 179.99, 5_000)
    assert (area.west, area.east) == (-180.0, 180.0)
