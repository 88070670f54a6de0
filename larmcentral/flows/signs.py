"""What signals say beside calling for help: signs of life, sessions begun and ended, falls to be counted down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.events import Wearer
from escalation.ids import PersonId, SignalId
from escalation.incident import Refused
from escalation.plan import SafetyPlan, countdown_of
from escalation.pre_alarm import Again, Cancelled, start_pre_alarm
from escalation.purpose import Purpose
from escalation.session import Session
from escalation.session_course import start_session
from escalation.session_events import CheckedIn, Ended
from escalation.session_rules import Allowed, StartRequest, judge
from escalation.vigil import VigilKind
from larmcentral.domain.alarm_kind import ALARM_KINDS, COUNTED_DOWN
from larmcentral.domain.record import FiledSignal, Subject
from larmcentral.domain.vigil import VigilChange, undecided
from larmcentral.flows.means import Means
from larmcentral.flows.presence import come_with_session, leave_with_session
from larmcentral.flows.silence import hold_devices_of, look_with_session
from larmcentral.flows.vigils import begun, of_pre_alarm, of_session
from larmcentral.ports import Transaction
from protocols.signal import SignalKind

APP: Final = "app"
"""The protocol of a worker's own phone, which speaks through the API. It asks its wearer before a fall goes out."""
USUAL_PURPOSE: Final = "pass"
"""What a session is for when a device began it and said no more."""
HOW: Final = "device"

_SESSION: Final = frozenset({SignalKind.CHECK_IN, SignalKind.SESSION_START, SignalKind.SESSION_END})


@dataclass(frozen=True, slots=True)
class Signs:
    """What a batch came to. waiting: alarms that are counted down and must not be raised yet."""

    changes: tuple[VigilChange, ...] = ()
    waiting: frozenset[SignalId] = frozenset()


async def read_signs(tx: Transaction, fresh: Sequence[FiledSignal], means: Means) -> Signs:
    """Decide what new signals do to sessions and countdowns; costs nothing where none concerns one."""
    heard = [(signal, kind) for signal in fresh if (kind := _concerns(signal)) is not None]
    if not heard:
        return Signs()
    reading = await _Reading.begin(tx, heard, means)
    for signal, kind in heard:
        try:
            if kind is VigilKind.SESSION:
                await reading.session(signal)
            else:
                reading.countdown(signal)
        except Refused:
            # A device asks for nothing it could be told: the signal is kept, and what runs goes on.
            continue
    waiting = frozenset(signal.id for signal, kind in heard if _counted_down(signal))
    return Signs(tuple(reading.changes), waiting)


def _concerns(signal: FiledSignal) -> VigilKind | None:
    subject, said = signal.subject, signal.new.signal
    if subject.person_id is None or subject.purpose is not Purpose.REAL:
        return None
    if said.kind in _SESSION:
        return VigilKind.SESSION
    by_button = said.kind is SignalKind.CANCEL and subject.device_options.get("cancel") == "button"
    return VigilKind.PRE_ALARM if by_button or _counted_down(signal) else None


def _counted_down(signal: FiledSignal) -> bool:
    """Whether the server asks the wearer before it calls for help; never for what a person pressed or confirmed."""
    if ALARM_KINDS.get(signal.new.signal.kind) not in COUNTED_DOWN:
        return False
    if signal.new.protocol == APP:
        return ("confirmed", "1") not in signal.new.signal.evidence
    return signal.subject.device_options.get("countdown") == "server"


class _Reading:
    """One batch's vigils, locked once; a person's signals follow each other as they came."""

    def __init__(self, tx: Transaction, means: Means, now: datetime, plans: dict[PersonId, SafetyPlan]) -> None:
        self._tx, self._means, self._now, self._plans = tx, means, now, plans
        self.changes: list[VigilChange] = []
        self._running: dict[tuple[VigilKind, str], int] = {}

    @classmethod
    async def begin(cls, tx: Transaction, heard: Sequence[tuple[FiledSignal, VigilKind]], means: Means) -> _Reading:
        wanted = {(kind, signal.subject.key): (kind, signal.subject) for signal, kind in heard}
        await hold_devices_of(tx, [s.subject for s, _ in heard if s.new.signal.kind is SignalKind.SESSION_START])
        locked = await tx.lock_running(list(wanted.values()))
        subjects = {_person(subject): subject for _, subject in wanted.values()}
        plans = dict(zip(subjects, await tx.plans(list(subjects.values())), strict=True))
        reading = cls(tx, means, locked.now, plans)
        for record in locked.records.values():
            reading._put(record.kind, record.subject, undecided(record))
        return reading

    async def session(self, signal: FiledSignal) -> None:
        """A check-in, a beginning or an end. Without a session that runs, all but a beginning is only kept."""
        subject, said = signal.subject, signal.new.signal
        change, by = self._of(VigilKind.SESSION, subject), Wearer(_person(subject))
        if said.kind is SignalKind.SESSION_START:
            if change is None:
                await self._begin_session(signal)
        elif change is not None and said.kind is SignalKind.CHECK_IN:
            self._put(VigilKind.SESSION, subject, of_session(change, CheckedIn(by, HOW), self._now)[0])
        elif change is not None:
            ended = of_session(change, Ended(by, HOW), self._now)[0]
            self._put(VigilKind.SESSION, subject, ended)
            if isinstance(ended.after.core, Session):
                await leave_with_session(self._tx, ended.after.core)

    def countdown(self, signal: FiledSignal) -> None:
        """A fall begins a countdown or joins the one that runs; a button may cancel it."""
        subject, said = signal.subject, signal.new.signal
        change, person_id = self._of(VigilKind.PRE_ALARM, subject), _person(subject)
        if said.kind is SignalKind.CANCEL:
            if change is not None:
                cancelled, _ = of_pre_alarm(change, Cancelled(Wearer(person_id), "button"), self._now)
                self._put(VigilKind.PRE_ALARM, subject, cancelled)
            return
        kind, plan = ALARM_KINDS[said.kind], self._plans[person_id]
        if change is not None:
            again = Again(kind, countdown_of(plan, kind), signal.id)
            self._put(VigilKind.PRE_ALARM, subject, of_pre_alarm(change, again, self._now)[0])
            return
        self._put(VigilKind.PRE_ALARM, subject, self._begun_countdown(signal, kind, plan))

    def _begun_countdown(self, signal: FiledSignal, kind: AlarmKind, plan: SafetyPlan) -> VigilChange:
        decision = start_pre_alarm(
            _person(signal.subject),
            kind,
            plan,
            self._now,
            signal_id=signal.id,
            event_at=signal.new.signal.event_at,
            silent=bool(signal.new.signal.silent),
        )
        return begun(signal.subject, VigilKind.PRE_ALARM, decision, self._means)

    async def _begin_session(self, signal: FiledSignal) -> None:
        subject, plan = signal.subject, self._plans[_person(signal.subject)]
        request = StartRequest(
            person_id=_person(subject),
            purpose=(signal.new.signal.text or "").strip() or USUAL_PURPOSE,
            check_in_every=_check_in_every(subject, plan),
        )
        today = self._now.astimezone(ZoneInfo(self._means.calendar.zone)).date()
        allowed = judge(request, None, plan, self._now, today)
        if not isinstance(allowed, Allowed):
            raise Refused(allowed.reason)
        decision = start_session(request, allowed, plan, self._now)
        self._put(VigilKind.SESSION, subject, begun(subject, VigilKind.SESSION, decision, self._means))
        await come_with_session(self._tx, subject, decision.core, None, self._now)
        for device in await look_with_session(self._tx, subject, self._now):
            self._put(VigilKind.SUPERVISION, device.after.subject, device)

    def _of(self, kind: VigilKind, subject: Subject) -> VigilChange | None:
        at = self._running.get((kind, subject.key))
        if at is None or self.changes[at].after.core.ended_at is not None:
            return None
        return self.changes[at]

    def _put(self, kind: VigilKind, subject: Subject, change: VigilChange) -> None:
        """Keep a change in the place of the same vigil's, a new vigil's behind all others."""
        at = self._running.get((kind, subject.key))
        if at is not None and self.changes[at].after.id == change.after.id:
            self.changes[at] = change
            return
        self._running[(kind, subject.key)] = len(self.changes)
        self.changes.append(change)


def _person(subject: Subject) -> PersonId:
    if subject.person_id is None:
        raise AssertionError("only a person has sessions and countdowns")
    return subject.person_id


def _check_in_every(subject: Subject, plan: SafetyPlan) -> timedelta | None:
    """The device's own interval, within the plan's bounds; None where it names none that can be read."""
    option = subject.device_options.get("check_in_s", "")
    if not option.isdecimal():
        return None
    # At most as many digits as the longest interval has: a slip of the finger must not overflow.
    asked = timedelta(seconds=int(option[:6]))
    return min(max(asked, plan.shortest_check_in), plan.longest_check_in)
