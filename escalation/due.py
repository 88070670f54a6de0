"""What comes by itself: a wait that is over, a medium that stayed silent, a notice that came to nothing."""

from __future__ import annotations

from escalation.draft import Draft
from escalation.events import DeliveryFailed, MediumDue, StepDue
from escalation.restart import upgrade
from escalation.ringing import failed, ring_again, ring_next_medium
from escalation.walk import begin_next, begin_round, behind_the_last, go_on_early, repeat, turn_or_rest, use_up


def step_due(draft: Draft, event: StepDue) -> None:
    """The wait is over: the next turn, the step once more, the graver chain, the next step, the pause, the next round.

    Who was told and is silent rings again with each of these but the turns: there everybody rings on as he is.
    """
    if turn_or_rest(draft, event.roster):
        return
    if repeat(draft, event.roster):
        ring_again(draft, event.roster)
        return
    if upgrade(draft, event.graver, event.roster):
        return
    if behind_the_last(draft):
        if not draft.used_up:
            use_up(draft)
            return
        begin_round(draft)
    if begin_next(draft, event.roster):
        ring_again(draft, event.roster)


def medium_due(draft: Draft, event: MediumDue) -> None:
    """A person stayed silent: try his next medium, if he still has one."""
    if not ring_next_medium(draft, event.person_id, event.roster):
        draft.drop_medium(event.person_id)


def delivery_failed(draft: Draft, event: DeliveryFailed) -> None:
    """A notice came to nothing. When the medium in use has failed altogether, the next one is tried at once."""
    responder = draft.responders.get(event.person_id)
    if responder is None or event.notice_id not in responder.ringing:
        return
    failed(draft, event.person_id, event.notice_id)
    if draft.responders[event.person_id].ringing or ring_next_medium(draft, event.person_id, event.roster):
        return
    draft.drop_medium(event.person_id)
    go_on_early(draft, event.roster, event.person_id)
