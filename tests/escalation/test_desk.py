from uuid import UUID

import pytest

from escalation.action_plan import ActionPlan, PlanStep, StepOutcome, StepRecord
from escalation.alarm import AlarmKind
from escalation.chain import Condition, Roster
from escalation.effects import Entry, EntryKind, SystemFault
from escalation.events import (
    Acknowledged,
    Declined,
    DeliveryFailed,
    EscalatedNow,
    JumpedTo,
    Operator,
    Outcome,
    PeopleAdded,
    PutOnHold,
    Responder,
    SosCall,
    SosMoment,
    StepRecorded,
    StoodDown,
)
from escalation.ids import UserId
from escalation.incident import Refused
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
    GUN,
    PUSH,
    SMS,
    START,
    Case,
    chain,
    person,
    phones,
    seconds,
    step,
)

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


# Jumping


def test_an_operator_jumps_to_a_step_forward_or_back_and_the_walk_goes_on_from_there() -> None:
    case = Case([step(person(ANNA)), step(person(BO)), step(person(CIA), wait=45)], phones(ANNA, BO, CIA))
    case.happens(JumpedTo(FIA, 2, case.roster))
    assert case.last.entries[0] == Entry(EntryKind.JUMPED, START, FIA, (("step", "2"),))
    assert (case.rung, case.timers, case.incident.round) == (["cia fcm"], {"next_step": 45}, 1)
    case.happens(JumpedTo(FIA, 0, case.roster))
    assert (case.rung, case.timers, case.incident.round) == (["anna fcm"], {"next_step": 30}, 2)
    case.passes(30)
    assert case.rung == ["bo fcm", "anna fcm", "cia fcm"]


def test_jumping_asks_for_a_step_that_there_is() -> None:
    case = Case([step(DESK)], Roster())
    for index in (-1, 1):
        with pytest.raises(Refused, match="no_such_step"):
            case.happens(JumpedTo(FIA, index, case.roster))


def test_an_operator_knows_better_than_a_steps_condition() -> None:
    only_falls = Condition(kinds=frozenset({AlarmKind.FALL}))
    case = Case([step(DESK), step(person(ANNA), when=only_falls)], phones(ANNA))
    case.happens(JumpedTo(FIA, 1, case.roster))
    assert case.rung == ["anna fcm"]


def test_a_jump_to_a_step_that_reaches_nobody_comes_down_on_the_next_that_does() -> None:
    case = Case([step(DESK), step(DAY_TEAM), step(person(ANNA))], phones(ANNA))
    case.happens(JumpedTo(FIA, 1, case.roster))
    assert case.faults == [(SystemFault.NOBODY_TO_REACH, 1)]
    assert case.rung == ["anna fcm"]


def test_jumping_in_hand_keeps_it_in_hand() -> None:
    case = Case([step(DESK), step(person(ANNA))], phones(ANNA))
    case.happens(Acknowledged(FIA))
    case.passes(50)
    case.happens(JumpedTo(FIA, 1, case.roster))
    assert (case.state, case.rung, case.timers) == ("acknowledged", ["anna fcm"], {"lapse": 120})


# Further people


def test_people_who_are_added_ring_at_once_and_belong_to_the_step_from_now_on() -> None:
    case = Case([step(person(ANNA), wait=30, repeats=1), step(DESK)], phones(ANNA, BO))
    case.passes(10)
    case.happens(PeopleAdded(FIA, (person(BO), person(ANNA)), case.roster))
    assert case.rung == ["bo fcm", "anna fcm"]
    words = f'["person:{BO}", "person:{ANNA}"]'
    assert case.last.entries[0] == Entry(EntryKind.PEOPLE_ADDED, case.now, FIA, (("targets", words), ("persons", "2")))
    assert case.incident.chain.steps[0].targets == (person(ANNA), person(BO))
    assert case.timers == {"next_step": 20}
    case.passes(20)
    assert case.rung == ["anna fcm", "bo fcm"]


def test_people_are_added_to_what_is_in_hand_without_its_coming_loose() -> None:
    case = Case([step(DESK, media=(CONSOLE,))], phones(BO))
    case.happens(Acknowledged(FIA))
    case.passes(30)
    case.happens(PeopleAdded(FIA, (person(BO),), case.roster))
    assert (case.state, case.rung, case.timers) == ("acknowledged", ["bo fcm", "bo sms"], {"lapse": 120})
    assert case.incident.chain.steps[0].media == (CONSOLE, PUSH, SMS)


def test_the_media_of_the_step_are_used_as_it_uses_them() -> None:
    whole = [step(person(ANNA), media=(SMS, PUSH), in_turn=True), step(DESK)]
    case = Case(whole, phones(ANNA, BO))
    case.happens(PeopleAdded(FIA, (person(BO),), case.roster))
    assert case.rung == ["bo sms"]
    assert case.timers["next_medium bo"] == 20


def test_whoever_is_added_does_not_wait_for_his_turn_and_gets_no_second_one() -> None:
    case = Case([step(person(ANNA), person(BO), person(CIA), turn=20), step(DESK)], phones(ANNA, BO, CIA))
    case.happens(PeopleAdded(FIA, (person(BO),), case.roster))
    assert (case.rung, case.incident.queue) == (["bo fcm"], (CIA,))
    case.passes(20)
    assert case.rung == ["cia fcm"]


def test_whoever_cannot_be_reached_or_has_answered_is_not_added() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA, BO), subject=DAG)
    case.happens(Declined(Responder(ANNA), case.roster))
    before = case.incident
    for nobody in ((person(CIA),), (person(ANNA),), (person(DAG),), ()):
        with pytest.raises(Refused, match="nobody_to_reach"):
            case.happens(PeopleAdded(FIA, nobody, phones(ANNA, BO, DAG)))
    assert case.incident is before


def test_the_desk_may_be_added_and_a_test_has_nobody_else() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(PeopleAdded(FIA, (DESK,), case.roster))
    assert case.rung == ["desk"]
    test = Case([step(person(ANNA))], phones(ANNA), purpose=Purpose.TEST)
    test.happens(PeopleAdded(FIA, (person(ANNA),), case.roster))
    assert test.rung == ["desk"]


def test_a_drill_adds_whom_it_may_tell_and_says_what_it_held_back() -> None:
    case = Case([step(DESK)], phones(ANNA), purpose=Purpose.DRILL)
    case.happens(PeopleAdded(FIA, (person(ANNA),), case.roster))
    assert case.rung == ["anna fcm"]
    case = Case([step(DESK, media=(PUSH, SMS))], phones(ANNA), purpose=Purpose.DRILL)
    case.happens(PeopleAdded(FIA, (person(ANNA),), case.roster))
    assert case.told == [EntryKind.PEOPLE_ADDED, EntryKind.HELD_BACK]


def test_people_make_a_chain_for_an_incident_that_has_none() -> None:
    case = Case([], phones(ANNA))
    case.happens(PeopleAdded(FIA, (person(ANNA),), case.roster))
    assert case.rung == ["anna fcm", "anna sms"]
    assert case.timers == {"next_step": 60}
    (only,) = case.incident.chain.steps
    assert (only.targets, only.media, only.wait) == ((person(ANNA),), (PUSH, SMS), seconds(60))
    case.passes(60)
    assert case.told == [EntryKind.CHAIN_USED_UP]
    case.passes(60)
    assert case.rung == ["anna fcm", "anna sms"]


# Hold


def test_the_next_step_waits_and_what_rings_rings_on() -> None:
    case = Case([step(person(ANNA), wait=30), step(DESK)], phones(ANNA))
    case.passes(10)
    case.happens(PutOnHold(FIA, seconds(90)))
    assert case.last.entries == (Entry(EntryKind.ON_HOLD, case.now, FIA, (("wait_s", "90"),)),)
    assert case.timers == {"next_step": 110}
    assert case.withdrawn == []


def test_a_turn_waits_too_and_the_wait_behind_the_last_counts_from_his_ring() -> None:
    case = Case([step(person(ANNA), person(BO), turn=20, wait=45), step(DESK)], phones(ANNA, BO))
    case.happens(PutOnHold(FIA, seconds(60)))
    case.passes(79)
    assert case.incident.queue == (BO,)
    case.passes(1)
    assert (case.rung, case.timers) == (["bo fcm"], {"next_step": 45})


def test_it_may_be_held_for_ten_minutes_in_all_and_no_more() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(PutOnHold(FIA, seconds(400)))
    with pytest.raises(Refused, match="held_enough"):
        case.happens(PutOnHold(FIA, seconds(201)))
    case.happens(PutOnHold(GUN, seconds(200)))
    assert (case.timers, case.incident.held_s) == ({"next_step": 630}, 600)
    with pytest.raises(Refused, match="held_enough"):
        case.happens(PutOnHold(FIA, seconds(1)))


def test_a_step_that_is_late_already_is_held_from_now_on() -> None:
    case = Case([step(DESK)], Roster())
    case.now += seconds(100)
    case.happens(PutOnHold(FIA, seconds(60)))
    assert case.timers == {"next_step": 60}


def test_only_what_waits_is_held_and_not_for_less_than_a_second() -> None:
    case = Case([step(DESK)], Roster())
    with pytest.raises(Refused, match="wait_too_short"):
        case.happens(PutOnHold(FIA, seconds(0)))
    case.happens(Acknowledged(FIA))
    with pytest.raises(Refused, match="not_open"):
        case.happens(PutOnHold(FIA, seconds(60)))


# His own call to the emergency services


def test_an_operator_stamps_his_call_to_the_emergency_services() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(Acknowledged(FIA))
    case.passes(25)
    for what, text in ((SosMoment.DIALLED, ""), (SosMoment.ANSWERED, ""), (SosMoment.CASE_NUMBER, "24-1107")):
        decision = case.happens(SosCall(FIA, what, text))
        assert decision.entries == (Entry(EntryKind.SOS_CALL, case.now, FIA, (("what", what.value), ("text", text))),)
        assert case.timers == {"lapse": 900}
    case.happens(StoodDown(FIA, Outcome.REAL, ""))
    with pytest.raises(Refused, match="stood_down"):
        case.happens(SosCall(FIA, SosMoment.DIALLED, ""))


def test_a_call_before_anybody_took_it_does_not_hold_the_next_step_up() -> None:
    case = Case([step(DESK)], Roster())
    before = case.timers
    case.happens(SosCall(FIA, SosMoment.DIALLED, ""))
    assert (case.state, case.timers) == ("open", before)


# The action plan


RING, GO = PlanStep("ring", "Ring upp på högtalaren"), PlanStep("go", "Skicka en kollega")
FALLEN = ActionPlan(id=UUID(int=0xB1), name="Fall i hemmet", version=3, steps=(RING, GO))


def recorded(step: PlanStep, said: StepRecord, newest: StepRecord | None = None, by: Operator = FIA) -> StepRecorded:
    return StepRecorded(by, FALLEN, step, said, newest)


def test_what_came_of_a_step_stands_on_the_timeline_with_the_plan_it_was_part_of() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(Acknowledged(FIA))
    case.passes(25)
    decision = case.happens(recorded(RING, StepRecord(StepOutcome.NOT_POSSIBLE, "svarar inte")))
    [entry] = decision.entries
    assert (entry.kind, entry.by) == (EntryKind.STEP_RECORDED, FIA)
    assert dict(entry.detail) == {
        "plan_id": str(FALLEN.id),
        "plan": "Fall i hemmet",
        "version": "3",
        "key": "ring",
        "text": "Ring upp på högtalaren",
        "outcome": "not_possible",
        "note": "svarar inte",
    }
    assert case.timers == {"lapse": 900}, "a human act: the owner is at work on it"
    assert "note" not in dict(case.happens(recorded(GO, StepRecord(StepOutcome.DONE))).entries[0].detail)


def test_the_same_word_again_adds_nothing_and_another_one_stands_beside_it() -> None:
    case = Case([step(DESK)], Roster())
    done = StepRecord(StepOutcome.DONE)
    before = case.incident
    assert case.happens(recorded(RING, done, done)).incident is before
    assert case.last.entries == ()
    case.happens(recorded(RING, StepRecord(StepOutcome.DONE, "andra försöket"), done))
    assert case.told == [EntryKind.STEP_RECORDED]


def test_a_step_cannot_be_recorded_after_the_end_nor_by_the_one_it_is_about() -> None:
    case = Case([step(DESK)], Roster(), subject=ANNA)
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(recorded(RING, StepRecord(StepOutcome.DONE), by=Operator(UserId(ANNA), ANNA)))
    case.happens(StoodDown(FIA, Outcome.REAL, ""))
    with pytest.raises(Refused, match="stood_down"):
        case.happens(recorded(RING, StepRecord(StepOutcome.DONE)))
