"""How a person is rung: his ways one after another, again while he stays silent, and whom nobody asks any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from escalation.chain import Roster
from escalation.draft import Draft
from escalation.ids import NoticeId, PersonId
from escalation.incident import IncidentResponder, ResponderState
from escalation.purpose import Purpose
from escalation.reach import Way, contacts_of, has_desk, ways_of


def may_be_asked(draft: Draft, person_id: PersonId) -> bool:
    """Who has said yes is not asked again, and who has said no not in the same round."""
    responder = draft.responders.get(person_id)
    if responder is None:
        return True
    if responder.state is ResponderState.DECLINED:
        return responder.round < draft.round
    return not responder.state.engaged


def ring(draft: Draft, person_id: PersonId, ways: Sequence[Way]) -> None:
    """Begin to ring a person for the step in force, by the first of his ways; one or more."""
    draft.drop_medium(person_id)
    _ring(draft, person_id, draft.step, ways)


def ring_again(draft: Draft, roster: Roster) -> None:
    """Send those who were told and stay silent another notice, by the medium they are on.

    Who has his turn yet to come is left to it.
    """
    silent = [
        responder
        for person_id, responder in draft.responders.items()
        if responder.state is ResponderState.NOTIFIED and person_id not in draft.told and person_id not in draft.queue
    ]
    if not silent or not draft.chain.steps:
        return
    contacts = contacts_of((responder.person_id for responder in silent), roster, draft.purpose)
    for responder in silent:
        ways = ways_of(draft.chain.steps[responder.step], contacts[responder.person_id])
        if ways:
            later = [place for place, (medium, _) in enumerate(ways) if medium >= responder.medium]
            _ring(draft, responder.person_id, responder.step, ways[later[0] if later else 0 :])


def ring_next_medium(draft: Draft, person_id: PersonId, roster: Roster) -> bool:
    """Tell somebody who is being rung by the next medium of his step; False if there is none."""
    responder = draft.responders[person_id]
    contacts = contacts_of((person_id,), roster, draft.purpose)[person_id]
    ways = ways_of(draft.chain.steps[responder.step], contacts)
    further = [way for way in ways if way[0] > responder.medium]
    if further:
        draft.drop_medium(person_id)
        _ring(draft, person_id, responder.step, further)
    return bool(further)


def failed(draft: Draft, person_id: PersonId, notice_id: NoticeId) -> None:
    """A notice that rang for him rings no more."""
    responder = draft.responders[person_id]
    ringing = tuple(one for one in responder.ringing if one != notice_id)
    draft.responders[person_id] = replace(responder, ringing=ringing)


def somebody_may_answer(draft: Draft) -> bool:
    """A person may while a notice to him is under way or a next one waited for; the desk where nobody else was told.

    A desk beside colleagues who all said no does not hold the next step up: it may still take the incident.
    """
    told = any(one.step == draft.step and one.attempts for one in draft.responders.values())
    if draft.purpose is Purpose.TEST or (has_desk(draft.chain.steps[draft.step]) and not told):
        return True
    return any(
        responder.state is ResponderState.NOTIFIED and (responder.ringing or responder.medium_fence is not None)
        for responder in draft.responders.values()
    )


def _ring(draft: Draft, person_id: PersonId, index: int, ways: Sequence[Way]) -> None:
    """Send a person a notice on each contact point of the first way, and wait for the second where there is one.

    A wait for his next medium that runs already runs on: ringing again does not put it off.
    """
    medium, contacts = ways[0]
    before = draft.responders.get(person_id)
    attempts = before.attempts if before else 0
    ringing = []
    for attempt, contact in enumerate(contacts, start=attempts + 1):
        ringing.append(draft.notify(contact, index, attempt))
    fence = before.medium_fence if before else None
    if fence is None and len(ways) > 1:
        fence = draft.arm_medium(person_id, draft.chain.steps[index].medium_wait)
    silent_before = before is not None and before.state is ResponderState.NOTIFIED
    draft.told.add(person_id)
    draft.responders[person_id] = IncidentResponder(
        person_id=person_id,
        state=ResponderState.NOTIFIED,
        since=before.since if before and silent_before else draft.now,
        step=index,
        medium=medium,
        attempts=attempts + len(ringing),
        round=draft.round,
        ringing=tuple(ringing),
        medium_fence=fence,
    )
