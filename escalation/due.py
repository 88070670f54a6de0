"""What comes by itself: a wait that is over, a medium that stayed silent, a notice that came to nothing."""

from __future__ import annotations

from escalation.centre import unreached
from escalation.draft import Draft
from escalation.events import DeliveryDelayed, DeliveryFailed, ForwardFailed, MediumDue, StepDue
from escalation.restart import upgrade
from escalation.ringing import delayed, failed, ring_again, ring_next_medium
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
    """A notice came to nothing. When the medium in use has failed altogether, the next one is tried at once.

    Whoever has a notice left that waits against a dead way has not fallen away.
    """
    responder = draft.responders.get(event.person_id)
    if responder is None or event.notice_id not in (*responder.ringing, *responder.waiting):
        return
    failed(draft, event.person_id, event.notice_id)
    if draft.responders[event.person_id].ringing or ring_next_medium(draft, event.person_id, event.roster):
        return
    draft.drop_medium(event.person_id)
    if not draft.responders[event.person_id].waiting:
        go_on_early(draft, event.roster, event.person_id)


def delivery_delayed(draft: Draft, event: DeliveryDelayed) -> None:
    """A notice waits against a dead way: his next medium is not waited for, unless another phone of his still rings.

    Once a notice. It has not failed: who has no other medium still counts as rung, and it is tried on.
    """
    responder = draft.responders.get(event.person_id)
    if responder is None or event.notice_id not in responder.ringing:
        return
    delayed(draft, event.person_id, event.notice_id)
    if not draft.responders[event.person_id].ringing:
        ring_next_medium(draft, event.person_id, event.roster)


def forward_failed(draft: Draft, event: ForwardFailed) -> None:
    """No path to an alarm receiving centre worked. A step that nobody else may answer is not waited out."""
    if unreached(draft, event):
        go_on_early(draft, event.roster, None)
