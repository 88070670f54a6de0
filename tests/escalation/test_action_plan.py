from uuid import UUID

import pytest

from escalation.action_plan import ActionPlan, PlanStep, chosen
from escalation.alarm import AlarmKind

NORD, SYD = UUID(int=1), UUID(int=2)
SOLGÅRDEN, TORGET = UUID(int=11), UUID(int=12)


def plan(
    name: str, *, kind: AlarmKind | None = None, unit: UUID | None = None, place: UUID | None = None
) -> ActionPlan:
    steps = (PlanStep("ring", "Ring upp"), PlanStep("go", "Skicka någon"))
    number = UUID(int=sum(name.encode()))
    return ActionPlan(id=number, name=name, version=1, steps=steps, kind=kind, unit_id=unit, place_id=place)


ANY = plan("any")
FALL = plan("fall", kind=AlarmKind.FALL)
OF_NORD = plan("of nord", unit=NORD)
FALL_OF_NORD = plan("fall of nord", kind=AlarmKind.FALL, unit=NORD)
AT_SOLGÅRDEN = plan("at Solgården", place=SOLGÅRDEN)
FALL_AT_SOLGÅRDEN = plan("fall at Solgården", kind=AlarmKind.FALL, place=SOLGÅRDEN)
PLANS = [AT_SOLGÅRDEN, FALL, ANY, FALL_OF_NORD, FALL_AT_SOLGÅRDEN, OF_NORD]


@pytest.mark.parametrize(
    ("kind", "unit", "place", "wins"),
    [
        (AlarmKind.PANIC, None, None, ANY),
        (AlarmKind.FALL, None, None, FALL),
        (AlarmKind.FALL, SYD, TORGET, FALL),
        (AlarmKind.PANIC, NORD, None, OF_NORD),
        (AlarmKind.FALL, NORD, TORGET, FALL_OF_NORD),
        (AlarmKind.PANIC, NORD, SOLGÅRDEN, AT_SOLGÅRDEN),
        (AlarmKind.FALL, NORD, SOLGÅRDEN, FALL_AT_SOLGÅRDEN),
    ],
)
def test_the_most_specific_plan_wins(kind: AlarmKind, unit: UUID | None, place: UUID | None, wins: ActionPlan) -> None:
    assert chosen(PLANS, kind, unit, place) == wins
    assert chosen(PLANS[::-1], kind, unit, place) == wins


def test_a_plan_for_somewhere_else_goes_with_nothing_here() -> None:
    assert chosen([FALL, OF_NORD, AT_SOLGÅRDEN], AlarmKind.PANIC, SYD, None) is None
    assert chosen([], AlarmKind.FALL, NORD, SOLGÅRDEN) is None


def test_a_step_is_found_by_its_key() -> None:
    assert ANY.step("go") == PlanStep("go", "Skicka någon")
    assert ANY.step("wait") is None
