"""What can happen to an incident. Each event says who or what caused it; time comes beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from escalation.action_plan import ActionPlan, PlanStep, StepRecord
from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, Roster, Target
from escalation.ids import IncidentId, NoticeId, PersonId, SignalId, UserId


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


@dataclass(frozen=True, slots=True)
class Wearer:
    """The person whom it is about."""

    person_id: PersonId


Actor = Operator | Responder | Wearer | System


class Outcome(Enum):
    """The verdict of a stand-down; never a state."""

    REAL = "real"
    FALSE = "false"
    TEST = "test"
    DRILL = "drill"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ClosingAnswer:
    """One of a stand-down's answers; closing.py says which are asked. note: words beside the choice, "" for none."""

    key: str
    choice: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised:
    """A signal that calls for help, filed just now, opens the incident or joins it.

    lateness: how old the event was when we received it, None where the device told no time.
    chain: the chain that applies to this kind now; an incident that restarts for a graver kind adopts it.
    signal_id: None where the server raised it itself (a missed check-in, a drill). why: what made it, for the timeline.
    """

    signal_id: SignalId | None
    kind: AlarmKind
    silent: bool
    lateness: timedelta | None
    chain: EscalationChain
    roster: Roster
    why: str = ""
    by: Actor = System()


@dataclass(frozen=True, slots=True)
class StepDue:
    """The wait of the step before is over (or the loop's pause).

    graver: the chain of the kind that this chain upgrades to, with roster loaded for it as well; None where it does
    not.
    """

    fence: int
    roster: Roster
    graver: EscalationChain | None = None


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
class DeliveryDelayed:
    """A notice will be tried again, but its way out is known to be dead: the person's next medium need not wait."""

    notice_id: NoticeId
    person_id: PersonId
    roster: Roster


@dataclass(frozen=True, slots=True)
class ForwardTaken:
    """A contracted alarm receiving centre answered that it has the case (or its end). Nobody has read it by that.

    path: which of the forwarder's paths it was. in_test: the centre has us in its test state and may do nothing.
    by_telephone: no receiver of it answered; a text or a call to its people went out, which is no receipt.
    """

    notice_id: NoticeId
    receiver: str
    path: str
    in_test: bool = False
    by_telephone: bool = False


@dataclass(frozen=True, slots=True)
class ForwardFailed:
    """No path to a contracted alarm receiving centre worked. lasting: it will not be tried again."""

    notice_id: NoticeId
    receiver: str
    lasting: bool
    roster: Roster


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person takes charge: an operator at once, a responder as one of those needed.

    roster: as in all that people say, for those who are to hear of it; an empty one tells nobody.
    """

    by: Operator | Responder
    roster: Roster = field(default_factory=Roster)


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
    roster: Roster = field(default_factory=Roster)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A responder is on site."""

    by: Responder
    roster: Roster = field(default_factory=Roster)


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """Words for the record; a human act, so an acknowledgement stands on."""

    by: Operator | Responder
    text: str


class SosMoment(Enum):
    """A moment of an operator's own call to the emergency services."""

    DIALLED = "dialled"
    ANSWERED = "answered"
    CASE_NUMBER = "case_number"


@dataclass(frozen=True, slots=True)
class SosCall:
    """An operator called the emergency services himself, and says how far he is. text: the case number, or words."""

    by: Operator
    what: SosMoment
    text: str


@dataclass(frozen=True, slots=True)
class StepRecorded:
    """An operator says what came of a step of the action plan.

    plan: the one that goes with the incident now; it has this step. newest: the record that stands for the step, None
    where there is none.
    """

    by: Operator
    plan: ActionPlan
    step: PlanStep
    record: StepRecord
    newest: StepRecord | None = None


class MessageTo(Enum):
    """Whom an operator's words are for."""

    RESPONDERS = "responders"
    """Those who were told and are not out of it."""
    WEARER = "wearer"


@dataclass(frozen=True, slots=True)
class MessageSent:
    """An operator has words for those who go there, or for the wearer. roster: knows them whom it is for."""

    by: Operator
    to: MessageTo
    text: str
    roster: Roster


@dataclass(frozen=True, slots=True)
class EscalatedNow:
    """An operator will not wait for the next step."""

    by: Operator
    roster: Roster


@dataclass(frozen=True, slots=True)
class JumpedTo:
    """An operator begins a step out of turn. step: index in the incident's own chain."""

    by: Operator
    step: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class PeopleAdded:
    """An operator tells further people at once. targets: one or more; roster knows them."""

    by: Operator
    targets: tuple[Target, ...]
    roster: Roster


@dataclass(frozen=True, slots=True)
class PutOnHold:
    """An operator keeps the next step waiting; 10 minutes in all, however often."""

    by: Operator
    wait: timedelta


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The owner, or an operator in his stead, gives the incident to another operator."""

    by: Operator
    to: Operator


@dataclass(frozen=True, slots=True)
class PutBack:
    """The owner returns the incident to the queue, for a graver one."""

    by: Operator
    roster: Roster


@dataclass(frozen=True, slots=True)
class OwnerLeft:
    """The owner logged off. to: who is next at the desk, None if nobody is."""

    to: Operator | None
    roster: Roster


@dataclass(frozen=True, slots=True)
class OwnerIdle:
    """An operator took it and did nothing since. roster: with the managers."""

    fence: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class MergedInto:
    """An operator says that this is the same matter as another incident of the same person; this one ends."""

    by: Operator
    into: IncidentId


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The other side of MergedInto: this incident goes on for both. kind: the other's.

    receivers: the alarm receiving centres that may have the other's case; they hear of the end with this one's.
    """

    by: Operator
    other: IncidentId
    kind: AlarmKind
    receivers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WearerSafe:
    """The wearer gave a sign of life. how: "check_in", "pin", "session_end" ...; ends what silence alone had raised."""

    by: Wearer
    how: str
    roster: Roster = field(default_factory=Roster)


@dataclass(frozen=True, slots=True)
class StoodDown:
    """A person ends the response. System may end only what is not REAL.

    closing: his answers to what the kind and the outcome ask; None where no form was filled in, as by a flow.
    """

    by: Actor
    outcome: Outcome
    note: str
    roster: Roster = field(default_factory=Roster)
    closing: tuple[ClosingAnswer, ...] | None = None


Event = (
    AlarmRaised
    | StepDue
    | MediumDue
    | DeliveryFailed
    | DeliveryDelayed
    | ForwardTaken
    | ForwardFailed
    | Acknowledged
    | AcknowledgementLapsed
    | Declined
    | OnTheWay
    | Arrived
    | NoteAdded
    | SosCall
    | StepRecorded
    | MessageSent
    | EscalatedNow
    | JumpedTo
    | PeopleAdded
    | PutOnHold
    | HandedOver
    | PutBack
    | OwnerLeft
    | OwnerIdle
    | MergedInto
    | Absorbed
    | WearerSafe
    | StoodDown
)
