from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.effects import Entry, EntryKind, SystemFault
from escalation.events import Absorbed, Acknowledged, Arrived, OnTheWay, Outcome, PutOnHold, Responder, StoodDown
from escalation.ids import IncidentId
from escalation.incident import Refused
from escalation.opening import open_incident
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DAY_TEAM,
    DESK,
    FIA,
    INCIDENT,
    PUSH,
    SMS,
    START,
    Case,
    alarm,
    chain,
    person,
    phones,
    push,
    roster,
    rung,
    sms,
    step,
)


def test_a_further_alarm_of_the_same_kind_joins_and_the_walk_goes_on_as_it_was() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA))
    case.passes(10)
    case.happens(alarm(case.incident.chain, case.roster, signal=2))
    assert case.told == [EntryKind.ALARM_JOINED]
    assert case.last.effects == ()
    assert case.timers == {"next_step": 20}


@pytest.mark.parametrize("silent", [True, False])
def test_what_shows_and_what_must_not_is_fixed_at_the_opening(silent: bool) -> None:
    case = Case([step(DESK)], Roster(), silent=silent)
    case.happens(alarm(case.incident.chain, case.roster, silent=not silent, signal=2))
    assert case.incident.silent is silent


def test_a_graver_alarm_starts_its_own_chain_anew() -> None:
    fall = [step(person(ANNA), media=(PUSH, SMS), in_turn=True), step(person(BO))]
    case = Case(fall, phones(ANNA, BO), kind=AlarmKind.FALL)
    case.passes(10)
    case.happens(alarm(chain(step(person(CIA), wait=15), number=2), phones(ANNA, CIA), signal=2))
    assert case.incident.kind is AlarmKind.PANIC
    assert case.incident.chain.id.int == 2
    assert case.incident.round == 2
    assert case.rung == ["cia fcm", "anna fcm"]
    assert case.told == [EntryKind.ALARM_JOINED, EntryKind.CHAIN_RESTARTED, EntryKind.STEP_BEGUN]
    assert case.timers == {"next_step": 15}


def test_a_graver_alarm_opens_an_incident_in_hand_and_asks_again_who_had_only_said_yes() -> None:
    whole = [step(person(ANNA), person(BO), person(CIA), needed=3)]
    case = Case(whole, phones(ANNA, BO, CIA), kind=AlarmKind.NO_MOTION)
    case.happens(Acknowledged(Responder(ANNA)))
    case.happens(OnTheWay(Responder(BO)))
    case.happens(Arrived(Responder(CIA)))
    assert case.state == "acknowledged"
    case.passes(30)
    case.happens(alarm(case.incident.chain, case.roster, signal=2))
    assert case.state == "open"
    assert case.states == {"anna": "notified", "bo": "going", "cia": "on_site"}
    assert case.rung == ["desk", "anna fcm"]
    assert case.timers == {"next_step": 30}


def test_a_graver_chain_may_be_shorter_than_the_one_it_replaces() -> None:
    case = Case([step(person(ANNA)), step(person(BO))], phones(ANNA, BO), kind=AlarmKind.FALL)
    case.passes(30)
    case.happens(alarm(chain(step(person(CIA), media=(SMS,)), number=2), phones(BO, CIA), signal=2))
    assert case.rung == ["cia sms", "bo sms"]
    case.passes(30)
    assert case.incident.used_up


def test_a_graver_alarm_takes_the_incident_out_of_the_owners_hands() -> None:
    case = Case([step(DESK)], Roster(), kind=AlarmKind.FALL)
    case.happens(Acknowledged(FIA))
    case.happens(alarm(case.incident.chain, case.roster, signal=2))
    assert (case.state, case.incident.owner) == ("open", None)
    assert case.timers == {"next_step": 30}


def test_the_desk_hears_that_what_it_had_in_hand_is_open_again_for_a_graver_alarm() -> None:
    case = Case([step(DESK)], phones(ANNA), kind=AlarmKind.FALL)
    case.happens(Acknowledged(FIA))
    case.happens(alarm(chain(step(person(ANNA)), step(DESK), number=2), case.roster, signal=2))
    assert (case.state, case.incident.owner) == ("open", None)
    assert case.rung == ["desk", "anna fcm"]


def test_a_second_press_while_the_chain_is_on_hold_sounds_at_the_desk() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA))
    case.happens(PutOnHold(FIA, timedelta(minutes=10)))
    case.happens(alarm(case.incident.chain, case.roster, AlarmKind.MISSED_CHECK_IN, signal=2))
    assert case.rung == []
    case.happens(alarm(case.incident.chain, case.roster, signal=3))
    assert case.rung == ["desk"]
    assert case.timers == {"next_step": 630}


def test_a_graver_alarm_goes_on_with_a_chain_that_shall_not_start_anew() -> None:
    case = Case(chain(step(person(ANNA)), restart=False), phones(ANNA), kind=AlarmKind.FALL)
    case.happens(Acknowledged(FIA))
    case.passes(60)
    case.happens(alarm(chain(step(DESK), number=2), Roster(), signal=2))
    assert (case.incident.kind, case.incident.chain.id.int) == (AlarmKind.PANIC, 1)
    assert case.state == "acknowledged"
    assert case.rung == ["desk"]
    assert case.timers == {"lapse": 60}
    assert SystemFault.NO_CHAIN not in case.every_fault


def test_a_graver_alarm_without_a_chain_of_its_own_does_not_cost_the_one_that_runs() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA), kind=AlarmKind.FALL)
    case.passes(10)
    case.happens(alarm(chain(number=2), Roster(), signal=2))
    assert (case.incident.kind, case.incident.chain.id.int) == (AlarmKind.PANIC, 1)
    assert case.faults == [(SystemFault.NO_CHAIN, None)]
    assert case.rung == ["desk"]
    assert case.timers == {"next_step": 20}


def test_a_second_press_in_hand_sounds_at_the_desk_and_shortens_a_long_rest() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(OnTheWay(Responder(ANNA)))
    assert case.timers == {"lapse": 900}
    case.passes(10)
    case.happens(alarm(case.incident.chain, case.roster, signal=2))
    assert case.rung == ["desk"]
    assert case.timers == {"lapse": 120}
    case.passes(60)
    case.happens(alarm(case.incident.chain, case.roster, signal=3))
    assert case.timers == {"lapse": 60}


def test_a_lesser_alarm_in_hand_sounds_at_the_desk_and_nothing_else() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(alarm(case.incident.chain, case.roster, AlarmKind.MISSED_CHECK_IN, signal=2))
    assert case.incident.kind is AlarmKind.PANIC
    assert case.rung == ["desk"]
    assert case.timers == {"lapse": 900}


def test_an_alarm_for_an_incident_that_was_stood_down_is_our_own_bug() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(StoodDown(FIA, Outcome.FALSE, ""))
    with pytest.raises(ValueError, match="opens a new one"):
        case.happens(alarm(case.incident.chain, case.roster, signal=2))


def test_the_same_alarm_at_the_same_time_is_decided_alike() -> None:
    raised = alarm(chain(step(DAY_TEAM, media=(PUSH, SMS))), roster((DAY_TEAM, [push(ANNA), sms(BO)])))
    first = open_incident(INCIDENT, Purpose.REAL, raised, START)
    assert open_incident(INCIDENT, Purpose.REAL, raised, START) == first
    assert rung(first) == ["anna fcm", "bo sms"]


def test_what_the_server_raised_itself_has_no_signal_but_a_reason_and_one_who_began_it() -> None:
    raised = replace(alarm(chain(step(DESK)), Roster(), AlarmKind.OVERDUE), signal_id=None, why="session_end", by=FIA)
    decision = open_incident(INCIDENT, Purpose.DRILL, raised, START)
    detail = (("kind", "overdue"), ("silent", "false"), ("why", "session_end"), ("state", "open"))
    assert decision.entries[0] == Entry(EntryKind.OPENED, START, FIA, detail)
    case = Case([step(DESK)], Roster())
    case.happens(raised)
    assert case.last.entries[0] == Entry(EntryKind.ALARM_JOINED, START, FIA, detail[:3])


def test_duress_is_graver_than_its_equals_without_a_chain_starting_anew() -> None:
    case = Case([step(DESK)], Roster(), silent=True)
    case.happens(alarm(chain(step(person(ANNA)), number=2), phones(ANNA), AlarmKind.DURESS, silent=True, signal=2))
    assert (case.incident.kind, case.incident.chain.id.int, case.incident.round) == (AlarmKind.DURESS, 1, 1)


# Going on for another incident


def test_a_survivor_takes_the_graver_kind_and_the_desk_hears_it_but_no_chain_starts_anew() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA), kind=AlarmKind.FALL)
    other = IncidentId(UUID(int=0xA2))
    case.happens(Absorbed(FIA, other, AlarmKind.PANIC))
    assert (case.incident.kind, case.incident.round, case.rung) == (AlarmKind.PANIC, 1, ["desk"])
    assert case.last.entries[0] == Entry(EntryKind.ABSORBED, START, FIA, (("incident", str(other)), ("kind", "panic")))
    assert case.timers == {"next_step": 30}
    case.happens(Absorbed(FIA, other, AlarmKind.FALL))
    assert (case.incident.kind, case.rung) == (AlarmKind.PANIC, [])


@pytest.mark.parametrize(("kind", "still"), [(AlarmKind.OVERDUE, True), (AlarmKind.MAN_DOWN, False)])
def test_what_was_no_silence_in_the_other_is_none_in_the_survivor(kind: AlarmKind, still: bool) -> None:
    case = Case([step(DESK)], Roster(), kind=AlarmKind.MISSED_CHECK_IN, subject=DAG)
    case.happens(Absorbed(FIA, IncidentId(UUID(int=0xA2)), kind))
    assert case.incident.silence_only is still


def test_merging_is_work_that_keeps_in_hand_what_is_in_hand() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(Acknowledged(FIA))
    case.passes(50)
    case.happens(Absorbed(FIA, IncidentId(UUID(int=0xA2)), AlarmKind.FALL))
    assert case.timers == {"lapse": 120}


def test_a_device_does_not_go_on_for_a_person_who_called_for_help() -> None:
    case = Case([step(DESK)], Roster(), kind=AlarmKind.LOW_BATTERY)
    with pytest.raises(Refused, match="device"):
        case.happens(Absorbed(FIA, IncidentId(UUID(int=0xA2)), AlarmKind.PANIC))
    case.happens(Absorbed(FIA, IncidentId(UUID(int=0xA2)), AlarmKind.TAMPER))
    assert case.incident.kind is AlarmKind.LOW_BATTERY
