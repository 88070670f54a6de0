"""Supervision of a transmitter: its silence is an event, and so is its return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, assert_never

from escalation.alarm import AlarmKind
from escalation.events import Actor, System
from escalation.ids import DeviceId, PersonId
from escalation.vigil import CallForHelp, ReportSafe, VigilDecision, VigilEntry

LOOK_AGAIN: Final = timedelta(seconds=10)
"""How often a silent device is looked for: a person sees it come back while he still looks at the screen."""
LOOK_AGAIN_IN_OUTAGE: Final = timedelta(seconds=60)
"""A town of silent devices looked for each ten seconds would be in the way of whoever calls for help just then."""
OUTAGE_WITHIN: Final = timedelta(minutes=5)
"""Devices that fall silent from one cause do so within one window of the slowest common class."""
OUTAGE_LEAST: Final = 5
"""So many may fall silent together by chance."""
OUTAGE_SHARE: Final = 0.05
HUSHED_LEAST: Final = 20
"""Of fewer, all may be silent at once because nobody is at work."""
HUSHED_SHARE: Final = 0.95
AFTER_OUTAGE: Final = timedelta(minutes=10)
"""Time for a device to find its network again; who is still silent then is silent for a reason of his own."""


class SupervisionClass(Enum):
    """What is demanded of a transmitter's reporting. SP and DP: single and dual path, EN 50136-1."""

    SP2 = "sp2"
    SP3 = "sp3"
    SP4 = "sp4"
    SP5 = "sp5"
    SP6 = "sp6"
    DP2 = "dp2"
    DP3 = "dp3"
    DP4 = "dp4"
    WEARABLE = "wearable"
    IN_SESSION = "in_session"
    """Three heartbeats of a minute missed, by somebody who works alone just now."""

    @property
    def window(self) -> timedelta:
        """The longest silence. Those of SP and DP are yet to be held against a bought copy of EN 50136-1."""
        match self:
            case SupervisionClass.SP2:
                return timedelta(hours=25)
            case SupervisionClass.SP3 | SupervisionClass.DP2:
                return timedelta(minutes=30)
            case SupervisionClass.SP4 | SupervisionClass.DP3 | SupervisionClass.IN_SESSION:
                return timedelta(minutes=3)
            case SupervisionClass.SP5 | SupervisionClass.DP4:
                return timedelta(seconds=90)
            case SupervisionClass.SP6:
                return timedelta(seconds=20)
            case SupervisionClass.WEARABLE:
                return timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """A frozen picture; decide_supervision() returns the next one.

    window: the longest silence outside a session, session_window in one (the shorter of the two counts).
    heard_at: when it was heard last, None if never. counted_from: when silence began to count: then, or when
    supervision or a session began, whichever is latest. lost_at: when its silence was noticed, None while it is heard.
    outage: lost among many and not raised by itself. outage_over_at: when that outage was over. raised: what help was
    called for. look_at: when it is looked for next.
    """

    device_id: DeviceId
    person_id: PersonId | None
    window: timedelta
    session_window: timedelta
    counted_from: datetime
    look_at: datetime
    in_session: bool = False
    heard_at: datetime | None = None
    lost_at: datetime | None = None
    outage: bool = False
    outage_over_at: datetime | None = None
    raised: AlarmKind | None = None
    ended_at: datetime | None = None

    @property
    def limit(self) -> timedelta:
        """The longest silence just now."""
        return min(self.window, self.session_window) if self.in_session else self.window

    @property
    def due_at(self) -> datetime | None:
        """When it is looked for next; None once it is no longer supervised."""
        return None if self.ended_at is not None else self.look_at


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody looked when the device was heard last: when that is due, and when a session begins or ends.

    heard_at: by our clock, None if it never was. outage: many fell silent together, and that is shown as one.
    """

    heard_at: datetime | None
    in_session: bool
    outage: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The device is no longer supervised: it was taken out of use."""

    by: Actor


SupervisionEvent = Looked | Withdrawn


def start_supervision(
    device_id: DeviceId,
    person_id: PersonId | None,
    window: timedelta,
    now: datetime,
    *,
    session_window: timedelta = SupervisionClass.IN_SESSION.window,
    heard_at: datetime | None = None,
    in_session: bool = False,
) -> VigilDecision[Supervision]:
    """Supervise a device from now on, whenever it was heard before.

    window: of its class, or the plan's for wearables. session_window: the plan's.
    """
    core = Supervision(
        device_id=device_id,
        person_id=person_id,
        window=window,
        session_window=session_window,
        counted_from=now,
        look_at=now,
        in_session=in_session,
        heard_at=heard_at,
    )
    return VigilDecision(replace(core, look_at=now + core.limit))


def decide_supervision(core: Supervision, event: SupervisionEvent, now: datetime) -> VigilDecision[Supervision]:
    """Return the supervision as it is from now on, with what to do and what to write down.

    The return of a device that was lost in a session reports nobody safe: the session is told of it, and knows
    whether a check-in was missed besides.
    """
    if core.ended_at is not None:
        return VigilDecision(core)
    match event:
        case Looked():
            looked = _with_what_is_known(core, event, now)
            if core.lost_at is None:
                return _while_heard(looked, event, now)
            if looked.heard_at != core.heard_at and now < looked.counted_from + looked.limit:
                return _regained(looked, core.lost_at, now)
            return _while_lost(looked, event, now)
        case Withdrawn(by):
            return VigilDecision(replace(core, ended_at=now), (), (VigilEntry("withdrawn", now, by),))
        case _:
            assert_never(event)


def outage(losses: Sequence[datetime], supervised: int, now: datetime) -> bool:
    """True if many devices fell silent together, so that one banner should stand for them.

    losses: when each silent device of one receiver or committee was lost. supervised: how many there are in all.
    """
    return sum(now - OUTAGE_WITHIN < lost_at <= now for lost_at in losses) > _many(supervised)


def hushed(silent: int, listened_for: int) -> bool:
    """True if next to nobody is heard any more: then it is our own ears, before the first of them is even due.

    silent: how many have been silent for more than half of the time that they have. listened_for: of how many, those
    left out whose time is longer than that of the one who is missed, and those who were lost long before.
    """
    return listened_for >= HUSHED_LEAST and silent >= HUSHED_SHARE * listened_for


def outage_over(still_lost: int, supervised: int) -> bool:
    """True once few enough are silent to be shown one by one: half of what begins an outage, so that none flickers."""
    return still_lost <= _many(supervised) / 2


def _many(supervised: int) -> float:
    return max(OUTAGE_LEAST, OUTAGE_SHARE * supervised)


def _with_what_is_known(core: Supervision, event: Looked, now: datetime) -> Supervision:
    """Take in when it was heard, and whether its wearer works alone."""
    # A clock that was set back must not make a device look alive for as long as it was ahead.
    heard = [at for at in (core.heard_at, event.heard_at and min(event.heard_at, now)) if at is not None]
    counted = [core.counted_from, *heard]
    raised = core.raised
    if event.in_session and not core.in_session:
        counted.append(now)
        if raised is AlarmKind.LOST_CONTACT:
            # That was an earlier session's; this one's worker is missed anew.
            raised = AlarmKind.SILENT_DEVICE
    return replace(
        core,
        heard_at=max(heard, default=None),
        counted_from=max(counted),
        in_session=event.in_session,
        raised=raised,
    )


def _while_heard(core: Supervision, event: Looked, now: datetime) -> VigilDecision[Supervision]:
    due_at = core.counted_from + core.limit
    if now < due_at:
        return VigilDecision(replace(core, look_at=due_at))
    again = LOOK_AGAIN_IN_OUTAGE if event.outage else LOOK_AGAIN
    lost = replace(core, lost_at=now, look_at=now + again, outage=event.outage)
    said = (("silent_since", core.counted_from.isoformat()), ("outage", str(event.outage).lower()))
    entry = VigilEntry("lost", now, System(), said)
    if event.outage:
        return VigilDecision(lost, (), (entry,))
    kind = _kind(core)
    return VigilDecision(replace(lost, raised=kind), (CallForHelp(kind, "silence"),), (entry,))


def _while_lost(core: Supervision, event: Looked, now: datetime) -> VigilDecision[Supervision]:
    """Look again soon; raise what an outage had covered, and what grew graver because a session began."""
    core = replace(core, look_at=now + (LOOK_AGAIN_IN_OUTAGE if event.outage else LOOK_AGAIN))
    if event.outage:
        return VigilDecision(replace(core, outage_over_at=None))
    if core.outage:
        over_at = core.outage_over_at or now
        core = replace(core, outage_over_at=over_at)
        if now < over_at + AFTER_OUTAGE:
            return VigilDecision(core)
    kind = _kind(core)
    if core.raised is not None and core.raised.gravity <= kind.gravity:
        return VigilDecision(core)
    if now < core.counted_from + core.limit:
        return VigilDecision(core)
    raised = replace(core, raised=kind, outage=False, outage_over_at=None)
    entry = VigilEntry("raised", now, System(), (("kind", kind.value),))
    return VigilDecision(raised, (CallForHelp(kind, "silence"),), (entry,))


def _regained(core: Supervision, lost_at: datetime, now: datetime) -> VigilDecision[Supervision]:
    heard = replace(
        core,
        look_at=core.counted_from + core.limit,
        lost_at=None,
        outage=False,
        outage_over_at=None,
        raised=None,
    )
    entry = VigilEntry("regained", now, System(), (("lost_s", f"{(now - lost_at).total_seconds():.0f}"),))
    safe = (ReportSafe("contact"),) if core.raised is AlarmKind.SILENT_DEVICE else ()
    return VigilDecision(heard, safe, (entry,))


def _kind(core: Supervision) -> AlarmKind:
    return AlarmKind.LOST_CONTACT if core.in_session else AlarmKind.SILENT_DEVICE
