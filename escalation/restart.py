"""A graver chain takes over: for a graver alarm, or because nobody answered the first step."""

from __future__ import annotations

from dataclasses import replace

from escalation.centre import take_up
from escalation.chain import EscalationChain, Roster
from escalation.draft import Draft
from escalation.effects import EntryKind, SystemFault
from escalation.incident import ResponderState, State
from escalation.ringing import ring_again
from escalation.walk import begin_next, begin_round


def restart(draft: Draft, chain: EscalationChain, roster: Roster) -> None:
    """Begin the graver kind's chain, of one step or more. Who is under way stays so; who said yes is asked again.

    The desk hears of what was in hand, whatever that chain begins with: it is nobody's any more.
    """
    if draft.state is State.ACKNOWLEDGED:
        draft.notify_desk()
    draft.hush()
    draft.reopen()
    draft.chain = chain
    begin_round(draft)
    for person_id, responder in draft.responders.items():
        state, since = responder.state, responder.since
        if state is ResponderState.ACKNOWLEDGED:
            state, since = ResponderState.NOTIFIED, draft.now
        draft.responders[person_id] = replace(responder, state=state, since=since, step=0, medium=0, tried=())
    draft.write(EntryKind.CHAIN_RESTARTED, kind=draft.kind.value, round=draft.round, state=State.OPEN.value)
    begin_next(draft, roster)
    ring_again(draft, roster)
    take_up(draft)


def upgrade(draft: Draft, graver: EscalationChain | None, roster: Roster) -> bool:
    """Make a group alarm the attack alarm it may well be; True if a graver chain began with it.

    Once, in the first round, at the end of a step that nobody answered.
    """
    kind = draft.chain.upgrade_to
    if kind is None or not draft.upgrade_owed:
        return False
    draft.upgraded = True
    draft.kind = draft.kind.graver(kind)
    draft.write(EntryKind.UPGRADED, kind=draft.kind.value)
    if graver is not None and graver.steps:
        restart(draft, graver, roster)
        return True
    draft.write(EntryKind.ROSTER_FAULT, fault=SystemFault.NO_CHAIN.value)
    draft.raise_alarm(SystemFault.NO_CHAIN)
    draft.notify_desk()
    return False
