from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import ManagerTarget
from escalation.effects import About, SystemFault
from escalation.events import Operator, System
from escalation.handover import CaseLine, Handover, Signed, decide_handover, start_handover
from escalation.ids import IncidentId, UserId
from escalation.incident import Refused, State
from escalation.plan import SafetyPlan
from escalation.vigil import ClearFault, Due, RaiseFault, SendWord, VigilDecision, VigilEntry
from tests.escalation.cast import ANNA, FIA, GUN

TEN = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
"""22:00, when the night comes on."""
HOR = Operator(UserId(UUID(int=23)))
PLAN = SafetyPlan()


def case(number: int, kind: AlarmKind, minutes_old: int) -> CaseLine:
    return CaseLine(IncidentId(UUID(int=number)), kind, State.OPEN, minutes(minutes_old))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


FALL, PANIC, OLD_FALL = (
    case(1, AlarmKind.FALL, 3),
    case(2, AlarmKind.PANIC, 1),
    case(3, AlarmKind.FALL, 90),
)
LISTED = start_handover(FIA, GUN.user_id, (FALL, PANIC, OLD_FALL), PLAN, TEN)
ANYBODY = start_handover(FIA, None, (), PLAN, TEN).core
WORD = SendWord(About.HANDOVER_OPEN, (ManagerTarget(),), 1, TEN + minutes(10), outward=True, detail=(("cases", "3"),))


def signed(handover: Handover, by: Operator, after_minutes: float) -> VigilDecision[Handover]:
    return decide_handover(handover, Signed(by), TEN + minutes(after_minutes))


# Journey 13: the shift change.


def test_the_list_has_the_gravest_first_and_among_those_the_oldest() -> None:
    assert LISTED.core.cases == (PANIC, OLD_FALL, FALL)
    assert [line.gravity for line in LISTED.core.cases] == [1, 2, 2]
    assert LISTED.core.due_at == TEN + minutes(10)
    assert LISTED.entries == (VigilEntry("listed", TEN, FIA, (("cases", "3"), ("to", str(GUN.user_id)))),)


def test_signed_by_both_within_ten_minutes_it_is_over_and_nobody_is_told() -> None:
    left = signed(LISTED.core, FIA, 2)
    assert (left.core.left_at, left.core.ended_at, left.effects) == (TEN + minutes(2), None, ())
    taken = signed(left.core, GUN, 9)
    assert (taken.core.taken_by, taken.core.ended_at, taken.effects) == (GUN.user_id, TEN + minutes(9), ())
    assert taken.core.due_at is None
    assert taken.entries == (VigilEntry("signed", TEN + minutes(9), GUN, (("part", "comes"),)),)


def test_who_comes_may_sign_first() -> None:
    taken = signed(LISTED.core, GUN, 1).core
    assert taken.ended_at is None
    assert signed(taken, FIA, 2).core.ended_at == TEN + minutes(2)


@pytest.mark.parametrize(
    ("by", "missing"), [((), "leaves,comes"), ((FIA,), "comes"), ((GUN,), "leaves")], ids=["nobody", "fia", "gun"]
)
def test_after_ten_minutes_without_both_the_manager_is_told_once_who_is_missing(
    by: tuple[Operator, ...], missing: str
) -> None:
    handover = LISTED.core
    for one in by:
        handover = signed(handover, one, 1).core
    told = decide_handover(handover, Due(), TEN + minutes(10))
    assert told.effects == (WORD, RaiseFault(SystemFault.HANDOVER_OPEN))
    assert told.entries == (VigilEntry("unsigned", TEN + minutes(10), System(), (("missing", missing),)),)
    assert told.core.due_at is None
    assert decide_handover(told.core, Due(), TEN + minutes(60)) == VigilDecision(told.core)


def test_a_clock_that_comes_early_or_after_the_end_changes_nothing() -> None:
    early = TEN + minutes(10) - timedelta(microseconds=1)
    assert decide_handover(LISTED.core, Due(), early) == VigilDecision(LISTED.core)
    over = signed(signed(LISTED.core, FIA, 1).core, GUN, 2).core
    assert decide_handover(over, Due(), TEN + minutes(60)) == VigilDecision(over)


def test_it_stays_open_until_both_have_signed_and_then_the_fault_is_mended() -> None:
    late = decide_handover(LISTED.core, Due(), TEN + minutes(10)).core
    left = signed(late, FIA, 300)
    assert (left.core.ended_at, left.effects) == (None, ())
    assert signed(left.core, GUN, 301).effects == (ClearFault(SystemFault.HANDOVER_OPEN),)


def test_one_person_does_not_sign_for_both() -> None:
    with pytest.raises(Refused, match="same_person"):
        signed(signed(LISTED.core, FIA, 1).core, FIA, 2)
    with pytest.raises(Refused, match="same_person"):
        start_handover(FIA, FIA.user_id, (), PLAN, TEN)


def test_nor_with_a_second_log_in_of_his_own() -> None:
    day, night = Operator(UserId(UUID(int=41)), ANNA), Operator(UserId(UUID(int=42)), ANNA)
    handover = start_handover(day, None, (), PLAN, TEN).core
    with pytest.raises(Refused, match="same_person"):
        signed(handover, night, 1)


def test_nobody_else_signs_for_the_one_who_is_named() -> None:
    with pytest.raises(Refused, match="not_named"):
        signed(LISTED.core, HOR, 1)


def test_where_nobody_is_named_whoever_signs_has_come() -> None:
    taken = signed(ANYBODY, HOR, 1).core
    assert taken.taken_by == HOR.user_id
    with pytest.raises(Refused, match="signed"):
        signed(taken, GUN, 2)


def test_what_both_have_signed_is_not_signed_again() -> None:
    over = signed(signed(ANYBODY, FIA, 1).core, GUN, 2).core
    with pytest.raises(Refused, match="signed"):
        signed(over, GUN, 3)
