"""What the server watches by the clock beside incidents: a session, a pre-alarm, a silence, a loan, a shift change.

Each kind is a frozen core with rules of its own; here is what they share. Like an incident, a vigil is locked, decided
and saved in one transaction; its next deadline is a column of its row, so that it survives every restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Generic, Protocol, TypeVar

from escalation.alarm import AlarmKind
from escalation.chain import Target
from escalation.effects import About, SystemFault
from escalation.events import Actor
from escalation.ids import SignalId


class VigilKind(Enum):
    """What is watched over. One open vigil a kind and key at a time."""

    SESSION = "session"
    PRE_ALARM = "pre_alarm"
    SUPERVISION = "supervision"
    LOAN = "loan"
    HANDOVER = "handover"


class Core(Protocol):
    """What every kind's state can say of itself."""

    @property
    def due_at(self) -> datetime | None:
        """When it must be looked at next, aware UTC; None once it has ended, or if only an event can move it."""
        ...

    @property
    def ended_at(self) -> datetime | None:
        """When it ended; None while it runs."""
        ...


C_co = TypeVar("C_co", bound=Core, covariant=True)


@dataclass(frozen=True, slots=True)
class Due:
    """The clock: do whatever is due by now, once. It may come early, late or twice."""


@dataclass(frozen=True, slots=True)
class CallForHelp:
    """Open an incident about the vigil's person (or device, for a technical kind), or join the one that is open.

    why: a word for the timeline ("check_in", "welfare", "pre_alarm", "duress_pin", "outage" ...).
    signal_id: the signal that began it, None where it was silence. event_at: when it happened by the device's clock.
    """

    kind: AlarmKind
    why: str
    silent: bool = False
    signal_id: SignalId | None = None
    event_at: datetime | None = None


DURESS_CALL: Final = CallForHelp(AlarmKind.DURESS, why="duress_pin", silent=True)
"""All that tells a duress PIN from the plain one, beside a word in the vigil's log that no worker's phone is shown."""


@dataclass(frozen=True, slots=True)
class ReportSafe:
    """The wearer has given a sign of life: whatever was raised from silence is over. how: "check_in", "pin" ..."""

    how: str


@dataclass(frozen=True, slots=True)
class SendWord:
    """Tell people something that is no alarm, by their own apps, and by text message where outward is True.

    about says what; due_at is what the words count from (a check-in, an end, a return); detail: plain pairs for them.
    number: grows with each word of the vigil, so that each notice has a name of its own.
    """

    about: About
    to: tuple[Target, ...]
    number: int
    due_at: datetime | None = None
    outward: bool = False
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RaiseFault:
    """Sound as a system alarm on the consoles of the vigil's committee."""

    fault: SystemFault


@dataclass(frozen=True, slots=True)
class ClearFault:
    """It is mended."""

    fault: SystemFault


VigilEffect = CallForHelp | ReportSafe | SendWord | RaiseFault | ClearFault


@dataclass(frozen=True, slots=True)
class VigilEntry:
    """One line of a vigil's own log. kind: a word of the rules that wrote it; detail: plain pairs, ids as text."""

    kind: str
    at: datetime
    by: Actor
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class VigilDecision(Generic[C_co]):
    """The vigil as it is from now on, what to do, and what to write down.

    refused: the reason that the person is told as if it had been refused, None where it was not. Only a duress PIN that
    comes too late has one: help is called all the same, and the phone shows what the plain PIN would have shown.
    """

    core: C_co
    effects: tuple[VigilEffect, ...] = ()
    entries: tuple[VigilEntry, ...] = ()
    refused: str | None = None
