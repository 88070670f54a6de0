"""The open incidents that one transaction touches: locked once, decided in memory, handed back to be saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import DeskTarget, EscalationChain, Medium, Roster, Step, Target
from escalation.decide import decide
from escalation.effects import Entry
from escalation.events import Actor, AlarmRaised, Event, System, Wearer, WearerSafe
from escalation.ids import ChainId, IncidentId, OrganisationId, SignalId
from escalation.incident import Decision
from escalation.opening import open_incident
from escalation.purpose import Purpose
from larmcentral.domain.record import Change, Record, Subject, unchanged
from larmcentral.domain.timeline import FIRST_HASH
from larmcentral.flows.asking import ask_for
from larmcentral.flows.means import Means
from larmcentral.flows.rosters import RosterAsk, rosters
from larmcentral.ports import Transaction

NO_CHAIN: Final = EscalationChain(id=ChainId(UUID(int=0)), version=1, name="", steps=())
"""Nobody made a chain: the desk alone hears it, again and again, and the fault is raised."""

_DESK_STEP: Final = Step(targets=(DeskTarget(),), media=(Medium.CONSOLE,), wait=timedelta(minutes=2))
DESK_ALONE: Final = replace(NO_CHAIN, name="larmbordet", steps=(_DESK_STEP,))
"""For a sender nobody knows or who cannot prove his name, for tests, and for a device's own troubles where nobody
made a chain for them: no chain leads out of the house."""

_Key = tuple[OrganisationId, str, Purpose]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call for help, from a signal or from what the server watches over.

    subject: as open incidents know it; a silent call and a technical one find their own side of it by themselves.
    event_at, lateness: None where no device told a time. why: what made it, for the timeline.
    """

    subject: Subject
    kind: AlarmKind
    silent: bool = False
    signal_id: SignalId | None = None
    event_at: datetime | None = None
    lateness: timedelta | None = None
    why: str = ""
    by: Actor = field(default_factory=System)

    @property
    def about(self) -> Subject:
        """The subject whose open incident this joins, or opens."""
        if self.kind.technical:
            return self.subject.as_technical()
        return self.subject.as_covert() if self.silent else self.subject


class OpenIncidents:
    """What a transaction makes of open incidents. now: the database's time once they were held."""

    def __init__(self, tx: Transaction, means: Means, now: datetime, records: Iterable[Record]) -> None:
        self._tx, self._means, self.now = tx, means, now
        self._changes: dict[_Key, Change] = {_key(record.subject): unchanged(record) for record in records}

    @classmethod
    async def lock(cls, tx: Transaction, subjects: Iterable[Subject], means: Means) -> OpenIncidents:
        """Lock the open incident of each subject and purpose, where there is one; once a transaction."""
        wanted = {_key(subject): subject for subject in subjects}
        locked = await tx.lock_open(list(wanted.values()))
        return cls(tx, means, locked.now, locked.records.values())

    @property
    def changes(self) -> list[Change]:
        """Everything to save, incidents that nothing happened to included."""
        return list(self._changes.values())

    def of(self, subject: Subject) -> Change | None:
        """Return the open incident of a subject as it stands now; None where there is none."""
        return self._changes.get(_key(subject))

    async def raise_all(self, calls: Sequence[Call]) -> list[Change]:
        """Open an incident for each call or join the open one; return these, each once."""
        if not calls:
            return []
        chains = await self._chains(calls)
        asks = [RosterAsk(call.about, chain, self._in_force(call)) for call, chain in zip(calls, chains, strict=True)]
        found = await rosters(self._tx, asks, self._means, self.now)
        for call, chain, roster in zip(calls, chains, found, strict=True):
            self._raise(call, chain, roster)
        return [self._changes[key] for key in dict.fromkeys(_key(call.about) for call in calls)]

    async def report_safe(self, said: Sequence[tuple[Subject, str]]) -> None:
        """Wearers gave a sign of life, each in his way: their visible incidents hear it, covert ones never."""
        heard = [(subject, how, held) for subject, how in said if (held := self.of(subject)) is not None]
        asks = [ask_for(held.after) for _, _, held in heard]
        found = await rosters(self._tx, asks, self._means, self.now) if asks else []
        for (subject, how, _), roster in zip(heard, found, strict=True):
            if subject.person_id is not None:
                self.decide(subject, WearerSafe(Wearer(subject.person_id), how, roster))

    def decide(self, subject: Subject, event: Event) -> None:
        """Let something happen to a subject's open incident; nothing if there is none."""
        change = self.of(subject)
        if change is not None:
            self._changes[_key(subject)] = change.then(decide(change.after.incident, event, self.now))

    def write(self, subject: Subject, *entries: Entry, signals: tuple[SignalId, ...] = ()) -> None:
        """Put lines and signals beside a subject's open incident; nothing if there is none."""
        change = self.of(subject)
        if change is not None:
            lines = Decision(change.after.incident, entries=entries)
            self._changes[_key(subject)] = change.then(lines, signals=signals)

    def put(self, subject: Subject, change: Change) -> None:
        """Let a subject's incident stand as in this change."""
        self._changes[_key(subject)] = change

    async def _chains(self, calls: Sequence[Call]) -> list[EscalationChain]:
        chosen = [call for call in calls if call.subject.known and call.subject.purpose is not Purpose.TEST]
        found = iter(await self._tx.chains([(call.about, call.kind) for call in chosen]) if chosen else ())
        chains = []
        for call in calls:
            if not call.subject.known or call.subject.purpose is Purpose.TEST:
                chains.append(DESK_ALONE)
            else:
                chains.append(next(found) or (DESK_ALONE if call.kind.technical else NO_CHAIN))
        return chains

    def _in_force(self, call: Call) -> tuple[Target, ...]:
        """Whom the open incident's own chain asks for, if it goes on by that and not by the new one."""
        change = self.of(call.about)
        return () if change is None else tuple(ask_for(change.after).targets)

    def _raise(self, call: Call, chain: EscalationChain, roster: Roster) -> None:
        subject, signals = call.about, () if call.signal_id is None else (call.signal_id,)
        raised = AlarmRaised(
            signal_id=call.signal_id,
            kind=call.kind,
            silent=call.silent,
            lateness=call.lateness,
            chain=chain,
            roster=roster,
            why=call.why,
            by=call.by,
        )
        change = self.of(subject)
        if change is None:
            incident_id = IncidentId(self._means.ids.new())
            # Whoever wears a device that wants help may be told of it like anybody else.
            person_id = None if subject.technical else subject.person_id
            decision = open_incident(incident_id, subject.purpose, raised, self.now, person_id)
            record = Record(
                subject=subject,
                incident=decision.incident,
                version=1,
                entries=0,
                last_hash=FIRST_HASH,
                event_at=call.event_at,
                lateness=call.lateness,
            )
            change = Change(before=None, after=record)
        else:
            decision = decide(change.after.incident, raised, self.now)
        self._changes[_key(subject)] = change.then(decision, signals=signals)


def _key(subject: Subject) -> _Key:
    return subject.organisation_id, subject.key, subject.purpose
