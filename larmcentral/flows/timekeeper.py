"""Deadlines that are due: claimed, decided and re-armed in one transaction. Rows are the truth, waits a hint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from escalation.chain import Roster
from escalation.decide import decide
from escalation.effects import DropTimer, TimerKind
from escalation.events import AcknowledgementLapsed, Event, MediumDue, StepDue
from escalation.ids import IncidentId
from larmcentral.domain.errors import Collision
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Change, Deadline, unchanged
from larmcentral.flows.alarms import rosters
from larmcentral.flows.hints import Bell, Hints
from larmcentral.flows.running import Loop
from larmcentral.ports import Clock, Measures, Store

CLAIM_LIMIT: Final = 100
"""32,000 claims/s at this size; larger ones hold the first deadline up."""
POLL_S: Final = 0.1
"""How late a deadline may be: steps are counted in seconds, and looking after each commit would double the queries."""


class Timekeeper:
    """Fires what is due, oldest first; after a crash everything overdue at once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        lease: Lease,
        hand_over: Callable[[Sequence[OutgoingNotice]], None],
        hints: Hints,
        measures: Measures,
    ) -> None:
        self._store, self._clock, self._lease = store, clock, lease
        self._hand_over, self._hints, self._measures = hand_over, hints, measures
        self._bell = Bell()
        self._loop = Loop("timekeeper", self._turn, clock)

    def start(self) -> None:
        """Begin to fire."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; what is due stays due."""
        await self._loop.stop()

    def wake(self) -> None:
        """Another process may have armed something sooner: look now."""
        self._bell.ring()

    async def _turn(self) -> None:
        next_due = await self._store.next_due()
        if next_due is None:
            await self._bell.wait(POLL_S)
            return
        early_s = (next_due - self._clock.now()).total_seconds()
        if early_s > 0:
            await self._bell.wait(min(early_s, POLL_S))
            return
        if not await self.fire():
            # Due, but held by another transaction just now, or due only by our own clock.
            await self._bell.wait(POLL_S / 10)

    async def fire(self) -> int:
        """Act on what is due now, up to the claim limit; return how many deadlines that were."""
        try:
            async with self._store.transaction() as tx:
                locked, due = await tx.lock_due(CLAIM_LIMIT)
                held = list(locked.records.values())
                roster = await rosters(tx, [(r.subject.organisation_id, r.incident.chain) for r in held])
                changes: dict[IncidentId, Change] = {i: unchanged(r) for i, r in locked.records.items()}
                for deadline in due:
                    # First all that fired are gone; then what the decisions arm stays.
                    changes[deadline.incident_id] = _fired(changes[deadline.incident_id], deadline)
                for deadline in due:
                    change = changes[deadline.incident_id]
                    event = _event(deadline, roster[change.after.subject.organisation_id])
                    changes[deadline.incident_id] = change.then(decide(change.after.incident, event, locked.now))
                notices = await tx.save(list(changes.values()), lease=self._lease)
        except Collision:
            return 0
        if due:
            self._hand_over(notices)
            self._hints.changed()
            self._report(due, locked.now)
        return len(due)

    def _report(self, due: Sequence[Deadline], now: datetime) -> None:
        for deadline in due:
            self._measures.deadline_fired((now - deadline.due_at).total_seconds())


def _fired(change: Change, deadline: Deadline) -> Change:
    return replace(change, effects=(*change.effects, DropTimer(deadline.kind, deadline.person_id)))


def _event(deadline: Deadline, roster: Roster) -> Event:
    match deadline.kind:
        case TimerKind.NEXT_STEP:
            return StepDue(deadline.fence, roster)
        case TimerKind.LAPSE:
            return AcknowledgementLapsed(deadline.fence, roster)
        case TimerKind.NEXT_MEDIUM:
            if deadline.person_id is None:
                raise AssertionError("a medium's timer belongs to a person")
            return MediumDue(deadline.person_id, deadline.fence, roster)
        case _:
            assert_never(deadline.kind)
