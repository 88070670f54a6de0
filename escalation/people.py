"""What people do: acknowledge, go, arrive, decline, write; and what becomes of it when nothing follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from escalation.centre import withdraw_all
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
from escalation.hand import acted, ask_again, come_loose, own, owns, put, refuse_his_own, refuse_wearer, take_in_hand
from escalation.ids import PersonId
from escalation.incident import IncidentResponder, Refused, ResponderState, State
from escalation.news import tell_of_going, tell_of_release
from escalation.walk import go_on_early

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
            _commit(draft, responder, ResponderState.ACKNOWLEDGED, EntryKind.ACKNOWLEDGED, lapse, event.roster)


def on_the_way(draft: Draft, event: OnTheWay) -> None:
    """A responder is going there; whoever was released is welcome too."""
    lapse = draft.chain.attention_lapse
    _commit(draft, event.by, ResponderState.GOING, EntryKind.ON_THE_WAY, lapse, event.roster)


def arrived(draft: Draft, event: Arrived) -> None:
    """A responder is on site."""
    lapse = draft.chain.attention_lapse
    _commit(draft, event.by, ResponderState.ON_SITE, EntryKind.ARRIVED, lapse, event.roster)


def decline(draft: Draft, event: Declined) -> None:
    """A responder cannot. A no keeps nothing in hand: the lapse is not put off by it."""
    person_id = event.by.person_id
    refuse_wearer(draft, person_id)
    before = draft.responders.get(person_id)
    if before is not None and before.state is ResponderState.DECLINED:
        return
    put(draft, person_id, ResponderState.DECLINED)
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
        come_loose(draft, event.roster)
    else:
        draft.write(EntryKind.DECLINED, event.by)
        go_on_early(draft, event.roster, person_id)


def add_note(draft: Draft, event: NoteAdded) -> None:
    """Words for the record; a human act, so what is in hand stays in hand."""
    if isinstance(event.by, Responder):
        refuse_wearer(draft, event.by.person_id)
    draft.write(EntryKind.NOTE, event.by, text=event.text)
    acted(draft, event.by)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.attention_lapse)


def lapse(draft: Draft, event: AcknowledgementLapsed) -> None:
    """Nothing followed the last human act: the incident opens again, the desk looks, the chain goes on.

    Who only said yes is asked again; who is under way or on site stays so.
    """
    owner = {"owner": str(draft.owner.user_id)} if draft.owner else {}
    draft.write(EntryKind.ACKNOWLEDGEMENT_LAPSED, **owner, state=State.OPEN.value)
    ask_again(draft, ResponderState.ACKNOWLEDGED)
    come_loose(draft, event.roster)


def _take(draft: Draft, operator: Operator) -> None:
    """An operator becomes the owner. Nobody is told any further, but nobody is released either."""
    refuse_his_own(draft, operator)
    if draft.owner is not None:
        if not owns(draft, operator):
            raise Refused("taken")
        return
    if draft.state is State.OPEN:
        draft.write(EntryKind.ACKNOWLEDGED, operator, state=State.ACKNOWLEDGED.value)
        withdraw_all(draft)
        take_in_hand(draft)
        draft.hush()
    else:
        draft.write(EntryKind.ACKNOWLEDGED, operator)
    draft.lapse_after(draft.chain.acknowledge_lapse)
    own(draft, operator)


def _commit(
    draft: Draft, by: Responder, to: ResponderState, entry: EntryKind, lapse_wait: timedelta, roster: Roster
) -> None:
    """A person says yes. A repeat, or a yes behind a better one, changes nothing, unless the incident came loose."""
    person_id = by.person_id
    refuse_wearer(draft, person_id)
    before = draft.responders.get(person_id)
    further = before is None or _COMMITMENT[to] > _COMMITMENT.get(before.state, 0)
    if further:
        put(draft, person_id, to)
    enough = draft.engaged >= _wanted(draft, draft.responders[person_id])
    takes = enough and draft.state is State.OPEN
    if not (further or takes):
        return
    state = {"state": State.ACKNOWLEDGED.value} if takes else {}
    draft.write(entry, by, engaged=draft.engaged, needed=draft.needed, **state)
    released = _release_others(draft) if enough else []
    draft.withdraw(frozenset({person_id, *released}))
    if takes:
        take_in_hand(draft)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(lapse_wait)
    tell_of_release(draft, released, roster)
    if to is not ResponderState.ACKNOWLEDGED:
        tell_of_going(draft, roster)


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
        put(draft, person_id, ResponderState.RELEASED)
        draft.write(EntryKind.RELEASED, person=str(person_id))
    return released
