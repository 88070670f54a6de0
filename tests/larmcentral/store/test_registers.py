"""Lists for the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.roles import Scope
from larmcentral.store.registers import Registers
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


def scope_of(made: Rooms, committee: UUID) -> Scope:
    return Scope(organisation_id=OrganisationId(made.town.organisation), committees=frozenset({CommitteeId(committee)}))


async def test_persons_are_found_by_a_part_of_their_name_while_they_are_here(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    for name, ends_on in (("Åsa Öst", None), ("Anna", NOON.date()), ("Gone", NOON.date() - timedelta(days=1))):
        await made.town.person(care, name, ends_on=ends_on)
    registers, scope = Registers(made.web), scope_of(made, care)
    assert {one.name for one in await registers.persons(scope, part="", now=NOON)} == {"Anna", "Åsa Öst"}
    assert [one.name for one in await registers.persons(scope, part="ÅSA", now=NOON)] == ["Åsa Öst"]
    assert await registers.persons(scope, part="%", now=NOON) == ()


async def test_devices_show_who_wears_them_and_the_longest_unheard_first(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    anna = await made.town.person(care, "Anna")
    heard = await made.town.device(care, "1", worn_by=anna, seen_at=NOON)
    long_ago = await made.town.device(care, "2", seen_at=NOON - timedelta(days=3))
    never = await made.town.device(care, "3")
    found = await Registers(made.web).devices(scope_of(made, care), now=NOON)
    assert [(one.device.id, one.person and one.person.name) for one in found] == [
        (never, None),
        (long_ago, None),
        (heard, "Anna"),
    ]


async def test_a_device_says_what_is_wrong_with_it_before_anybody_needs_it(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    well, worn_out, spare = [await town.device(care, name, seen_at=NOON) for name in ("1", "2", "3")]
    await town.connection.execute(
        "UPDATE devices SET supervised = false, pool = true, supervision = 'sp2' WHERE id = $1", spare
    )
    await town.connection.execute(
        "UPDATE device_states SET last_seen_at = $2, battery_pct = 19 WHERE device_id <> $1",
        well,
        NOON - timedelta(days=2),
    )
    for device, days, reached in ((well, 30, True), (well, 40, True), (worn_out, 31, True), (worn_out, 1, False)):
        at = NOON - timedelta(days=days)
        await town.insert(
            "test_alarms",
            organisation_id=town.organisation,
            committee_id=care,
            signal_id=town.new_id(),
            incident_id=town.new_id(),
            device_id=device,
            received_at=at,
            reached_desk_at=at if reached else None,
        )
    found = {one.device.id: one for one in await Registers(made.web).devices(scope_of(made, care), now=NOON)}
    assert [
        (one.silent, one.low_battery, one.tested_at, one.test_due, one.pool, one.supervision)
        for one in (found[well], found[worn_out], found[spare])
    ] == [
        (False, False, NOON - timedelta(days=30), False, False, "wearable"),
        (True, True, NOON - timedelta(days=31), True, False, "wearable"),
        (False, True, None, True, True, "sp2"),
    ]


async def test_unknown_input_is_shown_as_hex(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    await made.town.unknown_input(care, b"\x00\x7e")
    [found] = await Registers(made.web).unknown_input(scope_of(made, care))
    assert (found.sample_hex, found.times, found.reason) == ("007e", 3, "no_frame")
