from escalation.chain import Channel
from escalation.effects import DropTimer, TimerKind
from escalation.events import (
    Acknowledged,
    DeliveryDelayed,
    DeliveryFailed,
    EscalatedNow,
    MediumDue,
    Outcome,
    Responder,
    StepDue,
    StoodDown,
)
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    DAG,
    DESK,
    FIA,
    PUSH,
    SMS,
    Case,
    person,
    phones,
    point,
    push,
    roster,
    sms,
    step,
)

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


# Delayed deliveries


DEAD_APP = point(ANNA, Channel.FCM, dead=True)


def test_a_notice_that_waits_against_a_dead_way_brings_the_next_medium_at_once_and_once() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=60), step(DESK)], phones(ANNA))
    waiting = case.notice(ANNA)
    case.roster = roster((person(ANNA), [DEAD_APP, sms(ANNA)]))
    case.passes(1)
    case.happens(DeliveryDelayed(waiting, ANNA, case.roster))
    assert (case.rung, case.timers) == (["anna sms"], {"next_step": 59})
    assert case.of(ANNA).waiting == (waiting,)
    before = case.incident
    assert case.happens(DeliveryDelayed(waiting, ANNA, case.roster)).incident is before


def test_who_has_no_other_medium_still_counts_as_rung() -> None:
    case = Case([step(person(ANNA), wait=60), step(DESK)], phones(ANNA))
    case.happens(DeliveryDelayed(case.notice(ANNA), ANNA, case.roster))
    assert (case.last.effects, case.timers) == ((), {"next_step": 60})
    case.happens(Acknowledged(Responder(ANNA)))
    assert case.state == "acknowledged"


def test_another_phone_of_the_same_medium_that_rings_is_waited_for() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=60)]
    case = Case(whole, roster((person(ANNA), [push(ANNA), point(ANNA, Channel.APNS), sms(ANNA)])))
    first, second = (one.id for one in case.notices)
    case.happens(DeliveryDelayed(first, ANNA, case.roster))
    assert (case.rung, case.timers) == ([], {"next_medium anna": 20, "next_step": 60})
    case.happens(DeliveryFailed(second, ANNA, case.roster))
    assert case.rung == ["anna sms"]


def test_when_all_else_fails_what_waits_keeps_the_step_waiting_until_it_fails_as_well() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=60), step(DESK)], phones(ANNA))
    waiting = case.notice(ANNA)
    case.happens(DeliveryDelayed(waiting, ANNA, case.roster))
    case.happens(DeliveryFailed(case.notice(ANNA), ANNA, case.roster))
    assert (case.rung, case.timers) == ([], {"next_step": 60})
    case.happens(DeliveryFailed(waiting, ANNA, case.roster))
    assert case.rung == ["desk"]


def test_his_turn_is_waited_out_while_his_notice_waits() -> None:
    case = Case([step(person(ANNA), person(BO), turn=20)], phones(ANNA, BO))
    case.happens(DeliveryDelayed(case.notice(ANNA), ANNA, case.roster))
    assert case.timers == {"next_step": 20}
    case.passes(20)
    assert case.rung == ["bo fcm"]


def test_a_delay_is_nobodys_concern_who_has_answered_or_was_never_told_or_after_the_end() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2), step(DESK)], phones(ANNA, BO))
    late, waits = case.notice(ANNA), case.notice(BO)
    case.happens(Acknowledged(Responder(ANNA)))
    before = case.incident
    assert case.happens(DeliveryDelayed(late, ANNA, case.roster)).incident is before
    assert case.happens(DeliveryDelayed(late, DAG, case.roster)).incident is before
    case.happens(DeliveryDelayed(waits, BO, case.roster))
    assert case.of(BO).waiting == (waits,)
    case.happens(StoodDown(FIA, Outcome.REAL, ""))
    assert case.of(BO).waiting == ()
    ended = case.incident
    assert case.happens(DeliveryDelayed(waits, BO, case.roster)).incident is ended


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
