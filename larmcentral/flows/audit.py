"""The auditor: not the engine, looks at what the engine should never leave behind, and says so aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog

from escalation.ids import CommitteeId, IncidentId, OrganisationId
from escalation.incident import State
from escalation.rearming import rearmed
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Condition, Lease
from larmcentral.domain.record import unchanged
from larmcentral.flows.running import Loop
from larmcentral.ports import Clock, Measures, Store

log = structlog.get_logger(__name__)

EVERY_S: Final = 5.0
OVERDUE_LIMIT: Final = timedelta(seconds=2)
"""A deadline is fired within a quarter of a second; two seconds are an engine that stands still."""
WAITING_LIMIT: Final = timedelta(seconds=5)


class Audit:
    """Raises engine_overdue, outbox_overdue and incident_without_deadline as system alarms; arms the last."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        lease: Lease,
        hand_over: Callable[[Sequence[OutgoingNotice]], None],
        measures: Measures,
        home: tuple[OrganisationId, CommitteeId],
    ) -> None:
        self._store, self._clock, self._lease, self._measures = store, clock, lease, measures
        self._hand_over, self._home = hand_over, home
        self._standing: set[str] = set()
        self._loop = Loop("audit", self._turn, clock)

    def start(self) -> None:
        """Begin to look."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop looking."""
        await self._loop.stop()

    async def _turn(self) -> None:
        await self._clock.sleep(EVERY_S)
        await self.look()

    async def look(self) -> Condition:
        """Look once; raise and clear what is to be raised and cleared."""
        try:
            condition = await self._store.condition(self._clock.now())
        except StoreUnavailable:
            self._measures.database_ready(False)
            raise
        self._measures.database_ready(True)
        self._measures.condition(condition)
        await self._say("engine_overdue", condition.overdue_s > OVERDUE_LIMIT.total_seconds())
        await self._say("outbox_overdue", condition.waiting_s > WAITING_LIMIT.total_seconds())
        await self._say("incident_without_deadline", bool(condition.without_deadline))
        for incident_id in condition.without_deadline:
            await self._arm(incident_id)
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
                notices = await tx.save([unchanged(record).then(decision)], lease=self._lease)
        except Collision:
            return
        self._hand_over(notices)
