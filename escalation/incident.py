"""The incident: all that follows from one call for help, until stood down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain
from escalation.effects import About, Effect, Entry
from escalation.events import (
    Absorbed,
    Acknowledged,
    AcknowledgementLapsed,
    AlarmRaised,
    Arrived,
    ClosingAnswer,
    Declined,
    DeliveryDelayed,
    DeliveryFailed,
    EscalatedNow,
    Event,
    ForwardFailed,
    ForwardTaken,
    HandedOver,
    JumpedTo,
    MediumDue,
    MergedInto,
    MessageSent,
    NoteAdded,
    OnTheWay,
    Operator,
    Outcome,
    OwnerIdle,
    OwnerLeft,
    PeopleAdded,
    PutBack,
    PutOnHold,
    SosCall,
    StepDue,
    StepRecorded,
    StoodDown,
    WearerSafe,
)
from escalation.ids import IncidentId, NoticeId, PersonId
from escalation.purpose import Purpose


class State(Enum):
    """Where the response stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    STOOD_DOWN = "stood_down"


class ResponderState(Enum):
    """Where one person who was told stands."""

    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    GOING = "going"
    ON_SITE = "on_site"
    DECLINED = "declined"
    RELEASED = "released"

    @property
    def engaged(self) -> bool:
        """True if this person counts as one of those needed."""
        return self in {ResponderState.ACKNOWLEDGED, ResponderState.GOING, ResponderState.ON_SITE}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResponder:
    """One person on the incident. step: the step that told him last; medium: index of the step's medium in use.

    attempts: how many notices he was sent in all, so that each has a name of its own.
    round: in which round he was asked, or said no, last. ringing: the notices of the medium in use that are not known
    to have failed. medium_fence: the fence of his NEXT_MEDIUM timer, None where none is armed. tried: indexes of the
    media that the step has rung him by, in the order of use; empty after a restart of the chain. waiting: notices
    that wait against a dead way out; he may answer by them yet.
    """

    person_id: PersonId
    state: ResponderState
    since: datetime
    step: int
    medium: int = 0
    attempts: int = 0
    round: int = 1
    ringing: tuple[NoticeId, ...] = ()
    medium_fence: int | None = None
    tried: tuple[int, ...] = ()
    waiting: tuple[NoticeId, ...] = ()

    @property
    def used(self) -> frozenset[int]:
        """Indexes of the media that he was rung by; of an older version's incident those up to the one in use."""
        return frozenset(self.tried or range(self.medium + 1))


class ForwardState(Enum):
    """Where the handing-over to one alarm receiving centre stands."""

    FILED = "filed"
    TAKEN = "taken"
    IN_TEST = "in_test"
    """It has the case and does nothing about it, as it has us in its test state: handed over again if the chain comes
    by."""
    UNREACHED = "unreached"
    """No path has worked yet; it is tried on."""
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """An operator took the incident, or it ended, before the centre answered; it may have gone out all the same. Handed
    over again as soon as nobody has the incident in hand any more."""


@dataclass(frozen=True, slots=True)
class Forward:
    """A case at one contracted alarm receiving centre. kind: the one it was told of last; a graver one is told anew.

    notice_id, state: of the newest notice. about: what that one tells, OVER from the stand-down on. took: the centre
    has answered for one of ours, whatever became of those behind it. lost: a try of one of ours came to no answer, or
    was stopped; the centre may have it all the same. by_telephone: its people were told of this kind, or of the end, by
    a text or a call, which is no receipt and is not repeated.
    """

    receiver: str
    notice_id: NoticeId
    kind: AlarmKind
    state: ForwardState
    attempt: int = 1
    took: bool = False
    about: About = About.ALARM
    lost: bool = False
    by_telephone: bool = False

    @property
    def may_be_known(self) -> bool:
        """True if the centre may have the case: all but where every try was refused for good."""
        return self.took or self.lost or self.state is not ForwardState.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A frozen picture; decide() returns the next one.

    kind: the gravest so far. next_step: index of the step that begins next; len(steps) once the last one began.
    used_up: the last step's wait is over too; the chain rests for loop_wait, then the next round begins. round: how
    many times the chain began, from 1. fence: grows with every armed timer. step_fence, lapse_fence: those of the
    NEXT_STEP and LAPSE timers that are armed, None where none is; a timer that comes with another fence is stale.
    step_due_at, lapse_at: when they are due. needed: responders the current step wants. owner: the operator who took
    it, if any. acknowledged_at: when it was first taken in hand; a lapse does not wipe it out. desk_attempts: how many
    notices the consoles were sent, for their names. subject: the person the alarm is about, who is never told of it as
    a responder. queue: persons of a step in turn who have not been rung yet. turn: the one of them who was rung last.
    repeats_left: how often the step is begun again. held_s: for how long it was put on hold in all. idle_fence: of the
    OWNER_IDLE timer. wearer_told: the wearer knows that a person has taken it. going_told: those who were told know
    that somebody goes there. news: how many notices were sent that are no alarm, for their names. silence_only:
    everything so far was raised from silence, so a sign of life ends it. upgraded: nobody answered, and the chain's
    upgrade was made. merged_into: the incident that goes on for this one. forwards: the alarm receiving centres that
    were told, one entry each. absorbed_receivers: those that may have the case of an incident that was merged into
    this one. closing: what the stand-down's form was answered with.
    """

    id: IncidentId
    purpose: Purpose
    kind: AlarmKind
    silent: bool
    state: State
    opened_at: datetime
    chain: EscalationChain
    round: int = 1
    next_step: int = 0
    fence: int = 0
    needed: int = 1
    desk_attempts: int = 0
    responders: tuple[IncidentResponder, ...] = ()
    owner: Operator | None = None
    acknowledged_at: datetime | None = None
    stood_down_at: datetime | None = None
    outcome: Outcome | None = None
    closing: tuple[ClosingAnswer, ...] = ()
    subject: PersonId | None = None
    used_up: bool = False
    step_fence: int | None = None
    step_due_at: datetime | None = None
    lapse_fence: int | None = None
    lapse_at: datetime | None = None
    queue: tuple[PersonId, ...] = ()
    turn: PersonId | None = None
    repeats_left: int = 0
    held_s: float = 0.0
    idle_fence: int | None = None
    wearer_told: bool = False
    going_told: bool = False
    news: int = 0
    silence_only: bool = False
    upgraded: bool = False
    merged_into: IncidentId | None = None
    forwards: tuple[Forward, ...] = ()
    absorbed_receivers: tuple[str, ...] = ()

    def told_by_telephone(self, receiver: str) -> bool:
        """True if a text or a call told a centre's people of what its newest notice tells."""
        return any(one.by_telephone for one in self.forwards if one.receiver == receiver)


@dataclass(frozen=True, slots=True)
class Decision:
    """The incident as it is from now on, what to do, and what to write down. All filed in one transaction."""

    incident: Incident
    effects: tuple[Effect, ...] = ()
    entries: tuple[Entry, ...] = ()


class Refused(Exception):
    """A person asked for what is not allowed now; reason is a key for the words on the screen."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unanswered(Refused):
    """An alarm cannot end like this: its kind asks for answers. faults: what is wrong, by the question's key."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("closing")
        self.faults = dict(faults)


_IN_HAND_OR_OPEN: Final = (State.OPEN, State.ACKNOWLEDGED)

TRANSITIONS: Final[Mapping[tuple[State, type[Event]], frozenset[State]]] = {
    # Absent pairs are refused by name (commands) or stale (timers, deliveries, an owner who left).
    (State.OPEN, AlarmRaised): frozenset({State.OPEN}),
    (State.OPEN, StepDue): frozenset({State.OPEN}),
    (State.OPEN, MediumDue): frozenset({State.OPEN}),
    (State.OPEN, DeliveryFailed): frozenset({State.OPEN}),
    (State.OPEN, DeliveryDelayed): frozenset({State.OPEN}),
    (State.OPEN, ForwardTaken): frozenset({State.OPEN}),
    (State.OPEN, ForwardFailed): frozenset({State.OPEN}),
    (State.OPEN, Acknowledged): frozenset(_IN_HAND_OR_OPEN),
    (State.OPEN, Declined): frozenset({State.OPEN}),
    (State.OPEN, OnTheWay): frozenset(_IN_HAND_OR_OPEN),
    (State.OPEN, Arrived): frozenset(_IN_HAND_OR_OPEN),
    (State.OPEN, NoteAdded): frozenset({State.OPEN}),
    (State.OPEN, SosCall): frozenset({State.OPEN}),
    (State.OPEN, StepRecorded): frozenset({State.OPEN}),
    (State.OPEN, MessageSent): frozenset({State.OPEN}),
    (State.OPEN, EscalatedNow): frozenset({State.OPEN}),
    (State.OPEN, JumpedTo): frozenset({State.OPEN}),
    (State.OPEN, PeopleAdded): frozenset({State.OPEN}),
    (State.OPEN, PutOnHold): frozenset({State.OPEN}),
    (State.OPEN, MergedInto): frozenset({State.STOOD_DOWN}),
    (State.OPEN, Absorbed): frozenset({State.OPEN}),
    (State.OPEN, WearerSafe): frozenset({State.OPEN, State.STOOD_DOWN}),
    (State.OPEN, StoodDown): frozenset({State.STOOD_DOWN}),
    (State.ACKNOWLEDGED, AlarmRaised): frozenset(_IN_HAND_OR_OPEN),
    (State.ACKNOWLEDGED, MediumDue): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, DeliveryFailed): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, DeliveryDelayed): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, ForwardTaken): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, ForwardFailed): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, Acknowledged): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, AcknowledgementLapsed): frozenset({State.OPEN}),
    (State.ACKNOWLEDGED, Declined): frozenset(_IN_HAND_OR_OPEN),
    (State.ACKNOWLEDGED, OnTheWay): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, Arrived): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, NoteAdded): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, SosCall): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, StepRecorded): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, MessageSent): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, EscalatedNow): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, JumpedTo): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, PeopleAdded): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, HandedOver): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, PutBack): frozenset(_IN_HAND_OR_OPEN),
    (State.ACKNOWLEDGED, OwnerLeft): frozenset(_IN_HAND_OR_OPEN),
    (State.ACKNOWLEDGED, OwnerIdle): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, MergedInto): frozenset({State.STOOD_DOWN}),
    (State.ACKNOWLEDGED, Absorbed): frozenset({State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, WearerSafe): frozenset({State.ACKNOWLEDGED, State.STOOD_DOWN}),
    (State.ACKNOWLEDGED, StoodDown): frozenset({State.STOOD_DOWN}),
    # What becomes of the restore that a centre was sent.
    (State.STOOD_DOWN, ForwardTaken): frozenset({State.STOOD_DOWN}),
    (State.STOOD_DOWN, ForwardFailed): frozenset({State.STOOD_DOWN}),
}
