"""What an event does to an incident. Pure: the same question has the same answer, whoever asks and when."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from escalation.centre import restored, taken
from escalation.desk import escalated_now, jumped_to, people_added, put_on_hold, sos_call, step_recorded
from escalation.draft import Draft
from escalation.due import delivery_delayed, delivery_failed, forward_failed, medium_due, step_due
from escalation.ending import merge_into, stand_down, wearer_safe
from escalation.events import (
    Absorbed,
    Acknowledged,
    AcknowledgementLapsed,
    AlarmRaised,
    Arrived,
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
from escalation.incident import Decision, Incident, Refused, State
from escalation.message import send_message
from escalation.opening import absorb, join
from escalation.owner import handed_over, owner_idle, owner_left, put_back
from escalation.people import acknowledge, add_note, arrived, decline, lapse, on_the_way


def decide(incident: Incident, event: Event, now: datetime) -> Decision:
    """Return the incident as it is from now on, with what to do and what to write down.

    now: aware UTC, read after the incident's row was locked. A stale timer or a late delivery report changes nothing.
    Raises Refused when a person asks for what is not allowed now, ValueError when an alarm is handed to an incident
    that was stood down (our bug: it opens a new one).
    """
    if incident.state is State.STOOD_DOWN:
        return _after_the_end(incident, event, now)
    draft = Draft(incident, now)
    match event:
        case AlarmRaised():
            join(draft, event)
        case StepDue():
            if event.fence == incident.step_fence:
                step_due(draft, event)
        case MediumDue():
            if any(
                responder.person_id == event.person_id and responder.medium_fence == event.fence
                for responder in incident.responders
            ):
                medium_due(draft, event)
        case DeliveryFailed():
            delivery_failed(draft, event)
        case DeliveryDelayed():
            delivery_delayed(draft, event)
        case ForwardTaken():
            taken(draft, event)
        case ForwardFailed():
            forward_failed(draft, event)
        case Acknowledged():
            acknowledge(draft, event)
        case AcknowledgementLapsed():
            if event.fence == incident.lapse_fence:
                lapse(draft, event)
        case Declined():
            decline(draft, event)
        case OnTheWay():
            on_the_way(draft, event)
        case Arrived():
            arrived(draft, event)
        case NoteAdded():
            add_note(draft, event)
        case SosCall():
            sos_call(draft, event)
        case StepRecorded():
            step_recorded(draft, event)
        case MessageSent():
            send_message(draft, event)
        case EscalatedNow():
            escalated_now(draft, event)
        case JumpedTo():
            jumped_to(draft, event)
        case PeopleAdded():
            people_added(draft, event)
        case PutOnHold():
            put_on_hold(draft, event)
        case HandedOver():
            handed_over(draft, event)
        case PutBack():
            put_back(draft, event)
        case OwnerLeft():
            owner_left(draft, event)
        case OwnerIdle():
            if event.fence == incident.idle_fence:
                owner_idle(draft, event)
        case MergedInto():
            merge_into(draft, event)
        case Absorbed():
            absorb(draft, event)
        case WearerSafe():
            wearer_safe(draft, event)
        case StoodDown():
            stand_down(draft, event)
        case _:
            assert_never(event)
    return draft.decision()


def _after_the_end(incident: Incident, event: Event, now: datetime) -> Decision:
    match event:
        case AlarmRaised():
            raise ValueError(f"incident {incident.id} is stood down: the alarm opens a new one")
        case StepDue() | MediumDue() | DeliveryFailed() | DeliveryDelayed() | AcknowledgementLapsed() | OwnerIdle():
            return Decision(incident)
        case ForwardTaken() | ForwardFailed():
            draft = Draft(incident, now)
            restored(draft, event)
            return draft.decision()
        case OwnerLeft() | WearerSafe():
            return Decision(incident)  # nobody asked for anything: it came true of itself
        case Acknowledged() | Declined() | OnTheWay() | Arrived() | NoteAdded() | StoodDown():
            raise Refused("stood_down")
        case StepRecorded() | MessageSent() | SosCall() | EscalatedNow() | JumpedTo() | PeopleAdded() | PutOnHold():
            raise Refused("stood_down")
        case HandedOver() | PutBack() | MergedInto() | Absorbed():
            raise Refused("stood_down")
        case _:
            assert_never(event)
