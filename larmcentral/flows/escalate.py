"""One decision about one incident, asked for by a person or by the server: lock, decide, file, then send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.decide import decide
from escalation.effects import Entry, EntryKind
from escalation.events import (
    Acknowledged,
    Actor,
    AlarmRaised,
    Arrived,
    Declined,
    EscalatedNow,
    Event,
    NoteAdded,
    OnTheWay,
    Operator,
    Outcome,
    Responder,
    StoodDown,
)
from escalation.ids import CommitteeId, IncidentId, PersonId, SignalId
from escalation.incident import Decision, Refused, State
from escalation.opening import open_incident
from escalation.purpose import Purpose
from larmcentral.domain.errors import Collision, NotFound, StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Change, Record, unchanged
from larmcentral.domain.timeline import FIRST_HASH
from larmcentral.flows.alarms import NO_CHAIN, rosters
from larmcentral.flows.hints import Hints
from larmcentral.ports import Clock, Ids, Measures, Store, Transaction

Sight = frozenset[CommitteeId]
MakeEvent = Callable[[Roster], Event]
_TRIES: Final = 5
"""Two who write one incident at once collide at most a few times; a person does not wait for more."""


class Escalate:
    """Commands of people, each one transaction. Raises Refused, NotFound or StoreUnavailable."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        lease: Lease,
        hand_over: Callable[[Sequence[OutgoingNotice]], None],
        hints: Hints,
        measures: Measures,
    ) -> None:
        self._store, self._clock, self._ids, self._lease = store, clock, ids, lease
        self._hand_over, self._hints, self._measures = hand_over, hints, measures

    async def acknowledge(self, incident_id: IncidentId, by: Operator | Responder, sight: Sight) -> None:
        """Take charge of it."""
        await self._command(incident_id, Acknowledged(by), sight)

    async def on_the_way(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """Go there."""
        await self._command(incident_id, OnTheWay(by), sight)

    async def arrived(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """Be on site."""
        await self._command(incident_id, Arrived(by), sight)

    async def decline(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """Say that one cannot."""
        await self._command(incident_id, lambda roster: Declined(by, roster), sight)

    async def note(self, incident_id: IncidentId, by: Operator | Responder, text: str, sight: Sight) -> None:
        """Write words on the timeline."""
        await self._command(incident_id, NoteAdded(by, text), sight)

    async def escalate_now(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """Begin the next step without waiting."""
        await self._command(incident_id, lambda roster: EscalatedNow(by, roster), sight)

    async def stand_down(
        self,
        incident_id: IncidentId,
        by: Actor,
        outcome: Outcome,
        note: str,
        sight: Sight | None,
    ) -> None:
        """End the response with a verdict."""
        await self._command(incident_id, StoodDown(by, outcome, note), sight)

    async def shown(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """An operator's screen shows it for the first time; later times change nothing."""

        async def look(tx: Transaction) -> Sequence[OutgoingNotice]:
            record, now = await _locked(tx, incident_id)
            if record.shown_at is not None or record.incident.state is State.STOOD_DOWN:
                return ()
            change = unchanged(record).then(Decision(record.incident, entries=(Entry(EntryKind.SHOWN, now, by),)))
            return await tx.save([change.shown(now)], lease=self._lease)

        await self._transact(look, sight)

    async def start_drill(self, person_id: PersonId, kind: AlarmKind, by: Operator, sight: Sight) -> IncidentId:
        """Open a drill about a person, on the chain an alarm of his would take. It is born a drill."""
        incident_id = IncidentId(self._ids.new())

        async def start(tx: Transaction) -> Sequence[OutgoingNotice]:
            subject = await tx.subject_of_person(person_id)
            if subject is None:
                raise NotFound("person")
            drill = subject.as_drill()
            locked = await tx.lock_open([drill])
            if locked.records:
                raise Refused("drill_open")
            (chain,) = await tx.chains([(drill, kind)])
            roster = await rosters(tx, [(drill.organisation_id, chain or NO_CHAIN)])
            raised = AlarmRaised(
                signal_id=SignalId(UUID(int=0)),
                kind=kind,
                silent=False,
                lateness=None,
                chain=chain or NO_CHAIN,
                roster=roster[drill.organisation_id],
            )
            decision = open_incident(incident_id, Purpose.DRILL, raised, locked.now, person_id)
            note = Entry(EntryKind.NOTE, locked.now, by, (("text", "drill"),))
            record = Record(subject=drill, incident=decision.incident, version=1, entries=0, last_hash=FIRST_HASH)
            change = Change(before=None, after=record).then(decision)
            change = change.then(Decision(decision.incident, entries=(note,)))
            return await tx.save([change], lease=self._lease)

        await self._transact(start, sight)
        return incident_id

    async def _command(self, incident_id: IncidentId, said: Event | MakeEvent, sight: Sight | None) -> None:
        """Decide about one incident. said: the event, or what makes it of those who stand behind the chain now."""
        acknowledged: list[float] = []

        async def act(tx: Transaction) -> Sequence[OutgoingNotice]:
            record, now = await _locked(tx, incident_id)
            if callable(said):
                roster = await rosters(tx, [(record.subject.organisation_id, record.incident.chain)])
                event = said(roster[record.subject.organisation_id])
            else:
                event = said
            decision = decide(record.incident, event, now)
            acknowledged.clear()
            if record.incident.acknowledged_at is None and decision.incident.acknowledged_at is not None:
                acknowledged.append((now - record.incident.opened_at).total_seconds())
            return await tx.save([unchanged(record).then(decision)], lease=self._lease)

        await self._transact(act, sight)
        for seconds in acknowledged:
            self._measures.acknowledged(seconds)

    async def _transact(
        self, work: Callable[[Transaction], Awaitable[Sequence[OutgoingNotice]]], sight: Sight | None
    ) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                async with self._store.transaction(sight) as tx:
                    notices = await work(tx)
            except Collision:
                if attempt == _TRIES:
                    raise StoreUnavailable("collisions do not end") from None
            else:
                self._hand_over(notices)
                self._hints.changed()
                return


async def _locked(tx: Transaction, incident_id: IncidentId) -> tuple[Record, datetime]:
    locked = await tx.lock([incident_id])
    if incident_id not in locked.records:
        raise NotFound("incident")
    return locked.records[incident_id], locked.now
