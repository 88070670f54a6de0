"""What became of notices: results gather for a moment and are filed in bulk, with the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

import structlog

from escalation.chain import Channel, PersonTarget, Roster
from escalation.decide import decide
from escalation.effects import SystemFault
from escalation.events import DeliveryDelayed, DeliveryFailed, Event, ForwardFailed, ForwardTaken
from escalation.ids import IncidentId, NoticeId, PersonId
from escalation.incident import Decision, ForwardState
from escalation.news import news_of_gone
from escalation.purpose import Purpose
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.domain.record import Change, unchanged
from larmcentral.flows.asking import ask_for
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.result_lines import lines_of
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

WAITS_REMEMBERED: Final = 10_000
"""That a notice waits is said once, as long as not so many others were said to wait since."""
_LOST: Final = frozenset({NoticeState.REFUSED, NoticeState.GONE, NoticeState.FAILED})
_TOOK: Final = frozenset({NoticeState.SENT, NoticeState.DELIVERED})


class Settling:
    """Files results; a notice that is lost for good is an event of its incident."""

    def __init__(self, means: Means, *, poll_s: float = POLL_S) -> None:
        self._means, self._poll_s = means, poll_s
        self._store, self._clock = means.store, means.clock
        self._waiting: dict[NoticeId, list[Settled]] = {}
        self._unfiled: set[NoticeId] = set()
        self._said_to_wait: dict[NoticeId, None] = {}
        self._bell = Bell()
        self._loop = Loop("settling", self._turn, means.clock)

    @property
    def pending(self) -> Iterable[NoticeId]:
        """Notices whose result is known here and not yet on disk, or never will be: nobody may claim them."""
        return [*self._waiting, *self._unfiled]

    def put(self, result: Settled) -> None:
        """Take a result; it is on disk a moment later, or as soon as the database is back."""
        self._waiting.setdefault(result.notice_id, []).append(result)
        self._bell.ring()

    def start(self) -> None:
        """Begin to file."""
        self._loop.start()

    async def stop(self) -> None:
        """File all that is known, once, and stop; what cannot be filed is sent again by the next process."""
        await self._loop.stop()
        try:
            for _ in range(0, len(self._waiting), BATCH_LIMIT):
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
            await self._file_bare(batch)

    async def _file_bare(self, batch: Sequence[Settled]) -> None:
        """File the rest of it; what the store does not take even so stands aside, or no other would ever be filed."""
        try:
            await self._file(batch, bare=True)
        except (StoreUnavailable, Collision):
            raise
        except Exception:
            notice_id = batch[0].notice_id
            log.exception("result_lost", notice=str(notice_id))
            self._unfiled.add(notice_id)
            del self._waiting[notice_id]

    async def _file(self, batch: Sequence[Settled], *, bare: bool = False) -> None:
        """File results. bare: without a word to their incidents, and without the provider's own words."""
        async with self._store.transaction() as tx:
            # What is about a vigil has no timeline, and that a notice is tried again later is no line of it: both are
            # written down with the notice, and that is all.
            told = [] if bare else [_OfIncident(i, one) for one in batch if (i := one.incident_id) and _concerns(one)]
            locked = await tx.lock(sorted({one.incident_id for one in told}))
            changes: dict[IncidentId, Change] = {i: unchanged(record) for i, record in locked.records.items()}
            for one in told:
                changes[one.incident_id] = self._told(changes[one.incident_id], one.result)
            kept = [replace(result, provider_id=None, reason="") for result in batch] if bare else batch
            await tx.settle([_by_store_time(result, locked.now) for result in kept], locked.now)
            await self._decide(tx, told, changes, locked.now)
            notices = await save_changes(tx, list(changes.values()), self._means)
            await _clear_reached(tx, told, changes)
        for result in batch:
            if result.waits:
                self._remember(result.notice_id)
            waiting = self._waiting[result.notice_id]
            waiting.remove(result)
            if not waiting:
                del self._waiting[result.notice_id]
        self._means.hand_over(notices)
        self._means.hints.changed()

    async def _decide(
        self, tx: Transaction, told: Sequence[_OfIncident], changes: dict[IncidentId, Change], now: datetime
    ) -> None:
        """Let the rules know of what changes the course: lost, late, at a centre, or a test that reached the desk."""
        asked = {one.incident_id: changes[one.incident_id].after for one in told if _needs_roster(one.result)}
        found = await rosters(tx, [ask_for(record) for record in asked.values()], self._means, now)
        roster = dict(zip(asked, found, strict=True))
        for i, result in told:
            person_id = result.person_id
            if result.state is NoticeState.GONE and person_id is not None:
                changes[i] = await self._tell_of_gone(tx, changes[i], result, person_id)
            for event in _events(result, roster.get(i, Roster())):
                changes[i] = changes[i].then(decide(changes[i].after.incident, event, now))
            if _test_reached_desk(changes[i], result):
                changes[i] = await came_through(tx, changes[i], self._means, now)

    def _told(self, change: Change, result: Settled) -> Change:
        said = result.notice_id in self._said_to_wait
        entries = lines_of(result, said_to_wait=said)
        return change.then(Decision(change.after.incident, entries=entries)) if entries else change

    def _remember(self, notice_id: NoticeId) -> None:
        self._said_to_wait[notice_id] = None
        if len(self._said_to_wait) > WAITS_REMEMBERED:
            del self._said_to_wait[next(iter(self._said_to_wait))]

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


def _concerns(result: Settled) -> bool:
    """True if its incident should hear of it."""
    return result.state is not NoticeState.PENDING or result.late or result.waits or result.receiver is not None


def _needs_roster(result: Settled) -> bool:
    if result.receiver is not None:
        return result.state not in _TOOK
    return result.person_id is not None and (result.state in _LOST or result.late)


def _events(result: Settled, roster: Roster) -> Sequence[Event]:
    """Return what a result means to the rules; nothing for what changes nothing."""
    if result.receiver is not None:
        return _of_centre(result, result.receiver, roster)
    if result.person_id is None:
        return ()
    if result.state in _LOST:
        return (DeliveryFailed(result.notice_id, result.person_id, roster),)
    return (DeliveryDelayed(result.notice_id, result.person_id, roster),) if result.late else ()


def _of_centre(result: Settled, receiver: str, roster: Roster) -> Sequence[Event]:
    path = next((one.path for one in result.paths if one.took), result.provider_id or "")
    if result.state in _TOOK:
        return (ForwardTaken(result.notice_id, receiver, path, result.in_test),)
    missed = ForwardFailed(result.notice_id, receiver, result.state in _LOST, roster)
    if not result.by_telephone:
        return (missed,)
    # That its people were told is written down before it is said that its receivers were not reached.
    return ForwardTaken(result.notice_id, receiver, path, result.in_test, by_telephone=True), missed


async def _clear_reached(tx: Transaction, told: Sequence[_OfIncident], changes: Mapping[IncidentId, Change]) -> None:
    """A centre that was not reached has the case after all: the fault is over once that holds for each of them."""
    for i in {one.incident_id for one in told if one.result.receiver is not None and one.result.state in _TOOK}:
        record = changes[i].after
        if any(one.state in {ForwardState.UNREACHED, ForwardState.FAILED} for one in record.incident.forwards):
            continue
        home = (record.subject.organisation_id, record.subject.committee_id)
        await tx.clear_fault_of(*home, i, SystemFault.RECEIVER_UNREACHABLE.value)


def _test_reached_desk(change: Change, result: Settled) -> bool:
    reached = result.state in _TOOK and result.channel is Channel.CONSOLE
    return reached and change.after.incident.purpose is Purpose.TEST
