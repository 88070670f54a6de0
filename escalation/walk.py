"""The walk along the chain: steps, media, empty steps, the used-up chain and its next round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from escalation.chain import Roster
from escalation.draft import Draft
from escalation.effects import EntryKind, SystemFault
from escalation.events import DeliveryFailed, EscalatedNow, MediumDue, StepDue
from escalation.ids import PersonId
from escalation.incident import IncidentResponder, ResponderState, State
from escalation.purpose import Purpose
from escalation.reach import Reach, Way, contacts_of, has_desk, reach_of, ways_of


def step_due(draft: Draft, event: StepDue) -> None:
    """The wait is over: the next step begins, or the chain is used up, or its next round begins."""
    if _behind_the_last(draft):
        if not draft.used_up:
            use_up(draft)
            return
        _begin_round(draft)
    if begin_next(draft, event.roster):
        ring_again(draft, event.roster)


def medium_due(draft: Draft, event: MediumDue) -> None:
    """A person stayed silent: try his next medium, if he still has one."""
    responder = draft.responders[event.person_id]
    if not _ring_next_medium(draft, responder, event.roster):
        draft.drop_medium(event.person_id)


def delivery_failed(draft: Draft, event: DeliveryFailed) -> None:
    """A notice came to nothing. When the medium in use has failed altogether, the next one is tried at once."""
    responder = draft.responders.get(event.person_id)
    if responder is None or event.notice_id not in responder.ringing:
        return
    responder = replace(responder, ringing=tuple(id for id in responder.ringing if id != event.notice_id))
    draft.responders[event.person_id] = responder
    if responder.ringing or _ring_next_medium(draft, responder, event.roster):
        return
    draft.drop_medium(event.person_id)
    go_on_early(draft, event.roster)


def escalated_now(draft: Draft, event: EscalatedNow) -> None:
    """An operator will not wait. An incident in hand stays in hand."""
    draft.write(EntryKind.ESCALATED_NOW, event.by)
    if _behind_the_last(draft):
        _begin_round(draft)
    begin_next(draft, event.roster)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.acknowledge_lapse)


def begin_next(draft: Draft, roster: Roster) -> bool:
    """Begin the next step that has somebody to tell; False if there is none and the chain is used up.

    Runs along the rest of the chain at most once.
    """
    steps = draft.chain.steps
    if not steps:
        _without_chain(draft)
        return False
    while draft.next_step < len(steps):
        draft.next_step += 1
        if _begin(draft, roster):
            return True
    use_up(draft)
    return False


def go_on(draft: Draft, roster: Roster) -> None:
    """An incident that came loose goes on at once: next step or next round. Everybody who was told rings again."""
    if _behind_the_last(draft):
        if not draft.used_up:
            _call_used_up(draft)
        _begin_round(draft)
    begin_next(draft, roster)
    ring_again(draft, roster)


def go_on_early(draft: Draft, roster: Roster) -> None:
    """Do not wait out a step that nobody can answer any more. A used-up chain waits for its next round."""
    steps = draft.chain.steps
    if draft.state is not State.OPEN or draft.used_up or not steps or _somebody_may_answer(draft):
        return
    begin_next(draft, roster)


def use_up(draft: Draft) -> None:
    """The chain has run out: an alarm in itself. After a pause it begins again."""
    _call_used_up(draft)
    if draft.state is State.OPEN:
        draft.arm_step(draft.chain.loop_wait)


def ring_again(draft: Draft, roster: Roster) -> None:
    """Send those who were told and stay silent another notice, by the medium they are on."""
    silent = [
        responder
        for person_id, responder in draft.responders.items()
        if responder.state is ResponderState.NOTIFIED and person_id not in draft.told
    ]
    if not silent or not draft.chain.steps:
        return
    contacts = contacts_of((responder.person_id for responder in silent), roster, draft.purpose)
    for responder in silent:
        ways = ways_of(draft.chain.steps[responder.step], contacts[responder.person_id])
        if ways:
            later = [place for place, (medium, _) in enumerate(ways) if medium >= responder.medium]
            _ring(draft, responder.person_id, responder.step, ways[later[0] if later else 0 :])


def _begin(draft: Draft, roster: Roster) -> bool:
    """Begin the step that draft.step names; False if it has nobody to tell."""
    step = draft.chain.steps[draft.step]
    reach = reach_of(step, roster, draft.purpose, draft.subject)
    if reach.held_back:
        draft.write(EntryKind.HELD_BACK, step=draft.step, contacts=reach.held_back, why=draft.purpose.value)
    told = [person_id for person_id in reach.contacts if _may_be_asked(draft, person_id)]
    if not told and not reach.desk:
        _pass_over(draft, reach)
        return False
    draft.needed = max(step.responders_needed, 1)
    draft.write(EntryKind.STEP_BEGUN, step=draft.step, round=draft.round, persons=len(told))
    for person_id in told:
        draft.drop_medium(person_id)
        _ring(draft, person_id, draft.step, ways_of(step, reach.contacts[person_id]))
    if reach.desk:
        draft.notify_desk()
    if draft.state is State.OPEN:
        draft.arm_step(step.wait)
    return True


def _may_be_asked(draft: Draft, person_id: PersonId) -> bool:
    """Who has said yes is not asked again, and who has said no not in the same round."""
    responder = draft.responders.get(person_id)
    if responder is None:
        return True
    if responder.state is ResponderState.DECLINED:
        return responder.round < draft.round
    return not responder.state.engaged


def _pass_over(draft: Draft, reach: Reach) -> None:
    """Nobody to tell and no desk: say why. Only a step that nobody stands behind is a fault of the house."""
    if reach.contacts or reach.held_back:
        why = "answered" if reach.contacts else "held_back"
        draft.write(EntryKind.STEP_PASSED_OVER, step=draft.step, round=draft.round, why=why)
        return
    draft.write(EntryKind.ROSTER_FAULT, step=draft.step, round=draft.round, fault=SystemFault.NOBODY_TO_REACH.value)
    draft.raise_alarm(SystemFault.NOBODY_TO_REACH, draft.step)


def _ring_next_medium(draft: Draft, responder: IncidentResponder, roster: Roster) -> bool:
    """Tell somebody who is being rung by the next medium of his step; False if there is none."""
    person_id = responder.person_id
    contacts = contacts_of((person_id,), roster, draft.purpose)[person_id]
    ways = ways_of(draft.chain.steps[responder.step], contacts)
    further = [way for way in ways if way[0] > responder.medium]
    if further:
        draft.drop_medium(person_id)
        _ring(draft, person_id, responder.step, further)
    return bool(further)


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


def _somebody_may_answer(draft: Draft) -> bool:
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


def _behind_the_last(draft: Draft) -> bool:
    return 0 < len(draft.chain.steps) <= draft.next_step


def _begin_round(draft: Draft) -> None:
    draft.round += 1
    draft.next_step = 0
    draft.used_up = False


def _call_used_up(draft: Draft) -> None:
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
