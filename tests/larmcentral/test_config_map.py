"""The map's address in the settings: right, or refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from larmcentral.check_config import check_config
from larmcentral.config_file import load_config
from larmcentral.config_map import Map

HOUSE = """
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
[database]
data_dir = "data"
[receivers.watches]
protocol = "watch"
listen = "tcp:port=5093"
"""
TILES = "https://tiles.test/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    "url",
    [
        TILES,
        "https://tiles.test:8443/karta/{z}/{x}/{y}@2x.png?key=abc",
        "http://127.0.0.1:8088/{z}/{x}/{y}.png",
        "http://[::1]:8088/{z}/{y}/{x}",
        "https://10.1.2.3/wmts?z={z}&x={x}&y={y}",
        "/tiles/{z}/{x}/{y}.png",
    ],
)
def test_tiles_that_a_browser_can_fetch_are_taken(url: str) -> None:
    assert Map(tiles=url).tiles == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://tiles.test/{z}/{x}.png", "tiles lacks {y}, where the number of a tile belongs"),
        ("https://tiles.test/{z}/{x}/{y}{r}.png", "tiles has {r}, which nobody fills in"),
        ("https://{s}.tiles.test/{z}/{x}/{y}.png", "tiles needs the name of one host"),
        ("https://eva:hemligt@tiles.test/{z}/{x}/{y}", "tiles needs the name of one host"),
        ("https://tiles.test; script-src */{z}/{x}/{y}", "tiles has a sign in it that no address has"),
        ("https://*.tiles.test/{z}/{x}/{y}", "tiles needs the name of one host"),
        ("https://tiles.test:99999/{z}/{x}/{y}", "tiles is no address"),
        ("http://tiles.test/{z}/{x}/{y}", "tiles begins with https://"),
        ("//tiles.test/{z}/{x}/{y}", "tiles begins with https://"),
        ("javascript:alert/{z}/{x}/{y}", "tiles begins with https://"),
        ("tiles/{z}/{x}/{y}", "tiles begins with https://"),
        ("", "tiles begins with https://"),
    ],
)
def test_another_address_is_refused_in_words(tmp_path: Path, url: str, words: str) -> None:
    file = tmp_path / "larmcentral.toml"
    file.write_text(f'{HOUSE}[map]\ntiles = "{url}"\n')
    [said] = check_config(file)
    assert said.startswith(f"map: {words}")


def test_one_file_has_no_numbers_in_its_address(tmp_path: Path) -> None:
    file = tmp_path / "larmcentral.toml"
    file.write_text(f'{HOUSE}[map]\npmtiles = "https://tiles.test/sverige.pmtiles"\nmax_zoom = 15\n')
    said = load_config(file).map
    assert (said.pmtiles, said.tiles, said.max_zoom) == ("https://tiles.test/sverige.pmtiles", None, 15)
    file.write_text(f'{HOUSE}[map]\npmtiles = "{TILES}"\n')
    assert check_config(file) == ("map: pmtiles has {z}, which nobody fills in",)


def test_a_map_has_one_address_or_none(tmp_path: Path) -> None:
    file = tmp_path / "larmcentral.toml"
    file.write_text(f'{HOUSE}[map]\ntiles = "{TILES}"\npmtiles = "https://tiles.test/a.pmtiles"\n')
    assert check_config(file) == ("map: takes tiles or pmtiles, not both",)
    file.write_text(HOUSE)
    assert load_config(file).map == Map()
