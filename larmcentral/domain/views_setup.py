"""What every screen is told once: which map, which key to subscribe to push with, whom to ring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSetup:
    """Where the map's tiles come from. kind: "raster" (url with {z}, {x} and {y}) or "pmtiles" (url of one file)."""

    kind: str
    url: str
    attribution: str
    max_zoom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """map: None where the house has no tiles. push_key: None where push to browsers is not set up."""

    organisation: str
    map: MapSetup | None
    push_key: str | None
    call_back: str | None
