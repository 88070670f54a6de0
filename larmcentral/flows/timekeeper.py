"""Deadlines that are due: claimed, decided and re-armed in one transaction. Rows are the truth, waits a hint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

import structlog

from escalation.chain import EscalationChain, ManagerTarget, Roster
from escalation.decide import decide
from escalation.effects import DropTimer, Entry, EntryKind, TimerKind
from escalation.events import AcknowledgementLapsed, Event, MediumDue, OwnerIdle, StepDue, System
from escalation.ids import IncidentId
from escalation.incident import Decision
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.record import Change, Deadline, Record, unchanged
from larmcentral.flows.apart import each_apart
from larmcentral.flows.asking import ask_for, together
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.rosters import RosterAsk, rosters
from larmcentral.flows.running import Loop
from larmcentral.flows.saving import save_changes
from larmcentral.flows.store_time import StoreTime
from larmcentral.ports import Transaction

log = structlog.get_logger(__name__)

CLAIM_LIMIT: Final = 100
"""32,000 claims/s at this size; larger ones hold the first deadline up."""
POLL_S: Final = 0.1
"""How late a deadline may be: steps are counted in seconds, and looking after each commit would double the queries."""
LATE: Final = timedelta(seconds=2)
"""A deadline is fired within a quarter of a second; what is later than this is told on the timeline."""


class Timekeeper:
    """Fires what is due, oldest first; after a crash everything overdue at once."""

    def __init__(self, means: Means, *, poll_s: float = POLL_S) -> None:
        self._means, self._poll_s = means, poll_s
        self._store, self._time = means.store, StoreTime(means.clock)
        self._bell = Bell()
        self._loop = Loop("timekeeper", self._turn, means.clock)

    def start(self) -> None:
        """Begin to fire."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; what is due stays due."""
        await self._loop.stop()

    def wake(self) -> None:
        """Somebody may have armed something sooner: look now."""
        self._bell.ring()

    async def _turn(self) -> None:
        next_due = await self._store.next_due()
        if next_due is None:
            await self._bell.wait(self._poll_s)
            return
        early_s = self._time.seconds_until(next_due)
        if early_s > 0:
            await self._bell.wait(min(early_s, self._poll_s))
            return
        if not await self.fire():
            # Not due after all, now that the store has told its time, or held by another transaction just now.
            await self._bell.wait(min(self._poll_s, POLL_S / 10))

    async def fire(self) -> int:
        """Act on what is due now, up to the claim limit; return how many deadlines that were."""
        try:
            return await self._fire()
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("deadlines_failed")
            return await each_apart(await self._store.overdue(CLAIM_LIMIT), self._fire, self._store.put_off)

    async def _fire(self, only: IncidentId | None = None) -> int:
        try:
            async with self._store.transaction() as tx:
                locked, due = await tx.lock_due(CLAIM_LIMIT, only)
                self._time.learn(locked.now)
                changes: dict[IncidentId, Change] = {i: unchanged(r) for i, r in locked.records.items()}
                for incident_id, late in _late(due, locked.now).items():
                    changes[incident_id] = _told_late(changes[incident_id], late, locked.now)
                for deadline in due:
                    # First all that fired are gone; then what the decisions arm stays.
                    changes[deadline.incident_id] = _fired(changes[deadline.incident_id], deadline)
                gravers = await _gravers(tx, locked.records, due)
                roster = await self._rosters(tx, locked.records, gravers, due, locked.now)
                for deadline in due:
                    change, i = changes[deadline.incident_id], deadline.incident_id
                    event = _event(deadline, roster[i], gravers.get(i))
                    changes[i] = change.then(decide(change.after.incident, event, locked.now))
                notices = await save_changes(tx, list(changes.values()), self._means)
        except Collision:
            return 0
        if due:
            self._means.hand_over(notices)
            self._means.hints.changed()
            for deadline in due:
                self._means.measures.deadline_fired((locked.now - deadline.due_at).total_seconds())
        return len(due)

    async def _rosters(
        self,
        tx: Transaction,
        records: Mapping[IncidentId, Record],
        gravers: Mapping[IncidentId, EscalationChain],
        due: Sequence[Deadline],
        now: datetime,
    ) -> Mapping[IncidentId, Roster]:
        """Load who stands behind each incident's chain, and behind the graver one it may turn to; all in one go."""
        idle = {deadline.incident_id for deadline in due if deadline.kind is TimerKind.OWNER_IDLE}
        asked = [(i, ask_for(r, *((ManagerTarget(),) if i in idle else ()))) for i, r in records.items()]
        asked += [(i, RosterAsk(records[i].subject, chain)) for i, chain in gravers.items()]
        found = await rosters(tx, [ask for _, ask in asked], self._means, now)
        known: dict[IncidentId, Roster] = {}
        for (incident_id, _), roster in zip(asked, found, strict=True):
            known[incident_id] = together(known[incident_id], roster) if incident_id in known else roster
        return known


async def _gravers(
    tx: Transaction, records: Mapping[IncidentId, Record], due: Sequence[Deadline]
) -> Mapping[IncidentId, EscalationChain]:
    """Return the chains of the kinds that unanswered incidents may turn to, where somebody made one."""
    wanted = {
        deadline.incident_id: (record.subject, upgrade_to)
        for deadline in due
        if deadline.kind is TimerKind.NEXT_STEP
        and (upgrade_to := (record := records[deadline.incident_id]).incident.chain.upgrade_to) is not None
    }
    if not wanted:
        return {}
    chains = await tx.chains(list(wanted.values()))
    return {i: chain for i, chain in zip(wanted, chains, strict=True) if chain is not None}


def _late(due: Sequence[Deadline], now: datetime) -> Mapping[IncidentId, Deadline]:
    """Return the most belated deadline of each incident, where it is late enough to be told."""
    late: dict[IncidentId, Deadline] = {}
    for deadline in due:
        if now - deadline.due_at > LATE:
            before = late.get(deadline.incident_id, deadline)
            late[deadline.incident_id] = min(before, deadline, key=lambda one: one.due_at)
    return late


def _told_late(change: Change, late: Deadline, now: datetime) -> Change:
    detail = (("what", late.kind.value), ("late_s", f"{(now - late.due_at).total_seconds():.3f}"))
    entry = Entry(EntryKind.FIRED_LATE, now, System(), detail)
    return change.then(Decision(change.after.incident, entries=(entry,)))


def _fired(change: Change, deadline: Deadline) -> Change:
    return replace(change, effects=(*change.effects, DropTimer(deadline.kind, deadline.person_id)))


def _event(deadline: Deadline, roster: Roster, graver: EscalationChain | None) -> Event:
    match deadline.kind:
        case TimerKind.NEXT_STEP:
            return StepDue(deadline.fence, roster, graver)
        case TimerKind.LAPSE:
            return AcknowledgementLapsed(deadline.fence, roster)
        case TimerKind.NEXT_MEDIUM:
            if deadline.person_id is None:
                raise AssertionError("a medium's timer belongs to a person")
            return MediumDue(deadline.person_id, deadline.fence, roster)
        case TimerKind.OWNER_IDLE:
            return OwnerIdle(deadline.fence, roster)
        case _:
            assert_never(deadline.kind)
