"""What can happen to an incident. Each event says who or what caused it; time comes beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, Roster
from escalation.ids import NoticeId, PersonId, SignalId, UserId


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody at the desk."""

    user_id: UserId
    person_id: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Responder:
    """Somebody who was told and may go there."""

    person_id: PersonId


@dataclass(frozen=True, slots=True)
class System:
    """The server itself."""


Actor = Operator | Responder | System


class Outcome(Enum):
    """The verdict of a stand-down; never a state."""

    REAL = "real"
    FALSE = "false"
    TEST = "test"
    DRILL = "drill"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised:
    """A signal that calls for help, filed just now, opens the incident or joins it.

    lateness: how old the event was when we received it, None where the device told no time.
    chain: the chain that applies to this kind now; an incident that restarts for a graver kind adopts it.
    """

    signal_id: SignalId
    kind: AlarmKind
    silent: bool
    lateness: timedelta | None
    chain: EscalationChain
    roster: Roster


@dataclass(frozen=True, slots=True)
class StepDue:
    """The wait of the step before is over (or the loop's pause)."""

    fence: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class MediumDue:
    """A person stayed silent on one medium: try the step's next one."""

    person_id: PersonId
    fence: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A notice could not be delivered and will not be tried again on that contact point."""

    notice_id: NoticeId
    person_id: PersonId
    roster: Roster


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person takes charge: an operator at once, a responder as one of those needed."""

    by: Operator | Responder


@dataclass(frozen=True, slots=True)
class AcknowledgementLapsed:
    """Nothing followed the last human act in time."""

    fence: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class Declined:
    """A responder cannot."""

    by: Responder
    roster: Roster


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A responder is going there."""

    by: Responder


@dataclass(frozen=True, slots=True)
class Arrived:
    """A responder is on site."""

    by: Responder


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """Words for the record; a human act, so an acknowledgement stands on."""

    by: Operator | Responder
    text: str


@dataclass(frozen=True, slots=True)
class EscalatedNow:
    """An operator will not wait for the next step."""

    by: Operator
    roster: Roster


@dataclass(frozen=True, slots=True)
class StoodDown:
    """A person ends the response. System may end only what is not REAL."""

    by: Actor
    outcome: Outcome
    note: str


Event = (
    AlarmRaised
    | StepDue
    | MediumDue
    | DeliveryFailed
    | Acknowledged
    | AcknowledgementLapsed
    | Declined
    | OnTheWay
    | Arrived
    | NoteAdded
    | EscalatedNow
    | StoodDown
)
