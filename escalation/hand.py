"""Having an incident in hand: how it is taken, who owns it, and how it comes loose again."""

from __future__ import annotations

from dataclasses import replace

from escalation.alarm import AlarmKind
from escalation.centre import take_up
from escalation.chain import Roster
from escalation.draft import Draft
from escalation.events import Actor, Operator
from escalation.ids import PersonId
from escalation.incident import IncidentResponder, Refused, ResponderState, State
from escalation.purpose import Purpose
from escalation.walk import go_on


def take_in_hand(draft: Draft) -> None:
    """A person has it: no step is waited for, and the wearer is told so the first time. A queue keeps its place."""
    draft.drop_step()
    draft.state = State.ACKNOWLEDGED
    draft.acknowledged_at = draft.acknowledged_at or draft.now
    covert = draft.kind is AlarmKind.DURESS
    if not covert and not draft.kind.technical and draft.purpose is not Purpose.TEST:
        draft.tell_wearer()


def own(draft: Draft, operator: Operator) -> None:
    """Make an operator the owner, and watch whether he does anything with it."""
    draft.owner = operator
    draft.arm_idle()


def acted(draft: Draft, by: Actor) -> None:
    """The owner has done something: he is at work on it."""
    if owns(draft, by):
        draft.drop_idle()


def owns(draft: Draft, by: Actor) -> bool:
    """True if this is the owner; an operator at another desk of his own is still himself."""
    return isinstance(by, Operator) and draft.owner is not None and draft.owner.user_id == by.user_id


def come_loose(draft: Draft, roster: Roster) -> None:
    """Open an incident in hand again. A release is void when the number that justified it is gone.

    The centres whose notices were stopped when it was taken are told after all.
    """
    draft.reopen()
    if draft.engaged < draft.needed:
        ask_again(draft, ResponderState.RELEASED)
    draft.notify_desk()
    go_on(draft, roster)
    take_up(draft)


def ask_again(draft: Draft, state: ResponderState) -> None:
    """Whoever stands there counts as told and silent once more."""
    for person_id, responder in draft.responders.items():
        if responder.state is state:
            put(draft, person_id, ResponderState.NOTIFIED)


def put(draft: Draft, person_id: PersonId, state: ResponderState) -> None:
    """Write down where a person stands. Nothing rings for him until he is told anew; a volunteer is added."""
    draft.drop_medium(person_id)
    before = draft.responders.get(person_id)
    if before is None:
        draft.responders[person_id] = IncidentResponder(
            person_id=person_id, state=state, since=draft.now, step=draft.step, round=draft.round
        )
        return
    answered_in = draft.round if state is ResponderState.DECLINED else before.round
    draft.responders[person_id] = replace(
        before, state=state, since=draft.now, round=answered_in, ringing=(), waiting=()
    )


def his_own(draft: Draft, operator: Operator) -> bool:
    """True if a real alarm is about this operator: he works alone too, and is not free in what he does about it."""
    person_id = operator.person_id
    return draft.purpose is Purpose.REAL and person_id is not None and person_id == draft.subject


def refuse_his_own(draft: Draft, operator: Operator) -> None:
    """Whoever holds the wearer's screen must not be able to stop the help."""
    if his_own(draft, operator):
        raise Refused("own_alarm")


def refuse_wearer(draft: Draft, person_id: PersonId) -> None:
    """Whoever holds the wearer's phone must not be able to stop the help."""
    if person_id == draft.subject:
        raise Refused("own_alarm")
