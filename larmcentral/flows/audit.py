"""The auditor: not the engine, looks at what the engine should never leave behind, and says so aloud."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from escalation.ids import CommitteeId, IncidentId, OrganisationId
from escalation.incident import State
from escalation.rearming import rearmed
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.outbox import Condition
from larmcentral.domain.record import unchanged
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.flows.saving import save_changes

log = structlog.get_logger(__name__)

EVERY_S: Final = 5.0
OVERDUE_LIMIT: Final = timedelta(seconds=2)
"""A deadline is fired within a quarter of a second; two seconds are an engine that stands still."""
VIGILS_LIMIT: Final = timedelta(seconds=10)
"""A whole town that falls silent is looked through in that time."""
WAITING_LIMIT: Final = timedelta(seconds=5)


class Audit:
    """Raises engine_overdue, outbox_overdue and incident_without_deadline as system alarms; arms the last."""

    def __init__(
        self,
        means: Means,
        home: tuple[OrganisationId, CommitteeId],
        *,
        takes_writes: Callable[[], Awaitable[bool]] | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        """takes_writes: whether the database would, where answering a question does not prove it."""
        self._means, self._home, self._every_s = means, home, every_s
        self._takes_writes = takes_writes
        self._store, self._clock, self._measures = means.store, means.clock, means.measures
        self._standing: set[str] = set()
        self._loop = Loop("audit", self._turn, means.clock)

    def start(self) -> None:
        """Begin to look."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop looking."""
        await self._loop.stop()

    async def _turn(self) -> None:
        await self._clock.sleep(self._every_s)
        await self.look()

    async def look(self) -> Condition:
        """Look once; raise and clear what is to be raised and cleared."""
        try:
            condition = await self._store.condition(self._clock.now())
        except StoreUnavailable:
            self._measures.database_ready(False)
            raise
        self._measures.database_ready(self._takes_writes is None or await self._takes_writes())
        self._measures.condition(condition)
        late = condition.overdue_s > OVERDUE_LIMIT.total_seconds()
        await self._say("engine_overdue", late or condition.vigils_overdue_s > VIGILS_LIMIT.total_seconds())
        await self._say("outbox_overdue", condition.waiting_s > WAITING_LIMIT.total_seconds())
        await self._say("incident_without_deadline", bool(condition.without_deadline))
        for incident_id in condition.without_deadline:
            try:
                await self._arm(incident_id)
            except StoreUnavailable:
                raise
            except Exception:
                # One that cannot be read must not leave the others asleep; its fault stands already.
                log.exception("not_armed", incident_id=str(incident_id))
        return condition

    async def _say(self, fault: str, wrong: bool) -> None:
        if wrong:
            log.error("audit", fault=fault)
            await self._store.raise_fault(*self._home, fault)
            self._standing.add(fault)
        elif fault in self._standing:
            await self._store.clear_fault(*self._home, fault)
            self._standing.discard(fault)

    async def _arm(self, incident_id: IncidentId) -> None:
        """An open incident that nothing would ever wake is woken now."""
        try:
            async with self._store.transaction() as tx:
                locked = await tx.lock([incident_id])
                record = locked.records.get(incident_id)
                if record is None or record.incident.state is State.STOOD_DOWN:
                    return
                decision = rearmed(record.incident, locked.now)
                notices = await save_changes(tx, [unchanged(record).then(decision)], self._means)
        except Collision:
            return
        self._means.hand_over(notices)
