"""An operator's own words to those who go there, or to the wearer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from escalation.alarm import AlarmKind
from escalation.chain import Contact
from escalation.draft import Draft
from escalation.effects import About, EntryKind
from escalation.events import MessageSent, MessageTo
from escalation.hand import acted, refuse_his_own
from escalation.ids import PersonId
from escalation.incident import Refused, ResponderState, State
from escalation.reach import contacts_of, in_house, living


def send_message(draft: Draft, event: MessageSent) -> None:
    """Send words, and write them down. A human act, as a note is: what is in hand stays in hand.

    Refused where nobody would hear them, and to the wearer of a silent alarm: whoever stands beside him reads them.
    """
    refuse_his_own(draft, event.by)
    match event.to:
        case MessageTo.RESPONDERS:
            told = _best(draft, event, _within_reach(draft))
        case MessageTo.WEARER:
            told = _apps(draft, event, _wearer(draft))
        case _:
            assert_never(event.to)
    if not any(told):
        raise Refused("nobody_to_reach")
    persons = sum(map(bool, told))
    draft.write(EntryKind.MESSAGE_SENT, event.by, to=event.to.value, text=event.text, persons=persons)
    for contacts in told:
        for contact in contacts:
            draft.tell(contact, About.MESSAGE, event.text)
    acted(draft, event.by)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.attention_lapse)


def _within_reach(draft: Draft) -> list[PersonId]:
    """Those who were told, but for whoever is out of it."""
    return [
        one.person_id for one in draft.responders.values() if one.state is ResponderState.NOTIFIED or one.state.engaged
    ]


def _wearer(draft: Draft) -> list[PersonId]:
    if draft.silent or draft.kind is AlarmKind.DURESS:
        raise Refused("silent")
    if draft.subject is None:
        raise Refused("no_wearer")
    return [draft.subject]


def _best(draft: Draft, event: MessageSent, persons: Iterable[PersonId]) -> list[Sequence[Contact]]:
    """For each the best of his apps; the best of what he has where he has none."""
    usable = [living(points) for points in contacts_of(persons, event.roster, draft.purpose).values()]
    return [(in_house(points) or points)[:1] for points in usable]


def _apps(draft: Draft, event: MessageSent, persons: Iterable[PersonId]) -> list[Sequence[Contact]]:
    """For each all of his apps: nobody knows which phone he has with him. The best of the rest where he has none."""
    usable = [living(points) for points in contacts_of(persons, event.roster, draft.purpose).values()]
    return [in_house(points) or points[:1] for points in usable]
