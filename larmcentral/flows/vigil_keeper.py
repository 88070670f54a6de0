"""The keeper of vigils: sessions, countdowns, loans and shift changes wait in the store, not in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from escalation.events import System
from escalation.ids import VigilId
from escalation.vigil import VigilEntry, VigilKind
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.vigil import VigilChange, VigilRecord, undecided
from larmcentral.flows.apart import each_apart
from larmcentral.flows.carry import carry_out
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.flows.store_time import StoreTime
from larmcentral.flows.vigils import fallen_due

log = structlog.get_logger(__name__)

KINDS: Final = (VigilKind.SESSION, VigilKind.PRE_ALARM, VigilKind.LOAN, VigilKind.HANDOVER)
"""What the clock alone can move. A device's silence is supervise.py's."""
CLAIM_LIMIT: Final = 100
"""As the timekeeper's: at shift ends many fall due in one minute, and the first must not wait for the last."""
POLL_S: Final = 0.25
"""A countdown ends within half a second of its time; reminders and check-ins are counted in minutes."""
LATE: Final = timedelta(seconds=2)
"""Later than this the process was down, or the database; the vigil's log says so."""


class VigilKeeper:
    """Acts on what is due, oldest first; after a crash everything overdue at once."""

    def __init__(self, means: Means, *, poll_s: float = POLL_S) -> None:
        self._means, self._poll_s = means, poll_s
        self._bell, self._time = Bell(), StoreTime(means.clock)
        self._loop = Loop("vigil keeper", self._turn, means.clock)

    def start(self) -> None:
        """Begin to keep."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; what is due stays due."""
        await self._loop.stop()

    def wake(self) -> None:
        """Something may have been filed that is due sooner: look now."""
        self._bell.ring()

    async def _turn(self) -> None:
        next_due = await self._means.store.next_vigil_due(KINDS)
        if next_due is None:
            await self._bell.wait(self._poll_s)
            return
        early_s = self._time.seconds_until(next_due)
        if early_s > 0:
            await self._bell.wait(min(early_s, self._poll_s))
            return
        if not await self.keep():
            # Not due after all, now that the store has told its time, or held by another transaction just now.
            await self._bell.wait(min(self._poll_s, POLL_S))

    async def keep(self) -> int:
        """Act on what is due now, up to the claim limit; return how many vigils that were."""
        store = self._means.store
        try:
            return await self._keep()
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("vigils_failed")
            return await each_apart(await store.overdue_vigils(KINDS, CLAIM_LIMIT), self._keep, store.put_off_vigil)

    async def _keep(self, only: VigilId | None = None) -> int:
        means = self._means
        try:
            async with means.store.transaction() as tx:
                locked = await tx.lock_due_vigils(KINDS, CLAIM_LIMIT, only)
                self._time.learn(locked.now)
                due = oldest_first(locked.records.values())
                changes = [_late(fallen_due(undecided(record), locked.now), record, locked.now) for record in due]
                notices = await carry_out(tx, changes, means, locked.now) if changes else []
        except Collision:
            return 0
        if due:
            means.hand_over(notices)
            means.hints.changed()
            for record in due:
                means.measures.deadline_fired(_lateness(record, locked.now).total_seconds())
        return len(due)


def oldest_first(records: Iterable[VigilRecord]) -> list[VigilRecord]:
    """Return vigils in the order in which they fell due, equals by id."""
    return sorted(records, key=lambda record: (record.core.due_at or datetime.max.replace(tzinfo=UTC), record.id))


def _lateness(record: VigilRecord, now: datetime) -> timedelta:
    return timedelta() if record.core.due_at is None else max(now - record.core.due_at, timedelta())


def _late(change: VigilChange, record: VigilRecord, now: datetime) -> VigilChange:
    """Say in the log that something was acted on late, after an outage of ours."""
    late = _lateness(record, now)
    if late <= LATE:
        return change
    entry = VigilEntry("fired_late", now, System(), (("late_s", f"{late.total_seconds():.0f}"),))
    return change.then(change.after.core, (), (entry,))
