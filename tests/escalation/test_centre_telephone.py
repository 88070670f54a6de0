"""A text or a call to a centre's people, where no receiver of it answers: no receipt, and not repeated."""

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.effects import EntryKind, SystemFault
from escalation.events import Acknowledged, PutBack
from escalation.incident import Decision
from tests.escalation.cast import DESK, FIA, NORD, Case, alarm, chain, step
from tests.escalation.centres import OVER, alone, detail, lost, rung_up, took

FAULT = [(SystemFault.RECEIVER_UNREACHABLE, None)]


def test_it_is_written_down_and_the_fault_and_the_desk_come_all_the_same() -> None:
    case = alone()
    case.happens(rung_up(case))
    assert detail(case, EntryKind.RECEIVER_TOOK) == [{"receiver": "nord", "path": "jour", "by_telephone": "true"}]
    assert (case.faults, case.rung, case.stands(NORD)) == ([], [], "filed")
    case.happens(lost(case))
    assert (case.faults, case.stands(NORD)) == (FAULT, "unreached")
    assert "desk" in case.rung
    assert case.incident.told_by_telephone("nord")
    assert not case.incident.told_by_telephone("syd")


def test_that_it_was_told_by_telephone_is_said_once() -> None:
    case = alone()
    case.happens(rung_up(case))
    case.happens(lost(case))
    assert case.happens(rung_up(case)) == Decision(case.incident)


def test_a_receiver_that_answers_afterwards_has_the_case() -> None:
    case = alone()
    for event in (rung_up(case), lost(case), took(case)):
        case.happens(event)
    assert (case.told, case.stands(NORD)) == ([EntryKind.RECEIVER_TOOK], "taken")


def test_the_next_round_tries_the_receivers_again_and_nobodys_telephone() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(rung_up(case))
    case.happens(lost(case, lasting=True))
    case.passes(60 + 60)
    assert "centre nord" in case.rung
    assert case.incident.told_by_telephone("nord")


def test_a_graver_kind_is_told_to_its_people_as_well() -> None:
    whole = chain(step(NORD, DESK, media=()), number=2)
    case = Case(whole, Roster(), kind=AlarmKind.FALL)
    case.happens(rung_up(case))
    case.happens(lost(case))
    case.happens(alarm(whole, case.roster, AlarmKind.PANIC, signal=3))
    assert not case.incident.told_by_telephone("nord")
    older = rung_up(case)
    case.happens(alarm(whole, case.roster, AlarmKind.PANIC, signal=4))
    case.happens(older)
    assert case.incident.told_by_telephone("nord")


def test_taken_in_hand_and_put_back_it_is_handed_over_again_without_a_second_text() -> None:
    case = alone()
    for event in (rung_up(case), lost(case), Acknowledged(FIA)):
        case.happens(event)
    assert case.stands(NORD) == "withdrawn"
    case.happens(PutBack(FIA, case.roster))
    assert "centre nord" in case.rung
    assert case.incident.told_by_telephone("nord")


def test_its_people_hear_of_the_end_and_that_is_no_receipt_either() -> None:
    case = alone()
    case.happens(rung_up(case))
    case.happens(lost(case, lasting=True))
    case.happens(OVER)
    assert (case.forwarded, case.incident.told_by_telephone("nord")) == (["nord over"], False)
    case.happens(rung_up(case))
    assert detail(case, EntryKind.RECEIVER_TOOK) == [
        {"receiver": "nord", "path": "jour", "by_telephone": "true", "about": "over"}
    ]
    assert case.happens(rung_up(case)) == Decision(case.incident)
    case.happens(lost(case, lasting=True))
    assert case.faults == FAULT
