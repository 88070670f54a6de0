"""A pre-alarm: the seconds in which a worker may cancel a fall or stillness before help is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from escalation.alarm import AlarmKind
from escalation.chain import PersonTarget
from escalation.effects import About
from escalation.events import Actor, System, Wearer
from escalation.ids import PersonId, SignalId
from escalation.incident import Refused
from escalation.plan import SafetyPlan, countdown_of
from escalation.vigil import DURESS_CALL, CallForHelp, Due, SendWord, VigilDecision, VigilEffect, VigilEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class PreAlarm:
    """A frozen picture; decide_pre_alarm() returns the next one.

    began_at: when the signal was received. fires_at: when the alarm goes out unless it is cancelled. signal_id,
    event_at: the first signal's. fired: the alarm went out; a cancelled one ended without.
    """

    person_id: PersonId
    kind: AlarmKind
    began_at: datetime
    fires_at: datetime
    signal_id: SignalId | None = None
    event_at: datetime | None = None
    silent: bool = False
    words: int = 0
    fired: bool = False
    ended_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it fires; None once it has ended."""
        return None if self.ended_at is not None else self.fires_at


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The worker is well. how: "pin" or "button"."""

    by: Wearer
    how: str


@dataclass(frozen=True, slots=True)
class CancelledUnderDuress:
    """Somebody makes the worker cancel, and the PIN says so."""

    by: Wearer


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The worker wants help now."""

    by: Wearer


@dataclass(frozen=True, slots=True)
class Again:
    """A further signal of the kind, or of a graver one, while it counts. countdown: the plan's for its kind."""

    kind: AlarmKind
    countdown: timedelta
    signal_id: SignalId | None = None


PreAlarmEvent = Due | Cancelled | CancelledUnderDuress | Confirmed | Again


def start_pre_alarm(
    person_id: PersonId,
    kind: AlarmKind,
    plan: SafetyPlan,
    now: datetime,
    *,
    signal_id: SignalId | None = None,
    event_at: datetime | None = None,
    silent: bool = False,
) -> VigilDecision[PreAlarm]:
    """Begin to count down. A kind that the plan lets wait no time calls for help at once.

    now: when the signal was received; event_at: when it happened by the device's clock, which starts no countdown.
    """
    countdown = countdown_of(plan, kind)
    core = PreAlarm(
        person_id=person_id,
        kind=kind,
        began_at=now,
        fires_at=now + countdown,
        signal_id=signal_id,
        event_at=event_at,
        silent=silent,
    )
    begun = _entry("begun", now, System(), ("kind", kind.value), ("countdown_s", f"{countdown.total_seconds():g}"))
    if countdown <= timedelta(0):
        fired = _fire(core, now, System(), "fired")
        return replace(fired, entries=(begun, *fired.entries))
    word = SendWord(
        About.PRE_ALARM,
        (PersonTarget(person_id),),
        number=1,
        due_at=core.fires_at,
        detail=(("kind", kind.value), ("silent", str(silent).lower())),
    )
    return VigilDecision(replace(core, words=1), (word,), (begun,))


def decide_pre_alarm(core: PreAlarm, event: PreAlarmEvent, now: datetime) -> VigilDecision[PreAlarm]:
    """Return the pre-alarm as it is from now on, with what to do and what to write down.

    Raises Refused: not_the_wearer, too_late (the alarm is out; a person must stand it down). ValueError where a further
    signal is handed to one that has ended (our bug: it begins a new one).
    """
    match event:
        case Due():
            if core.ended_at is not None or now < core.fires_at:
                return VigilDecision(core)
            return _fire(core, now, System(), "fired")
        case Cancelled(by, how):
            _of_wearer(core, by)
            if core.fired:
                raise Refused("too_late")
            return _cancel(core, now, _entry("cancelled", now, by, ("how", how)))
        case CancelledUnderDuress(by):
            _of_wearer(core, by)
            duress = _entry("duress", now, by, ("passed_as", "cancelled"), ("how", "pin"))
            if core.fired:
                return VigilDecision(core, (DURESS_CALL,), (duress,), refused="too_late")
            return _cancel(core, now, duress, DURESS_CALL)
        case Confirmed(by):
            _of_wearer(core, by)
            return _confirm(core, now, by)
        case Again():
            return _join(core, event, now)
        case _:
            assert_never(event)


def _cancel(core: PreAlarm, now: datetime, entry: VigilEntry, *effects: VigilEffect) -> VigilDecision[PreAlarm]:
    """End it without an alarm. A second cancel, sent again by the phone, changes nothing."""
    return VigilDecision(replace(core, ended_at=core.ended_at or now), effects, (entry,))


def _confirm(core: PreAlarm, now: datetime, by: Wearer) -> VigilDecision[PreAlarm]:
    if core.fired:
        return VigilDecision(core)
    if core.ended_at is not None:
        # Cancelled, and then he wants help after all: that is never refused.
        return VigilDecision(core, (_call(core),), (_entry("confirmed", now, by),))
    return _fire(core, now, by, "confirmed")


def _join(core: PreAlarm, event: Again, now: datetime) -> VigilDecision[PreAlarm]:
    """The countdown is never begun anew: a second fall would else put help off. A graver kind may shorten it."""
    if core.ended_at is not None:
        raise ValueError(f"the pre-alarm of {core.person_id} has ended: the signal begins a new one")
    graver = event.kind.gravity < core.kind.gravity
    joined = replace(
        core,
        kind=event.kind if graver else core.kind,
        fires_at=min(core.fires_at, now + event.countdown),
    )
    detail = (("kind", event.kind.value), ("signal", str(event.signal_id or "")))
    return VigilDecision(joined, (), (_entry("joined", now, System(), *detail),))


def _fire(core: PreAlarm, now: datetime, by: Actor, word: str) -> VigilDecision[PreAlarm]:
    fired = replace(core, fired=True, ended_at=now)
    entry = _entry(word, now, by, ("kind", core.kind.value), ("due_at", core.fires_at.isoformat()))
    return VigilDecision(fired, (_call(core),), (entry,))


def _call(core: PreAlarm) -> CallForHelp:
    return CallForHelp(core.kind, "pre_alarm", core.silent, core.signal_id, core.event_at)


def _entry(kind: str, now: datetime, by: Actor, *detail: tuple[str, str]) -> VigilEntry:
    return VigilEntry(kind, now, by, detail)


def _of_wearer(core: PreAlarm, by: Wearer) -> None:
    if by.person_id != core.person_id:
        raise Refused("not_the_wearer")
