"""What every screen is told once: which map, which key to subscribe to push with, whom to ring."""

from __future__ import annotations

from typing import Literal

from larmcentral.api.shapes import Shape


class MapSetup(Shape):
    """Where the map's tiles come from. url: with {z}, {x} and {y} for "raster", of one file for "pmtiles"."""

    kind: Literal["raster", "pmtiles"]
    url: str
    attribution: str
    max_zoom: int


class Setup(Shape):
    """GET /api/setup. map: null where the house has no tiles of its own; the map then draws coast, towns and plans.

    push_key: what a browser subscribes with (applicationServerKey, urlsafe base64), null where push to browsers is not
    set up. call_back: where the desk is reached by telephone, null where the settings do not say.
    """

    organisation: str
    map: MapSetup | None
    push_key: str | None
    call_back: str | None
