from dataclasses import replace
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About, ArmTimer, TimerKind
from escalation.events import Acknowledged, ClosingAnswer, Outcome, StoodDown
from escalation.ids import IncidentId, NoticeId
from escalation.incident import Forward, ForwardState, Incident, IncidentResponder, ResponderState, State
from escalation.invariants import invariants
from escalation.purpose import Purpose
from tests.escalation.cast import ANNA, BO, FIA, PUSH, SMS, START, Case, person, phones, seconds, step


def opened() -> Case:
    return Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True)], phones(ANNA), kind=AlarmKind.FALL)


def in_hand() -> Case:
    case = opened()
    case.happens(Acknowledged(FIA))
    return case


def ended() -> Case:
    case = in_hand()
    case.happens(StoodDown(FIA, Outcome.FALSE, ""))
    return case


NEXT_STEP = ArmTimer(TimerKind.NEXT_STEP, START, 1)
LAPSE = ArmTimer(TimerKind.LAPSE, START, 1)


def test_a_sound_incident_has_nothing_against_it() -> None:
    for case in (opened(), in_hand(), ended()):
        assert invariants(case.incident, case.armed.values()) == []


def test_an_open_incident_without_a_deadline_is_heard_of() -> None:
    case = opened()
    said = invariants(case.incident, [one for one in case.armed.values() if one.kind is not TimerKind.NEXT_STEP])
    assert said == [
        "open with 0 next_step and 0 lapse armed: one next_step it must be",
        "the next_step timer has another fence than the incident",
        "the next_step timer has another time than the incident",
    ]


def test_an_incident_in_hand_without_a_lapse_is_heard_of() -> None:
    assert invariants(in_hand().incident, []) == [
        "acknowledged with 0 lapse and 0 next_step armed: one lapse it must be",
        "the lapse timer has another fence or time than the incident",
        "the owner_idle timer has another fence than the incident",
    ]


def test_a_timer_that_outlived_its_incident_is_heard_of() -> None:
    assert "stood down with 1 timers armed" in invariants(ended().incident, [NEXT_STEP])


def test_a_timer_from_the_future_or_of_nobody_is_heard_of() -> None:
    case = opened()
    stray = ArmTimer(TimerKind.NEXT_MEDIUM, START, case.incident.fence + 1, FIA.person_id)
    assert invariants(case.incident, [*case.armed.values(), stray]) == [
        "the next_medium timers are not those of the responders",
        "a timer is armed with a fence that the incident has not reached",
    ]


OTHER = IncidentId(UUID(int=0xA2))
OPEN, HAND, END = opened().incident, in_hand().incident, ended().incident
WEARER = IncidentResponder(person_id=ANNA, state=ResponderState.NOTIFIED, since=START, step=0)
TOOK = Forward("nord", NoticeId(UUID(int=0xC1)), AlarmKind.FALL, ForwardState.TAKEN)
(RUNG,) = OPEN.responders


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (replace(HAND, owner=None), "acknowledged, but nobody has it in hand"),
        (replace(HAND, acknowledged_at=None), "acknowledged, but since when is not known"),
        (replace(OPEN, owner=FIA), "open, but an operator owns it"),
        (replace(OPEN, lapse_at=START), "lapse_at is known exactly while the incident is in hand"),
        (
            replace(OPEN, outcome=Outcome.REAL, stood_down_at=START),
            "stood down exactly when time and outcome are known",
        ),
        (replace(END, outcome=None), "stood down exactly when time and outcome are known"),
        (replace(OPEN, next_step=2), "next_step lies outside the chain"),
        (replace(OPEN, next_step=0, used_up=True), "used up, but steps are left"),
        (replace(OPEN, round=0), "rounds count from 1"),
        (replace(OPEN, responders=(WEARER, WEARER)), "a person is on the incident twice"),
        (replace(OPEN, subject=ANNA), "the wearer is a responder to his own alarm"),
        (
            replace(OPEN, responders=(replace(OPEN.responders[0], state=ResponderState.GOING),)),
            "a person who is going is still being rung",
        ),
        (replace(OPEN, idle_fence=1), "nobody owns it, and yet an owner is watched"),
        (replace(HAND, owner=None), "nobody owns it, and yet an owner is watched"),
        (replace(OPEN, merged_into=OTHER), "merged into another, but it goes on"),
        (replace(END, merged_into=END.id), "merged into itself"),
        (replace(END, queue=(BO,)), "persons wait for their turn in a step that is not in force"),
        (replace(OPEN, queue=(BO,), used_up=True), "persons wait for their turn in a step that is not in force"),
        (replace(OPEN, queue=(BO, BO)), "the wearer, or somebody twice, waits for a turn"),
        (replace(OPEN, queue=(BO,), subject=BO), "the wearer, or somebody twice, waits for a turn"),
        (replace(OPEN, repeats_left=-1), "a step that is not in force has repeats left"),
        (replace(OPEN, repeats_left=1, used_up=True), "a step that is not in force has repeats left"),
        (replace(OPEN, held_s=601.0), "put on hold for 601 s in all: 600 s is the most"),
        (replace(OPEN, step_due_at=START), "the next_step timer has another time than the incident"),
        (replace(OPEN, state=State.STOOD_DOWN), "a person who is notified is still being rung"),
        (
            replace(END, responders=(replace(END.responders[0], waiting=RUNG.ringing),)),
            "a person who is notified is still being rung",
        ),
        (replace(OPEN, responders=(replace(RUNG, waiting=RUNG.ringing),)), "a notice rings and waits at once"),
        (replace(OPEN, forwards=(TOOK, TOOK)), "a centre has two cases of one incident"),
        (
            replace(OPEN, forwards=(TOOK,), purpose=Purpose.DRILL),
            "a drill was handed to an alarm receiving centre",
        ),
        (
            replace(OPEN, absorbed_receivers=("nord",), purpose=Purpose.TEST),
            "a test was handed to an alarm receiving centre",
        ),
        (
            replace(OPEN, forwards=(replace(TOOK, about=About.OVER),)),
            "a centre was told that it is over, and it goes on",
        ),
        (replace(END, forwards=(TOOK,)), "it is over, and a centre that has the case was not told"),
    ],
)
def test_each_broken_rule_is_said_in_words(broken: Incident, words: str) -> None:
    timers = {State.OPEN: opened, State.ACKNOWLEDGED: in_hand, State.STOOD_DOWN: ended}[broken.state]().armed.values()
    assert words in invariants(broken, timers)


def test_a_deadline_at_another_time_than_the_incident_says_is_heard_of() -> None:
    case = in_hand()
    moved = [replace(one, due_at=one.due_at + seconds(1)) for one in case.armed.values()]
    assert invariants(case.incident, moved) == ["the lapse timer has another fence or time than the incident"]
    assert LAPSE not in moved


def test_an_incident_from_before_the_steps_time_was_kept_has_nothing_against_it() -> None:
    case = opened()
    assert invariants(replace(case.incident, step_due_at=None), case.armed.values()) == []


def test_a_merged_incident_and_a_centre_that_refused_owe_no_restore() -> None:
    refused = replace(TOOK, state=ForwardState.FAILED)
    for ended in (replace(END, forwards=(TOOK,), merged_into=OTHER), replace(END, forwards=(refused,))):
        assert invariants(ended, []) == []


def test_answers_of_a_closing_on_what_goes_on_are_heard_of() -> None:
    case = opened()
    answered = replace(case.incident, closing=(ClosingAnswer("cause", "misread"),))
    assert invariants(answered, case.armed.values()) == ["the closing is answered, but it goes on"]
