"""One decision about one stored incident: lock, ask the core, file, then send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation.chain import Roster, Target
from escalation.decide import decide
from escalation.events import Event
from escalation.ids import IncidentId
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Record, unchanged
from larmcentral.flows.asking import ask_for
from larmcentral.flows.means import Means
from larmcentral.flows.rosters import rosters
from larmcentral.flows.saving import save_changes
from larmcentral.flows.transact import Sight, transact
from larmcentral.ports import Transaction


@dataclass(frozen=True, slots=True)
class Held:
    """An incident whose row is ours, in the transaction that holds it."""

    tx: Transaction
    record: Record
    now: datetime
    means: Means

    async def roster(self, *further: Target) -> Roster:
        """Return who stands behind its chain now, and behind further targets."""
        (found,) = await rosters(self.tx, [ask_for(self.record, *further)], self.means, self.now)
        return found


Say = Callable[[Held], Awaitable[Event]]
"""Makes the event of what is known once the row is held."""


class Deciding:
    """What commands about one incident share."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def _decide(self, incident_id: IncidentId, sight: Sight | None, say: Say) -> None:
        async def act(tx: Transaction) -> tuple[float | None, Sequence[OutgoingNotice]]:
            held = await hold(tx, incident_id, self._means)
            before, event = held.record.incident, await say(held)
            decision = decide(before, event, held.now)
            notices = await save_changes(tx, [unchanged(held.record).then(decision)], self._means)
            taken_first = before.acknowledged_at is None and decision.incident.acknowledged_at is not None
            return (held.now - before.opened_at).total_seconds() if taken_first else None, notices

        seconds = await transact(self._means, sight, act)
        if seconds is not None:
            self._means.measures.acknowledged(seconds)


async def hold(tx: Transaction, incident_id: IncidentId, means: Means) -> Held:
    """Lock an incident. Raises NotFound."""
    locked = await tx.lock([incident_id])
    if incident_id not in locked.records:
        raise NotFound("incident")
    return Held(tx, locked.records[incident_id], locked.now, means)
