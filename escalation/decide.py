"""What an event does to an incident. Pure: the same question has the same answer, whoever asks and when."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from escalation.draft import Draft
from escalation.ending import stand_down
from escalation.events import (
    Acknowledged,
    AcknowledgementLapsed,
    AlarmRaised,
    Arrived,
    Declined,
    DeliveryFailed,
    EscalatedNow,
    Event,
    MediumDue,
    NoteAdded,
    OnTheWay,
    StepDue,
    StoodDown,
)
from escalation.incident import Decision, Incident, Refused, State
from escalation.opening import join
from escalation.people import acknowledge, add_note, arrived, decline, lapse, on_the_way
from escalation.walk import delivery_failed, escalated_now, medium_due, step_due


def decide(incident: Incident, event: Event, now: datetime) -> Decision:
    """Return the incident as it is from now on, with what to do and what to write down.

    now: aware UTC, read after the incident's row was locked. A stale timer or a late delivery report changes nothing.
    Raises Refused when a person asks for what is not allowed now, ValueError when an alarm is handed to an incident
    that was stood down (our bug: it opens a new one).
    """
    if incident.state is State.STOOD_DOWN:
        return _after_the_end(incident, event)
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
        case EscalatedNow():
            escalated_now(draft, event)
        case StoodDown():
            stand_down(draft, event)
        case _:
            assert_never(event)
    return draft.decision()


def _after_the_end(incident: Incident, event: Event) -> Decision:
    match event:
        case AlarmRaised():
            raise ValueError(f"incident {incident.id} is stood down: the alarm opens a new one")
        case StepDue() | MediumDue() | DeliveryFailed() | AcknowledgementLapsed():
            return Decision(incident)
        case Acknowledged() | Declined() | OnTheWay() | Arrived() | NoteAdded() | EscalatedNow() | StoodDown():
            raise Refused("stood_down")
        case _:
            assert_never(event)
