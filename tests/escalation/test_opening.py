from datetime import timedelta
from uuid import UUID, uuid5

from escalation.alarm import AlarmKind
from escalation.chain import Channel, Roster
from escalation.effects import ArmTimer, Entry, EntryKind, InHouseNotice, OutwardNotice, SystemFault, TimerKind
from escalation.events import (
    AlarmRaised,
    System,
)
from escalation.ids import ContactPointId, NoticeId, SignalId
from escalation.incident import State
from escalation.opening import open_incident
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CONSOLE,
    DAG,
    DAY_TEAM,
    DESK,
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
