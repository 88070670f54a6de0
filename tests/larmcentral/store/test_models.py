"""Which model a device is, as receivers are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from escalation.ids import OrganisationId
from larmcentral.domain.errors import NotFound, Poison
from larmcentral.store.enrolment import load_enrolled
from larmcentral.store.models import Models
from larmcentral.store.pool import Pool
from larmcentral.store.sealing import Sealing, SealingKey
from tests.builders import NOON, Town

IMEI, SPARE = "866000000000017", "866111111111119"


class House:
    """A town whose devices receivers read."""

    def __init__(self, town: Town, pool: Pool) -> None:
        self.town, self.pool = town, pool
        self.models = Models(pool, OrganisationId(town.organisation))

    async def known(self, since: datetime | None = None) -> dict[str, str | None]:
        """Models by account, of those that changed since then."""
        rows = await load_enrolled(self.pool, since, Sealing(SealingKey(bytes(32))))
        return {row.account: row.model for row in rows}


@pytest.fixture
async def house(database_dsn: str) -> AsyncIterator[House]:
    town = await Town.found(database_dsn)
    care = await town.committee("Omsorgsnämnden")
    for account in (IMEI, SPARE, "8660000001"):
        await town.device(care, account)
    pool = Pool([database_dsn], role="larm_service", size=2, deadline_s=5.0)
    yield House(town, pool)
    await pool.close()
    await town.close()


async def test_the_longest_beginning_wins_and_no_beginning_is_no_model(house: House) -> None:
    assert set((await house.known()).values()) == {None}
    await house.models.set("8660", "EV-07")
    await house.models.set("86600000", "GL300")
    assert await house.known() == {IMEI: "GL300", SPARE: None, "8660000001": None}
    assert await house.models.all() == {"8660": "EV-07", "86600000": "GL300"}


async def test_a_models_of_its_own_wins(house: House) -> None:
    await house.models.set("8661", "EV-07")
    async with house.pool.connection() as connection:
        await connection.execute("UPDATE devices SET model = 'TMT250' WHERE account = $1", SPARE)
    assert (await house.known())[SPARE] == "TMT250"


async def test_receivers_hear_of_it_at_their_next_look(house: House) -> None:
    assert await house.known(NOON.replace(year=NOON.year - 1)) != {}
    async with house.pool.connection() as connection:
        before = await connection.fetchval("SELECT clock_timestamp()")
    await house.models.set("8660", "EV-07")
    assert (await house.known(before))[IMEI] == "EV-07"
    assert SPARE not in await house.known(before)
    async with house.pool.connection() as connection:
        before = await connection.fetchval("SELECT clock_timestamp()")
    await house.models.remove("8660")
    assert (await house.known(before))[IMEI] is None


async def test_what_is_not_known_cannot_be_removed_and_what_is_no_beginning_is_not_kept(house: House) -> None:
    with pytest.raises(NotFound):
        await house.models.remove("8660")
    with pytest.raises(Poison):
        await house.models.set("86x0", "EV-07")
    assert await house.models.all() == {}
