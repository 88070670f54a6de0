"""A fresh password for a transmitter from the command line, against a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from larmcentral.cli import main
from larmcentral.store.enrolment import load_enrolled
from larmcentral.store.pool import Pool
from larmcentral.store.sealing import Sealing, SealingKey, is_sealed
from tests.builders import Town

KEY = "5a" * 32
OLD, COMING = b"Installer-00001", b"Told-to-the-old"


class House:
    """A house with one transmitter that knows a password and has been told another."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn, self.file, self.key_file = dsn, folder / "larm.toml", folder / "sealing.key"

    async def found(self) -> None:
        town = await Town.found(self.dsn)
        committee = await town.committee("Omsorgsnämnden")
        device = await town.device(committee, "4711")
        await town.connection.execute(
            "UPDATE devices SET protocol = 'sos_access', secret = $2, next_secret = $3 WHERE id = $1",
            device,
            OLD,
            COMING,
        )
        await town.close()
        self.file.write_text(
            f"""[organisation]
id = "{town.organisation}"
name = "Älvmården"
committee_id = "{committee}"
[database]
dsns = ["{self.dsn}"]
[secrets]
sealing_key_file = "{self.key_file}"
"""
        )
        self.key_file.write_text(KEY)

    async def passwords(self) -> tuple[bytes | None, bytes | None]:
        """What a receiver reads, and that nobody else can."""
        pool = Pool([self.dsn], role="larm_service", size=1, deadline_s=5)
        try:
            async with pool.connection() as connection:
                sealed = await connection.fetchval("SELECT secret FROM devices")
            [row] = await load_enrolled(pool, None, Sealing(SealingKey(bytes.fromhex(KEY))))
            assert row.secret == OLD or is_sealed(sealed)
            return row.secret, row.next_secret
        finally:
            await pool.close()

    def run(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["admin", "device-password", "--config", str(self.file), *words], input=typed)


@pytest.fixture
def house(database_dsn: str, tmp_path: Path) -> House:
    house = House(database_dsn, tmp_path)
    asyncio.run(house.found())
    return house


def test_a_replaced_unit_gets_a_drawn_password_and_the_broken_ones_are_worth_nothing(house: House) -> None:
    said = house.run("4711", "--drawn")
    assert said.exit_code == 0, said.output
    drawn = said.output.strip()
    assert len(drawn) == 15
    assert asyncio.run(house.passwords()) == (drawn.encode(), None)
    assert house.run("4711", "--drawn").output.strip() != drawn


def test_a_password_may_be_typed_twice_and_is_never_shown(house: House) -> None:
    said = house.run("4711", typed="Abc123Def456Ghi\nAbc123Def456Ghi\n")
    assert said.exit_code == 0, said.output
    assert "Abc123" not in said.output
    assert asyncio.run(house.passwords()) == (b"Abc123Def456Ghi", None)


@pytest.mark.parametrize("typed", ["Abc123", "Abc123Def456Ghij", "Abc123 Def456Gh", "Åbc123Def456Ghi"])
def test_what_is_no_password_is_refused_in_words_and_changes_nothing(house: House, typed: str) -> None:
    said = house.run("4711", typed=f"{typed}\n{typed}\n")
    assert said.exit_code == 2
    assert "exactly 15 printable signs" in said.output
    assert asyncio.run(house.passwords()) == (OLD, COMING)


def test_a_transmitter_that_is_not_there_and_a_wrong_key_are_said_in_words(house: House) -> None:
    said = house.run("4712", "--drawn")
    assert said.exit_code == 1
    assert "not found: a device 4712 that speaks sos_access" in said.output
    house.key_file.write_text("none")
    said = house.run("4711", "--drawn")
    assert said.exit_code == 1
    assert "secrets.sealing_key" in said.output
    assert asyncio.run(house.passwords()) == (OLD, COMING)
