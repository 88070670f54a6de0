"""Stand-down: a person ends the response, and what still comes after."""

from __future__ import annotations

from escalation.draft import Draft
from escalation.effects import EntryKind
from escalation.events import Outcome, Responder, StoodDown, System
from escalation.incident import Refused, State
from escalation.purpose import Purpose


def stand_down(draft: Draft, event: StoodDown) -> None:
    """End the response: nothing is waited for and nothing goes out any more."""
    if isinstance(event.by, System) and draft.purpose is Purpose.REAL:
        raise Refused("only_a_person")
    if isinstance(event.by, Responder) and event.by.person_id == draft.subject:
        raise Refused("own_alarm")
    _refuse_wrong_outcome(draft.purpose, event.outcome)
    draft.write(
        EntryKind.STOOD_DOWN, event.by, outcome=event.outcome.value, note=event.note, state=State.STOOD_DOWN.value
    )
    draft.withdraw(None)
    draft.drop_step()
    draft.drop_lapse()
    draft.hush()
    draft.state = State.STOOD_DOWN
    draft.stood_down_at = draft.now
    draft.outcome = event.outcome


def _refuse_wrong_outcome(purpose: Purpose, outcome: Outcome) -> None:
    """What was real is not called a drill afterwards, nor a drill real."""
    match purpose:
        case Purpose.REAL:
            if outcome is Outcome.DRILL:
                raise Refused("outcome_of_real")
        case Purpose.DRILL:
            if outcome not in {Outcome.DRILL, Outcome.TEST, Outcome.OTHER}:
                raise Refused("outcome_of_drill")
        case Purpose.TEST:
            pass
