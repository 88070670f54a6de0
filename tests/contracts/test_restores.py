"""What a centre is told when it is over: the end of what it was told, whatever the incident became since."""

from __future__ import annotations

from dataclasses import replace

from escalation.alarm import AlarmKind
from escalation.effects import About, Entry, EntryKind
from escalation.events import System
from escalation.incident import Decision, ForwardState
from larmcentral.domain.outbox import NoticeState
from larmcentral.domain.record import unchanged
from tests.contracts.conftest import Kept
from tests.contracts.test_notices import claim_later, end, settle, settled, to_centre


async def test_the_end_is_of_the_kind_that_the_centre_was_told_and_not_of_what_came_later(kept: Kept) -> None:
    forward = await to_centre(kept)
    await settle(kept, settled(forward, NoticeState.SENT, kept, provider="receiver:nord"))
    async with kept.store.transaction() as tx:
        locked = await tx.lock([forward.incident_id])
        change = unchanged(locked.records[forward.incident_id])
        told = replace(change.after.incident.forwards[0], kind=AlarmKind.FALL, state=ForwardState.TAKEN)
        since = replace(change.after.incident, forwards=(told,))
        line = Entry(EntryKind.NOTE, locked.now, System())
        await tx.save([change.then(Decision(since, entries=(line,)))], lease=kept.lease)
    await end(kept, forward.incident_id)
    (restore,) = await claim_later(kept)
    assert restore.text.about is About.OVER
    assert (forward.text.kind, restore.text.kind) == (AlarmKind.PANIC, AlarmKind.FALL)
