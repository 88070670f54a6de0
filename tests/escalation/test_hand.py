from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.effects import EntryKind
from escalation.events import (
    Absorbed,
    Acknowledged,
    EscalatedNow,
    Event,
    HandedOver,
    JumpedTo,
    MergedInto,
    NoteAdded,
    OnTheWay,
    Operator,
    Outcome,
    OwnerLeft,
    PeopleAdded,
    PutBack,
    PutOnHold,
    Responder,
    StoodDown,
)
from escalation.ids import IncidentId, UserId
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import ANNA, BO, CIA, DAG, DESK, FIA, GUN, Case, alarm, person, phones, seconds, step


def taken(kind: AlarmKind, *, silent: bool = False, purpose: Purpose = Purpose.REAL) -> Case:
    case = Case([step(DESK)], Roster(), kind=kind, silent=silent, purpose=purpose, subject=DAG)
    case.happens(Acknowledged(FIA))
    return case


@pytest.mark.parametrize("silent", [True, False])
def test_the_wearer_is_told_that_a_person_has_it_as_silently_as_he_called(silent: bool) -> None:
    case = taken(AlarmKind.PANIC, silent=silent)
    assert case.wearer_told == [silent]
    assert case.told == [EntryKind.ACKNOWLEDGED, EntryKind.WEARER_TOLD]


def test_whoever_missed_a_check_in_hears_that_somebody_looks_for_him_in_a_drill_too() -> None:
    assert taken(AlarmKind.MISSED_CHECK_IN).wearer_told == [False]
    assert taken(AlarmKind.PANIC, purpose=Purpose.DRILL).wearer_told == [False]


def test_responders_are_persons_too_once_they_are_enough() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2)], phones(ANNA, BO))
    case.happens(OnTheWay(Responder(ANNA)))
    assert case.wearer_told == []
    case.happens(OnTheWay(Responder(BO)))
    assert case.wearer_told == [False]
    case.happens(Acknowledged(FIA))
    assert case.wearer_told == []


def test_the_wearer_is_told_once_however_often_it_is_taken() -> None:
    case = taken(AlarmKind.PANIC)
    case.happens(PutBack(FIA, case.roster))
    case.happens(Acknowledged(GUN))
    assert case.state == "acknowledged"
    assert case.wearer_told == []


@pytest.mark.parametrize("silent", [True, False])
def test_duress_is_told_to_nobody_on_the_wearers_side(silent: bool) -> None:
    case = taken(AlarmKind.DURESS, silent=silent)
    assert case.state == "acknowledged"
    assert case.wearer_told == []
    assert not case.incident.wearer_told


def test_duress_that_joins_a_panic_keeps_the_wearers_device_still() -> None:
    case = Case([step(DESK)], Roster(), silent=True, subject=DAG)
    case.happens(alarm(case.incident.chain, case.roster, AlarmKind.DURESS, silent=True, signal=2))
    case.happens(Acknowledged(FIA))
    assert case.wearer_told == []


def test_neither_a_device_that_wants_help_nor_a_test_tells_a_wearer() -> None:
    assert taken(AlarmKind.LOW_BATTERY).wearer_told == []
    assert taken(AlarmKind.PANIC, purpose=Purpose.TEST).wearer_told == []


def test_an_operator_who_does_nothing_is_watched_and_any_act_of_his_ends_the_watch() -> None:
    acts = (NoteAdded(FIA, "on it"), EscalatedNow(FIA, Roster()), JumpedTo(FIA, 0, Roster()))
    for act in (*acts, PeopleAdded(FIA, (DESK,), Roster()), Absorbed(FIA, IncidentId(UUID(int=0xA2)), AlarmKind.FALL)):
        case = taken(AlarmKind.PANIC)
        assert case.timers == {"lapse": 120, "owner_idle": 60}
        case.happens(act)
        assert "owner_idle" not in case.timers, act


def test_what_another_operator_does_is_no_work_of_the_owners() -> None:
    case = taken(AlarmKind.PANIC)
    case.happens(NoteAdded(GUN, "is anybody on this?"))
    assert case.timers == {"lapse": 900, "owner_idle": 60}


def test_an_incident_that_comes_loose_in_the_middle_of_its_turns_goes_on_with_the_next_of_them() -> None:
    whole = [step(person(ANNA), person(BO), person(CIA), turn=20), step(DESK)]
    case = Case(whole, phones(ANNA, BO, CIA))
    case.happens(Acknowledged(Responder(ANNA)))
    assert (case.timers, case.incident.queue) == ({"lapse": 120}, (BO, CIA))
    case.passes(120)
    assert case.rung == ["desk", "bo fcm", "anna fcm"]
    assert case.timers == {"next_step": 20}
    assert case.incident.queue == (CIA,)


# An operator whose own alarm it is: he works alone too, and whoever threatens him holds the screen.


HERSELF = Operator(UserId(UUID(int=23)), DAG)


@pytest.mark.parametrize(
    "event",
    [
        Acknowledged(HERSELF),
        PutOnHold(HERSELF, seconds(60)),
        MergedInto(HERSELF, IncidentId(UUID(int=0xA2))),
        StoodDown(HERSELF, Outcome.FALSE, ""),
    ],
)
def test_the_wearers_own_screen_stops_no_help(event: Event) -> None:
    case = Case([step(DESK)], Roster(), kind=AlarmKind.DURESS, silent=True, subject=DAG)
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(event)


def test_nobody_is_given_his_own_alarm_to_look_after() -> None:
    case = taken(AlarmKind.PANIC)
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(HandedOver(FIA, HERSELF))
    case.happens(OwnerLeft(HERSELF, case.roster))
    assert (case.state, case.incident.owner) == ("open", None)


def test_an_operator_ends_a_drill_about_himself() -> None:
    case = Case([step(DESK)], Roster(), purpose=Purpose.DRILL, subject=DAG)
    case.happens(Acknowledged(HERSELF))
    case.happens(StoodDown(HERSELF, Outcome.DRILL, ""))
    assert case.state == "stood_down"
