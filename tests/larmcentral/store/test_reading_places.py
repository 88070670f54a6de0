"""Places: chosen, read with a line in the log, and written within one's own committees alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from escalation.chain import Risk
from escalation.ids import CommitteeId, PersonId, PlaceId, UnitId
from larmcentral.domain.beacons import PlacedBeacon
from larmcentral.domain.errors import NotFound, Poison
from larmcentral.domain.place import Area, Place
from larmcentral.domain.register import SitePlan
from larmcentral.domain.views import PlanBounds
from larmcentral.domain.views_places import Beacon, FlagView, PlaceChoice, PlaceView
from larmcentral.store.reading_places import Places
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import looks, place, scope_of, viewer_of

LATER = NOON + timedelta(days=1)
REVIEW = date(2027, 1, 10)
PNG = b"\x89PNG\r\n\x1a\n"
HALL = PlacedBeacon(id="ac233f000002", said="AC:23:3F:00:00:02", label="hall")
STAIRS = PlacedBeacon(id="ac233f000001", said="ac233f000001", label="trapphus")


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def test_a_place_is_written_whole_and_again_with_what_is_new(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care = await town.committee("Omsorg")
    unit = UnitId(await town.unit(care))
    house = PlaceId(await place(town, care, "Stadshuset"))
    entered = Place(
        id=PlaceId(town.new_id()),
        name="Rum 12",
        address="Storgatan 1",
        floor="3",
        door_code="1234",
        notes="hund",
        lat=59.1,
        lon=17.5,
        building_id=house,
        unit_id=unit,
    )
    scope, operator = scope_of(town, care), viewer_of(town, care)
    await places.save(scope, CommitteeId(care), entered)
    await places.save_plan(scope, replace(plan(entered.id), bounds=Area(59.0, 17.4, 59.2, 17.6)), NOON)
    await places.set_beacons(scope, entered.id, (HALL, STAIRS))
    await places.save(scope, CommitteeId(care), replace(entered, door_code="9999"))
    assert await places.place(scope, entered.id, by=operator, now=NOON) == PlaceView(
        id=entered.id,
        committee_id=care,
        name="Rum 12",
        address="Storgatan 1",
        floor="3",
        door_code="9999",
        notes="hund",
        lat=59.1,
        lon=17.5,
        building_id=house,
        unit_id=unit,
        plan_type="image/png",
        flag=None,
        no_signal_at=None,
        plan_bounds=PlanBounds(south=59.0, west=17.4, north=59.2, east=17.6),
        beacons=(Beacon(id="AC:23:3F:00:00:02", label="hall"), Beacon(id="ac233f000001", label="trapphus")),
    )
    assert await looks(town) == [("place_shown", "register", None, entered.id)]
    await places.place(scope, house, by=operator, now=NOON)
    assert len(await looks(town)) == 2  # another place is another reading


async def test_places_are_found_by_a_part_of_name_or_address(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    oak = await place(town, care, "Eken", address="Ågatan 3")
    ash = await place(town, care, "Asken", address="Torget")
    await place(town, social, "Skyddat boende", address="Ågatan 4")
    scope = scope_of(town, care)
    await places.set_flag(scope, PlaceId(oak), **a_flag(await town.person(care, "Chef")))
    await places.report_coverage(scope, PlaceId(oak), good=False, now=NOON)
    assert await places.places(scope, part="") == (
        PlaceChoice(id=ash, committee_id=care, name="Asken", address="Torget", risk="none", no_signal_at=None),
        PlaceChoice(id=oak, committee_id=care, name="Eken", address="Ågatan 3", risk="evident", no_signal_at=NOON),
    )
    assert [one.id for one in await places.places(scope, part="ågATAN")] == [oak]
    assert [one.id for one in await places.places(scope, part="ask")] == [ash]
    assert await places.places(scope, part="%") == ()


async def test_another_committees_place_is_neither_read_nor_written(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    theirs = PlaceId(await place(town, social, "Skyddat boende", door_code="1234"))
    await places.save_plan(scope_of(town, social), plan(theirs), NOON)
    await places.set_beacons(scope_of(town, social), theirs, (HALL,))
    boss = await town.person(care, "Chef")
    scope, operator = scope_of(town, care), viewer_of(town, care)
    before = await everything(town)
    for one in (theirs, PlaceId(town.new_id())):
        for asked in (
            places.place(scope, one, by=operator, now=NOON),
            places.plan(scope, one),
            places.remove(scope, one),
            places.save_plan(scope, plan(one), NOON),
            places.set_beacons(scope, one, (STAIRS,)),
            places.remove_plan(scope, one),
            places.set_flag(scope, one, **a_flag(boss)),
            places.lift_flag(scope, one, NOON),
            places.report_coverage(scope, one, good=False, now=NOON),
        ):
            with pytest.raises(NotFound):
                await asked
    for committee in (care, social):
        with pytest.raises(NotFound):
            await places.save(scope, CommitteeId(committee), Place(id=theirs, name="Mitt"))
    assert await everything(town) == before
    assert await looks(town) == []


async def test_a_place_is_no_part_of_what_cannot_be_seen(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    hidden, unit = PlaceId(await place(town, social, "Skyddat boende")), UnitId(await town.unit(social))
    for one in (
        Place(id=PlaceId(town.new_id()), name="Rum", building_id=hidden),
        Place(id=PlaceId(town.new_id()), name="Rum", unit_id=unit),
    ):
        with pytest.raises(NotFound):
            await places.save(scope_of(town, care), CommitteeId(care), one)
    assert await places.places(scope_of(town, care), part="") == ()


async def test_a_place_that_was_removed_is_gone_until_it_is_entered_again(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care = await town.committee("Omsorg")
    one, scope = Place(id=PlaceId(town.new_id()), name="Eken"), scope_of(town, care)
    await places.save(scope, CommitteeId(care), one)
    await places.save_plan(scope, plan(one.id), NOON)
    await places.remove(scope, one.id)
    assert await places.places(scope, part="") == ()
    for asked in (
        places.plan(scope, one.id),
        places.place(scope, one.id, by=viewer_of(town, care), now=NOON),
        places.remove(scope, one.id),
    ):
        with pytest.raises(NotFound):
            await asked
    await places.save(scope, CommitteeId(care), one)
    assert await places.plan(scope, one.id) == ("image/png", PNG)


async def test_a_plan_takes_the_place_of_the_one_before_and_is_dropped(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care = await town.committee("Omsorg")
    one, scope = PlaceId(await place(town, care, "Eken")), scope_of(town, care)
    with pytest.raises(NotFound):
        await places.plan(scope, one)
    lies = Area(59.0, 17.4, 59.2, 17.6)
    await places.save_plan(scope, replace(plan(one), bounds=lies), NOON)
    await places.save_plan(scope, SitePlan(place_id=one, media_type="application/pdf", body=b"%PDF-1.7"), LATER)
    assert (await places.place(scope, one, by=viewer_of(town, care), now=NOON)).plan_bounds is None
    assert await places.plan(scope, one) == ("application/pdf", b"%PDF-1.7")
    await places.remove_plan(scope, one)
    await places.remove_plan(scope, one)
    with pytest.raises(NotFound):
        await places.plan(scope, one)


async def test_a_plan_that_lies_nowhere_is_refused_by_the_table(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care = await town.committee("Omsorg")
    one, scope = PlaceId(await place(town, care, "Eken")), scope_of(town, care)
    for edges in (Area(59.2, 17.4, 59.0, 17.6), Area(59.0, 17.6, 59.2, 17.4), Area(59.0, 17.4, 91.0, 17.6)):
        with pytest.raises(Poison):
            await places.save_plan(scope, replace(plan(one), bounds=edges), NOON)


async def test_beacons_are_written_anew_and_one_that_is_entered_elsewhere_was_moved(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    oak, ash, far = [PlaceId(await place(town, one, "Hus")) for one in (care, care, social)]
    scope, operator = scope_of(town, care, social), viewer_of(town, care, social)

    async def labels(where: PlaceId) -> list[str]:
        return [one.label for one in (await places.place(scope, where, by=operator, now=NOON)).beacons]

    await places.set_beacons(scope, oak, (HALL, STAIRS))
    await places.set_beacons(scope, far, (HALL,))
    await places.set_beacons(scope, ash, (replace(HALL, label="källare"),))
    assert [await labels(one) for one in (oak, ash, far)] == [["trapphus"], ["källare"], ["hall"]]
    await places.set_beacons(scope, oak, ())
    assert await labels(oak) == []


async def test_one_flag_stands_at_a_time_and_those_before_are_kept(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care = await town.committee("Omsorg")
    boss = await town.person(care, "Chef")
    one, scope = PlaceId(await place(town, care, "Eken")), scope_of(town, care)
    await places.set_flag(scope, one, **a_flag(boss) | {"risk": Risk.RAISED, "ground": "hot"})
    await places.set_flag(scope, one, **a_flag(boss) | {"now": LATER})
    found = await places.place(scope, one, by=viewer_of(town, care), now=LATER)
    assert found.flag == FlagView(
        risk="evident", owner_id=boss, owner="Chef", ground="våld", review_on=REVIEW, set_at=LATER
    )
    await places.lift_flag(scope, one, LATER)
    await places.lift_flag(scope, one, LATER)
    assert (await places.place(scope, one, by=viewer_of(town, care), now=LATER)).flag is None
    rows = await town.connection.fetch("SELECT ground, lifted_at FROM place_flags ORDER BY set_at")
    assert [tuple(row) for row in rows] == [("hot", LATER), ("våld", LATER)]


async def test_two_who_write_about_a_place_in_the_same_moment_both_do_so_one_after_the_other(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    boss, other = await town.person(care, "Chef"), await town.person(care, "Vikarie")
    one, scope = Place(id=PlaceId(town.new_id()), name="Eken"), scope_of(town, care)
    await asyncio.gather(*(places.save(scope, care, replace(one, floor=floor)) for floor in ("1", "2")))
    await asyncio.gather(*(places.set_flag(scope, one.id, **a_flag(owner)) for owner in (boss, other)))
    standing = await town.connection.fetch("SELECT owner_id FROM place_flags WHERE lifted_at IS NULL")
    assert len(standing) == 1
    assert await town.connection.fetchval("SELECT count(*) FROM place_flags") == 2


async def test_a_flag_has_an_owner_whom_one_may_know(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    one, scope = PlaceId(await place(town, care, "Eken")), scope_of(town, care)
    await places.set_flag(scope, one, **a_flag(await town.person(care, "Chef")))
    with pytest.raises(NotFound):
        await places.set_flag(scope, one, **a_flag(await town.person(social, "Sekretess")) | {"now": LATER})
    found = await places.place(scope, one, by=viewer_of(town, care), now=NOON)
    assert found.flag is not None
    assert found.flag.owner == "Chef"


async def test_a_signal_that_is_found_again_ends_the_want_of_it(made: Rooms) -> None:
    town, places = made.town, Places(made.web)
    care = await town.committee("Omsorg")
    one, scope, operator = PlaceId(await place(town, care, "Eken")), scope_of(town, care), viewer_of(town, care)
    await places.report_coverage(scope, one, good=False, now=NOON)
    assert (await places.place(scope, one, by=operator, now=LATER)).no_signal_at == NOON
    await places.report_coverage(scope, one, good=True, now=LATER)
    assert (await places.place(scope, one, by=operator, now=LATER)).no_signal_at is None


def plan(where: PlaceId) -> SitePlan:
    return SitePlan(place_id=where, media_type="image/png", body=PNG)


def a_flag(owner: UUID) -> dict[str, object]:
    return {"risk": Risk.EVIDENT, "owner_id": PersonId(owner), "ground": "våld", "review_on": REVIEW, "now": NOON}


async def everything(town: Town) -> list[tuple[object, ...]]:
    """All that stands about places."""
    found: list[tuple[object, ...]] = []
    for table in ("places", "place_plans", "place_flags", "place_coverage", "place_beacons"):
        found += [(table, *row) for row in await town.connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
    return found
