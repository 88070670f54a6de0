"""Places entered by an administrator: what the database itself refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escalation.chain import Risk
from escalation.ids import CommitteeId, OrganisationId, PersonId, PlaceId
from larmcentral.domain.beacons import PlacedBeacon
from larmcentral.domain.errors import NotFound, Poison
from larmcentral.domain.place import Area, Place
from larmcentral.domain.register import Home, PlaceFlag, SitePlan
from larmcentral.store.register import Register
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms

LATE: datetime = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""Half past midnight at the house: already the next day there."""


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def home_of(made: Rooms, name: str = "Omsorgsnämnden") -> Home:
    return Home(OrganisationId(made.town.organisation), CommitteeId(await made.town.committee(name)))


def cottage(made: Rooms) -> Place:
    return Place(id=PlaceId(made.town.new_id()), name="Stugan")


async def test_a_place_stays_with_its_committee(made: Rooms) -> None:
    register, care, social = Register(made.service), await home_of(made), await home_of(made, "Socialnämnden")
    place = cottage(made)
    await register.place(care, place)
    await register.place(care, replace(place, name="Stugan vid sjön"))
    with pytest.raises(NotFound):
        await register.place(social, place)
    names = await made.town.connection.fetch("SELECT name, committee_id FROM places")
    assert [tuple(row) for row in names] == [("Stugan vid sjön", care.committee_id)]


async def test_a_drawing_is_kept_once_and_neither_too_large_nor_of_an_odd_kind(made: Rooms) -> None:
    register, care, place = Register(made.service), await home_of(made), cottage(made)
    await register.place(care, place)
    plan = SitePlan(place_id=place.id, media_type="image/png", body=b"1")
    await register.site_plan(care, plan, NOON)
    await register.site_plan(care, replace(plan, media_type="application/pdf", body=b"2"), NOON)
    rows = await made.town.connection.fetch("SELECT media_type, body FROM place_plans")
    assert [tuple(row) for row in rows] == [("application/pdf", b"2")]
    for wrong in (replace(plan, body=bytes(5 * 1024 * 1024 + 1)), replace(plan, media_type="text/html")):
        with pytest.raises(Poison):
            await register.site_plan(care, wrong, NOON)


async def test_an_administrator_hangs_beacons_and_says_where_a_drawing_lies(made: Rooms) -> None:
    register, care, place = Register(made.service), await home_of(made), cottage(made)
    await register.place(care, place)
    lies = Area(59.0, 17.4, 59.2, 17.6)
    await register.site_plan(care, SitePlan(place_id=place.id, media_type="image/png", body=b"1", bounds=lies), NOON)
    for _ in range(2):
        await register.beacons(care, place.id, [PlacedBeacon(id="ac233f000001", said="AC233F000001", label="hall")])
    edges = await made.town.connection.fetch("SELECT south, west, north, east FROM place_plans")
    hanging = await made.town.connection.fetch("SELECT beacon, said, label, place_id FROM place_beacons")
    assert [tuple(row) for row in edges] == [(59.0, 17.4, 59.2, 17.6)]
    assert [tuple(row) for row in hanging] == [("ac233f000001", "AC233F000001", "hall", place.id)]


async def test_a_flag_is_reviewed_within_ninety_days_of_the_house(made: Rooms) -> None:
    register, care, place = Register(made.service), await home_of(made), cottage(made)
    owner = PersonId(await made.town.person(care.committee_id, "David"))
    await register.place(care, place)
    flag = PlaceFlag(
        id=made.town.new_id(),
        place_id=place.id,
        risk=Risk.EVIDENT,
        owner_id=owner,
        ground="hotad",
        review_on=datetime(2026, 11, 23, tzinfo=UTC).date() + timedelta(days=90),
    )
    with pytest.raises(Poison):
        await register.flag(care, replace(flag, review_on=flag.review_on + timedelta(days=1)), LATE)
    await register.flag(care, flag, LATE)
    await register.flag(care, flag, LATE)
    await register.flag(care, replace(flag, id=made.town.new_id()), LATE)
    standing = await made.town.connection.fetch("SELECT lifted_at FROM place_flags ORDER BY id")
    assert [row["lifted_at"] for row in standing] == [LATE, None]
