"""The owner of an incident: it is handed over, put back, left behind; and what comes of it when he does nothing."""

from __future__ import annotations

from escalation.chain import Roster
from escalation.draft import Draft
from escalation.effects import About, EntryKind, SystemFault
from escalation.events import Actor, HandedOver, OwnerIdle, OwnerLeft, PutBack
from escalation.hand import come_loose, his_own, own, owns, refuse_his_own
from escalation.incident import Refused, State
from escalation.news import tell_managers


def handed_over(draft: Draft, event: HandedOver) -> None:
    """Another operator has it from now on. Any operator may see to that: the owner may have been called away."""
    if draft.owner is None:
        raise Refused("not_taken")
    refuse_his_own(draft, event.to)
    if owns(draft, event.to):
        return
    draft.write(EntryKind.HANDED_OVER, event.by, to=str(event.to.user_id))
    own(draft, event.to)
    draft.lapse_after(draft.chain.acknowledge_lapse)


def put_back(draft: Draft, event: PutBack) -> None:
    """The owner lets it go, for a graver one. Without responders enough it opens again and the chain goes on."""
    if not owns(draft, event.by):
        raise Refused("not_owner")
    _let_go(draft, EntryKind.PUT_BACK, event.by, {}, event.roster)


def owner_left(draft: Draft, event: OwnerLeft) -> None:
    """The owner logged off: the next at the desk has it, and hears of it; nobody has it where nobody is there."""
    if draft.owner is None or (event.to is not None and owns(draft, event.to)):
        return
    owner = {"owner": str(draft.owner.user_id)}
    if event.to is None or his_own(draft, event.to):
        _let_go(draft, EntryKind.OWNER_LEFT, None, owner, event.roster)
        return
    draft.write(EntryKind.OWNER_LEFT, **owner, to=str(event.to.user_id))
    own(draft, event.to)
    draft.notify_desk()
    draft.lapse_after(draft.chain.acknowledge_lapse)


def owner_idle(draft: Draft, event: OwnerIdle) -> None:
    """An operator took it and did nothing since: the house and the managers hear of it, once each time he takes it."""
    assert draft.owner is not None, "the watch ends with the ownership"
    draft.drop_idle()
    draft.write(EntryKind.OWNER_IDLE, owner=str(draft.owner.user_id))
    draft.raise_alarm(SystemFault.OWNER_IDLE)
    tell_managers(draft, About.OWNER_IDLE, event.roster)


def _let_go(draft: Draft, entry: EntryKind, by: Actor | None, detail: dict[str, str], roster: Roster) -> None:
    if draft.engaged >= draft.needed:
        draft.write(entry, by, **detail)
        draft.owner = None
        draft.drop_idle()
        return
    draft.write(entry, by, **detail, state=State.OPEN.value)
    come_loose(draft, roster)
