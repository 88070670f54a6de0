"""The made-up municipality: whole, repeatable, and with chains that would be let go live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from escalation.complaints import complaints
from escalation.ids import ChainId
from escalation.rota_complaints import rota_complaints
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.domain.roles import Scope
from larmcentral.seed import CARE, CENTRE, GUARD_CENTRE, ORGANISATION, SOCIAL, Hashes, seed
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.reading_chains import Chains
from larmcentral.store.register import Register
from larmcentral.store.sealing import Sealing, SealingKey
from larmcentral.store.users import Users
from tests.larmcentral.store.rooms import Rooms, rooms

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERYWHERE = Scope(organisation_id=ORGANISATION, committees=frozenset({CARE, SOCIAL}))


async def enter(pool: Pool, *, fleet: int = 0) -> None:
    register = Register(pool, Sealing(SealingKey(bytes(32))))
    await seed(register, Users(pool), Hashes("password", "pin", "duress pin"), NOW, fleet=fleet)


@pytest.fixture
async def town(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        await enter(it.service)
        yield it


async def rows(town: Rooms, *tables: str) -> dict[str, int]:
    return {table: await town.town.connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


async def test_every_chain_would_be_let_go_live(town: Rooms) -> None:
    chains = Chains(town.web)
    named = {row.name: row for row in await chains.chains(EVERYWHERE)}
    assert set(named) == {"Kedja omsorg", "Kedja social", "Ensamarbete", "Bråklarm", "Teknik"}
    wrong = {}
    for name, row in named.items():
        committee_id, chain = await chains.chain(EVERYWHERE, ChainId(row.id))
        roster = await chains.usual_roster(EVERYWHERE, committee_id, chain)
        wrong[name] = complaints(chain, roster, receivers=frozenset({CENTRE, GUARD_CENTRE}))
    assert {name: found for name, found in wrong.items() if found} == {}


async def test_every_rota_is_one_that_may_stand(town: Rooms) -> None:
    clock = SystemClock()
    in_use = await PostgresStore(town.service, town.web, clock, SystemIds(clock)).rotas_in_use()
    assert [one.rota.name for one in in_use] == ["Beredskap Nord"]
    assert [rota_complaints(one.rota) for one in in_use] == [()]


async def test_entering_it_again_changes_nothing(town: Rooms) -> None:
    tables = ("persons", "devices", "contact_points", "users", "places", "place_flags", "rotas", "safety_plans")
    plans = ("action_plans", "action_plan_versions")
    papers = ("person_dossiers", "next_of_kin", "place_plans", "place_beacons")
    before = await rows(town, *tables, *papers, *plans, "chain_choices", "device_assignments")
    await enter(town.service)
    assert await rows(town, *before) == before
    assert before["places"] == 4
    assert [before[table] for table in plans] == [7, 7]
    assert [before[table] for table in papers] == [2, 3, 1, 2]


async def test_a_fleet_comes_on_top_with_a_watch_for_each(town: Rooms) -> None:
    before = await rows(town, "persons", "devices")
    await enter(town.service, fleet=3)
    after = await rows(town, "persons", "devices")
    assert {table: after[table] - before[table] for table in before} == {"persons": 3, "devices": 3}
