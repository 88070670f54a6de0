"""Could somebody be reached now, and will somebody be on call in the days to come?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from escalation.chain import (
    Channel,
    Condition,
    EscalationChain,
    Medium,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    Step,
)
from escalation.ids import ChainId, ContactPointId, RotaId, UserId
from escalation.rota import Layer, Override, Rota
from larmcentral.flows.assurance import Assurance
from tests.fakes.memory_store import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.world import BO, CARE, DAVID, HOME, T0, an_id

ROTA = RotaId(an_id("rota"))
WEEKDAYS = Rota(
    id=ROTA,
    name="Jour",
    layers=(Layer(name="Vardag", persons=(BO,), starts_on=date(2026, 1, 5), weekdays=frozenset(range(5))),),
)


def a_chain(*steps: Step) -> EscalationChain:
    return EscalationChain(id=ChainId(an_id("chain")), version=1, name="Natt", steps=steps)


def a_step(target: PersonTarget | OnCallTarget | NearestTarget, when: Condition | None = None) -> Step:
    return Step(targets=(target,), media=(Medium.PUSH,), wait=timedelta(seconds=30), when=when or Condition())


def faults(world: World) -> set[str]:
    return {fault for committee, fault, _, _ in world.store.tables.faults if committee == CARE}


def lose_the_phone_of(world: World, point: str) -> None:
    owner, contact, _ = world.store.tables.points[ContactPointId(an_id(point))]
    world.store.tables.points[ContactPointId(an_id(point))] = (owner, contact, True)


def test_a_chain_whose_first_steps_reach_somebody_is_assured(world: World) -> None:
    assert world.do(world.house.assurance.look_at_chains()) == frozenset()
    assert not faults(world)


def test_a_first_step_that_nobody_stands_behind_any_more_is_said_until_it_is_mended(new_world: NewWorld) -> None:
    world = new_world(a_chain(a_step(PersonTarget(BO)), a_step(PersonTarget(DAVID))))
    before = dict(world.store.tables.points)
    lose_the_phone_of(world, "david app")
    assert world.do(world.house.assurance.look_at_chains()) == {CARE}
    assert faults(world) == {"nobody_reachable"}
    world.store.tables.points[ContactPointId(an_id("david app"))] = before[ContactPointId(an_id("david app"))]
    assert world.do(world.house.assurance.look_at_chains()) == frozenset()
    assert not faults(world)


def test_a_first_step_whose_people_are_all_on_dead_ways_reaches_nobody(new_world: NewWorld) -> None:
    world = new_world(a_chain(a_step(PersonTarget(DAVID))))
    for dead, expected in ((Channel.FCM, [CARE]), (Channel.APNS, [])):
        means = replace(world.server.means, dead=lambda dead=dead: frozenset({dead}))
        assert list(world.do(Assurance(means).look_at_chains())) == expected


def test_the_look_comes_every_ten_minutes(new_world: NewWorld) -> None:
    world = new_world(a_chain(a_step(PersonTarget(DAVID))))
    lose_the_phone_of(world, "david app")
    world.run(seconds=590)
    assert not faults(world)
    world.run(seconds=15)
    assert faults(world) == {"nobody_reachable"}


def test_a_step_that_does_not_apply_now_or_whose_people_nobody_can_know_is_not_held_against_the_chain(
    new_world: NewWorld,
) -> None:
    by_day = Condition(hours=(time(8), time(16)))  # it is three in the morning
    world = new_world(a_chain(a_step(PersonTarget(DAVID), by_day), a_step(NearestTarget(3, 2000))))
    lose_the_phone_of(world, "david app")
    assert world.do(world.house.assurance.look_at_chains()) == frozenset()


def test_on_call_is_asked_of_the_rota_of_this_moment(new_world: NewWorld) -> None:
    world = new_world(a_chain(a_step(OnCallTarget(ROTA))))
    world.do(MemoryRegister(world.store).rota(HOME, WEEKDAYS, T0))
    assert world.do(world.house.assurance.look_at_chains()) == frozenset()
    weekend = Rota(id=ROTA, name="Jour", layers=(), version=2)
    world.do(MemoryRegister(world.store).rota(HOME, weekend, T0))
    assert world.do(world.house.assurance.look_at_chains()) == {CARE}


def test_a_weekend_without_anybody_is_warned_of_72_hours_ahead(world: World) -> None:
    # The story begins on Wednesday 4 March at 03.00; nobody is on call from Saturday at 00.00, 69 hours later.
    world.do(MemoryRegister(world.store).rota(HOME, WEEKDAYS, T0))
    assert world.do(world.house.assurance.look_at_rotas()) == {CARE}
    assert faults(world) == {"rota_gap"}
    until = world.clock.now() + timedelta(days=10)
    by = UserId(an_id("karin"))
    filled = Override(person_id=DAVID, from_at=world.clock.now(), until_at=until, layer=None, ground="helg", made_by=by)
    mended = Rota(id=ROTA, name="Jour", layers=WEEKDAYS.layers, overrides=(filled,), version=2)
    world.do(MemoryRegister(world.store).rota(HOME, mended, T0))
    assert world.do(world.house.assurance.look_at_rotas()) == frozenset()
    assert not faults(world)
