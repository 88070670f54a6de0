"""How a person is rung: his ways one after another, again while he stays silent, and whom nobody asks any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from escalation.centre import may_answer
from escalation.chain import Contact, Roster
from escalation.draft import Draft
from escalation.ids import NoticeId, PersonId
from escalation.incident import IncidentResponder, ResponderState
from escalation.purpose import Purpose
from escalation.reach import Way, contacts_of, has_desk, passed_over, receivers_of, ways_of


def may_be_asked(draft: Draft, person_id: PersonId) -> bool:
    """Who has said yes is not asked again, and who has said no not in the same round."""
    responder = draft.responders.get(person_id)
    if responder is None:
        return True
    if responder.state is ResponderState.DECLINED:
        return responder.round < draft.round
    return not responder.state.engaged


def ring(draft: Draft, person_id: PersonId, contacts: Sequence[Contact]) -> None:
    """Begin to ring a person for the step in force, by the first of his ways; he has one or more."""
    step = draft.chain.steps[draft.step]
    ways = ways_of(step, contacts)
    draft.drop_medium(person_id)
    draft.pass_over(person_id, passed_over(step, contacts), draft.step)
    _ring(draft, person_id, draft.step, ways[0], ways, ())


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
        step, points = draft.chain.steps[responder.step], contacts[responder.person_id]
        ways = ways_of(step, points)
        if ways:
            draft.pass_over(responder.person_id, passed_over(step, points), responder.step)
            _ring(draft, responder.person_id, responder.step, _his_way(responder, ways), ways, responder.tried)


def ring_next_medium(draft: Draft, person_id: PersonId, roster: Roster) -> bool:
    """Tell somebody who is being rung by a medium that the step has not tried yet; False if there is none.

    What waits against a dead way waits on: he may answer by either.
    """
    responder = draft.responders[person_id]
    contacts = contacts_of((person_id,), roster, draft.purpose)[person_id]
    step = draft.chain.steps[responder.step]
    ways = ways_of(step, contacts)
    further = _further(ways, responder.used)
    if further:
        draft.drop_medium(person_id)
        draft.pass_over(person_id, passed_over(step, contacts), responder.step)
        tried = responder.tried or tuple(sorted(responder.used))
        _ring(draft, person_id, responder.step, further[0], ways, tried, responder.waiting)
    return bool(further)


def failed(draft: Draft, person_id: PersonId, notice_id: NoticeId) -> None:
    """A notice that rang for him, or waited to, does so no more."""
    responder = draft.responders[person_id]
    ringing = tuple(one for one in responder.ringing if one != notice_id)
    waiting = tuple(one for one in responder.waiting if one != notice_id)
    draft.responders[person_id] = replace(responder, ringing=ringing, waiting=waiting)


def delayed(draft: Draft, person_id: PersonId, notice_id: NoticeId) -> None:
    """A notice rings nowhere yet, since its way out is dead, and may still."""
    failed(draft, person_id, notice_id)
    responder = draft.responders[person_id]
    draft.responders[person_id] = replace(responder, waiting=(*responder.waiting, notice_id))


def somebody_may_answer(draft: Draft) -> bool:
    """A person may while a notice to him is under way or a next one waited for; the desk where nobody else was told.

    So may a centre that has the case or is being told. A desk or a centre beside colleagues who all said no does not
    hold the next step up: it may still take the incident, or ring.
    """
    step = draft.chain.steps[draft.step]
    told = any(one.step == draft.step and one.attempts for one in draft.responders.values())
    waits = has_desk(step) or may_answer(draft, receivers_of(step))
    if draft.purpose is Purpose.TEST or (waits and not told):
        return True
    return any(
        responder.state is ResponderState.NOTIFIED
        and (responder.ringing or responder.waiting or responder.medium_fence is not None)
        for responder in draft.responders.values()
    )


def _his_way(responder: IncidentResponder, ways: Sequence[Way]) -> Way:
    """The one he is on; where it left the roster or died, the next he was not rung by; after a restart the first."""
    if not responder.tried:
        return ways[0]
    same = [way for way in ways if way[0] == responder.medium]
    return next(iter(same or _further(ways, responder.used)), ways[0])


def _further(ways: Sequence[Way], used: Collection[int]) -> list[Way]:
    return [way for way in ways if way[0] not in used]


def _ring(
    draft: Draft,
    person_id: PersonId,
    index: int,
    way: Way,
    ways: Sequence[Way],
    tried: tuple[int, ...],
    waiting: tuple[NoticeId, ...] = (),
) -> None:
    """Send a person a notice on each contact point of a way, and wait for the next where there is one.

    A wait for his next medium that runs already runs on: ringing again does not put it off.
    """
    medium, contacts = way
    tried = (*(one for one in tried if one != medium), medium)
    before = draft.responders.get(person_id)
    attempts = before.attempts if before else 0
    ringing = []
    for attempt, contact in enumerate(contacts, start=attempts + 1):
        ringing.append(draft.notify(contact, index, attempt))
    fence = before.medium_fence if before else None
    if fence is None and _further(ways, tried):
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
        tried=tried,
        waiting=waiting,
    )
