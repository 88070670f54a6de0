"""How far it is: geopy's geodesic in the form that the pure core asks for."""

from geopy.distance import geodesic


def metres_between(from_lat: float, from_lon: float, to_lat: float, to_lon: float) -> float:
    """Return metres as the crow flies on WGS84. Degrees; raises ValueError for a latitude beyond a pole."""
    if not (-90 <= from_lat <= 90 and -90 <= to_lat <= 90):  # geopy warns on standard error before it refuses
        raise ValueError("a latitude is between -90 and 90 degrees")
    return float(geodesic((from_lat, from_lon), (to_lat, to_lon)).meters)
