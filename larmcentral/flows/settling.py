"""What became of notices: results gather for a moment and are filed in bulk, with the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from escalation.chain import PersonTarget
from escalation.decide import decide
from escalation.effects import Entry, EntryKind
from escalation.events import DeliveryFailed, System
from escalation.ids import IncidentId, NoticeId, PersonId
from escalation.incident import Decision
from escalation.news import news_of_gone
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.record import Change, unchanged
from larmcentral.flows.alarms import rosters
from larmcentral.flows.hints import Bell, Hints
from larmcentral.flows.running import Loop
from larmcentral.ports import Clock, Store, Transaction

log = structlog.get_logger(__name__)

GATHER_S: Final = 0.1
"""Results of one moment share a commit; nobody waits for it but the timeline."""
BATCH_LIMIT: Final = 200

_ENTRIES: Final = {
    NoticeState.SENT: EntryKind.NOTICE_SENT,
    NoticeState.DELIVERED: EntryKind.NOTICE_DELIVERED,
    NoticeState.REFUSED: EntryKind.NOTICE_FAILED,
    NoticeState.GONE: EntryKind.NOTICE_FAILED,
    NoticeState.FAILED: EntryKind.NOTICE_FAILED,
}
_LOST: Final = frozenset({NoticeState.REFUSED, NoticeState.GONE, NoticeState.FAILED})


class Settling:
    """Files results; a notice that is lost for good is an event of its incident."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        lease: Lease,
        hints: Hints,
    ) -> None:
        self._store, self._clock, self._lease, self._hints = store, clock, lease, hints
        self._waiting: dict[NoticeId, list[Settled]] = {}
        self._bell = Bell()
        self._loop = Loop("settling", self._turn, clock)
        self._hand_over: Callable[[Sequence[OutgoingNotice]], None] = lambda _: None

    def bind(self, hand_over: Callable[[Sequence[OutgoingNotice]], None]) -> None:
        """Say where notices go that a failed delivery brings forth."""
        self._hand_over = hand_over

    @property
    def pending(self) -> Iterable[NoticeId]:
        """Notices whose result is known here and not yet on disk: nobody may claim them."""
        return list(self._waiting)

    def put(self, result: Settled) -> None:
        """Take a result; it is on disk a moment later, or as soon as the database is back."""
        self._waiting.setdefault(result.notice_id, []).append(result)
        self._bell.ring()

    def start(self) -> None:
        """Begin to file."""
        self._loop.start()

    async def stop(self) -> None:
        """File what is known, once, and stop; what cannot be filed is sent again by the next process."""
        await self._loop.stop()
        try:
            await self.file()
        except (StoreUnavailable, Collision) as error:
            log.warning("results_lost", results=len(self._waiting), why=str(error))

    async def _turn(self) -> None:
        if not self._waiting:
            await self._bell.wait(1.0)
        await self._clock.sleep(GATHER_S)
        try:
            await self.file()
        except Collision:
            return

    async def file(self) -> None:
        """File up to a batch of what waits."""
        batch = [result for waiting in list(self._waiting.values())[:BATCH_LIMIT] for result in waiting]
        if not batch:
            return
        async with self._store.transaction() as tx:
            locked = await tx.lock(sorted({result.incident_id for result in batch}))
            lost = [result for result in batch if result.state in _LOST and result.person_id is not None]
            chains = [
                (locked.records[r.incident_id].subject.organisation_id, locked.records[r.incident_id].incident.chain)
                for r in lost
            ]
            changes: dict[IncidentId, Change] = {i: unchanged(record) for i, record in locked.records.items()}
            for result in batch:
                changes[result.incident_id] = _told(changes[result.incident_id], result)
            await tx.settle(batch, locked.now)
            roster = await rosters(tx, chains)
            for result in batch:
                if result.state is NoticeState.GONE and result.person_id is not None:
                    told = await self._tell_of_gone(tx, changes[result.incident_id], result, result.person_id)
                    changes[result.incident_id] = told
            for result in lost:
                change = changes[result.incident_id]
                if result.person_id is None:
                    continue
                event = DeliveryFailed(result.notice_id, result.person_id, roster[change.after.subject.organisation_id])
                changes[result.incident_id] = change.then(decide(change.after.incident, event, locked.now))
            notices = await tx.save(list(changes.values()), lease=self._lease)
        for result in batch:
            waiting = self._waiting[result.notice_id]
            waiting.remove(result)
            if not waiting:
                del self._waiting[result.notice_id]
        self._hand_over(notices)
        self._hints.changed()

    async def _tell_of_gone(self, tx: Transaction, change: Change, result: Settled, person_id: PersonId) -> Change:
        """Tell a person by what is left that one of his contact points is gone; a drill tells only in the house."""
        target = PersonTarget(person_id)
        left = (await tx.roster(result.organisation_id, [target])).contacts.get(target, ())
        notice = news_of_gone(change.after.incident, result.notice_id, left)
        return change if notice is None else replace(change, effects=(*change.effects, notice))


def _told(change: Change, result: Settled) -> Change:
    kind = _ENTRIES.get(result.state)
    if kind is None:
        return change
    detail = [("notice", str(result.notice_id)), ("channel", result.channel.value), ("tries", str(result.tries))]
    if result.person_id is not None:
        detail.append(("person", str(result.person_id)))
    if result.reason:
        detail.append(("reason", result.reason))
    entry = Entry(kind, result.at, System(), tuple(detail))
    return change.then(Decision(change.after.incident, entries=(entry,)))
