"""The Swedish grid against points that others have computed."""

from __future__ import annotations

import pytest

from protocols.sos_access.rt90 import Grid, project, rt90


def near(found: tuple[float, float] | None, expected: tuple[float, float], *, within_m: float) -> bool:
    return found is not None and max(abs(found[0] - expected[0]), abs(found[1] - expected[1])) <= within_m


def test_the_series_at_the_control_point_that_lantmateriet_publishes_with_the_formulas() -> None:
    grid = Grid(meridian=13 + 35 / 60 + 7.692 / 3600, scale=1.000002540, north_m=-6226307.8640, east_m=84182.8790)
    assert near(project(grid, 66.0, 24.0), (1135809.413803, 555304.016555), within_m=1e-3)


# PROJ 9.5.1: EPSG:3847 (the fitted grid) and EPSG:3021 (seven parameters and Bessel's ellipsoid)
POINTS = [
    ("Stockholm", 59.3293, 18.0686, (6580908.6492, 1628832.5258), (6580908.598, 1628832.573)),
    ("Malmö", 55.605, 13.0038, (6167516.5064, 1323454.7759), (6167516.429, 1323454.842)),
    ("Kiruna", 67.8557, 20.2251, (7535803.9277, 1685885.2141), (7535803.741, 1685885.211)),
    ("Göteborg", 57.7089, 11.9746, (6404687.7915, 1271721.8069), (6404687.708, 1271721.810)),
    ("Haparanda", 65.8355, 24.1368, (7329119.3922, 1879852.1647), (7329119.410, 1879852.127)),
    ("Smygehuk", 55.34, 13.36, (6137174.0993, 1344858.7451), (6137174.034, 1344858.817)),
    ("Treriksröset", 69.06, 20.5486, (7670806.1771, 1689128.2685), (7670805.844, 1689128.226)),
]


@pytest.mark.parametrize(("lat", "lon", "fitted", "exact"), [row[1:] for row in POINTS], ids=[row[0] for row in POINTS])
def test_towns_as_proj_has_them(
    lat: float, lon: float, fitted: tuple[float, float], exact: tuple[float, float]
) -> None:
    assert near(rt90(lat, lon), fitted, within_m=1e-3)
    assert near(rt90(lat, lon), exact, within_m=0.4)


@pytest.mark.parametrize(("lat", "lon"), [(54.9, 13.0), (69.1, 20.0), (60.0, 10.0), (60.0, 24.3), (-59.3, 18.0)])
def test_outside_sweden_the_grid_says_nothing(lat: float, lon: float) -> None:
    assert rt90(lat, lon) is None
