"""What assembly tells the web: the map, the key for push to browsers, and whom to ring."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from larmcentral.assembly_web import setup_of
from larmcentral.channels.vapid import VapidKey
from larmcentral.config_file import load_config
from larmcentral.domain.views_setup import MapSetup, Setup
from tests.builders import NOON
from tests.fakes.settable_clock import SettableClock

HOUSE = """
[database]
data_dir = "data"
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
"""


def told(folder: Path, text: str) -> Setup:
    file = folder / "larmcentral.toml"
    file.write_text(text)
    return setup_of(load_config(file), SettableClock(NOON))


def test_a_house_that_says_little_is_told_little(tmp_path: Path) -> None:
    assert told(tmp_path, HOUSE) == Setup(organisation="Exempelköping", map=None, push_key=None, call_back=None)


def test_the_map_is_that_of_the_settings(tmp_path: Path) -> None:
    raster = told(tmp_path, HOUSE + '[map]\ntiles = "/tiles/{z}/{x}/{y}.png"\nattribution = "© Kartan"\n')
    assert raster.map == MapSetup(kind="raster", url="/tiles/{z}/{x}/{y}.png", attribution="© Kartan", max_zoom=19)
    one_file = told(tmp_path, HOUSE + '[map]\npmtiles = "https://tiles.test/a.pmtiles"\nmax_zoom = 15\n')
    assert one_file.map == MapSetup(kind="pmtiles", url="https://tiles.test/a.pmtiles", attribution="", max_zoom=15)


def test_browsers_subscribe_with_the_public_half_of_the_key_that_signs(tmp_path: Path) -> None:
    key = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "vapid.pem").write_bytes(key)
    push = '[channels.web_push]\nkey_file = "vapid.pem"\nsubject = "mailto:larm@exempel.se"\n'
    setup = told(tmp_path, f'{HOUSE}call_back = "0303-12 34 56"\n{push}')
    signing = VapidKey(key_pem=key.decode(), subject="mailto:larm@exempel.se", clock=SettableClock(NOON))
    assert (setup.push_key, setup.call_back) == (signing.public_key, "0303-12 34 56")
