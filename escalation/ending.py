"""Stand-down: a person ends the response, and what still comes after."""

from __future__ import annotations

from collections.abc import Iterable

from escalation.centre import call_off, withdraw_all
from escalation.closing import asked, faults
from escalation.draft import Draft
from escalation.effects import EntryKind
from escalation.events import (
    Actor,
    ClosingAnswer,
    MergedInto,
    Operator,
    Outcome,
    Responder,
    StoodDown,
    System,
    Wearer,
    WearerSafe,
)
from escalation.hand import refuse_his_own, refuse_wearer
from escalation.ids import IncidentId, PersonId
from escalation.incident import Refused, ResponderState, State, Unanswered
from escalation.news import tell_of_end
from escalation.purpose import Purpose


def stand_down(draft: Draft, event: StoodDown) -> None:
    """End the response: nothing is waited for and nobody is called any more. Who said yes hears that it is over."""
    if isinstance(event.by, System) and draft.purpose is Purpose.REAL:
        raise Refused("only_a_person")
    if isinstance(event.by, Wearer):
        raise Refused("own_alarm")
    if isinstance(event.by, Responder):
        refuse_wearer(draft, event.by.person_id)
    if isinstance(event.by, Operator):
        refuse_his_own(draft, event.by)
    _refuse_wrong_outcome(draft.purpose, event.outcome)
    _refuse_unanswered(draft, event)
    withdraw_all(draft)
    if not isinstance(event.by, System):
        ender = event.by.person_id
        tell_of_end(draft, [one for one in _persons(draft, engaged_only=True) if one != ender], event.roster)
    call_off(draft)
    draft.closing = event.closing or ()
    _end(draft, event.by, event.outcome, event.note, **_written(draft.closing))


def wearer_safe(draft: Draft, event: WearerSafe) -> None:
    """A sign of life ends what silence alone had raised; of all else a person at the desk decides."""
    if event.by.person_id != draft.subject:
        raise Refused("not_the_wearer")
    draft.write(EntryKind.WEARER_SAFE, event.by, how=event.how)
    if draft.silence_only:
        withdraw_all(draft)
        tell_of_end(draft, _persons(draft, engaged_only=False), event.roster)
        call_off(draft)
        _end(draft, event.by, _nothing_happened(draft.purpose), event.how)


def merge_into(draft: Draft, event: MergedInto) -> None:
    """It is the same matter as another incident, which goes on for both.

    An alarm receiving centre that has this one is not told that it is over, for it is not: the other incident tells
    it when it ends.
    """
    refuse_itself(draft, event.into)
    refuse_his_own(draft, event.by)
    withdraw_all(draft)
    draft.merged_into = event.into
    _end(draft, event.by, Outcome.OTHER, "", merged_into=str(event.into))


def refuse_itself(draft: Draft, other: IncidentId) -> None:
    """An incident is not merged with itself."""
    if other == draft.id:
        raise Refused("same_incident")


def _end(draft: Draft, by: Actor, outcome: Outcome, note: str, **detail: str) -> None:
    draft.write(EntryKind.STOOD_DOWN, by, outcome=outcome.value, note=note, **detail, state=State.STOOD_DOWN.value)
    draft.drop_step()
    draft.drop_lapse()
    draft.drop_idle()
    draft.hush()
    draft.queue = ()
    draft.state = State.STOOD_DOWN
    draft.stood_down_at = draft.now
    draft.outcome = outcome


def _persons(draft: Draft, *, engaged_only: bool) -> list[PersonId]:
    """Those who said yes; with those who were told and have not answered, unless only the former are wanted."""
    return [
        one.person_id
        for one in draft.responders.values()
        if one.state.engaged or (one.state is ResponderState.NOTIFIED and not engaged_only)
    ]


def _nothing_happened(purpose: Purpose) -> Outcome:
    """The verdict when the wearer is well: a drill stays a drill, and a test a test."""
    match purpose:
        case Purpose.REAL:
            return Outcome.FALSE
        case Purpose.DRILL:
            return Outcome.DRILL
        case Purpose.TEST:
            return Outcome.TEST


def _written(answers: Iterable[ClosingAnswer]) -> dict[str, str]:
    """What the timeline says of the answers: closing_<key>, and closing_<key>_note where there are words."""
    said = {f"closing_{answer.key}": answer.choice for answer in answers}
    return said | {f"closing_{answer.key}_note": answer.note for answer in answers if answer.note}


def _refuse_unanswered(draft: Draft, event: StoodDown) -> None:
    """Whoever was shown a form answers all of it, as the kind stands now: it may have become graver meanwhile."""
    if event.closing is not None:
        found = faults(asked(draft.purpose, draft.kind, event.outcome), event.closing)
        if found:
            raise Unanswered(found)


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
