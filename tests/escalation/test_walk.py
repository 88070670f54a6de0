from datetime import datetime, time

from escalation.alarm import AlarmKind
from escalation.chain import Circumstances, Condition, Roster
from escalation.effects import ArmTimer, Entry, EntryKind, SystemFault, TimerKind
from escalation.events import (
    Acknowledged,
    Declined,
    DeliveryFailed,
    EscalatedNow,
    OnTheWay,
    Responder,
    System,
)
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DAY_TEAM,
    DESK,
    EVA,
    FIA,
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
    seconds,
    step,
)

# Steps


def test_the_second_step_begins_when_the_first_stays_silent_and_the_first_rings_again() -> None:
    case = Case([step(person(ANNA), wait=90), step(person(BO), wait=45)], phones(ANNA, BO))
    case.passes(89)
    assert case.rung == ["anna fcm"]
    case.passes(1)
    assert case.rung == ["bo fcm", "anna fcm"]
    assert case.last.effects[-2] == ArmTimer(TimerKind.NEXT_STEP, START + seconds(90 + 45), 2)
    again = case.notices[-1]
    assert (again.round, again.step, again.attempt) == (1, 0, 2)
    assert case.states == {"anna": "notified", "bo": "notified"}
    assert case.of(ANNA).since == START


def test_who_said_no_does_not_ring_again_in_the_same_round_even_if_a_later_step_names_him() -> None:
    case = Case([step(person(ANNA), person(BO)), step(DAY_TEAM), step(DESK)], phones(ANNA, BO))
    case.roster = roster((DAY_TEAM, [push(ANNA), push(CIA)]), (person(BO), [push(BO)]))
    case.happens(Declined(Responder(ANNA), case.roster))
    case.passes(30)
    assert case.rung == ["cia fcm", "bo fcm"]
    case.passes(30)
    assert case.rung == ["desk", "bo fcm", "cia fcm"]


def test_who_said_yes_is_not_told_again_while_others_are_still_needed() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2), step(person(ANNA), person(CIA))], phones(ANNA, BO, CIA))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(30)
    assert case.rung == ["cia fcm", "bo fcm"]
    assert case.states == {"anna": "acknowledged", "bo": "notified", "cia": "notified"}


def test_an_empty_step_is_passed_over_at_once_and_is_a_fault_of_the_roster() -> None:
    case = Case([step(person(ANNA)), step(DAY_TEAM), step(person(BO), wait=45)], phones(ANNA, BO))
    case.passes(30)
    assert case.rung == ["bo fcm", "anna fcm"]
    assert case.faults == [(SystemFault.NOBODY_TO_REACH, 1)]
    assert case.told == [EntryKind.ROSTER_FAULT, EntryKind.STEP_BEGUN]
    assert case.timers == {"next_step": 45}


def test_a_step_whose_people_have_all_answered_is_passed_over_without_fault() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2), step(person(ANNA)), step(DESK)], phones(ANNA, BO))
    case.happens(OnTheWay(Responder(ANNA)))
    case.passes(30)
    assert case.faults == []
    assert case.told == [EntryKind.STEP_PASSED_OVER, EntryKind.STEP_BEGUN]
    assert case.last.entries[0].detail == (("step", "1"), ("round", "1"), ("why", "answered"))
    assert case.rung == ["desk", "bo fcm"]


def test_a_person_with_contact_points_on_other_media_only_cannot_be_reached() -> None:
    case = Case([step(person(ANNA), media=(SMS,)), step(DESK)], roster((person(ANNA), [push(ANNA)])))
    assert case.faults == [(SystemFault.NOBODY_TO_REACH, 0)]


def test_a_wait_of_nothing_cannot_keep_the_server_busy() -> None:
    case = Case([step(person(ANNA), wait=0)], phones(ANNA))
    assert case.timers == {"next_step": 1}


def test_who_left_the_roster_is_not_rung_again() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA))
    case.roster = Roster()
    case.passes(30)
    assert case.rung == ["desk"]


# Used-up chain


def test_a_used_up_chain_is_an_alarm_and_begins_again_after_its_pause() -> None:
    case = Case([step(person(ANNA)), step(person(BO))], phones(ANNA, BO))
    case.passes(60)
    assert case.rung == ["desk"]
    assert case.faults == [(SystemFault.CHAIN_USED_UP, None)]
    assert case.told == [EntryKind.CHAIN_USED_UP]
    assert case.timers == {"next_step": 60}
    assert (case.incident.used_up, case.incident.round, case.incident.next_step) == (True, 1, 2)
    case.passes(60)
    assert case.rung == ["anna fcm", "bo fcm"]
    assert (case.incident.used_up, case.incident.round, case.incident.next_step) == (False, 2, 1)
    assert case.timers == {"next_step": 30}


def test_a_new_round_asks_again_who_said_no_in_the_round_before() -> None:
    case = Case([step(person(ANNA), person(BO)), step(person(ANNA), person(CIA))], phones(ANNA, BO, CIA))
    case.passes(40)
    case.happens(Declined(Responder(ANNA), case.roster))
    case.passes(20 + 60)
    assert case.incident.round == 2
    assert case.rung == ["anna fcm", "bo fcm", "cia fcm"]


def test_who_said_no_in_the_new_round_is_left_alone_in_it_though_the_round_before_had_told_him_later() -> None:
    case = Case([step(person(BO)), step(person(ANNA), person(CIA)), step(DESK)], phones(ANNA, BO, CIA))
    case.passes(30 + 30 + 30 + 60)
    assert case.incident.round == 2
    case.happens(Declined(Responder(ANNA), case.roster))
    case.passes(30)
    assert case.rung == ["cia fcm", "bo fcm"]


def test_a_no_counts_for_the_round_it_was_said_in_whenever_the_person_was_told() -> None:
    case = Case([step(person(BO)), step(person(ANNA), person(CIA)), step(DESK)], phones(ANNA, BO, CIA))
    for _ in range(3):
        case.happens(EscalatedNow(FIA, case.roster))
    assert (case.incident.round, case.incident.next_step) == (2, 1)
    case.happens(Declined(Responder(ANNA), case.roster))
    case.happens(EscalatedNow(FIA, case.roster))
    assert case.rung == ["cia fcm"]


# Conditions


def test_a_step_that_does_not_apply_is_passed_over_and_is_nobodys_fault() -> None:
    night = Condition(hours=(time(22), time(6)))
    noon = Circumstances(local=datetime.combine(START.date(), time(12)), holiday=False)
    case = Case(
        [step(person(ANNA), when=night), step(person(BO))],
        roster((person(ANNA), [push(ANNA)]), (person(BO), [push(BO)]), circumstances=noon),
    )
    assert case.rung == ["bo fcm"]
    assert case.faults == []
    passed = next(one for one in case.entries if one.kind is EntryKind.STEP_PASSED_OVER)
    assert passed.detail == (("step", "0"), ("round", "1"), ("why", "condition"))


def test_a_chain_of_steps_that_do_not_apply_is_used_up_and_tried_again_as_it_is_then() -> None:
    only_falls = Condition(kinds=frozenset({AlarmKind.FALL}))
    case = Case([step(person(ANNA), when=only_falls)], phones(ANNA), kind=AlarmKind.NO_MOTION)
    assert (case.rung, case.timers) == (["desk"], {"next_step": 60})
    case.happens(alarm(chain(), Roster(), AlarmKind.FALL, signal=2))
    case.passes(60)
    assert case.rung == ["anna fcm"]


# Persons in turn


def test_persons_in_turn_ring_one_after_another_and_the_wait_counts_from_the_last() -> None:
    whole = [step(person(ANNA), person(BO), person(CIA), turn=20, wait=45), step(DESK)]
    case = Case(whole, phones(ANNA, BO, CIA))
    assert (case.rung, case.timers) == (["anna fcm"], {"next_step": 20})
    assert case.incident.queue == (BO, CIA)
    case.passes(20)
    assert (case.rung, case.timers) == (["bo fcm"], {"next_step": 20})
    assert case.last.entries[0] == Entry(
        EntryKind.TURN, START + seconds(20), System(), (("person", str(BO)), ("step", "0"))
    )
    case.passes(20)
    assert (case.rung, case.timers) == (["cia fcm"], {"next_step": 45})
    case.passes(45)
    assert case.rung == ["desk", "anna fcm", "bo fcm", "cia fcm"]


def test_whoever_says_no_in_his_turn_lets_the_next_ring_at_once() -> None:
    case = Case([step(person(ANNA), person(BO), person(CIA), turn=20), step(DESK)], phones(ANNA, BO, CIA))
    case.passes(5)
    case.happens(Declined(Responder(ANNA), case.roster))
    assert (case.rung, case.timers) == (["bo fcm"], {"next_step": 20})


def test_a_dead_phone_is_no_turn_worth_waiting_out_but_all_of_a_persons_ways_are_tried() -> None:
    first = step(person(ANNA), person(BO), turn=20, media=(PUSH, SMS), in_turn=True)
    case = Case([first, step(DESK)], phones(ANNA, BO))
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert case.rung == ["anna sms"]
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert case.rung == ["bo fcm"]


def test_who_falls_away_behind_his_turn_does_not_hurry_the_one_who_rings_now() -> None:
    case = Case([step(person(ANNA), person(BO), person(CIA), turn=20), step(DESK)], phones(ANNA, BO, CIA))
    case.passes(25)
    case.happens(Declined(Responder(ANNA), case.roster))
    assert (case.rung, case.timers) == ([], {"next_step": 15})


def test_who_cannot_be_asked_any_more_misses_his_turn() -> None:
    whole = [step(*(person(one) for one in (ANNA, BO, CIA, EVA)), turn=20, needed=2), step(DESK)]
    case = Case(whole, phones(ANNA, BO, CIA, EVA))
    case.happens(Declined(Responder(BO), case.roster))
    case.happens(OnTheWay(Responder(CIA)))
    case.passes(20)
    assert case.rung == ["eva fcm"]


def test_a_volunteer_who_gives_up_does_not_cost_the_others_their_turn() -> None:
    case = Case([step(person(ANNA), person(BO), turn=20, needed=2), step(DESK)], phones(ANNA, BO))
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(Declined(Responder(DAG), case.roster))
    assert (case.rung, case.timers) == (["bo fcm"], {"next_step": 30})


def test_when_the_last_turns_fall_away_the_wait_still_counts_from_the_last_ring() -> None:
    case = Case([step(person(ANNA), person(BO), turn=20, wait=50), step(DESK)], phones(ANNA, BO))
    case.roster = phones(ANNA)
    case.passes(20)
    assert (case.rung, case.timers) == ([], {"next_step": 30})
    case.passes(30)
    assert case.rung == ["desk", "anna fcm"]


def test_a_short_wait_behind_turns_that_fell_away_is_over_at_once() -> None:
    case = Case([step(person(ANNA), person(BO), turn=20, wait=15), step(DESK)], phones(ANNA, BO))
    case.roster = phones(ANNA)
    case.passes(20)
    assert case.rung == ["desk", "anna fcm"]


def test_a_turn_that_falls_away_while_others_ring_leaves_the_wait_as_it_is() -> None:
    whole = [step(person(CIA), wait=5), step(person(ANNA), person(BO), turn=20, wait=50), step(DESK)]
    case = Case(whole, phones(ANNA, BO, CIA))
    case.passes(5 + 10)
    case.roster = phones(ANNA, CIA)
    case.happens(Declined(Responder(ANNA), case.roster))
    assert (case.rung, case.timers) == ([], {"next_step": 40})
    assert case.incident.queue == ()


def test_a_step_begun_in_hand_rings_all_its_persons_for_want_of_a_clock_to_take_turns_by() -> None:
    case = Case([step(DESK), step(person(ANNA), person(BO), turn=20)], phones(ANNA, BO))
    case.happens(Acknowledged(FIA))
    case.happens(EscalatedNow(FIA, case.roster))
    assert (case.rung, case.incident.queue) == (["anna fcm", "bo fcm"], ())


# Repeats


def test_a_step_is_repeated_for_those_who_stay_silent_before_the_next_begins() -> None:
    case = Case([step(person(ANNA), person(BO), wait=20, repeats=2), step(DESK)], phones(ANNA, BO))
    case.happens(Declined(Responder(BO), case.roster))
    for left in (1, 0):
        case.passes(20)
        assert case.rung == ["anna fcm"]
        assert case.last.entries[0] == Entry(
            EntryKind.STEP_REPEATED, case.now, System(), (("step", "0"), ("left", str(left)))
        )
        assert case.timers == {"next_step": 20}
    case.passes(20)
    assert case.rung == ["desk", "anna fcm"]


def test_turns_are_taken_anew_with_each_repeat_and_earlier_steps_ring_on() -> None:
    whole = [step(person(CIA), wait=5), step(person(ANNA), person(BO), turn=10, wait=20, repeats=1), step(DESK)]
    case = Case(whole, phones(ANNA, BO, CIA))
    case.passes(5 + 10 + 20)
    assert case.rung == ["anna fcm", "cia fcm"]
    assert (case.incident.queue, case.timers) == ((BO,), {"next_step": 10})
    case.passes(10)
    assert case.rung == ["bo fcm"]
    case.passes(20)
    assert "desk" in case.rung


def test_a_repeat_with_nobody_left_to_ring_is_none() -> None:
    case = Case([step(person(ANNA), wait=20, repeats=5), step(DESK)], phones(ANNA))
    case.roster = Roster()
    case.passes(20)
    assert case.rung == ["desk"]
    assert case.incident.repeats_left == 0
    last = Case([step(person(ANNA), wait=20, repeats=5)], phones(ANNA))
    last.roster = Roster()
    last.passes(20)
    assert (last.told, last.incident.repeats_left) == ([EntryKind.CHAIN_USED_UP], 0)


def test_an_operator_who_will_not_wait_does_not_wait_for_repeats_or_turns() -> None:
    whole = [step(person(ANNA), person(BO), turn=20, repeats=3), step(person(CIA))]
    case = Case(whole, phones(ANNA, BO, CIA))
    case.happens(EscalatedNow(FIA, case.roster))
    assert case.rung == ["cia fcm"]
    assert (case.incident.queue, case.incident.repeats_left, case.incident.turn) == ((), 0, None)
    case.passes(30)
    assert case.told == [EntryKind.CHAIN_USED_UP]
