"""The sealing key: from the settings, or made once beside the embedded database; refused in words where it is wrong."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import UUID

import pytest

from larmcentral.assembly_secrets import SealingUnusable, seal_at_start, sealing_of
from larmcentral.config import Config
from larmcentral.config_file import load_config
from larmcentral.store.pool import Pool
from larmcentral.store.sealing import SealedPlace, Sealing, SealingKey
from tests.builders import Town

ORGANISATION = """
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
"""
ELSEWHERE = '[database]\ndsns = ["postgresql://db/larm"]\n'
PLACE = SealedPlace("devices", UUID(int=1), "panel")
ONE, TWO = "11" * 32, "22" * 32


def config(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "larmcentral.toml"
    file.write_text(ORGANISATION + text)
    return load_config(file)


def embedded(tmp_path: Path, more: str = "") -> Config:
    return config(tmp_path, f'[database]\ndata_dir = "{tmp_path / "larm" / "pg"}"\n{more}')


def key_file(tmp_path: Path, name: str, said: str) -> str:
    (tmp_path / name).write_text(said + "\n")
    return f'"{tmp_path / name}"'


def test_a_key_is_made_once_beside_the_database_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    sealed = sealing_of(embedded(tmp_path)).seal(b"granris", PLACE)
    assert sealing_of(embedded(tmp_path)).open(sealed, PLACE) == b"granris"
    [made] = (tmp_path / "larm").iterdir()
    assert made.name == "pg-sealing.key"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert len(bytes.fromhex(made.read_text())) == 32


def test_what_the_settings_say_counts_and_nothing_is_made(tmp_path: Path) -> None:
    file = key_file(tmp_path, "key", ONE)
    sealing = sealing_of(embedded(tmp_path, f"[secrets]\nsealing_key_file = {file}\n"))
    assert sealing.key_id == SealingKey(bytes.fromhex(ONE)).id
    assert not (tmp_path / "larm").exists()


def test_the_environment_counts_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARM_SECRETS__SEALING_KEY", TWO)
    assert sealing_of(config(tmp_path, ELSEWHERE)).key_id == SealingKey(bytes.fromhex(TWO)).id


def test_the_key_before_still_opens(tmp_path: Path) -> None:
    old, new = key_file(tmp_path, "old", ONE), key_file(tmp_path, "new", TWO)
    said = f"[secrets]\nsealing_key_file = {new}\nsealing_key_previous_file = {old}\n"
    sealed = Sealing(SealingKey(bytes.fromhex(ONE))).seal(b"granris", PLACE)
    assert sealing_of(config(tmp_path, ELSEWHERE + said)).open(sealed, PLACE) == b"granris"


def test_with_a_database_elsewhere_a_key_is_needed_and_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SealingUnusable, match="sealing_key_file: is missing"):
        sealing_of(config(tmp_path, ELSEWHERE))


@pytest.mark.parametrize("said", ["", "granris", "11" * 31, "11" * 33])
def test_a_key_of_another_form_is_refused_without_showing_it(tmp_path: Path, said: str) -> None:
    file = key_file(tmp_path, "key", said)
    with pytest.raises(SealingUnusable, match="must be 32 bytes") as caught:
        sealing_of(config(tmp_path, ELSEWHERE + f"[secrets]\nsealing_key_file = {file}\n"))
    assert not said or said not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_wrong_key_stops_the_start_and_says_which_one_is_missing(database_dsn: str) -> None:
    town = await Town.found(database_dsn)
    service = Pool([database_dsn], role="larm_service", size=1, deadline_s=5)
    panel = await town.device(await town.committee("Omsorg"), "1234")
    await town.connection.execute("UPDATE devices SET protocol = 'dc09', secret = 'sixteen bytes ok'::bytea")
    one, two = (SealingKey(bytes.fromhex(said)) for said in (ONE, TWO))
    await seal_at_start(service, Sealing(one))
    with pytest.raises(SealingUnusable, match=f"{one.id.hex()}.*{two.id.hex()}.*previous"):
        await seal_at_start(service, Sealing(two))
    await town.connection.execute("UPDATE devices SET secret = secret || 'x'::bytea")
    with pytest.raises(SealingUnusable, match=f"{panel}.*anew"):
        await seal_at_start(service, Sealing(two, one))
    await service.close()
    await town.close()


async def test_a_database_that_is_away_does_not_stop_the_start() -> None:
    service = Pool(["postgresql://127.0.0.1:1/larm"], role="larm_service", size=1, deadline_s=0.2)
    await seal_at_start(service, Sealing(SealingKey(bytes(32))))
    await service.close()
