"""Settings of the map: whose tiles it may fetch. Without any it draws coast, towns and site plans of its own."""

from __future__ import annotations

import re
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from larmcentral.config_section import Section

PLACES: Final = ("{z}", "{x}", "{y}")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_BRACES: Final = re.compile(r"\{[^{}]*\}?")
_HERE: Final = ("localhost", "127.0.0.1", "[::1]")


class Map(Section):
    """One of tiles and pmtiles, or neither; https://, or a path on this very host that begins with a slash.

    tiles: address of one tile, with {z}, {x} and {y}. pmtiles: address of one PMTiles archive. attribution: whose map
    it is, as its licence wants it said. max_zoom: the nearest that there are tiles for.
    """

    tiles: str | None = None
    pmtiles: str | None = None
    attribution: Annotated[str, Field(max_length=300)] = ""
    max_zoom: Annotated[int, Field(ge=1, le=24)] = 19

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if self.tiles is not None and self.pmtiles is not None:
            raise ValueError("takes tiles or pmtiles, not both")
        if self.tiles is not None:
            _check("tiles", self.tiles, PLACES)
        if self.pmtiles is not None:
            _check("pmtiles", self.pmtiles, ())
        return self


def _check(name: str, url: str, places: tuple[str, ...]) -> None:
    """Raise ValueError, in words, for an address that no browser could fetch from, or that names more than one host."""
    if re.search(r"[\s\"'<>;,\\]|[^\x21-\x7e]", url):
        raise ValueError(f"{name} has a sign in it that no address has; write it as a browser shows it")
    scheme, host, path = _parts(name, url)
    if host and _HOST.fullmatch(host) is None:
        raise ValueError(f"{name} needs the name of one host, without a user, a password or {{s}}")
    if host and scheme != "https" and not (scheme == "http" and re.sub(r":\d+$", "", host) in _HERE):
        raise ValueError(f"{name} begins with https:// (or http:// on this machine), or with a slash for our own host")
    found = _BRACES.findall(path)
    if missing := [place for place in places if place not in found]:
        raise ValueError(f"{name} lacks {', '.join(missing)}, where the number of a tile belongs")
    if strange := [brace for brace in found if brace not in places]:
        raise ValueError(f"{name} has {strange[0]}, which nobody fills in")


def _parts(name: str, url: str) -> tuple[str, str, str]:
    """Return scheme and host, both empty on our own host, and all that follows."""
    try:
        said = urlsplit(url)
        _ = said.port  # reading it is what checks it
    except ValueError:
        raise ValueError(f"{name} is no address") from None
    if not said.netloc and (said.scheme or not url.startswith("/")):
        raise ValueError(f"{name} begins with https:// (or http:// on this machine), or with a slash for our own host")
    return said.scheme, said.netloc, f"{said.path}?{said.query}"
