from escalation.chain import Roster
from escalation.effects import Entry, EntryKind, SystemFault
from escalation.events import Acknowledged, Arrived, NoteAdded, OnTheWay, Operator, Responder, System
from escalation.ids import UserId
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DESK,
    EVA,
    FIA,
    GUN,
    PUSH,
    SMS,
    START,
    Case,
    person,
    phones,
    seconds,
    step,
)


def test_a_yes_that_nothing_follows_lapses_and_everybody_is_asked_again() -> None:
    whole = [step(person(ANNA), person(BO), media=(PUSH, SMS), in_turn=True), step(person(CIA), wait=45)]
    case = Case(whole, phones(ANNA, BO, CIA))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(120)
    assert case.state == "open"
    assert case.told == [EntryKind.ACKNOWLEDGEMENT_LAPSED, EntryKind.STEP_BEGUN]
    assert case.rung == ["desk", "cia fcm", "anna fcm", "bo fcm"]
    assert case.states == {"anna": "notified", "bo": "notified", "cia": "notified"}
    assert case.timers == {"next_medium anna": 20, "next_medium bo": 20, "next_step": 45}
    assert case.incident.acknowledged_at == START


def test_an_owner_who_does_nothing_loses_it() -> None:
    case = Case([step(person(ANNA)), step(person(BO))], phones(ANNA, BO))
    case.happens(Acknowledged(FIA))
    case.passes(120)
    assert (case.state, case.incident.owner) == ("open", None)
    assert case.last.entries[0] == Entry(
        EntryKind.ACKNOWLEDGEMENT_LAPSED,
        START + seconds(120),
        System(),
        (("owner", str(FIA.user_id)), ("state", "open")),
    )
    assert case.rung == ["desk", "bo fcm", "anna fcm"]
    case.happens(Acknowledged(GUN))
    assert case.incident.owner == GUN
    assert case.incident.acknowledged_at == START


def test_when_attention_lapses_those_on_site_stay_and_the_released_are_left_in_peace() -> None:
    case = Case([step(person(ANNA), person(BO)), step(person(CIA))], phones(ANNA, BO, CIA))
    case.happens(Arrived(Responder(ANNA)))
    case.passes(900)
    assert case.state == "open"
    assert case.states == {"anna": "on_site", "bo": "released", "cia": "notified"}
    assert case.rung == ["desk", "cia fcm"]
    case.happens(Arrived(Responder(ANNA)))
    assert case.state == "acknowledged"
    assert case.states == {"anna": "on_site", "bo": "released", "cia": "released"}
    assert case.told == [EntryKind.ARRIVED, EntryKind.RELEASED]


def test_a_lapse_behind_the_last_step_says_so_and_begins_the_next_round_at_once() -> None:
    case = Case([step(person(ANNA), DESK)], phones(ANNA))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(120)
    assert case.faults == [(SystemFault.CHAIN_USED_UP, None)]
    assert case.rung == ["desk", "anna fcm"]
    assert (case.incident.round, case.timers) == (2, {"next_step": 30})


def test_a_lapse_with_nobody_left_to_tell_rings_those_who_were_and_waits_for_the_round() -> None:
    case = Case([step(person(ANNA)), step(person(BO))], phones(ANNA))
    case.happens(Acknowledged(FIA))
    case.passes(120)
    assert case.faults == [(SystemFault.NOBODY_TO_REACH, 1), (SystemFault.CHAIN_USED_UP, None)]
    assert case.rung == ["desk", "anna fcm"]
    assert case.timers == {"next_step": 60}


def test_a_lapse_without_a_chain_tells_the_desk() -> None:
    case = Case([], Roster())
    case.happens(OnTheWay(Responder(EVA)))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(900)
    assert case.states == {"eva": "going", "anna": "notified"}
    assert case.rung == ["desk"]
    assert case.timers == {"next_step": 60}


# Notes


def test_a_note_keeps_in_hand_what_is_in_hand() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(NoteAdded(FIA, "door code 4711"))
    assert case.last.effects == ()
    assert case.last.entries == (Entry(EntryKind.NOTE, START, FIA, (("text", "door code 4711"),)),)
    case.happens(Acknowledged(FIA))
    case.happens(NoteAdded(Operator(UserId(EVA)), "spoke with her"))
    assert case.timers == {"lapse": 900, "owner_idle": 60}
    assert case.state == "acknowledged"
