"""What must be true of sessions and countdowns: their own arithmetic, done again from their logs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from escalation.alarm import AlarmKind
from escalation.effects import EntryKind
from escalation.ids import PersonId
from escalation.incident import State
from escalation.pre_alarm import PreAlarm
from escalation.session import Session
from escalation.vigil import VigilEntry, VigilKind
from tests.simulation.journal import Calm

if TYPE_CHECKING:
    from tests.simulation.world import World

MISSED_AFTER: Final = timedelta(minutes=10)
OVERDUE_AFTER: Final = timedelta(minutes=5)
BOUND: Final = timedelta(seconds=5)
"""As after a restart; a session is counted in minutes, and its promise is the same with and without a restart."""
EARLY: Final = timedelta(milliseconds=1)
SIGNS: Final = frozenset({"checked_in", "duress", "resumed"})


@dataclass(slots=True)
class _Watch:
    """What is owed next, by our own account."""

    every: timedelta | None
    sign_at: datetime
    ends_at: datetime | None
    missed: bool = False
    overdue: bool = False
    over: bool = False
    wrong: list[str] = field(default_factory=list)

    @property
    def missed_at(self) -> datetime | None:
        return None if self.every is None or self.missed else self.sign_at + self.every + MISSED_AFTER

    @property
    def overdue_at(self) -> datetime | None:
        return None if self.ends_at is None or self.overdue else self.ends_at + OVERDUE_AFTER


def sessions_call_in_time(world: World) -> Iterator[str]:
    """A missed check-in or end is raised in time, once, and never without a miss."""
    calm = Calm(world.journal.troubles)
    for vigil_id, vigil in world.store.tables.vigils.items():
        if vigil.kind is VigilKind.SESSION:
            log = world.store.tables.vigil_log[vigil_id]
            for words in _walked(log, calm, world.clock.now()):
                yield f"session {vigil_id}: {words}"


def _walked(log: Sequence[VigilEntry], calm: Calm, now: datetime) -> Iterator[str]:
    said = dict(log[0].detail)
    every = timedelta(seconds=float(said["check_in_every_s"])) if "check_in_every_s" in said else None
    ends_at = datetime.fromisoformat(said["ends_at"]) if "ends_at" in said else None
    watch = _Watch(every, log[0].at, ends_at)
    for entry in log[1:]:
        yield from _owed(watch, entry, calm)
        _follow(watch, entry)
    if not watch.over:
        for at, what in ((watch.missed_at, "missed check-in"), (watch.overdue_at, "overdue end")):
            if at is not None and now > calm.done_by(at, BOUND):
                yield f"the {what} of {at:%a %H:%M:%S} was never raised"


def _owed(watch: _Watch, entry: VigilEntry, calm: Calm) -> Iterator[str]:
    for word, at in (("missed", watch.missed_at), ("overdue", watch.overdue_at)):
        if entry.kind == word and (at is None or entry.at < at - EARLY):
            yield f"{word} was raised at {entry.at:%a %H:%M:%S} though nothing was missed (due {at})"
        if at is not None and entry.at > calm.done_by(at, BOUND):
            yield f"{word}, due {at:%a %H:%M:%S}, had not been raised by {entry.at:%a %H:%M:%S}"


def _follow(watch: _Watch, entry: VigilEntry) -> None:
    said = dict(entry.detail)
    if entry.kind == "missed":
        watch.missed = True
    elif entry.kind == "overdue":
        watch.overdue = True
    elif entry.kind == "ended" or said.get("passed_as") == "ended":
        watch.over = True
    elif entry.kind in SIGNS:
        if watch.overdue:
            watch.ends_at, watch.overdue = entry.at + OVERDUE_AFTER, False
        watch.sign_at, watch.missed = entry.at, False
    elif entry.kind == "extended":
        if watch.overdue:
            watch.sign_at, watch.missed = entry.at, False
        watch.ends_at, watch.overdue = datetime.fromisoformat(said["until"]), False


def what_was_raised_is_an_alarm(world: World) -> Iterator[str]:
    """Whatever a session or a countdown raises is an alarm of that person in the same moment."""
    alarms = _alarms(world)
    for vigil_id, vigil in world.store.tables.vigils.items():
        if vigil.kind not in {VigilKind.SESSION, VigilKind.PRE_ALARM} or vigil.subject.person_id is None:
            continue
        for entry in world.store.tables.vigil_log[vigil_id]:
            kind = _RAISES.get(entry.kind)
            if entry.kind in {"fired", "confirmed"}:
                kind = AlarmKind(dict(entry.detail)["kind"]) if "kind" in dict(entry.detail) else None
            if kind is None:
                continue
            covert = kind is AlarmKind.DURESS or (isinstance(vigil.core, PreAlarm) and vigil.core.silent)
            if (vigil.subject.person_id, kind, covert, entry.at) not in alarms:
                yield f"{vigil.kind.value} {vigil_id}: {entry.kind} at {entry.at:%a %H:%M:%S} raised no {kind.value}"


def _alarms(world: World) -> set[tuple[PersonId | None, AlarmKind, bool, datetime]]:
    found = set()
    for incident_id, record in world.store.tables.incidents.items():
        for line in world.store.tables.timeline[incident_id]:
            if line.entry.kind in {EntryKind.OPENED, EntryKind.ALARM_JOINED}:
                kind = AlarmKind(dict(line.entry.detail)["kind"])
                found.add((record.incident.subject, kind, record.subject.covert, line.entry.at))
    return found


_RAISES: Final = {
    "missed": AlarmKind.MISSED_CHECK_IN,
    "welfare_unanswered": AlarmKind.MISSED_CHECK_IN,
    "overdue": AlarmKind.OVERDUE,
    "welfare_no": AlarmKind.UNSPECIFIED_ALARM,
    "contact_lost": AlarmKind.LOST_CONTACT,
    "duress": AlarmKind.DURESS,
}


def orders_are_kept(world: World) -> Iterator[str]:
    """A sign of life answered with yes is on record; one under duress has called for help, whatever was answered."""
    logs: dict[tuple[PersonId, str], list[datetime]] = {}
    for vigil_id, vigil in world.store.tables.vigils.items():
        if vigil.subject.person_id is None:
            continue
        for entry in world.store.tables.vigil_log[vigil_id]:
            word = dict(entry.detail).get("passed_as", entry.kind) if entry.kind == "duress" else entry.kind
            logs.setdefault((vigil.subject.person_id, word), []).append(entry.at)
    alarms = [(person_id, at) for person_id, kind, covert, at in _alarms(world) if covert and kind is AlarmKind.DURESS]
    for order in world.journal.orders:
        if order.about is None or order.ended_at is None:
            continue
        if order.what not in _WORDS:
            continue
        times = logs.get((order.about, _WORDS[order.what]), [])
        if order.answer == "done" and not any(order.began_at <= at <= order.ended_at for at in times):
            yield f"a {order.what} at {order.ended_at:%a %H:%M:%S} was answered with yes and is not on record"
        answered = order.answer != "unknown"
        called = any(p == order.about and order.began_at <= at <= order.ended_at for p, at in alarms)
        if order.duress and answered and not called:
            yield f"a {order.what} under duress at {order.ended_at:%a %H:%M:%S} ({order.answer}) called nobody"


_WORDS: Final = {"check in": "checked_in", "end": "ended", "cancel": "cancelled"}


def a_sign_of_life_ends_silence(world: World) -> Iterator[str]:
    """What silence alone had raised does not stay open behind a sign of life."""
    for vigil_id, vigil in world.store.tables.vigils.items():
        if vigil.kind is not VigilKind.SESSION or vigil.core.ended_at is None:
            continue
        last = world.store.tables.vigil_log[vigil_id][-1]
        if last.kind != "ended" or last.by.__class__.__name__ != "Wearer":
            continue
        for record in world.store.tables.incidents.values():
            incident = record.incident
            about_it = incident.subject == vigil.subject.person_id and incident.silence_only
            if about_it and incident.state is not State.STOOD_DOWN and incident.opened_at < last.at:
                yield f"incident {incident.id} is open, though its wearer ended his session at {last.at:%a %H:%M:%S}"


def silence_is_silence(world: World) -> Iterator[str]:
    """Somebody who works alone and whose device falls silent is missed in time; one that is heard is not."""
    calm = Calm(world.journal.troubles)
    account_of = {device.id: device.account for c in world.town.committees for device in c.devices}
    for vigil_id, vigil in world.store.tables.vigils.items():
        if vigil.kind is not VigilKind.SUPERVISION or vigil.subject.device_id is None:
            continue
        beats = world.journal.beats.get(account_of[vigil.subject.device_id], [])
        log = world.store.tables.vigil_log[vigil_id]
        for entry in log:
            last = beats[bisect_right(beats, entry.at) - 1] if beats else entry.at
            if entry.kind == "lost" and entry.at - last < IN_SESSION - ON_ITS_WAY and calm.quiet(last, entry.at):
                yield f"{vigil_id} was lost at {entry.at:%a %H:%M:%S}, {entry.at - last} after it was heard"
        for began_at, ended_at in _alone(world, vigil.subject.person_id):
            for silent_at in _silences(beats, began_at, ended_at):
                by = calm.done_by(silent_at + IN_SESSION, FOUND_WITHIN)
                if by < ended_at and not _missed(log, silent_at, by):
                    yield f"{vigil_id} is silent since {silent_at:%a %H:%M:%S}, and nobody had noticed by {by:%H:%M:%S}"


def _alone(world: World, person_id: PersonId | None) -> Iterator[tuple[datetime, datetime]]:
    for vigil in world.store.tables.vigils.values():
        if isinstance(vigil.core, Session) and vigil.subject.person_id == person_id:
            yield vigil.core.started_at, vigil.core.ended_at or world.clock.now()


def _silences(beats: Sequence[datetime], from_at: datetime, until_at: datetime) -> Iterator[datetime]:
    """Since when it was silent, each time that it was for longer than it may."""
    heard = [at for at in beats if from_at <= at < until_at]
    for at, after in pairwise([*heard, until_at]):
        if after - at > IN_SESSION + FOUND_WITHIN:
            yield at


def _missed(log: Sequence[VigilEntry], silent_at: datetime, by: datetime) -> bool:
    """True if it was known as lost at some time between, or already."""
    lost = False
    for entry in log:
        if entry.at > by:
            break
        lost = entry.kind in {"lost", "raised"} or (lost and entry.kind != "regained")
        if lost and entry.at >= silent_at:
            return True
    return lost


FOUND_WITHIN: Final = timedelta(seconds=15)
ON_ITS_WAY: Final = timedelta(seconds=2)
IN_SESSION: Final = timedelta(seconds=180)
"""Three heartbeats: the shortest window here."""

SESSION_CHECKERS: Final = (
    silence_is_silence,
    sessions_call_in_time,
    what_was_raised_is_an_alarm,
    orders_are_kept,
    a_sign_of_life_ends_silence,
)
