"""The walk along the chain: steps, turns, repeats, empty steps, the used-up chain and its next round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from escalation.centre import hand_over
from escalation.chain import Contact, Roster, Step
from escalation.conditions import holds
from escalation.draft import Draft
from escalation.effects import EntryKind, SystemFault
from escalation.ids import PersonId
from escalation.incident import State
from escalation.reach import Reach, contacts_of, reach_of, ways_of
from escalation.ringing import may_be_asked, ring, ring_again, somebody_may_answer

_NOTHING: Final = timedelta(0)


def begin_next(draft: Draft, roster: Roster) -> bool:
    """Begin the next step that has somebody to tell; False if there is none and the chain is used up.

    Runs along the rest of the chain at most once.
    """
    _leave_step(draft)
    steps = draft.chain.steps
    if not steps:
        _without_chain(draft)
        return False
    while draft.next_step < len(steps):
        draft.next_step += 1
        if _applies(draft, roster) and _begin(draft, roster):
            return True
    use_up(draft)
    return False


def begin_at(draft: Draft, index: int, roster: Roster) -> None:
    """Begin the step that a person names, whatever its conditions; the next that reaches somebody if it cannot."""
    _leave_step(draft)
    draft.next_step = index + 1
    if not _begin(draft, roster):
        begin_next(draft, roster)


def begin_round(draft: Draft) -> None:
    """Go back before the first step. Who said no may be asked again."""
    draft.round += 1
    draft.next_step = 0
    draft.used_up = False


def behind_the_last(draft: Draft) -> bool:
    """True once the last step has begun."""
    return 0 < len(draft.chain.steps) <= draft.next_step


def turn_or_rest(draft: Draft, roster: Roster) -> bool:
    """Ring the next in turn, or wait on for the last one; False once the step has had its turns and its wait."""
    if not draft.queue:
        return False
    if _next_turn(draft, roster):
        return True
    rest = _rest(draft)
    if rest > _NOTHING:
        draft.arm_step(rest)
    return rest > _NOTHING


def repeat(draft: Draft, roster: Roster) -> bool:
    """Begin the same step again if it has repeats left and somebody to tell."""
    if draft.repeats_left == 0 or not draft.chain.steps:
        return False
    step = draft.chain.steps[draft.step]
    reach = reach_of(step, roster, draft.purpose, draft.subject)
    told = _to_ask(draft, reach)
    if not told and not reach.desk and not reach.receivers:
        return False
    draft.repeats_left -= 1
    draft.write(EntryKind.STEP_REPEATED, step=draft.step, left=draft.repeats_left)
    _tell(draft, step, told, reach)
    return True


def go_on(draft: Draft, roster: Roster) -> None:
    """An incident that came loose goes on at once: next in turn, step or round. Who was told rings again."""
    if not (draft.queue and _next_turn(draft, roster)):
        if behind_the_last(draft):
            if not draft.used_up:
                _call_used_up(draft)
            begin_round(draft)
        begin_next(draft, roster)
    ring_again(draft, roster)


def go_on_early(draft: Draft, roster: Roster, person_id: PersonId | None) -> None:
    """Somebody fell away: do not wait out his turn, nor a step that nobody can answer any more.

    person_id: None for an alarm receiving centre. A used-up chain waits for its next round.
    """
    steps = draft.chain.steps
    if draft.state is not State.OPEN or draft.used_up or not steps:
        return
    answerable = somebody_may_answer(draft)
    his_turn = person_id is not None and draft.turn == person_id
    if draft.queue and (his_turn or not answerable):
        if _next_turn(draft, roster):
            return
        if answerable:
            draft.arm_step(_rest(draft))
    if not answerable and not hasten_upgrade(draft):
        begin_next(draft, roster)


def hasten_upgrade(draft: Draft) -> bool:
    """Nobody will answer, or nobody will wait: let the upgrade come now; False if none is owed.

    It takes the clock's next round, which brings the graver kind's chain. A later step, turn or repeat, or a second
    round, would put it off or lose it.
    """
    if not draft.upgrade_owed:
        return False
    _leave_step(draft)
    draft.step_at_once()
    return True


def use_up(draft: Draft) -> None:
    """The chain has run out: an alarm in itself. After a pause it begins again."""
    _call_used_up(draft)
    if draft.state is State.OPEN:
        draft.arm_step(draft.chain.loop_wait)


def _applies(draft: Draft, roster: Roster) -> bool:
    """Hold the step that draft.step names against the circumstances; one that does not apply is nobody's fault."""
    if holds(draft.chain.steps[draft.step].when, roster.circumstances, draft.kind, draft.silent):
        return True
    draft.write(EntryKind.STEP_PASSED_OVER, step=draft.step, round=draft.round, why="condition")
    return False


def _begin(draft: Draft, roster: Roster) -> bool:
    """Begin the step that draft.step names; False if it has nobody to tell."""
    step = draft.chain.steps[draft.step]
    reach = reach_of(step, roster, draft.purpose, draft.subject)
    say_held_back(draft, reach)
    told = _to_ask(draft, reach)
    if not told and not reach.desk and not reach.receivers:
        _pass_over(draft, reach)
        return False
    draft.needed = max(step.responders_needed, 1)
    draft.repeats_left = max(step.repeats, 0)
    draft.write(EntryKind.STEP_BEGUN, step=draft.step, round=draft.round, persons=len(told))
    _tell(draft, step, told, reach)
    return True


def say_held_back(draft: Draft, reach: Reach) -> None:
    """Write down whom a real alarm would have told beside."""
    if reach.anything_held_back:
        centres = {"receivers": " ".join(reach.receivers_held_back)} if reach.receivers_held_back else {}
        why = draft.purpose.value
        draft.write(EntryKind.HELD_BACK, step=draft.step, contacts=reach.held_back, why=why, **centres)


def _to_ask(draft: Draft, reach: Reach) -> dict[PersonId, tuple[Contact, ...]]:
    return {person_id: points for person_id, points in reach.contacts.items() if may_be_asked(draft, person_id)}


def _tell(draft: Draft, step: Step, told: Mapping[PersonId, tuple[Contact, ...]], reach: Reach) -> None:
    """Ring those of a step together, or the first of them and the rest in turn, and wait. Centres are told at once.

    No turn comes while the incident is in hand, since nothing is waited for: then all are rung together.
    """
    persons = list(told)
    if step.in_turn and draft.state is State.OPEN:
        persons, draft.queue = persons[:1], tuple(persons[1:])
        draft.turn = persons[0] if persons else None
    for person_id in persons:
        ring(draft, person_id, told[person_id])
    if reach.desk:
        draft.notify_desk()
    hand_over(draft, reach.receivers)
    if draft.state is State.OPEN:
        draft.arm_step(step.turn_wait if draft.queue else step.wait)


def _next_turn(draft: Draft, roster: Roster) -> bool:
    """Ring the next one in the queue who can be asked and reached; False, with the queue empty, if nobody can."""
    step = draft.chain.steps[draft.step]
    contacts = contacts_of(draft.queue, roster, draft.purpose)
    while draft.queue:
        person_id, *others = draft.queue
        draft.queue = tuple(others)
        if may_be_asked(draft, person_id) and ways_of(step, contacts[person_id]):
            draft.turn = person_id
            draft.write(EntryKind.TURN, person=str(person_id), step=draft.step)
            ring(draft, person_id, contacts[person_id])
            draft.arm_step(step.turn_wait if draft.queue else step.wait)
            return True
    return False


def _rest(draft: Draft) -> timedelta:
    """How much of the step's wait is left when the turns ran out: it counts from the last ring, not from now."""
    step = draft.chain.steps[draft.step]
    turn_over_at = draft.step_due_at or draft.now
    return turn_over_at - step.turn_wait + step.wait - draft.now


def _leave_step(draft: Draft) -> None:
    """Nobody's turn comes any more, and nothing is repeated."""
    draft.queue = ()
    draft.turn = None
    draft.repeats_left = 0


def _pass_over(draft: Draft, reach: Reach) -> None:
    """Nobody to tell and no desk: say why. Only a step that nobody stands behind is a fault of the house."""
    if reach.contacts or reach.anything_held_back:
        why = "answered" if reach.contacts else "held_back"
        draft.write(EntryKind.STEP_PASSED_OVER, step=draft.step, round=draft.round, why=why)
        return
    draft.write(EntryKind.ROSTER_FAULT, step=draft.step, round=draft.round, fault=SystemFault.NOBODY_TO_REACH.value)
    draft.raise_alarm(SystemFault.NOBODY_TO_REACH, draft.step)


def _call_used_up(draft: Draft) -> None:
    _leave_step(draft)
    draft.used_up = True
    draft.write(EntryKind.CHAIN_USED_UP, round=draft.round)
    draft.raise_alarm(SystemFault.CHAIN_USED_UP)
    draft.notify_desk()


def _without_chain(draft: Draft) -> None:
    """No steps at all: the desk is told again and again, for want of anybody else."""
    draft.write(EntryKind.ROSTER_FAULT, fault=SystemFault.NO_CHAIN.value)
    draft.raise_alarm(SystemFault.NO_CHAIN)
    draft.notify_desk()
    if draft.state is State.OPEN:
        draft.arm_step(draft.chain.loop_wait)
