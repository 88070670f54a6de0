"""The password at a centre, renewed from the command line against a local centre."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devices.peers.sos_access_centre import Account, Centre
from devices.peers.sos_access_server import SosAccessServer
from larmcentral.administration_centres import renew_centre_password
from larmcentral.config import Config
from tests.builders import Town


async def house(dsn: str, tmp_path: Path, centre: SosAccessServer, *, password: str) -> tuple[Config, Town]:
    town = await Town.found(dsn)
    committee = await town.committee("Omsorgsnämnden")
    for name, text in (("password", password), ("sealing", "ab" * 32)):
        (tmp_path / name).write_text(text)
    account = centre.centre.account
    path: dict[str, Any] = {
        "protocol": "sos_access",
        "name": "primary",
        "host": "127.0.0.1",
        "port": centre.port,
        "tls": False,
        "receiver": account.receiver,
        "transmitter_code": account.transmitter_code,
        "transmitter_type": account.transmitter_type,
        "password_file": tmp_path / "password",
    }
    number = {"protocol": "sms", "name": "telephone", "number": "+46980319204"}
    config = Config.model_validate(
        {
            "organisation": {"id": town.organisation, "name": "Älvmården", "committee_id": committee},
            "database": {"dsns": [dsn]},
            "secrets": {"sealing_key_file": tmp_path / "sealing"},
            "forwarders": {
                "nord": {"label": "Nord", "paths": [path, number]},
                "syd": {"label": "Syd", "paths": [number], "single_receiver": True},
            },
        }
    )
    return config, town


@pytest.fixture
async def centre() -> Any:
    server = SosAccessServer(None, centre=Centre(Account()))
    await server.start()
    yield server
    await server.stop()


async def test_the_password_is_renewed_once_and_stands_sealed(
    database_dsn: str, tmp_path: Path, centre: SosAccessServer
) -> None:
    given = centre.centre.account.password
    config, town = await house(database_dsn, tmp_path, centre, password=given)
    try:
        done, words = await renew_centre_password(config, "nord")
        again, _ = await renew_centre_password(config, "nord")
        kept = await town.connection.fetch("SELECT name, sealed FROM sealed_secrets")
    finally:
        await town.close()
    assert (done, again) == (True, True), words
    (row,) = kept
    new = centre.centre.account.coming or centre.centre.account.password
    assert new != given
    assert new.encode() not in row["sealed"]
    assert new not in words


async def test_a_refusal_leaves_the_old_one_in_force(
    database_dsn: str, tmp_path: Path, centre: SosAccessServer
) -> None:
    config, town = await house(database_dsn, tmp_path, centre, password="x" * 15)
    try:
        done, words = await renew_centre_password(config, "nord")
    finally:
        await town.close()
    assert not done
    assert words


@pytest.mark.parametrize(("name", "words"), [("väst", "there are: nord, syd"), ("syd", "no path that speaks")])
async def test_a_centre_without_such_a_password_is_named(
    database_dsn: str, tmp_path: Path, centre: SosAccessServer, name: str, words: str
) -> None:
    config, town = await house(database_dsn, tmp_path, centre, password="x" * 15)
    try:
        with pytest.raises(LookupError, match=words):
            await renew_centre_password(config, name)
    finally:
        await town.close()
