"""What an operator does to a running incident: not wait, jump, tell further people, hold, and call 112 himself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Final

from escalation.centre import hand_over
from escalation.chain import DeskTarget, Medium, Step, Target
from escalation.draft import SHORTEST_WAIT, Draft
from escalation.effects import EntryKind
from escalation.events import EscalatedNow, JumpedTo, Operator, PeopleAdded, PutOnHold, SosCall, StepRecorded
from escalation.hand import acted, refuse_his_own
from escalation.incident import Refused, State
from escalation.purpose import Purpose
from escalation.reach import reach_of, word_of
from escalation.ringing import may_be_asked, ring
from escalation.walk import begin_at, begin_next, begin_round, behind_the_last, hasten_upgrade, say_held_back

LONGEST_HOLD: Final = timedelta(minutes=10)
"""How long an incident may be put on hold in all: whoever needs longer takes it in hand."""

_REACHING: Final = (Medium.PUSH, Medium.SMS)
_WAIT_FOR_ADDED: Final = timedelta(seconds=60)
"""Where a chain had no steps, for the one that the people who were added make."""


def escalated_now(draft: Draft, event: EscalatedNow) -> None:
    """An operator will not wait. An incident in hand stays in hand."""
    draft.write(EntryKind.ESCALATED_NOW, event.by)
    if not hasten_upgrade(draft):
        if behind_the_last(draft):
            begin_round(draft)
        begin_next(draft, event.roster)
    _at_work(draft, event.by)


def jumped_to(draft: Draft, event: JumpedTo) -> None:
    """An operator begins a step out of turn, in the next round once the chain has run out."""
    if not 0 <= event.step < len(draft.chain.steps):
        raise Refused("no_such_step")
    draft.write(EntryKind.JUMPED, event.by, step=event.step)
    if behind_the_last(draft):
        begin_round(draft)
    begin_at(draft, event.step, event.roster)
    _at_work(draft, event.by)


def people_added(draft: Draft, event: PeopleAdded) -> None:
    """Further people are told at once, and belong to the step in force from now on.

    The step gets push and text messages where it had neither, or those who were added could not be reached.
    """
    steps = draft.chain.steps
    step = _with(steps[draft.step], event.targets) if steps else _step_of(event.targets)
    reach = reach_of(replace(step, targets=event.targets), event.roster, draft.purpose, draft.subject)
    told = {person_id: points for person_id, points in reach.contacts.items() if may_be_asked(draft, person_id)}
    desk = DeskTarget() in event.targets or draft.purpose is Purpose.TEST
    if not told and not desk and not reach.receivers:
        raise Refused("nobody_to_reach")
    words = json.dumps([word_of(target) for target in event.targets])
    draft.write(EntryKind.PEOPLE_ADDED, event.by, targets=words, persons=len(told))
    say_held_back(draft, reach)
    if steps:
        steps = (*steps[: draft.step], step, *steps[draft.step + 1 :])
    else:
        steps, draft.next_step = (step,), 1
    draft.chain = replace(draft.chain, steps=steps)
    draft.queue = tuple(person_id for person_id in draft.queue if person_id not in told)
    for person_id, points in told.items():
        ring(draft, person_id, points)
    if desk:
        draft.notify_desk()
    hand_over(draft, reach.receivers)
    _at_work(draft, event.by)


def put_on_hold(draft: Draft, event: PutOnHold) -> None:
    """The next step, turn or round waits; nobody who is being rung is left in peace for it."""
    refuse_his_own(draft, event.by)
    if draft.state is not State.OPEN:
        raise Refused("not_open")
    if event.wait < SHORTEST_WAIT:
        raise Refused("wait_too_short")
    held_s = draft.held_s + event.wait.total_seconds()
    if held_s > LONGEST_HOLD.total_seconds():
        raise Refused("held_enough")
    draft.held_s = held_s
    draft.write(EntryKind.ON_HOLD, event.by, wait_s=f"{event.wait.total_seconds():g}")
    due_at = max(draft.step_due_at or draft.now, draft.now)
    draft.arm_step(due_at - draft.now + event.wait)


def sos_call(draft: Draft, event: SosCall) -> None:
    """An operator stamps how far his own call to the emergency services is; a human act, as a note is."""
    draft.write(EntryKind.SOS_CALL, event.by, what=event.what.value, text=event.text)
    acted(draft, event.by)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.attention_lapse)


def step_recorded(draft: Draft, event: StepRecorded) -> None:
    """An operator says what came of a step of the plan. The same again adds nothing; another word stands beside it."""
    refuse_his_own(draft, event.by)
    if event.record == event.newest:
        return
    said = {"outcome": event.record.outcome.value} | ({"note": event.record.note} if event.record.note else {})
    draft.write(
        EntryKind.STEP_RECORDED,
        event.by,
        plan_id=str(event.plan.id),
        plan=event.plan.name,
        version=event.plan.version,
        key=event.step.key,
        text=event.step.text,
        **said,
    )
    acted(draft, event.by)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.attention_lapse)


def _at_work(draft: Draft, by: Operator) -> None:
    acted(draft, by)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.acknowledge_lapse)


def _with(step: Step, targets: tuple[Target, ...]) -> Step:
    media = step.media if set(_REACHING) & set(step.media) else (*step.media, *_REACHING)
    return replace(step, targets=tuple(dict.fromkeys((*step.targets, *targets))), media=media)


def _step_of(targets: tuple[Target, ...]) -> Step:
    return Step(targets=tuple(dict.fromkeys(targets)), media=_REACHING, wait=_WAIT_FOR_ADDED)
