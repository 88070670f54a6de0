"""What became of notices: results gather for a moment and are filed in bulk, with the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

import structlog

from escalation.chain import Channel, PersonTarget
from escalation.decide import decide
from escalation.effects import Entry, EntryKind
from escalation.events import DeliveryFailed, System
from escalation.ids import IncidentId, NoticeId, PersonId
from escalation.incident import Decision
from escalation.news import news_of_gone
from escalation.purpose import Purpose
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.domain.record import Change, unchanged
from larmcentral.flows.asking import ask_for
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.rosters import rosters
from larmcentral.flows.running import Loop
from larmcentral.flows.saving import save_changes
from larmcentral.flows.test_alarms import came_through
from larmcentral.ports import Transaction

log = structlog.get_logger(__name__)

GATHER_S: Final = 0.1
"""Results of one moment share a commit; nobody waits for it but the timeline."""
BATCH_LIMIT: Final = 200
POLL_S: Final = 1.0
"""A result rings; this is only for the case that it did not."""

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

    def __init__(self, means: Means, *, poll_s: float = POLL_S) -> None:
        self._means, self._poll_s = means, poll_s
        self._store, self._clock = means.store, means.clock
        self._waiting: dict[NoticeId, list[Settled]] = {}
        self._bell = Bell()
        self._loop = Loop("settling", self._turn, means.clock)

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
            await self._bell.wait(self._poll_s)
        await self._clock.sleep(GATHER_S)
        try:
            await self.file()
        except Collision:
            return

    async def file(self) -> None:
        """File up to a batch of what waits."""
        batch = [list(waiting) for waiting in list(self._waiting.values())[:BATCH_LIMIT]]
        try:
            if batch:
                await self._file([result for of_one in batch for result in of_one])
        except (StoreUnavailable, Collision):
            raise
        except Exception:
            log.exception("results_failed", notices=len(batch))
            for of_one in batch:
                await self._file_alone(of_one)

    async def _file_alone(self, batch: Sequence[Settled]) -> None:
        """File what became of one notice; at the least that it is settled, or it would go out again and again."""
        try:
            await self._file(batch)
        except (StoreUnavailable, Collision):
            raise
        except Exception:
            log.exception("result_untold", notice=str(batch[0].notice_id))
            await self._file(batch, bare=True)

    async def _file(self, batch: Sequence[Settled], *, bare: bool = False) -> None:
        """File results. bare: without a word to their incidents, and without the provider's own words."""
        async with self._store.transaction() as tx:
            # What is about a vigil has no timeline: it is written down with the notice, and that is all.
            told = [_OfIncident(one.incident_id, one) for one in batch if one.incident_id is not None and not bare]
            locked = await tx.lock(sorted({one.incident_id for one in told}))
            changes: dict[IncidentId, Change] = {i: unchanged(record) for i, record in locked.records.items()}
            for one in told:
                changes[one.incident_id] = _told(changes[one.incident_id], one.result)
            kept = [replace(result, provider_id=None, reason="") for result in batch] if bare else batch
            await tx.settle([_by_store_time(result, locked.now) for result in kept], locked.now)
            await self._decide(tx, told, changes, locked.now)
            notices = await save_changes(tx, list(changes.values()), self._means)
        for result in batch:
            waiting = self._waiting[result.notice_id]
            waiting.remove(result)
            if not waiting:
                del self._waiting[result.notice_id]
        self._means.hand_over(notices)
        self._means.hints.changed()

    async def _decide(
        self, tx: Transaction, told: Sequence[_OfIncident], changes: dict[IncidentId, Change], now: datetime
    ) -> None:
        """Let the rules know of notices that are lost for good, and of tests that reached the desk."""
        lost = [one for one in told if one.result.state in _LOST and one.result.person_id is not None]
        asked = {one.incident_id: changes[one.incident_id].after for one in lost}
        found = await rosters(tx, [ask_for(record) for record in asked.values()], self._means, now)
        roster = dict(zip(asked, found, strict=True))
        for i, result in told:
            person_id = result.person_id
            if result.state is NoticeState.GONE and person_id is not None:
                changes[i] = await self._tell_of_gone(tx, changes[i], result, person_id)
            if result.state in _LOST and person_id is not None:
                event = DeliveryFailed(result.notice_id, person_id, roster[i])
                changes[i] = changes[i].then(decide(changes[i].after.incident, event, now))
            if _test_reached_desk(changes[i], result):
                changes[i] = await came_through(tx, changes[i], self._means, now)

    async def _tell_of_gone(self, tx: Transaction, change: Change, result: Settled, person_id: PersonId) -> Change:
        """Tell a person by what is left that one of his contact points is gone; a drill tells only in the house."""
        target = PersonTarget(person_id)
        left = (await tx.roster(result.organisation_id, [target])).contacts.get(target, ())
        notice = news_of_gone(change.after.incident, result.notice_id, left)
        return change if notice is None else replace(change, effects=(*change.effects, notice))


class _OfIncident(NamedTuple):
    """A result that belongs on an incident's timeline."""

    incident_id: IncidentId
    result: Settled


def _by_store_time(result: Settled, now: datetime) -> Settled:
    """The pause before the next try is ours; the clock by which it ends is the store's."""
    return result if result.due_at is None else replace(result, due_at=now + (result.due_at - result.at))


def _test_reached_desk(change: Change, result: Settled) -> bool:
    reached = result.state in {NoticeState.SENT, NoticeState.DELIVERED} and result.channel is Channel.CONSOLE
    return reached and change.after.incident.purpose is Purpose.TEST


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
