import pytest

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, Step
from escalation.effects import EntryKind, SystemFault
from escalation.events import Acknowledged, Declined, EscalatedNow, OnTheWay, PutBack, Responder
from tests.escalation.cast import ANNA, BO, CIA, DESK, FIA, PUSH, SMS, Case, chain, person, phones, step

ATTACK = chain(step(person(CIA), media=(PUSH, SMS), wait=20), number=2)


def group_alarm(*steps: Step, needed: int = 1) -> Case:
    """25 colleagues are three here. Nobody answers for 45 s, and it becomes an attack alarm."""
    first = step(person(ANNA), person(BO), wait=45, needed=needed)
    whole = chain(*(steps or (first, step(DESK))), upgrade_to=AlarmKind.PANIC)
    case = Case(whole, phones(ANNA, BO, CIA), kind=AlarmKind.GROUP_ALARM)
    case.graver = ATTACK
    return case


def test_a_group_alarm_that_nobody_answers_becomes_an_attack_alarm_on_its_chain() -> None:
    case = group_alarm()
    case.passes(44)
    assert case.last.entries[0].kind is EntryKind.OPENED
    case.passes(1)
    assert case.incident.kind is AlarmKind.PANIC
    assert case.incident.chain is ATTACK
    assert case.rung == ["cia fcm", "cia sms", "anna fcm", "anna sms", "bo fcm", "bo sms"]
    assert case.told == [EntryKind.UPGRADED, EntryKind.CHAIN_RESTARTED, EntryKind.STEP_BEGUN]
    assert case.last.entries[0].detail == (("kind", "panic"),)
    assert case.last.entries[1].detail == (("kind", "panic"), ("round", "2"), ("state", "open"))
    assert case.timers == {"next_step": 20}


def test_one_who_comes_is_an_answer_though_more_were_needed() -> None:
    case = group_alarm(needed=2)
    case.happens(OnTheWay(Responder(ANNA)))
    case.passes(45)
    assert case.incident.kind is AlarmKind.GROUP_ALARM
    assert case.rung == ["desk", "bo fcm"]


def test_a_chain_that_somebody_answered_in_its_first_round_is_not_upgraded_in_a_later_one() -> None:
    case = group_alarm(needed=2)
    case.happens(OnTheWay(Responder(ANNA)))
    case.passes(45 + 30 + 60)
    assert case.incident.round == 2
    case.happens(Declined(Responder(ANNA), case.roster))
    case.passes(200)
    assert EntryKind.UPGRADED not in {one.kind for one in case.entries}


@pytest.mark.parametrize("steps", [(), (step(person(ANNA), person(BO), wait=45),)])
def test_an_attack_alarm_follows_at_once_when_everybody_in_the_building_said_no(steps: tuple[Step, ...]) -> None:
    case = group_alarm(*steps)
    case.passes(40)
    for who in (ANNA, BO):
        case.happens(Declined(Responder(who), case.roster))
    assert (case.told, case.timers) == ([EntryKind.DECLINED], {"next_step": 1})
    case.passes(1)
    assert (case.incident.kind, case.incident.chain) == (AlarmKind.PANIC, ATTACK)


def test_a_no_just_before_the_upgrade_does_not_put_it_off() -> None:
    case = group_alarm(step(person(ANNA), wait=45, repeats=2), step(DESK))
    case.passes(44.5)
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.timers == {"next_step": 0.5}
    case.passes(0.5)
    assert case.incident.kind is AlarmKind.PANIC


@pytest.mark.parametrize("steps", [(), (step(person(ANNA), DESK, wait=45),)])
def test_an_operator_who_will_not_wait_makes_it_an_attack_alarm(steps: tuple[Step, ...]) -> None:
    case = group_alarm(*steps)
    case.passes(5)
    case.happens(EscalatedNow(FIA, case.roster))
    case.passes(1)
    assert (case.incident.kind, case.incident.chain) == (AlarmKind.PANIC, ATTACK)


def test_what_an_operator_has_had_in_hand_keeps_the_kind_that_he_knows() -> None:
    case = group_alarm()
    case.happens(Acknowledged(FIA))
    case.happens(PutBack(FIA, case.roster))
    case.passes(500)
    assert case.incident.kind is AlarmKind.GROUP_ALARM
    assert EntryKind.UPGRADED not in {one.kind for one in case.entries}


def test_turns_and_repeats_are_waited_for_before_the_upgrade() -> None:
    case = group_alarm(step(person(ANNA), person(BO), wait=45, turn=10, repeats=1), step(DESK))
    case.passes(2 * (10 + 45) - 1)
    assert case.told == [EntryKind.TURN]
    case.passes(1)
    assert case.incident.kind is AlarmKind.PANIC


@pytest.mark.parametrize("graver", [None, chain(number=2)])
def test_without_a_chain_for_the_graver_kind_it_is_graver_all_the_same_and_the_walk_goes_on(
    graver: EscalationChain | None,
) -> None:
    case = group_alarm()
    case.graver = graver
    case.passes(45)
    assert (case.incident.kind, case.incident.chain.id.int) == (AlarmKind.PANIC, 1)
    assert case.faults == [(SystemFault.NO_CHAIN, None)]
    assert case.told == [EntryKind.UPGRADED, EntryKind.ROSTER_FAULT, EntryKind.STEP_BEGUN]
    assert case.rung == ["desk", "anna fcm", "bo fcm"]
    case.passes(30)
    assert EntryKind.UPGRADED not in case.told


def test_an_upgrade_makes_nothing_less_grave() -> None:
    whole = chain(step(person(ANNA)), upgrade_to=AlarmKind.FALL)
    case = Case(whole, phones(ANNA, CIA), kind=AlarmKind.PANIC)
    case.graver = ATTACK
    case.passes(30)
    assert case.incident.kind is AlarmKind.PANIC
    assert case.incident.chain is ATTACK
