"""The alarm transaction: signals filed, incidents opened or joined, first steps decided, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import DeskTarget, EscalationChain, Medium, Roster, Step, Target
from escalation.decide import decide
from escalation.effects import Entry, EntryKind
from escalation.events import AlarmRaised, System
from escalation.ids import ChainId, IncidentId, OrganisationId, SignalId
from escalation.incident import Decision
from escalation.opening import open_incident
from escalation.purpose import Purpose
from larmcentral.domain.alarm_kind import ALARM_KINDS, COVERT
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Change, FiledSignal, NewSignal, Record, Subject, unchanged
from larmcentral.domain.timeline import FIRST_HASH
from larmcentral.ports import Ids, Transaction

NO_CHAIN: Final = EscalationChain(id=ChainId(UUID(int=0)), version=1, name="", steps=())
"""Nobody made a chain: the desk alone hears it, again and again, and the fault is raised."""

_DESK_STEP: Final = Step(targets=(DeskTarget(),), media=(Medium.CONSOLE,), wait=timedelta(minutes=2))
DESK_ALONE: Final = replace(NO_CHAIN, name="larmbordet", steps=(_DESK_STEP,))
"""For a sender nobody knows or who cannot prove his name, and for tests: no chain leads out of the house."""

TELL_MOVES_EVERY: Final = timedelta(seconds=20)
"""Every position of an open incident is kept; the timeline, and with it the consoles, hear of one so often."""

_SubjectKey = tuple[OrganisationId, str, Purpose]


@dataclass(frozen=True, slots=True)
class FiledAlarms:
    """What one transaction did."""

    filed: tuple[FiledSignal, ...]
    notices: tuple[OutgoingNotice, ...]


async def file_alarms(tx: Transaction, signals: Sequence[NewSignal], *, ids: Ids, lease: Lease) -> FiledAlarms:
    """File signals of which some are alarms, and decide what follows from each alarm that is new."""
    filed = tuple(await tx.file_signals(signals))
    fresh = [signal for signal in filed if signal.fresh]
    if not fresh:
        return FiledAlarms(filed, ())
    locked = await tx.lock_open(list({_key(signal.subject): signal.subject for signal in fresh}.values()))
    changes: dict[_SubjectKey, Change] = {_key(r.subject): unchanged(r) for r in locked.records.values()}
    alarms = [signal for signal in fresh if signal.new.signal.is_alarm]
    chains = await _chains(tx, alarms)
    roster = await rosters(tx, [(a.subject.organisation_id, chains[a.id]) for a in alarms])
    for signal in alarms:
        raised = _raised(signal, chains[signal.id], roster[signal.subject.organisation_id])
        change = changes.get(_key(signal.subject))
        if change is None:
            decision = open_incident(
                IncidentId(ids.new()), signal.subject.purpose, raised, locked.now, signal.subject.person_id
            )
            record = Record(
                subject=signal.subject,
                incident=decision.incident,
                version=1,
                entries=0,
                last_hash=FIRST_HASH,
                event_at=signal.new.signal.event_at,
                lateness=raised.lateness,
            )
            change = Change(before=None, after=record)
        else:
            decision = decide(change.after.incident, raised, locked.now)
        changes[_key(signal.subject)] = change.then(decision, signals=(signal.id,))
    for signal in fresh:
        held = changes.get(_key(signal.subject))
        if held is not None and not signal.new.signal.is_alarm:
            changes[_key(signal.subject)] = _with_evidence(held, signal, locked.now)
    notices = await tx.save(list(changes.values()), lease=lease)
    return FiledAlarms(filed, tuple(notices))


async def _chains(tx: Transaction, alarms: Sequence[FiledSignal]) -> Mapping[SignalId, EscalationChain]:
    known = [a for a in alarms if a.subject.known and a.subject.purpose is not Purpose.TEST]
    chosen = await tx.chains([(a.subject, _kind(a)) for a in known])
    chains = {a.id: chain or NO_CHAIN for a, chain in zip(known, chosen, strict=True)}
    return {a.id: chains.get(a.id, DESK_ALONE) for a in alarms}


async def rosters(
    tx: Transaction, chains: Sequence[tuple[OrganisationId, EscalationChain]]
) -> Mapping[OrganisationId, Roster]:
    """Return who stands behind all targets of some chains, by organisation."""
    targets: dict[OrganisationId, set[Target]] = {}
    for organisation_id, chain in chains:
        targets.setdefault(organisation_id, set()).update(t for step in chain.steps for t in step.targets)
    return {organisation_id: await tx.roster(organisation_id, wanted) for organisation_id, wanted in targets.items()}


def _key(subject: Subject) -> _SubjectKey:
    return subject.organisation_id, subject.key, subject.purpose


def _kind(signal: FiledSignal) -> AlarmKind:
    return ALARM_KINDS[signal.new.signal.kind]


def _raised(signal: FiledSignal, chain: EscalationChain, roster: Roster) -> AlarmRaised:
    event_at, kind = signal.new.signal.event_at, _kind(signal)
    return AlarmRaised(
        signal_id=signal.id,
        kind=kind,
        silent=bool(signal.new.signal.silent) or kind in COVERT,
        lateness=None if event_at is None else max(signal.new.received_at - event_at, timedelta()),
        chain=chain,
        roster=roster,
    )


def _with_evidence(change: Change, signal: FiledSignal, now: datetime) -> Change:
    """A signal that is no alarm belongs to the incident that is open about its sender; now and then it is told."""
    incident, moved_at = change.after.incident, change.after.moved_at
    if signal.new.signal.position is None or (moved_at is not None and now - moved_at < TELL_MOVES_EVERY):
        return replace(change, signals=(*change.signals, signal.id))
    entry = Entry(EntryKind.MOVED, now, System(), (("signal", str(signal.id)),))
    return change.then(Decision(incident, entries=(entry,)), signals=(signal.id,)).moved(now)
