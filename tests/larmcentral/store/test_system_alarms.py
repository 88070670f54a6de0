"""System alarms that a person takes down, and the line that says who."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from escalation.effects import SystemFault
from escalation.ids import CommitteeId, OrganisationId, PersonId, UserId
from escalation.incident import Refused
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.domain.errors import NotFound, Poison
from larmcentral.domain.roles import Reach
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.reading import Reader
from larmcentral.store.system_alarms import ACTION, SystemAlarms
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of

UNREACHABLE = SystemFault.RECEIVER_UNREACHABLE.value


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def row(town: Town, alarm_id: UUID) -> dict[str, Any]:
    return dict(await town.connection.fetchrow("SELECT * FROM system_alarms WHERE id = $1", alarm_id))


async def test_it_stands_no_more_and_who_did_what_is_kept(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    eva = UserId(await town.user("eva", "operator", care))
    ended = await town.incident(care, state="stood_down", stood_down_at=NOON, outcome="real")
    alarm_id = await town.system_alarm(care, UNREACHABLE, incident_id=ended)
    scope = scope_of(town, care)
    alarms = SystemAlarms(made.web)
    await alarms.deal_with(scope, alarm_id, by=eva, note="ringde Nordlarm")
    assert await Reader(made.web).system_alarms(scope) == ()
    kept = await row(town, alarm_id)
    assert (kept["dealt_with_by"], kept["dealt_with_note"]) == (eva, "ringde Nordlarm")
    assert kept["cleared_at"] >= NOON
    [line] = await town.connection.fetch("SELECT * FROM access_log")
    assert (line["user_id"], line["action"], line["incident_id"], line["ground"]) == (eva, ACTION, ended, UNREACHABLE)
    await alarms.deal_with(scope, alarm_id, by=UserId(town.new_id()), note="jag med")
    assert await row(town, alarm_id) == kept, "the first one dealt with it"


async def test_a_house_whose_committee_is_not_entered_has_no_place_for_a_fault(made: Rooms) -> None:
    clock = SystemClock()
    store = PostgresStore(made.service, made.web, clock, SystemIds(clock))
    with pytest.raises(Poison):
        await store.raise_fault(OrganisationId(made.town.organisation), CommitteeId(UUID(int=9)), UNREACHABLE)


async def test_what_is_still_so_is_raised_again(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    eva = UserId(await town.user("eva", "operator", care))
    await SystemAlarms(made.web).deal_with(
        scope_of(town, care), await town.system_alarm(care, UNREACHABLE), by=eva, note="borta"
    )
    again = await town.system_alarm(care, UNREACHABLE)
    assert [one.id for one in await Reader(made.web).system_alarms(scope_of(town, care))] == [again]


async def test_what_the_house_clears_by_itself_is_not_a_persons_to_take_down(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    alarm_id = await town.system_alarm(care, SystemFault.CHAIN_USED_UP.value)
    with pytest.raises(Refused, match="house_clears_it"):
        await SystemAlarms(made.web).deal_with(scope_of(town, care), alarm_id, by=UserId(town.new_id()), note="nej")
    assert (await row(town, alarm_id))["cleared_at"] is None
    assert await town.connection.fetchval("SELECT count(*) FROM access_log") == 0


async def test_nobody_takes_down_what_is_out_of_his_sight(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    alarm_id = await town.system_alarm(social, UNREACHABLE)
    own = replace(scope_of(town, social), reach=Reach.OWN, person_id=PersonId(town.new_id()))
    for scope, wanted in ((scope_of(town, care), alarm_id), (scope_of(town, social), town.new_id()), (own, alarm_id)):
        with pytest.raises(NotFound):
            await SystemAlarms(made.web).deal_with(scope, wanted, by=UserId(town.new_id()), note="nej")
    assert (await row(town, alarm_id))["cleared_at"] is None
