"""WGS84 to RT 90 2.5 gon V, the Swedish grid of older receivers.

Gauss-Krüger by Krüger's series, straight from GRS 80 with the meridian, scale and false origin that Lantmäteriet fitted
to stand in for the change of datum (EPSG:3847). WGS84 is taken as SWEREF 99; they part by less than a metre.
Accuracy: the series a millimetre; the fit some 0.1 m in most of Sweden and 0.4 m at its northern tip, measured against
the seven-parameter transformation (EPSG:3021); we round to metres.
Source: Lantmäteriet, "Gauss Conformal Projection (Transverse Mercator), Krüger's formulas", and its parameters of
RT 90 2.5 gon V for SWEREF 99.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, atan, atanh, cos, cosh, radians, sin, sinh, sqrt, tan
from typing import Final

GRS80_A_M: Final = 6_378_137.0
GRS80_F: Final = 1 / 298.257222101


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A transverse Mercator grid on GRS 80. meridian: degrees. north_m, east_m: the false origin."""

    meridian: float
    scale: float
    north_m: float
    east_m: float


RT90_25_GON_V: Final = Grid(
    meridian=15 + 48 / 60 + 22.624306 / 3600, scale=1.00000561024, north_m=-667.711, east_m=1_500_064.274
)

# where the fit holds: Sweden with its waters (area of use of EPSG:3847 and its neighbours)
LAT_RANGE: Final = (54.96, 69.07)
LON_RANGE: Final = (10.03, 24.17)


def rt90(lat: float, lon: float) -> tuple[float, float] | None:
    """Return x (north) and y (east) in metres; None outside Sweden, where the grid says nothing."""
    if not (LAT_RANGE[0] <= lat <= LAT_RANGE[1] and LON_RANGE[0] <= lon <= LON_RANGE[1]):
        return None
    return project(RT90_25_GON_V, lat, lon)


def project(grid: Grid, lat: float, lon: float) -> tuple[float, float]:
    """Return north and east in metres of a place within some 10 degrees of the grid's meridian."""
    n = GRS80_F / (2 - GRS80_F)
    eccentricity = sqrt(GRS80_F * (2 - GRS80_F))
    radius = GRS80_A_M / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    phi, away = radians(lat), radians(lon - grid.meridian)
    # the conformal latitude's tangent, in closed form
    conformal = sinh(asinh(tan(phi)) - eccentricity * atanh(eccentricity * sin(phi)))
    xi = atan(conformal / cos(away))
    eta = asinh(sin(away) / sqrt(conformal**2 + cos(away) ** 2))
    rows = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    north = xi + sum(row * sin(2 * k * xi) * cosh(2 * k * eta) for k, row in enumerate(rows, 1))
    east = eta + sum(row * cos(2 * k * xi) * sinh(2 * k * eta) for k, row in enumerate(rows, 1))
    return grid.scale * radius * north + grid.north_m, grid.scale * radius * east + grid.east_m
