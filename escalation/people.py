"""What people do: acknowledge, go, arrive, decline, write; and what becomes of it when nothing follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from escalation.chain import Roster
from escalation.draft import Draft
from escalation.effects import EntryKind
from escalation.events import (
    Acknowledged,
    AcknowledgementLapsed,
    Arrived,
    Declined,
    NoteAdded,
    OnTheWay,
    Operator,
    Responder,
)
from escalation.ids import PersonId
from escalation.incident import IncidentResponder, Refused, ResponderState, State
from escalation.walk import go_on, go_on_early

_COMMITMENT: Final[Mapping[ResponderState, int]] = {
    # How far a person has committed himself; a command never takes him back.
    ResponderState.ACKNOWLEDGED: 1,
    ResponderState.GOING: 2,
    ResponderState.ON_SITE: 3,
}


def acknowledge(draft: Draft, event: Acknowledged) -> None:
    """A person takes charge: an operator at once, a responder as one of those needed."""
    match event.by:
        case Operator() as operator:
            _take(draft, operator)
        case Responder() as responder:
            lapse = draft.chain.acknowledge_lapse
            _commit(draft, responder, ResponderState.ACKNOWLEDGED, EntryKind.ACKNOWLEDGED, lapse)


def on_the_way(draft: Draft, event: OnTheWay) -> None:
    """A responder is going there; whoever was released is welcome too."""
    _commit(draft, event.by, ResponderState.GOING, EntryKind.ON_THE_WAY, draft.chain.attention_lapse)


def arrived(draft: Draft, event: Arrived) -> None:
    """A responder is on site."""
    _commit(draft, event.by, ResponderState.ON_SITE, EntryKind.ARRIVED, draft.chain.attention_lapse)


def decline(draft: Draft, event: Declined) -> None:
    """A responder cannot. A no keeps nothing in hand: the lapse is not put off by it."""
    _refuse_wearer(draft, event.by)
    person_id = event.by.person_id
    before = draft.responders.get(person_id)
    if before is not None and before.state is ResponderState.DECLINED:
        return
    _put(draft, person_id, ResponderState.DECLINED)
    draft.withdraw(frozenset({person_id}))
    came_loose = (
        before is not None
        and before.state.engaged
        and draft.state is State.ACKNOWLEDGED
        and draft.owner is None
        and draft.engaged < draft.needed
    )
    if came_loose:
        draft.write(EntryKind.DECLINED, event.by, state=State.OPEN.value)
        _come_loose(draft, event.roster)
    else:
        draft.write(EntryKind.DECLINED, event.by)
        go_on_early(draft, event.roster)


def add_note(draft: Draft, event: NoteAdded) -> None:
    """Words for the record; a human act, so what is in hand stays in hand."""
    if isinstance(event.by, Responder):
        _refuse_wearer(draft, event.by)
    draft.write(EntryKind.NOTE, event.by, text=event.text)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.attention_lapse)


def lapse(draft: Draft, event: AcknowledgementLapsed) -> None:
    """Nothing followed the last human act: the incident opens again, the desk looks, the chain goes on.

    Who only said yes is asked again; who is under way or on site stays so.
    """
    owner = {"owner": str(draft.owner.user_id)} if draft.owner else {}
    draft.write(EntryKind.ACKNOWLEDGEMENT_LAPSED, **owner, state=State.OPEN.value)
    _ask_again(draft, ResponderState.ACKNOWLEDGED)
    _come_loose(draft, event.roster)


def _take(draft: Draft, operator: Operator) -> None:
    """An operator becomes the owner. Nobody is told any further, but nobody is released either."""
    if draft.owner is not None:
        if draft.owner.user_id != operator.user_id:
            raise Refused("taken")
        return
    draft.owner = operator
    if draft.state is State.OPEN:
        draft.write(EntryKind.ACKNOWLEDGED, operator, state=State.ACKNOWLEDGED.value)
        draft.withdraw(None)
        draft.drop_step()
        draft.hush()
        _in_hand(draft)
    else:
        draft.write(EntryKind.ACKNOWLEDGED, operator)
    draft.lapse_after(draft.chain.acknowledge_lapse)


def _commit(draft: Draft, by: Responder, to: ResponderState, entry: EntryKind, lapse_wait: timedelta) -> None:
    """A person says yes. A repeat, or a yes behind a better one, changes nothing, unless the incident came loose."""
    _refuse_wearer(draft, by)
    person_id = by.person_id
    before = draft.responders.get(person_id)
    further = before is None or _COMMITMENT[to] > _COMMITMENT.get(before.state, 0)
    if further:
        _put(draft, person_id, to)
    enough = draft.engaged >= _wanted(draft, draft.responders[person_id])
    takes = enough and draft.state is State.OPEN
    if not (further or takes):
        return
    state = {"state": State.ACKNOWLEDGED.value} if takes else {}
    draft.write(entry, by, engaged=draft.engaged, needed=draft.needed, **state)
    draft.withdraw(frozenset({person_id, *_release_others(draft)}) if enough else frozenset({person_id}))
    if takes:
        draft.drop_step()
        _in_hand(draft)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(lapse_wait)


def _wanted(draft: Draft, responder: IncidentResponder) -> int:
    """How many must have said yes for this person's yes to be enough.

    A later step that wants fewer counts for those it told, not for those who were too few for their own step.
    """
    if responder.round == draft.round and responder.step < len(draft.chain.steps):
        return max(draft.needed, draft.chain.steps[responder.step].responders_needed)
    return draft.needed


def _release_others(draft: Draft) -> list[PersonId]:
    """Enough have said yes: those who did not answer need not come."""
    released = [
        person_id for person_id, responder in draft.responders.items() if responder.state is ResponderState.NOTIFIED
    ]
    draft.hush()
    for person_id in released:
        _put(draft, person_id, ResponderState.RELEASED)
        draft.write(EntryKind.RELEASED, person=str(person_id))
    return released


def _come_loose(draft: Draft, roster: Roster) -> None:
    """An incident in hand opens again. A release is void when the number that justified it is gone."""
    draft.reopen()
    if draft.engaged < draft.needed:
        _ask_again(draft, ResponderState.RELEASED)
    draft.notify_desk()
    go_on(draft, roster)


def _ask_again(draft: Draft, state: ResponderState) -> None:
    for person_id, responder in draft.responders.items():
        if responder.state is state:
            _put(draft, person_id, ResponderState.NOTIFIED)


def _in_hand(draft: Draft) -> None:
    draft.state = State.ACKNOWLEDGED
    draft.acknowledged_at = draft.acknowledged_at or draft.now


def _put(draft: Draft, person_id: PersonId, state: ResponderState) -> None:
    """Write down where a person stands. Nothing rings for him until he is told anew; a volunteer is added."""
    draft.drop_medium(person_id)
    before = draft.responders.get(person_id)
    if before is None:
        draft.responders[person_id] = IncidentResponder(
            person_id=person_id, state=state, since=draft.now, step=draft.step, round=draft.round
        )
        return
    answered_in = draft.round if state is ResponderState.DECLINED else before.round
    draft.responders[person_id] = replace(before, state=state, since=draft.now, round=answered_in, ringing=())


def _refuse_wearer(draft: Draft, by: Responder) -> None:
    """Whoever holds the wearer's phone must not be able to stop the help."""
    if by.person_id == draft.subject:
        raise Refused("own_alarm")
