"""Who stands behind a chain, and what it costs to know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from escalation.chain import (
    BuildingTarget,
    Channel,
    Condition,
    EscalationChain,
    ManagerTarget,
    Medium,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    Risk,
    Roster,
    Step,
    Target,
)
from escalation.ids import PlaceId, RotaId, UnitId
from escalation.rota import Layer, Rota
from larmcentral.domain.place import Place, Presence
from larmcentral.domain.record import Subject
from larmcentral.flows.rosters import RosterAsk, roster_of
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import ANNA, BO, CARE, CECILIA, DAVID, HOME, ORGANISATION, UNIT, WATCH, an_id, chain

HOUSE = PlaceId(an_id("stadshuset"))
ROTA = RotaId(an_id("rota"))
SUBJECT = Subject(
    organisation_id=ORGANISATION,
    committee_id=CARE,
    protocol="watch",
    account=WATCH,
    device_id=an_id("watch"),
    person_id=ANNA,
    unit_id=UNIT,
)


class Counting:
    """A transaction that remembers what was asked of it."""

    def __init__(self, tx: Any) -> None:
        self._tx, self.asked = tx, list[str]()

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        self.asked.append(name)
        found: Callable[..., Awaitable[Any]] = getattr(self._tx, name)
        return found


@pytest.fixture
def town() -> Iterator[World]:
    world = World(hours=True)
    yield world
    world.close()


def a_chain(*targets: Target, when: Condition | None = None) -> EscalationChain:
    step = Step(targets=targets, media=(Medium.PUSH,), wait=timedelta(seconds=30))
    return replace(chain(), steps=(step if when is None else replace(step, when=when),))


def ask(
    world: World, a: EscalationChain, subject: Subject = SUBJECT, *, dead: frozenset[Channel] = frozenset()
) -> tuple[Roster, list[str]]:
    """The roster while some channels are dead, and the names of what the transaction was asked."""
    means = replace(world.server.means, dead=lambda: dead)

    async def load() -> tuple[Roster, list[str]]:
        async with world.store.transaction() as tx:
            counting: Any = Counting(tx)
            found = await roster_of(counting, RosterAsk(subject, a), means, world.clock.now())
            return found, counting.asked

    return world.do(load())


def people(roster: Roster, target: Target) -> list[object]:
    return [contact.person_id for contact in roster.contacts.get(target, ())]


def stand(world: World, person_id: Any, *, metres_north: float, minutes_old: float = 0, place: Any = None) -> None:
    """Somebody is on shift, so far from 59.38 north 13.50 east."""

    async def arrive() -> None:
        now = world.clock.now()
        async with world.store.transaction() as tx:
            await tx.arrive(
                Presence(
                    organisation_id=ORGANISATION,
                    committee_id=CARE,
                    person_id=person_id,
                    since=now,
                    until=now + timedelta(hours=8),
                    building_id=place,
                    lat=59.38 + metres_north / 111_400,
                    lon=13.50,
                    fix_at=now - timedelta(minutes=minutes_old),
                )
            )

    world.do(arrive())


def test_persons_teams_and_the_desk_cost_one_round_trip(town: World) -> None:
    _, asked = ask(town, chain())
    assert asked == ["roster"]


def test_the_nearest_are_found_closest_first_and_the_wearer_is_never_one_of_them(town: World) -> None:
    stand(town, ANNA, metres_north=0)
    stand(town, BO, metres_north=900)
    stand(town, CECILIA, metres_north=300)
    stand(town, DAVID, metres_north=2500)
    target = NearestTarget(2, 2000)
    roster, _ = ask(town, a_chain(target))
    assert list(dict.fromkeys(people(roster, target))) == [CECILIA, BO]


def test_a_position_older_than_a_quarter_of_an_hour_is_nobodys(town: World) -> None:
    stand(town, ANNA, metres_north=0)
    stand(town, BO, metres_north=10, minutes_old=16)
    stand(town, CECILIA, metres_north=300, minutes_old=14)
    target = NearestTarget(3, 2000)
    roster, _ = ask(town, a_chain(target))
    assert people(roster, target) == [CECILIA]


def test_whoever_has_no_contact_point_does_not_take_the_place_of_one_who_has(town: World) -> None:
    stand(town, ANNA, metres_north=0)
    stand(town, CECILIA, metres_north=100)
    stand(town, DAVID, metres_north=300)
    for point_id, (owner, point, _) in list(town.store.tables.points.items()):
        if owner == CECILIA:
            town.store.tables.points[point_id] = (owner, point, True)
    target = NearestTarget(1, 2000)
    roster, _ = ask(town, a_chain(target))
    assert set(people(roster, target)) == {DAVID}


def test_what_is_on_a_dead_way_out_is_marked_behind_every_kind_of_target(town: World) -> None:
    stand(town, ANNA, metres_north=0)
    stand(town, DAVID, metres_north=100)
    town.do(MemoryRegister(town.store).managers(HOME, UnitId(UNIT), (DAVID,)))
    targets = (PersonTarget(DAVID), NearestTarget(1, 2000), ManagerTarget())
    roster, _ = ask(town, a_chain(*targets), dead=frozenset({Channel.FCM}))
    for target in targets:
        marked = {contact.channel: contact.dead for contact in roster.contacts[target]}
        assert marked == {Channel.FCM: True, Channel.SMS: False}
    alive, _ = ask(town, a_chain(*targets))
    assert not any(contact.dead for contacts in alive.contacts.values() for contact in contacts)


def test_a_person_is_known_by_the_order_of_his_own(town: World) -> None:
    roster, _ = ask(town, a_chain(PersonTarget(DAVID)))
    assert {contact.channel: contact.rank for contact in roster.contacts[PersonTarget(DAVID)]} == {
        Channel.FCM: 0,
        Channel.SMS: 1,
    }


def test_whom_nothing_reaches_just_now_does_not_take_the_place_of_one_whom_something_does(town: World) -> None:
    stand(town, ANNA, metres_north=0)
    stand(town, CECILIA, metres_north=100)
    stand(town, BO, metres_north=300)
    one, both = NearestTarget(1, 2000), NearestTarget(2, 2000)
    roster, _ = ask(town, a_chain(one, both), dead=frozenset({Channel.FCM}))
    assert set(people(roster, one)) == {BO}
    assert list(dict.fromkeys(people(roster, both))) == [CECILIA, BO]


def test_everybody_on_shift_in_the_building_but_the_wearer(town: World) -> None:
    town.do(MemoryRegister(town.store).place(HOME, Place(id=HOUSE, name="Stadshuset")))
    for person_id in (ANNA, BO, DAVID):
        stand(town, person_id, metres_north=0, place=HOUSE)
    roster, _ = ask(town, a_chain(BuildingTarget()))
    assert set(people(roster, BuildingTarget())) == {BO, DAVID}


def test_who_is_on_call_is_asked_of_the_rota_now(town: World) -> None:
    rota = Rota(id=ROTA, name="Jour", layers=(Layer(name="ett", persons=(DAVID,), starts_on=date(2026, 1, 5)),))
    town.do(MemoryRegister(town.store).rota(HOME, rota, town.clock.now()))
    roster, asked = ask(town, a_chain(OnCallTarget(ROTA)))
    assert set(people(roster, OnCallTarget(ROTA))) == {DAVID}
    assert asked == ["rotas", "roster"]


def test_a_rota_that_is_gone_has_nobody(town: World) -> None:
    roster, _ = ask(town, a_chain(OnCallTarget(RotaId(an_id("gone")))))
    assert people(roster, OnCallTarget(RotaId(an_id("gone")))) == []


def test_the_managers_are_those_of_the_wearers_unit(town: World) -> None:
    town.do(MemoryRegister(town.store).managers(HOME, UnitId(UNIT), (CECILIA,)))
    roster, _ = ask(town, a_chain(ManagerTarget(), PersonTarget(DAVID)))
    assert people(roster, ManagerTarget()) == [CECILIA]
    assert DAVID in people(roster, PersonTarget(DAVID))


def test_circumstances_are_told_only_where_a_condition_asks_for_them(town: World) -> None:
    assert ask(town, chain())[0].circumstances is None
    town.calendar.holidays.add(date(2026, 3, 4))
    roster, asked = ask(town, a_chain(PersonTarget(DAVID), when=Condition(hours=(time(22), time(6)))))
    assert roster.circumstances is not None
    assert roster.circumstances.local.hour == 3, "two o'clock UTC is three in Stockholm in March"
    assert roster.circumstances.holiday
    assert "situations" not in asked


def test_a_condition_on_risk_asks_where_the_alarm_comes_from(town: World) -> None:
    roster, asked = ask(town, a_chain(PersonTarget(DAVID), when=Condition(risk=Risk.EVIDENT)))
    assert "situations" in asked
    assert roster.circumstances is not None
    assert roster.circumstances.risk is Risk.NONE
