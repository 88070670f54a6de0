"""Who would be called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import (
    BuildingTarget,
    Condition,
    DeskTarget,
    EscalationChain,
    Medium,
    OnCallTarget,
    PersonTarget,
    ReceiverTarget,
    Step,
)
from escalation.ids import ChainId, PersonId, PlaceId, RotaId, UnitId
from escalation.rota import Layer, Rota
from larmcentral.domain.errors import NotFound
from larmcentral.domain.place import Place
from larmcentral.domain.views_house import DryCall
from tests.fakes.memory_store import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import SIGHT, World
from tests.world import ANNA, BO, CARE, CECILIA, DAVID, HOME, SOCIAL, T0, UNIT, an_id

SATURDAY = datetime(2026, 11, 28, 2, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def asked(
    world: World, *, person_id: PersonId | None = ANNA, unit_id: UnitId | None = None, silent: bool = False
) -> Sequence[DryCall]:
    return world.do(
        world.house.dry_run.who_would_be_called(
            person_id=person_id,
            unit_id=unit_id,
            committee_id=CARE,
            kind=AlarmKind.FALL,
            silent=silent,
            at=SATURDAY,
            sight=SIGHT,
        )
    )


def told(calls: Sequence[DryCall]) -> list[tuple[float, str | None, str | None]]:
    return [(call.after_s, call.person, call.channel) for call in calls if call.what == "told"]


def test_it_says_what_then_happens(world: World) -> None:
    calls = asked(world)
    first: dict[tuple[str | None, str | None], float] = {}
    for after_s, who, channel in told(calls):
        first.setdefault((who, channel), after_s)
    assert first == {
        ("Bo", "apns"): 0.0,
        ("Cecilia", "fcm"): 0.0,
        ("David", "fcm"): 30.0,
        ("David", "sms"): 50.0,
        ("Väktaren", "sms"): 90.0,
    }
    world.press()
    world.run(seconds=149)
    happened = {sent.notice.person_id for channel in world.channels.values() for sent in channel.sent}
    assert happened - {None} == {call.person_id for call in calls if call.what == "told"}
    assert "used_up" in {call.what for call in calls}


def test_it_changes_nothing(world: World) -> None:
    asked(world)
    world.run(seconds=120)
    assert not world.store.tables.incidents
    assert not world.called


def test_the_rota_and_the_calendar_are_those_of_that_night(new_world: NewWorld) -> None:
    rota = RotaId(an_id("rota"))
    weekend = Layer(name="Helg", persons=(DAVID,), starts_on=date(2026, 1, 3), weekdays=frozenset({5, 6}))
    week = Layer(name="Vecka", persons=(BO,), starts_on=date(2026, 1, 3), weekdays=frozenset(range(5)))
    by_day = Condition(hours=(time(6), time(18)))
    steps = (
        Step(targets=(PersonTarget(CECILIA),), media=(Medium.PUSH,), wait=timedelta(seconds=30), when=by_day),
        Step(targets=(OnCallTarget(rota),), media=(Medium.PUSH,), wait=timedelta(seconds=30)),
    )
    world = new_world(EscalationChain(id=ChainId(an_id("chain")), version=1, name="Natt", steps=steps))
    world.do(MemoryRegister(world.store).rota(HOME, Rota(id=rota, name="Jour", layers=(week, weekend)), T0))
    calls = asked(world)
    assert [(call.what, call.step, call.person, call.why) for call in calls[:2]] == [
        ("passed_over", 0, None, "condition"),
        ("told", 1, "David", None),
    ]


def test_who_is_in_the_building_is_as_of_now_and_says_so(new_world: NewWorld) -> None:
    house = PlaceId(an_id("house"))
    step = Step(targets=(BuildingTarget(), PersonTarget(DAVID)), media=(Medium.PUSH,), wait=timedelta(seconds=30))
    world = new_world(EscalationChain(id=ChainId(an_id("chain")), version=1, name="Hus", steps=(step,)))

    async def at_work() -> None:
        await MemoryRegister(world.store).place(HOME, Place(id=house, name="Huset"))
        for who in (ANNA, BO):
            await world.server.lone_work.on_shift(who, world.clock.now() + timedelta(hours=1), house)

    world.do(at_work())
    assert {(call.person, call.as_of_now) for call in asked(world) if call.what == "told"} == {
        ("Bo", True),
        ("David", False),
    }


def test_a_centre_is_shown_with_its_name_and_its_second(new_world: NewWorld) -> None:
    steps = (
        Step(targets=(PersonTarget(DAVID),), media=(Medium.PUSH,), wait=timedelta(seconds=30)),
        Step(targets=(ReceiverTarget("nord"), DeskTarget()), media=(), wait=timedelta(seconds=60)),
    )
    world = new_world(EscalationChain(id=ChainId(an_id("chain")), version=1, name="Natt", steps=steps))
    (centre,) = [call for call in asked(world) if call.what == "receiver"]
    assert centre == DryCall(after_s=30, what="receiver", step=1, round=1, channel="receiver", receiver="nord")


def test_of_a_unit_as_well_as_of_a_person(world: World) -> None:
    of_unit = asked(world, person_id=None, unit_id=UnitId(UNIT))
    assert "Anna" in {call.person for call in of_unit}, "nobody in particular wears it, so nobody is left out"
    assert "Anna" not in {call.person for call in asked(world)}


def test_nobody_may_ask_about_another_committee(world: World) -> None:
    for who in ({"person_id": PersonId(an_id("nobody"))}, {"person_id": None, "unit_id": UnitId(an_id("no unit"))}):
        with pytest.raises(NotFound):
            asked(world, **who)
    with pytest.raises(NotFound):
        world.do(
            world.house.dry_run.who_would_be_called(
                person_id=ANNA,
                unit_id=None,
                committee_id=CARE,
                kind=AlarmKind.FALL,
                silent=False,
                at=SATURDAY,
                sight=frozenset({SOCIAL}),
            )
        )
