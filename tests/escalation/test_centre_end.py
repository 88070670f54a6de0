"""What a centre is told when it is over, and what becomes of that."""

import pytest

from escalation.alarm import AlarmKind
from escalation.centre import receivers_told
from escalation.chain import Roster
from escalation.effects import Entry, EntryKind, SystemFault
from escalation.events import Absorbed, Acknowledged, Event, MergedInto, System, Wearer, WearerSafe
from escalation.incident import Decision
from escalation.purpose import Purpose
from tests.escalation.cast import DAG, DESK, FIA, NORD, Case, alarm, chain, step
from tests.escalation.centres import OTHER, OVER, alone, detail, lost, took


@pytest.mark.parametrize("so_far", ["filed", "taken", "unreached", "in hand"])
def test_a_centre_that_may_have_the_case_hears_that_it_is_over(so_far: str) -> None:
    case = Case([step(NORD, DESK, media=())], Roster())
    told: dict[str, list[Event]] = {
        "filed": [],
        "taken": [took(case)],
        "unreached": [lost(case)],
        "in hand": [Acknowledged(FIA)],
    }
    for event in told[so_far]:
        case.happens(event)
    first = case.handed(NORD)
    case.happens(OVER)
    assert (case.withdrawn, case.forwarded) == ([None], ["nord over"])
    assert case.handed(NORD) != first
    assert detail(case, EntryKind.NOTICE_FILED)[0]["about"] == "over"
    assert case.told == [EntryKind.STOOD_DOWN]


def test_one_that_refused_it_has_nothing_to_restore_unless_it_took_an_earlier_one() -> None:
    case = alone()
    case.happens(lost(case, lasting=True))
    case.happens(OVER)
    assert case.forwarded == []
    whole = chain(step(NORD, DESK, media=()), number=2)
    case = Case(whole, Roster(), kind=AlarmKind.FALL)
    case.happens(took(case))
    case.happens(alarm(whole, case.roster, AlarmKind.PANIC, signal=3))
    case.happens(lost(case, lasting=True))
    case.happens(OVER)
    assert case.forwarded == ["nord over"]


def test_one_that_was_given_up_without_an_answer_may_have_the_case_and_hears_of_the_end() -> None:
    case = alone()
    case.happens(lost(case))
    case.happens(lost(case, lasting=True))
    assert case.stands(NORD) == "failed"
    assert receivers_told(case.incident) == ("nord",)
    case.happens(OVER)
    assert case.forwarded == ["nord over"]


def test_a_later_refusal_does_not_make_up_for_an_earlier_one_that_may_have_arrived() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(Acknowledged(FIA))
    case.passes(120)
    case.happens(lost(case, lasting=True))
    case.happens(OVER)
    assert case.forwarded == ["nord over"]


def test_a_sign_of_life_calls_the_centre_off_too() -> None:
    case = Case([step(NORD, DESK, media=())], Roster(), kind=AlarmKind.MISSED_CHECK_IN, subject=DAG)
    case.happens(WearerSafe(Wearer(DAG), "check_in", case.roster))
    assert case.forwarded == ["nord over"]


def test_the_restores_answer_is_told_once_after_the_end() -> None:
    case = alone()
    late = took(case)
    case.happens(OVER)
    case.happens(late)
    assert case.last == Decision(case.incident)
    case.happens(took(case))
    told = (("receiver", "nord"), ("path", "primary"), ("about", "over"))
    assert case.last.entries == (Entry(EntryKind.RECEIVER_TOOK, case.now, System(), told),)
    assert (case.last.effects, case.state) == ((), "stood_down")
    assert case.happens(took(case)) == Decision(case.incident)


def test_a_restore_that_is_lost_for_good_is_a_fault_so_that_a_person_rings_them() -> None:
    case = alone()
    case.happens(OVER)
    case.happens(lost(case))
    assert (case.faults, case.told) == ([], [EntryKind.RECEIVER_UNREACHED])
    case.happens(lost(case))
    assert (case.faults, case.told) == ([], [])
    case.happens(lost(case, lasting=True))
    assert case.faults == [(SystemFault.RECEIVER_UNREACHABLE, None)]
    assert detail(case, EntryKind.RECEIVER_UNREACHED) == [{"receiver": "nord", "lasting": "true", "about": "over"}]
    case.happens(lost(case, lasting=True))
    assert (case.last.effects, case.last.entries) == ((), ())


# Merging


def test_a_merged_incident_leaves_it_to_the_other_to_say_that_it_is_over() -> None:
    ending, lasting = alone(), Case([step(DESK)], Roster())
    ending.happens(took(ending))
    told = receivers_told(ending.incident)
    ending.happens(MergedInto(FIA, OTHER))
    assert (told, ending.forwarded) == (("nord",), [])
    lasting.happens(Absorbed(FIA, OTHER, AlarmKind.PANIC, told))
    assert receivers_told(lasting.incident) == ("nord",)
    lasting.happens(OVER)
    assert lasting.forwarded == ["nord over"]
    lasting.happens(took(lasting))
    assert lasting.told == [EntryKind.RECEIVER_TOOK]


def test_the_one_that_goes_on_hands_its_own_case_over_and_restores_once() -> None:
    case = alone()
    case.happens(Absorbed(FIA, OTHER, AlarmKind.PANIC, ("nord", "syd")))
    case.happens(lost(case, lasting=True))
    assert receivers_told(case.incident) == ("nord", "syd")
    case.happens(OVER)
    assert case.forwarded == ["nord over", "syd over"]


def test_a_drill_absorbs_no_centre() -> None:
    case = Case([step(DESK)], Roster(), purpose=Purpose.DRILL)
    case.happens(Absorbed(FIA, OTHER, AlarmKind.PANIC, ("nord",)))
    assert case.incident.absorbed_receivers == ()
