"""What must hold of every incident and its timers, whoever changed them. For the auditor and for tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from escalation.desk import LONGEST_HOLD
from escalation.effects import About, ArmTimer, TimerKind
from escalation.incident import Incident, ResponderState, State
from escalation.purpose import Purpose


def invariants(incident: Incident, armed: Collection[ArmTimer]) -> list[str]:
    """Say in words what does not hold; empty if all does.

    armed: the timers of this incident that stand now, one a kind and person.
    """
    return [
        *_of_timers(incident, armed),
        *_of_state(incident),
        *_of_responders(incident),
        *_of_forwards(incident),
    ]


def _of_timers(incident: Incident, armed: Collection[ArmTimer]) -> Iterator[str]:
    steps = [timer for timer in armed if timer.kind is TimerKind.NEXT_STEP]
    lapses = [timer for timer in armed if timer.kind is TimerKind.LAPSE]
    match incident.state:
        case State.OPEN:
            if len(steps) != 1 or lapses:
                yield f"open with {len(steps)} next_step and {len(lapses)} lapse armed: one next_step it must be"
        case State.ACKNOWLEDGED:
            if len(lapses) != 1 or steps:
                yield f"acknowledged with {len(lapses)} lapse and {len(steps)} next_step armed: one lapse it must be"
        case State.STOOD_DOWN:
            if armed:
                yield f"stood down with {len(armed)} timers armed"
    if {timer.fence for timer in steps} != _of(incident.step_fence):
        yield "the next_step timer has another fence than the incident"
    # An incident from before step_due_at was kept has none until its next step.
    if incident.step_due_at is not None and {timer.due_at for timer in steps} != {incident.step_due_at}:
        yield "the next_step timer has another time than the incident"
    if {(timer.fence, timer.due_at) for timer in lapses} != (
        set() if incident.lapse_fence is None else {(incident.lapse_fence, incident.lapse_at)}
    ):
        yield "the lapse timer has another fence or time than the incident"
    if {timer.fence for timer in armed if timer.kind is TimerKind.OWNER_IDLE} != _of(incident.idle_fence):
        yield "the owner_idle timer has another fence than the incident"
    media = [(timer.person_id, timer.fence) for timer in armed if timer.kind is TimerKind.NEXT_MEDIUM]
    wanted = [(one.person_id, one.medium_fence) for one in incident.responders if one.medium_fence is not None]
    if sorted(media, key=str) != sorted(wanted, key=str):
        yield "the next_medium timers are not those of the responders"
    if any(timer.fence > incident.fence for timer in armed):
        yield "a timer is armed with a fence that the incident has not reached"


def _of(fence: int | None) -> set[int]:
    return set() if fence is None else {fence}


def _of_state(incident: Incident) -> Iterator[str]:
    engaged = any(responder.state.engaged for responder in incident.responders)
    if incident.state is State.ACKNOWLEDGED and incident.owner is None and not engaged:
        yield "acknowledged, but nobody has it in hand"
    if incident.state is State.ACKNOWLEDGED and incident.acknowledged_at is None:
        yield "acknowledged, but since when is not known"
    if incident.idle_fence is not None and (incident.state is not State.ACKNOWLEDGED or incident.owner is None):
        yield "nobody owns it, and yet an owner is watched"
    if incident.merged_into is not None and incident.state is not State.STOOD_DOWN:
        yield "merged into another, but it goes on"
    if incident.merged_into == incident.id:
        yield "merged into itself"
    if incident.state is State.OPEN and incident.owner is not None:
        yield "open, but an operator owns it"
    if (incident.state is State.ACKNOWLEDGED) != (incident.lapse_at is not None):
        yield "lapse_at is known exactly while the incident is in hand"
    ended = incident.stood_down_at is not None and incident.outcome is not None
    if (incident.state is State.STOOD_DOWN) != ended:
        yield "stood down exactly when time and outcome are known"
    if incident.closing and incident.state is not State.STOOD_DOWN:
        yield "the closing is answered, but it goes on"
    if not 0 <= incident.next_step <= len(incident.chain.steps):
        yield "next_step lies outside the chain"
    if incident.used_up and incident.next_step < len(incident.chain.steps):
        yield "used up, but steps are left"
    yield from _of_step(incident)
    if incident.round < 1:
        yield "rounds count from 1"


def _of_step(incident: Incident) -> Iterator[str]:
    begun = incident.next_step > 0 and not incident.used_up
    if incident.queue and (not begun or incident.state is State.STOOD_DOWN):
        yield "persons wait for their turn in a step that is not in force"
    if len(set(incident.queue)) < len(incident.queue) or incident.subject in incident.queue:
        yield "the wearer, or somebody twice, waits for a turn"
    if incident.repeats_left < 0 or (incident.repeats_left and not begun):
        yield "a step that is not in force has repeats left"
    if not 0 <= incident.held_s <= LONGEST_HOLD.total_seconds():
        yield f"put on hold for {incident.held_s:g} s in all: {LONGEST_HOLD.total_seconds():g} s is the most"


def _of_responders(incident: Incident) -> Iterator[str]:
    persons = [responder.person_id for responder in incident.responders]
    if len(set(persons)) < len(persons):
        yield "a person is on the incident twice"
    if incident.subject in persons:
        yield "the wearer is a responder to his own alarm"
    for responder in incident.responders:
        silent = responder.state is ResponderState.NOTIFIED and incident.state is not State.STOOD_DOWN
        if not silent and (responder.ringing or responder.waiting or responder.medium_fence is not None):
            yield f"a person who is {responder.state.value} is still being rung"
        if set(responder.ringing) & set(responder.waiting):
            yield "a notice rings and waits at once"


def _of_forwards(incident: Incident) -> Iterator[str]:
    receivers = [forward.receiver for forward in incident.forwards]
    if len(set(receivers)) < len(receivers):
        yield "a centre has two cases of one incident"
    if (incident.forwards or incident.absorbed_receivers) and incident.purpose is not Purpose.REAL:
        yield f"a {incident.purpose.value} was handed to an alarm receiving centre"
    ended = incident.state is State.STOOD_DOWN
    for forward in incident.forwards:
        if forward.about is About.OVER and not ended:
            yield "a centre was told that it is over, and it goes on"
        untold = forward.about is About.ALARM and forward.may_be_known
        if ended and untold and incident.merged_into is None:
            yield "it is over, and a centre that has the case was not told"
