"""The alarm transaction: signals filed, incidents opened or joined, first steps decided, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from escalation.alarm import AlarmKind
from escalation.effects import Entry, EntryKind
from escalation.events import System
from escalation.purpose import Purpose
from larmcentral.domain.alarm_kind import ALARM_KINDS, COVERT, TECHNICAL_KINDS
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Change, FiledSignal, NewSignal, Subject
from larmcentral.flows.carry import carry_out, touched_by
from larmcentral.flows.means import Means
from larmcentral.flows.open_incidents import DESK_ALONE as DESK_ALONE
from larmcentral.flows.open_incidents import NO_CHAIN as NO_CHAIN
from larmcentral.flows.open_incidents import Call as Call
from larmcentral.flows.open_incidents import OpenIncidents
from larmcentral.flows.signs import Signs, read_signs
from larmcentral.flows.test_alarms import calls_of_tests, file_tests
from larmcentral.ports import Transaction
from protocols.signal import SignalKind

TELL_MOVES_EVERY: Final = timedelta(seconds=20)
"""Every position of an open incident is kept; the timeline, and with it the consoles, hear of one so often."""

MENDED: Final = frozenset({SignalKind.POWER_ON, SignalKind.RESTORE})
CHARGED_PCT: Final = 30
"""A battery that charges and has more than this will last; the desk may stand its low battery down."""


@dataclass(frozen=True, slots=True)
class FiledAlarms:
    """What one transaction did."""

    filed: tuple[FiledSignal, ...]
    notices: tuple[OutgoingNotice, ...]


async def file_alarms(
    tx: Transaction, signals: Sequence[NewSignal], means: Means, *, plain: bool = False
) -> FiledAlarms:
    """File signals, and decide what follows from each that is new: incidents, sessions, countdowns, tests.

    plain: without sessions and countdowns; every alarm goes out at once, and a sign of life is only kept.
    """
    filed = tuple(await tx.file_signals(signals))
    fresh = [signal for signal in filed if signal.fresh]
    if not fresh:
        return FiledAlarms(filed, ())
    signs = Signs() if plain else await read_signs(tx, fresh, means)
    calls = [call for signal in fresh if signal.id not in signs.waiting and (call := _call(signal)) is not None]
    tests = calls_of_tests(fresh)
    touched = [call.about for call in (*calls, *tests)] + touched_by(signs.changes)
    for signal in fresh:
        touched += _evidence_of(signal)
    incidents = await OpenIncidents.lock(tx, touched, means)
    await incidents.raise_all([*calls, *tests])
    await file_tests(tx, fresh, incidents)
    told = {call.signal_id for call in (*calls, *tests)}
    for signal in fresh:
        if signal.id not in told:
            _keep_as_evidence(incidents, signal)
    notices = await carry_out(tx, signs.changes, means, incidents.now, incidents)
    return FiledAlarms(filed, tuple(notices))


async def raise_alarms(tx: Transaction, calls: Sequence[Call], means: Means, now: datetime) -> list[Change]:
    """Open an incident for each call, or join the open one; the caller saves the changes, with his own in them.

    now: at or before the moment of the decision, which is the database's once the rows are held.
    """
    incidents = await OpenIncidents.lock(tx, [call.about for call in calls], means)
    incidents.now = max(incidents.now, now)
    return await incidents.raise_all(calls)


def _call(signal: FiledSignal) -> Call | None:
    """What a signal calls for; None if it is evidence at the most."""
    said = signal.new.signal
    kind = ALARM_KINDS.get(said.kind)
    if kind is None:
        kind = _technical(signal)
    if kind is None:
        return None
    return Call(
        subject=signal.subject,
        kind=kind,
        silent=not kind.technical and (bool(said.silent) or kind in COVERT),
        signal_id=signal.id,
        event_at=said.event_at,
        lateness=None if said.event_at is None else max(signal.new.received_at - said.event_at, timedelta()),
    )


def _technical(signal: FiledSignal) -> AlarmKind | None:
    """What the device suffers from: only of one that is enrolled, and not of the one we press ourselves."""
    subject = signal.subject
    if subject.device_id is None or subject.purpose is not Purpose.REAL:
        return None
    return TECHNICAL_KINDS.get(signal.new.signal.kind)


def _evidence_of(signal: FiledSignal) -> list[Subject]:
    """Whose open incident a signal may belong to, the one that it tells most about first."""
    subject = signal.subject
    if not subject.known:
        return [subject]
    sides = [subject.as_covert(), subject]
    if subject.device_id is None:
        return sides
    return [subject.as_technical(), *sides] if _mends(signal) else [*sides, subject.as_technical()]


def _mends(signal: FiledSignal) -> bool:
    said = signal.new.signal
    charged = bool(said.charging) and said.battery_pct is not None and said.battery_pct > CHARGED_PCT
    return said.kind in MENDED or charged


def _keep_as_evidence(incidents: OpenIncidents, signal: FiledSignal) -> None:
    """A signal that calls for nothing belongs to the incident that is open about its sender; a position is told now
    and then, a mended device at once."""
    found = next(((s, change) for s in _evidence_of(signal) if (change := incidents.of(s)) is not None), None)
    if found is None:
        return
    subject, change = found
    said, moved_at, now = signal.new.signal, change.after.moved_at, incidents.now
    entries = []
    if subject.technical and _mends(signal):
        entries.append(_entry(EntryKind.DEVICE_MENDED, now, signal, ("kind", said.kind.value)))
    tells = said.position is not None and (moved_at is None or now - moved_at >= TELL_MOVES_EVERY)
    if tells and not subject.technical:
        entries.append(_entry(EntryKind.MOVED, now, signal))
    incidents.write(subject, *entries, signals=(signal.id,))
    if tells and not subject.technical and (moved := incidents.of(subject)) is not None:
        incidents.put(subject, moved.moved(now))


def _entry(kind: EntryKind, now: datetime, signal: FiledSignal, *detail: tuple[str, str]) -> Entry:
    return Entry(kind, now, System(), (("signal", str(signal.id)), *detail))
