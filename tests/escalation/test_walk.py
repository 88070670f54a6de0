from escalation.chain import Channel, Roster
from escalation.effects import ArmTimer, DropTimer, EntryKind, SystemFault, TimerKind
from escalation.events import (
    Acknowledged,
    Declined,
    DeliveryFailed,
    EscalatedNow,
    MediumDue,
    OnTheWay,
    Responder,
    StepDue,
)
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DAY_TEAM,
    DESK,
    FIA,
    PUSH,
    SMS,
    START,
    Case,
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


# Media in turn


def test_in_turn_the_next_medium_follows_silence_and_then_the_one_after() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=10, wait=60)]
    case = Case(whole, phones(ANNA))
    case.passes(10)
    assert case.rung == ["anna sms"]
    assert case.timers == {"next_step": 50}
    assert (case.of(ANNA).medium, case.of(ANNA).attempts) == (1, 2)


def test_ringing_again_uses_the_medium_a_person_is_on_and_does_not_put_off_the_next() -> None:
    first = step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=40, wait=30)
    case = Case([first, step(person(BO), wait=30), step(DESK)], phones(ANNA, BO))
    case.passes(30)
    assert case.rung == ["bo fcm", "anna fcm"]
    assert case.timers == {"next_medium anna": 10, "next_step": 30}
    case.passes(10)
    assert case.rung == ["anna sms"]
    case.passes(20)
    assert case.rung == ["desk", "anna sms", "bo fcm"]


def test_a_step_that_names_somebody_anew_begins_his_media_anew() -> None:
    slow = step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=40, wait=30)
    case = Case([slow, slow, step(person(ANNA), media=(SMS,))], phones(ANNA))
    case.passes(30)
    assert case.rung == ["anna fcm"]
    assert case.timers == {"next_medium anna": 40, "next_step": 30}
    case.passes(30)
    assert case.rung == ["anna sms"]
    assert case.timers == {"next_step": 30}


def test_a_medium_that_left_the_roster_meanwhile_ends_the_wait_for_it() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=60)], phones(ANNA))
    case.roster = roster((person(ANNA), [push(ANNA)]))
    case.passes(20)
    assert case.last.effects == (DropTimer(TimerKind.NEXT_MEDIUM, ANNA),)
    assert case.timers == {"next_step": 40}


def test_one_persons_medium_timer_does_not_make_anothers_stale() -> None:
    case = Case([step(person(ANNA), person(BO), media=(PUSH, SMS), in_turn=True, wait=60)], phones(ANNA, BO))
    case.passes(20)
    assert [one.person_id for one in case.notices if one.channel is Channel.SMS] == [ANNA, BO]


# Failed deliveries


def test_a_failed_delivery_brings_the_next_medium_at_once() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=60)], phones(ANNA))
    case.passes(1)
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert case.rung == ["anna sms"]
    assert case.timers == {"next_step": 59}


def test_one_dead_phone_of_two_changes_nothing_for_the_person() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=60)]
    case = Case(whole, roster((person(ANNA), [push(ANNA), point(ANNA, Channel.APNS), sms(ANNA)])))
    first, second = (one.id for one in case.notices)
    case.happens(DeliveryFailed(first, ANNA, case.roster))
    assert (case.rung, case.timers) == ([], {"next_medium anna": 20, "next_step": 60})
    case.happens(DeliveryFailed(first, ANNA, case.roster))
    assert case.last.effects == ()
    case.happens(DeliveryFailed(second, ANNA, case.roster))
    assert case.rung == ["anna sms"]


def test_when_nobody_of_a_step_can_be_reached_the_next_begins_at_once() -> None:
    case = Case([step(person(ANNA), person(BO)), step(DESK)], phones(ANNA, BO))
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert case.last.effects == ()
    case.happens(DeliveryFailed(case.notice(BO), BO, case.roster))
    assert case.rung == ["desk"]
    assert case.timers == {"next_step": 30}


def test_dead_phones_cannot_drive_the_chain_in_circles() -> None:
    case = Case([step(person(ANNA)), step(person(BO))], phones(ANNA, BO))
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert case.rung == ["bo fcm"]
    case.happens(DeliveryFailed(case.notice(BO), BO, case.roster))
    assert (case.rung, case.timers) == (["desk"], {"next_step": 60})
    case.happens(DeliveryFailed(case.notice(BO), BO, case.roster))
    assert (case.last.effects, case.timers) == ((), {"next_step": 60})


def test_a_failed_delivery_to_somebody_who_has_answered_changes_nothing() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2), step(DESK)], phones(ANNA, BO))
    notice = case.notice(ANNA)
    case.happens(Acknowledged(Responder(ANNA)))
    before = case.incident
    assert case.happens(DeliveryFailed(notice, ANNA, case.roster)).incident is before
    assert case.happens(DeliveryFailed(notice, DAG, case.roster)).incident is before


def test_a_step_whose_every_phone_is_dead_is_over_though_the_desk_was_told_too() -> None:
    case = Case([step(person(ANNA), DESK), step(person(BO))], phones(ANNA, BO))
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert "bo fcm" in case.rung


# An operator will not wait


def test_escalating_now_begins_the_next_step_without_ringing_the_first_again() -> None:
    case = Case([step(person(ANNA)), step(person(BO), wait=45)], phones(ANNA, BO))
    case.passes(5)
    case.happens(EscalatedNow(FIA, case.roster))
    assert case.told == [EntryKind.ESCALATED_NOW, EntryKind.STEP_BEGUN]
    assert case.rung == ["bo fcm"]
    assert case.timers == {"next_step": 45}


def test_escalating_now_behind_the_last_step_begins_the_next_round() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(EscalatedNow(FIA, case.roster))
    assert (case.incident.round, case.rung, case.faults) == (2, ["anna fcm"], [])
    case.passes(30)
    assert case.incident.used_up
    case.happens(EscalatedNow(FIA, case.roster))
    assert (case.incident.round, case.incident.used_up, case.timers) == (3, False, {"next_step": 30})


def test_escalating_in_hand_tells_the_next_step_and_keeps_it_in_hand() -> None:
    whole = [step(person(ANNA)), step(person(BO), media=(PUSH, SMS), in_turn=True), step(DESK)]
    case = Case(whole, phones(ANNA, BO))
    case.happens(Acknowledged(FIA))
    case.passes(100)
    case.happens(EscalatedNow(FIA, case.roster))
    assert case.state == "acknowledged"
    assert case.rung == ["bo fcm"]
    assert case.timers == {"next_medium bo": 20, "lapse": 120}
    case.passes(20)
    assert case.rung == ["bo sms"]
    case.happens(DeliveryFailed(case.notice(BO), BO, case.roster))
    assert (case.state, case.rung, case.timers) == ("acknowledged", [], {"lapse": 100})


def test_escalating_in_hand_with_nobody_left_calls_the_chain_used_up_but_arms_no_round() -> None:
    case = Case([step(person(ANNA)), step(DAY_TEAM)], phones(ANNA))
    case.happens(Acknowledged(FIA))
    case.happens(EscalatedNow(FIA, case.roster))
    assert case.faults == [(SystemFault.NOBODY_TO_REACH, 1), (SystemFault.CHAIN_USED_UP, None)]
    assert case.timers == {"lapse": 120}


def test_escalating_without_a_chain_tells_the_desk() -> None:
    case = Case(chain(), Roster())
    case.happens(EscalatedNow(FIA, Roster()))
    assert (case.rung, case.timers, case.incident.round) == (["desk"], {"next_step": 60}, 1)
    case.happens(Acknowledged(FIA))
    case.happens(EscalatedNow(FIA, Roster()))
    assert (case.rung, case.timers) == (["desk"], {"lapse": 120})


# Stale timers


def test_a_timer_that_was_replaced_changes_nothing() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True), step(DESK)], phones(ANNA))
    old = dict(case.armed)
    case.happens(EscalatedNow(FIA, case.roster))
    case.passes(20)
    before = case.incident
    for timer in old.values():
        assert case.happens(case.due(timer)).incident is before
    for stale in (StepDue(0, case.roster), MediumDue(ANNA, 0, case.roster), MediumDue(DAG, 1, case.roster)):
        assert case.happens(stale).incident is before


def test_a_drill_never_comes_to_the_text_message_of_a_person() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=60), step(DESK)]
    case = Case(whole, phones(ANNA), purpose=Purpose.DRILL)
    assert case.timers == {"next_step": 60}
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert case.rung == ["desk"]
