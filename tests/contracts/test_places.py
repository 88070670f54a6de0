"""What flows may rely on about places, shifts, rotas and managers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from escalation.chain import Risk
from escalation.ids import PersonId, PlaceId, RotaId, UserId
from escalation.rota import Layer, OnHolidays, Override, Rota
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.place import Area, Presence, Situation
from larmcentral.domain.record import Subject
from larmcentral.domain.register import PlaceFlag
from larmcentral.flows.alarms import file_alarms
from protocols.signal import Position, SignalKind
from tests.contracts.conftest import Kept
from tests.contracts.town import ANNA_ALONE, BUTTON_ID, COTTAGE, RECEPTION, TOWN_HALL, begin_session, settle_places
from tests.world import ANNA, BO, CARE, CECILIA, DAVID, HOME, ORGANISATION, SOCIAL, UNIT, WATCH, an_id, press

ROTA = RotaId(an_id("rota"))
AROUND = Area(south=57.8, west=12.4, north=58.0, east=12.7)


def on_shift(kept: Kept, person_id: PersonId = ANNA, **more: Any) -> Presence:
    now = kept.clock.now()
    usual = Presence(
        organisation_id=ORGANISATION,
        committee_id=CARE,
        person_id=person_id,
        since=now - timedelta(hours=1),
        until=now + timedelta(hours=7),
    )
    return replace(usual, **more)


def heard(
    at: datetime, *, lat: float | None = None, lon: float | None = None, protocol: str = "watch", account: str = WATCH
) -> DeviceState:
    return DeviceState(
        organisation_id=ORGANISATION,
        protocol=protocol,
        account=account,
        receiver="watch",
        last_seen_at=at,
        lat=lat,
        lon=lon,
    )


async def arrive(kept: Kept, *presences: Presence) -> None:
    async with kept.store.transaction(frozenset({CARE})) as tx:
        for presence in presences:
            await tx.arrive(presence)


async def presence_of(kept: Kept, person_id: PersonId) -> Presence | None:
    async with kept.store.transaction() as tx:
        return await tx.presence(person_id)


async def situation(kept: Kept, subject: Subject = ANNA_ALONE) -> Situation:
    async with kept.store.transaction() as tx:
        (found,) = await tx.situations([subject])
    return found


async def test_a_position_on_shift_is_kept_and_off_shift_is_dropped(kept: Kept) -> None:
    now = kept.clock.now()
    await kept.store.fold_telemetry([heard(now, lat=57.9, lon=12.5)])
    assert await presence_of(kept, ANNA) is None
    await arrive(kept, on_shift(kept))
    await kept.store.fold_telemetry([heard(now)])
    one = await presence_of(kept, ANNA)
    assert one is not None
    assert one.lat is None
    await kept.store.fold_telemetry([heard(now, lat=57.9, lon=12.5), heard(now)])
    one = await presence_of(kept, ANNA)
    assert one is not None
    assert (one.lat, one.lon, one.fix_at, one.device_id) == (57.9, 12.5, now, an_id("watch"))
    async with kept.store.transaction(frozenset({CARE})) as tx:
        await tx.depart(ANNA)
    await arrive(kept, on_shift(kept))
    one = await presence_of(kept, ANNA)
    assert one is not None
    assert one.lat is None


async def test_an_older_fix_moves_nobody_back_and_the_apps_counts_as_well(kept: Kept) -> None:
    now = kept.clock.now()
    await arrive(kept, on_shift(kept))
    app = heard(now, lat=57.91, lon=12.51, protocol="app", account=str(ANNA))
    older = replace(heard(now, lat=1.0, lon=1.0), fix_at=now - timedelta(minutes=5))
    strange = heard(now, lat=2.0, lon=2.0, protocol="app", account="not an id")
    await kept.store.fold_telemetry([app, older, strange])
    await kept.store.fold_telemetry([older])
    one = await presence_of(kept, ANNA)
    assert one is not None
    assert (one.lat, one.lon, one.device_id) == (57.91, 12.51, None)


async def test_a_shift_that_ran_out_is_followed_no_more_but_is_still_there_to_be_ended(kept: Kept) -> None:
    now = kept.clock.now()
    await arrive(kept, on_shift(kept, until=now - timedelta(seconds=1)))
    await kept.store.fold_telemetry([heard(now, lat=57.9, lon=12.5)])
    one = await presence_of(kept, ANNA)
    assert one is not None
    assert one.lat is None
    async with kept.store.transaction() as tx:
        assert not await tx.present(ORGANISATION, CARE, area=None, building_id=None, fresh_since=now)
    assert (await situation(kept)).place_id is None


async def test_who_is_near_is_on_shift_in_the_box_and_was_seen_lately(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()
    fresh = {"lat": 57.93, "lon": 12.53, "fix_at": now}
    await arrive(
        kept,
        on_shift(kept, ANNA, **fresh),
        on_shift(kept, BO, **(fresh | {"fix_at": now - timedelta(hours=1)})),
        on_shift(kept, CECILIA, **(fresh | {"lat": 59.0})),
        on_shift(kept, DAVID),
    )
    since = now - timedelta(minutes=15)
    async with kept.store.transaction() as tx:

        async def seen(area: Area | None, building_id: PlaceId | None = None) -> set[PersonId]:
            found = await tx.present(ORGANISATION, CARE, area=area, building_id=building_id, fresh_since=since)
            return {one.person_id for one in found}

        assert await seen(AROUND) == {ANNA}
        assert await seen(Area(south=50, west=170, north=60, east=13)) == {ANNA, CECILIA}
        assert await seen(Area(south=50, west=13, north=60, east=-170)) == set()
        assert await seen(None) == {ANNA, BO, CECILIA, DAVID}
        assert await seen(None, TOWN_HALL) == set()
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert not await tx.present(ORGANISATION, CARE, area=None, building_id=None, fresh_since=since)


async def test_who_is_in_a_building_is_there_by_the_place_or_by_his_word(kept: Kept) -> None:
    await settle_places(kept)
    await arrive(
        kept,
        on_shift(kept, ANNA, place_id=RECEPTION),
        on_shift(kept, BO, building_id=TOWN_HALL),
        on_shift(kept, CECILIA, place_id=COTTAGE),
        on_shift(kept, DAVID, place_id=TOWN_HALL),
    )
    async with kept.store.transaction() as tx:
        found = await tx.present(ORGANISATION, CARE, area=None, building_id=TOWN_HALL, fresh_since=kept.clock.now())
    assert {one.person_id for one in found} == {ANNA, BO, DAVID}


async def test_where_an_alarm_comes_from_is_known_by_session_shift_or_device(kept: Kept) -> None:
    await settle_places(kept)
    assert await situation(kept) == Situation(unit_id=UNIT)
    await arrive(kept, on_shift(kept, place_id=RECEPTION))
    by_shift = await situation(kept)
    assert (by_shift.place_id, by_shift.building_id, by_shift.place_name) == (RECEPTION, TOWN_HALL, "Receptionen")
    await begin_session(kept, COTTAGE)
    by_session = await situation(kept)
    assert (by_session.place_id, by_session.building_id) == (COTTAGE, COTTAGE)
    async with kept.store.transaction() as tx:
        button = await tx.subject_of_device(BUTTON_ID)
        assert button is not None
        both = await tx.situations([button, ANNA_ALONE])
    assert [one.place_id for one in both] == [RECEPTION, COTTAGE]
    other = replace(ANNA_ALONE, person_id=BO)
    assert (await situation(kept, other)).place_id is None


async def test_the_newest_position_counts_and_the_places_own_where_there_is_none(kept: Kept) -> None:
    await settle_places(kept)
    await arrive(kept, on_shift(kept, place_id=TOWN_HALL))
    assert (await situation(kept)).lat == 57.930
    now = kept.clock.now()
    await kept.store.fold_telemetry([replace(heard(now, lat=57.1, lon=12.1), fix_at=now - timedelta(minutes=5))])
    assert (await situation(kept)).lat == 57.1
    alarm = press(kept.ids.new(), at=now, position=Position(lat=57.2, lon=12.2, fix_at=now - timedelta(minutes=1)))
    later = press(
        kept.ids.new(),
        at=now,
        key="p2",
        kind=SignalKind.POSITION,
        position=Position(lat=57.9, lon=12.9, fix_at=now, valid=False),
    )
    async with kept.store.transaction() as tx:
        await file_alarms(tx, [alarm, later], kept.means)
    found = await situation(kept)
    assert (found.lat, found.lon) == (57.2, 12.2)
    assert (await situation(kept, ANNA_ALONE.as_covert())).lat == 57.2


async def test_a_flag_stands_until_it_is_lifted_and_only_one_at_a_time(kept: Kept) -> None:
    await settle_places(kept)
    today = date(2026, 3, 4)
    flag = PlaceFlag(
        id=an_id("flag"),
        place_id=COTTAGE,
        risk=Risk.RAISED,
        owner_id=DAVID,
        ground="hotad i mars",
        review_on=today + timedelta(days=90),
    )
    set_at = kept.clock.now().replace(year=2026, month=3, day=4, microsecond=0)
    await kept.register.flag(HOME, flag, set_at)
    await kept.register.flag(HOME, replace(flag, id=an_id("flag 2"), risk=Risk.EVIDENT), set_at)
    async with kept.store.transaction(frozenset({CARE})) as tx:
        known = await tx.place(COTTAGE)
    assert known is not None
    assert known.flag is not None
    assert (known.flag.risk, known.flag.owner_name, known.flag.ground) == (Risk.EVIDENT, "David", "hotad i mars")
    assert (known.flag.set_at, known.flag.review_on) == (set_at, flag.review_on)
    assert (known.place.address, known.place.notes, known.place.plan_type) == ("Skogsvägen 1", "hund", None)
    await begin_session(kept, COTTAGE)
    assert (await situation(kept)).risk is Risk.EVIDENT
    await kept.register.lift_flag(HOME, COTTAGE, kept.clock.now())
    assert (await situation(kept)).risk is Risk.NONE
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert await tx.place(COTTAGE) is None
        assert (await tx.situations([ANNA_ALONE]))[0].place_id is None


async def test_a_place_remembers_that_there_was_no_signal_until_there_is_one(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()

    async def remembered(at: datetime, *, good: bool) -> datetime | None:
        async with kept.store.transaction(frozenset({CARE})) as tx:
            await tx.report_coverage(COTTAGE, at, good)
            known = await tx.place(COTTAGE)
        assert known is not None
        return known.no_signal_at

    assert await remembered(now, good=True) is None
    assert await remembered(now + timedelta(minutes=1), good=False) == now + timedelta(minutes=1)
    assert await remembered(now, good=True) == now + timedelta(minutes=1)
    assert await remembered(now + timedelta(minutes=2), good=True) is None
    assert await remembered(now + timedelta(minutes=1), good=False) is None


async def test_a_rota_is_read_in_its_newest_version(kept: Kept) -> None:
    layer = Layer(
        name="jour",
        persons=(BO, CECILIA),
        starts_on=date(2026, 3, 2),
        hand_over=time(7, 30),
        hours=(time(22), time(6)),
        weekdays=frozenset({4, 5, 6}),
        holidays=OnHolidays.ALWAYS,
    )
    now = kept.clock.now()
    stand_in = Override(
        person_id=DAVID,
        from_at=now,
        until_at=now + timedelta(hours=8),
        layer=0,
        ground="sjuk",
        made_by=UserId(an_id("k")),
    )
    first = Rota(id=ROTA, name="Jour Nord", layers=(layer,))
    second = replace(first, version=2, overrides=(stand_in,))
    await kept.register.rota(HOME, first, now)
    await kept.register.rota(HOME, second, now)
    unknown = RotaId(an_id("no rota"))
    async with kept.store.transaction() as tx:
        assert await tx.rotas([ROTA, unknown]) == {ROTA: second}
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert await tx.rotas([ROTA]) == {}
    (in_use,) = await kept.store.rotas_in_use()
    assert (in_use.organisation_id, in_use.committee_id, in_use.rota) == (ORGANISATION, CARE, second)


async def test_a_units_managers_are_those_that_were_named_last(kept: Kept) -> None:
    await kept.register.managers(HOME, UNIT, [BO, DAVID])
    await kept.register.managers(HOME, UNIT, [DAVID, CECILIA])
    async with kept.store.transaction(frozenset({CARE})) as tx:
        found = await tx.managers([UNIT])
        assert found == {UNIT: tuple(sorted([DAVID, CECILIA]))}
        house, unit = await tx.subject_of_house(CARE, None), await tx.subject_of_house(CARE, UNIT)
        assert await tx.subject_of_house(SOCIAL, None) is None
    assert house is not None
    assert unit is not None
    assert (house.label, house.unit_id, house.protocol, house.known) == ("Omsorgsnämnden", None, "house", False)
    assert (unit.label, unit.unit_id, unit.account) == ("Nord", UNIT, str(UNIT))


async def test_every_chain_that_an_alarm_could_take_is_in_use(kept: Kept) -> None:
    (found,) = await kept.store.chains_in_use()
    assert (found.committee_id, found.unit_id, found.kind, found.chain.name) == (CARE, None, None, "Natt")
