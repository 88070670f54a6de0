"""Can anybody be reached, through the next hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import (
    Condition,
    DeskTarget,
    EscalationChain,
    Medium,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    ReceiverTarget,
    Step,
    TeamTarget,
)
from escalation.ids import ChainId, CommitteeId, RotaId, UnitId
from escalation.rota import Layer, Rota
from larmcentral.domain.reach import HouseUnit, UnitReach
from larmcentral.domain.register import ChainChoice
from larmcentral.flows import reach_board
from larmcentral.flows.reach_board import ReachBoard
from tests.fakes.memory_store import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import NIGHT as NOW
from tests.stories.world import SIGHT, World
from tests.world import ANNA, BO, CARE, CECILIA, DAVID, GUARD, HOME, NIGHT, ORGANISATION, SOCIAL, T0, UNIT, an_id

NORD = HouseUnit(organisation_id=ORGANISATION, committee_id=CARE, unit_id=UNIT, name="Nord")
ROTA = RotaId(an_id("rota"))
DUTY = Rota(
    id=ROTA,
    name="Jour",
    layers=(Layer(name="natt", persons=(DAVID, BO), starts_on=date(2026, 3, 2), length_days=1, hand_over=time(7)),),
)
"""They change at seven by the house's clock."""


def a_chain(*steps: Step, upgrade_to: AlarmKind | None = None, name: str = "Natt") -> EscalationChain:
    return EscalationChain(id=ChainId(an_id(name)), version=1, name=name, steps=steps, upgrade_to=upgrade_to)


def tells(*targets: object, when: Condition | None = None) -> Step:
    said = {} if when is None else {"when": when}
    return Step(targets=targets, media=(Medium.PUSH, Medium.SMS), wait=timedelta(seconds=30), **said)  # type: ignore[arg-type]  # targets of every kind


def board(world: World, *units: HouseUnit, hours: int = 12) -> Sequence[UnitReach]:
    return world.do(ReachBoard(world.server.means).look(units or (NORD,), hours=hours, sight=SIGHT))


def laid(found: UnitReach, world: World) -> list[tuple[float, float, set[object]]]:
    """Hours from now, and who."""
    start = found.stretches[0].from_at
    return [
        ((one.from_at - start) / timedelta(hours=1), (one.until_at - start) / timedelta(hours=1), set(one.persons))
        for one in found.stretches
    ]


def test_who_would_be_told_stands_in_the_order_of_the_chain(world: World) -> None:
    [found] = board(world)
    [stretch] = found.stretches
    assert (found.unit, found.chain) == (NORD, "Natt")
    assert set(stretch.persons[:3]) == {ANNA, BO, CECILIA}
    assert stretch.persons[3:] == (DAVID, GUARD)
    assert stretch.until_at - stretch.from_at == timedelta(hours=12)
    assert stretch.from_at == world.clock.now().replace(second=0, microsecond=0)


def test_it_turns_with_the_rota_and_with_the_hours_of_a_step(new_world: NewWorld) -> None:
    by_day = Condition(hours=(time(8), time(10)))
    world = new_world(a_chain(tells(OnCallTarget(ROTA)), tells(PersonTarget(CECILIA), when=by_day)))
    world.do(MemoryRegister(world.store).rota(HOME, DUTY, T0))
    [found] = board(world)
    assert world.clock.now() == NOW, "three in the morning at the house"
    assert laid(found, world) == [
        (0.0, 4.0, {BO}),
        (4.0, 5.0, {DAVID}),
        (5.0, 7.0, {DAVID, CECILIA}),
        (7.0, 12.0, {DAVID}),
    ]


def test_the_desk_and_centres_are_nobody_and_neither_is_who_may_be_near(new_world: NewWorld) -> None:
    world = new_world(a_chain(tells(DeskTarget(), NearestTarget(3, 2000)), tells(ReceiverTarget("nord"))))
    [found] = board(world)
    assert [one.persons for one in found.stretches] == [()]


def test_a_committee_without_a_chain_says_so(world: World) -> None:
    social = HouseUnit(organisation_id=ORGANISATION, committee_id=SOCIAL, unit_id=None, name="Social")
    found = board(world, NORD, social)
    assert [(one.chain, [stretch.persons == () for stretch in one.stretches]) for one in found] == [
        ("Natt", [False]),
        (None, [True]),
    ]


def test_a_panic_that_nobody_answers_takes_the_graver_chain(new_world: NewWorld) -> None:
    first = tells(PersonTarget(DAVID))
    world = new_world(a_chain(first, tells(TeamTarget(NIGHT)), upgrade_to=AlarmKind.HOLD_UP))
    graver = ChainChoice(
        id=an_id("graver"), chain=a_chain(tells(PersonTarget(GUARD)), name="Rån"), kind=AlarmKind.HOLD_UP
    )
    world.do(MemoryRegister(world.store).chain(HOME, graver, T0))
    [found] = board(world)
    assert [one.persons for one in found.stretches] == [(DAVID, GUARD)]


def test_a_board_on_which_everything_turns_ends_earlier(new_world: NewWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world = new_world(a_chain(tells(OnCallTarget(ROTA))))
    world.do(MemoryRegister(world.store).rota(HOME, DUTY, T0))
    monkeypatch.setattr(reach_board, "MOST_MOMENTS", 2)
    [found] = board(world, hours=72)
    assert laid(found, world) == [(0.0, 4.0, {BO}), (4.0, 28.0, {DAVID})]


def test_it_says_what_then_happens(world: World) -> None:
    """Whoever the board names is whom the alarm then tells."""
    elsewhere = HouseUnit(
        organisation_id=ORGANISATION, committee_id=CommitteeId(CARE), unit_id=UnitId(an_id("syd")), name="Syd"
    )
    [found, _] = board(world, NORD, elsewhere)
    world.press()
    world.run(seconds=149)
    happened = {sent.notice.person_id for channel in world.channels.values() for sent in channel.sent} - {None}
    assert happened == set(found.stretches[0].persons) - {ANNA}, "she pressed it herself"
    assert isinstance(found.stretches[0].from_at, datetime)
