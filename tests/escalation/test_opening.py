from datetime import timedelta
from uuid import UUID, uuid5

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Channel, Roster
from escalation.effects import ArmTimer, Entry, EntryKind, InHouseNotice, OutwardNotice, SystemFault, TimerKind
from escalation.events import Acknowledged, AlarmRaised, Arrived, OnTheWay, Outcome, Responder, StoodDown, System
from escalation.ids import ContactPointId, NoticeId, SignalId
from escalation.incident import State
from escalation.opening import open_incident
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    CONSOLE,
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
    point,
    push,
    roster,
    rung,
    seconds,
    sms,
    step,
)


def test_an_alarm_opens_an_incident_and_begins_its_first_step_in_one_decision() -> None:
    whole = chain(step(person(ANNA), DESK, media=(PUSH, SMS), wait=45))
    raised = AlarmRaised(
        signal_id=SignalId(UUID(int=9)),
        kind=AlarmKind.FALL,
        silent=True,
        lateness=timedelta(seconds=242),
        chain=whole,
        roster=phones(ANNA),
    )
    decision = open_incident(INCIDENT, Purpose.REAL, raised, START, DAG)
    to_app, to_number, to_desk = (
        NoticeId(uuid5(INCIDENT, name))
        for name in (
            f"1/0/{ANNA}/{push(ANNA).point_id}/fcm/1",
            f"1/0/{ANNA}/{sms(ANNA).point_id}/sms/2",
            "1/0/desk/console/1",
        )
    )
    assert decision.effects == (
        InHouseNotice(
            id=to_app,
            purpose=Purpose.REAL,
            channel=Channel.FCM,
            person_id=ANNA,
            point_id=push(ANNA).point_id,
            round=1,
            step=0,
            attempt=1,
        ),
        OutwardNotice(
            id=to_number,
            purpose=Purpose.REAL,
            channel=Channel.SMS,
            person_id=ANNA,
            point_id=sms(ANNA).point_id,
            round=1,
            step=0,
            attempt=2,
        ),
        InHouseNotice(
            id=to_desk,
            purpose=Purpose.REAL,
            channel=Channel.CONSOLE,
            person_id=None,
            point_id=None,
            round=1,
            step=0,
            attempt=1,
        ),
        ArmTimer(TimerKind.NEXT_STEP, START + seconds(45), 1),
    )
    assert decision.entries == (
        Entry(
            EntryKind.OPENED,
            START,
            System(),
            (
                ("signal", str(UUID(int=9))),
                ("kind", "fall"),
                ("silent", "true"),
                ("lateness_s", "242.000"),
                ("state", "open"),
            ),
        ),
        Entry(EntryKind.STEP_BEGUN, START, System(), (("step", "0"), ("round", "1"), ("persons", "1"))),
        Entry(EntryKind.NOTICE_FILED, START, System(), _filed(to_app, "fcm", push(ANNA).point_id)),
        Entry(EntryKind.NOTICE_FILED, START, System(), _filed(to_number, "sms", sms(ANNA).point_id)),
        Entry(
            EntryKind.NOTICE_FILED,
            START,
            System(),
            (("notice", str(to_desk)), ("channel", "console"), ("step", "0")),
        ),
    )
    incident = decision.incident
    assert (incident.state, incident.kind, incident.silent) == (State.OPEN, AlarmKind.FALL, True)
    assert (incident.opened_at, incident.round, incident.next_step, incident.subject) == (START, 1, 1, DAG)
    assert incident.chain is whole


def _filed(notice: NoticeId, channel: str, point_id: ContactPointId) -> tuple[tuple[str, str], ...]:
    return (
        ("notice", str(notice)),
        ("channel", channel),
        ("person", str(ANNA)),
        ("point", str(point_id)),
        ("step", "0"),
    )


def test_a_device_without_a_clock_leaves_no_lateness() -> None:
    decision = open_incident(INCIDENT, Purpose.REAL, alarm(chain(step(DESK)), Roster()), START)
    assert "lateness_s" not in dict(decision.entries[0].detail)


def test_a_person_behind_two_targets_is_told_once_on_each_of_his_points() -> None:
    case = Case(
        [step(person(ANNA), DAY_TEAM)],
        roster(
            (person(ANNA), [push(ANNA)]), (DAY_TEAM, [push(BO), push(ANNA), point(ANNA, Channel.APNS, 1), push(BO)])
        ),
    )
    assert case.rung == ["anna fcm", "anna apns", "bo fcm"]


def test_in_turn_only_the_first_medium_rings_and_the_next_is_waited_for() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=20, wait=60)], phones(ANNA))
    assert case.rung == ["anna fcm"]
    assert case.timers == {"next_medium anna": 20, "next_step": 60}


def test_in_turn_a_person_without_the_first_medium_begins_with_the_one_he_has() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True)]
    case = Case(whole, roster((person(ANNA), [sms(ANNA)])))
    assert case.rung == ["anna sms"]
    assert case.timers == {"next_step": 30}


def test_two_phones_of_one_person_ring_together_even_in_turn() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True)]
    case = Case(whole, roster((person(ANNA), [push(ANNA), sms(ANNA), point(ANNA, Channel.APNS)])))
    assert case.rung == ["anna fcm", "anna apns"]


def test_the_desk_sounds_when_its_medium_is_named_and_a_console_is_nobodys_own() -> None:
    case = Case([step(person(ANNA), media=(CONSOLE,))], roster((person(ANNA), [point(ANNA, Channel.CONSOLE)])))
    assert case.rung == ["desk"]
    assert case.incident.responders == ()


def test_the_wearer_is_never_told_of_his_own_alarm() -> None:
    case = Case(
        [step(DAY_TEAM)], roster((DAY_TEAM, [push(DAG), push(ANNA)])), kind=AlarmKind.DURESS, silent=True, subject=DAG
    )
    assert case.rung == ["anna fcm"]
    case.passes(600)
    assert all(one.person_id != DAG for one in case.notices)


def test_a_chain_that_knows_only_the_wearer_has_nobody_to_reach() -> None:
    case = Case([step(person(DAG))], phones(DAG), subject=DAG)
    assert case.faults == [(SystemFault.NOBODY_TO_REACH, 0), (SystemFault.CHAIN_USED_UP, None)]


def test_an_alarm_without_a_chain_still_has_a_deadline_and_the_desk() -> None:
    case = Case([], Roster())
    assert case.rung == ["desk"]
    assert case.faults == [(SystemFault.NO_CHAIN, None)]
    assert case.timers == {"next_step": 60}
    case.passes(60)
    assert case.rung == ["desk"]
    assert case.faults == [(SystemFault.NO_CHAIN, None)]
    assert case.timers == {"next_step": 60}


def test_a_chain_of_empty_steps_is_used_up_at_once_and_tried_again_after_the_pause() -> None:
    case = Case([step(person(ANNA)), step(DAY_TEAM)], Roster())
    empty = [
        (SystemFault.NOBODY_TO_REACH, 0),
        (SystemFault.NOBODY_TO_REACH, 1),
        (SystemFault.CHAIN_USED_UP, None),
    ]
    assert case.faults == empty
    assert case.rung == ["desk"]
    assert case.timers == {"next_step": 60}
    case.passes(60)
    assert (case.faults, case.incident.round, case.timers) == (empty, 2, {"next_step": 60})


# Drill and test


def test_a_drill_rings_our_own_apps_and_holds_back_what_leaves_the_house() -> None:
    case = Case(
        [step(person(ANNA), person(BO), media=(PUSH, SMS))],
        roster((person(ANNA), [push(ANNA), sms(ANNA)]), (person(BO), [point(BO, Channel.FCM, external=True)])),
        purpose=Purpose.DRILL,
    )
    assert case.rung == ["anna fcm"]
    held = next(one for one in case.last.entries if one.kind is EntryKind.HELD_BACK)
    assert held.detail == (("step", "0"), ("contacts", "2"), ("why", "drill"))


def test_a_step_that_a_drill_may_not_reach_is_passed_over_without_an_alarm_of_the_house() -> None:
    case = Case([step(person(ANNA), media=(SMS,)), step(DESK)], phones(ANNA), purpose=Purpose.DRILL)
    assert case.faults == []
    assert case.rung == ["desk"]
    assert case.told == [EntryKind.OPENED, EntryKind.HELD_BACK, EntryKind.STEP_PASSED_OVER, EntryKind.STEP_BEGUN]


def test_a_drill_still_finds_a_hole_in_the_roster() -> None:
    case = Case([step(person(ANNA)), step(DESK)], Roster(), purpose=Purpose.DRILL)
    assert case.faults == [(SystemFault.NOBODY_TO_REACH, 0)]


def test_a_test_shows_on_the_consoles_and_tells_no_person_and_no_supervisor() -> None:
    case = Case([step(person(ANNA)), step(person(BO))], phones(ANNA), purpose=Purpose.TEST)
    assert case.rung == ["desk"]
    assert dict(case.last.entries[2].detail)["persons"] == "0"
    assert case.timers == {"next_step": 30}
    case.passes(120)
    assert {one.person_id for one in case.notices} == {None}
    assert case.told == [EntryKind.HELD_BACK, EntryKind.STEP_BEGUN]
    assert case.incident.round == 2
    assert case.every_fault == []


def test_a_test_without_a_chain_leaves_its_trace_in_the_timeline_alone() -> None:
    case = Case([], Roster(), purpose=Purpose.TEST)
    assert case.told == [EntryKind.OPENED, EntryKind.ROSTER_FAULT]
    assert (case.rung, case.every_fault, case.timers) == (["desk"], [], {"next_step": 60})


# A further alarm joins


def test_a_further_alarm_of_the_same_kind_joins_and_the_walk_goes_on_as_it_was() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA))
    case.passes(10)
    case.happens(alarm(case.incident.chain, case.roster, signal=2))
    assert case.told == [EntryKind.ALARM_JOINED]
    assert case.last.effects == ()
    assert case.timers == {"next_step": 20}


def test_once_covert_for_ever_covert() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(alarm(case.incident.chain, case.roster, AlarmKind.DURESS, silent=True, signal=2))
    assert case.incident.silent
    case.happens(alarm(case.incident.chain, case.roster, signal=3))
    assert case.incident.silent


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
    assert case.rung == ["anna fcm"]
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


def test_a_graver_alarm_goes_on_with_a_chain_that_shall_not_start_anew() -> None:
    case = Case(chain(step(person(ANNA)), restart=False), phones(ANNA), kind=AlarmKind.FALL)
    case.happens(Acknowledged(FIA))
    case.passes(60)
    case.happens(alarm(chain(step(DESK), number=2), Roster(), signal=2))
    assert (case.incident.kind, case.incident.chain.id.int) == (AlarmKind.PANIC, 1)
    assert case.state == "acknowledged"
    assert case.rung == ["desk"]
    assert case.timers == {"lapse": 60}


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
