"""The transition table is total: every state and every event, in every situation we can think of."""

from collections.abc import Callable
from typing import get_args
from uuid import UUID

import pytest

from escalation.action_plan import ActionPlan, PlanStep, StepOutcome, StepRecord
from escalation.alarm import AlarmKind
from escalation.decide import decide
from escalation.effects import ForwardNotice
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
    MessageTo,
    NoteAdded,
    OnTheWay,
    Outcome,
    OwnerIdle,
    OwnerLeft,
    PeopleAdded,
    PutBack,
    PutOnHold,
    Responder,
    SosCall,
    SosMoment,
    StepDue,
    StepRecorded,
    StoodDown,
    Wearer,
    WearerSafe,
)
from escalation.ids import IncidentId, NoticeId
from escalation.incident import TRANSITIONS, Decision, Incident, Refused, State
from tests.escalation.cast import (
    ANNA,
    BO,
    DAG,
    DESK,
    FIA,
    GUN,
    INCIDENT,
    NORD,
    PUSH,
    SMS,
    START,
    Case,
    alarm,
    chain,
    person,
    phones,
    seconds,
    step,
)

EVENTS: tuple[type[Event], ...] = get_args(Event)
LATE = (
    StepDue,
    MediumDue,
    DeliveryFailed,
    DeliveryDelayed,
    ForwardTaken,
    ForwardFailed,
    AcknowledgementLapsed,
    OwnerIdle,
    OwnerLeft,
)
"""What nobody asks for: it comes, and may come too late."""

REASONS = {
    HandedOver: "not_taken",
    PutBack: "not_owner",
    PutOnHold: "not_open",
    MessageSent: "nobody_to_reach",
}
"""Why a command is refused while the incident goes on; after the stand-down there is one reason for all."""


def fresh() -> Case:
    whole = [step(person(one), media=(PUSH, SMS), in_turn=True) for one in (ANNA, BO)]
    return Case(whole, phones(ANNA, BO), kind=AlarmKind.FALL, subject=DAG)


def wants_two() -> Case:
    whole = [step(person(ANNA), person(BO), needed=2)]
    return Case(whole, phones(ANNA, BO), kind=AlarmKind.FALL, subject=DAG)


def from_silence() -> Case:
    return Case([step(person(BO), DESK)], phones(ANNA, BO), kind=AlarmKind.MISSED_CHECK_IN, subject=DAG)


def from_silence_in_hand() -> Case:
    case = from_silence()
    case.happens(Acknowledged(FIA))
    return case


def with_centre() -> Case:
    return Case([step(NORD, DESK, media=()), step(person(BO))], phones(BO), kind=AlarmKind.FALL, subject=DAG)


def with_centre_in_hand() -> Case:
    case = with_centre()
    case.happens(Acknowledged(FIA))
    return case


def beside_centre() -> Case:
    """A colleague has it in hand, and the centre has not answered yet."""
    case = Case([step(person(ANNA), NORD)], phones(ANNA), kind=AlarmKind.FALL, subject=DAG)
    case.happens(OnTheWay(Responder(ANNA)))
    return case


def with_restore() -> Case:
    case = with_centre()
    case.happens(StoodDown(FIA, Outcome.REAL, ""))
    return case


def after(*events: Event, pass_s: float = 0) -> Callable[[], Case]:
    def make() -> Case:
        case = fresh()
        for event in events:
            case.happens(event)
        case.passes(pass_s)
        return case

    return make


ROSTER = phones(ANNA, BO)
OTHER = IncidentId(UUID(int=0xA2))
FALLEN = ActionPlan(id=UUID(int=0xB1), name="Fall", version=1, steps=(PlanStep("ring", "Ring upp"),))
SITUATIONS: tuple[Callable[[], Case], ...] = (
    fresh,
    wants_two,
    from_silence,
    from_silence_in_hand,
    with_centre,
    with_centre_in_hand,
    beside_centre,
    with_restore,
    after(pass_s=20),
    after(pass_s=60),
    after(Acknowledged(FIA)),
    after(Acknowledged(FIA), EscalatedNow(FIA, ROSTER)),
    after(OnTheWay(Responder(ANNA)), Acknowledged(FIA)),
    after(Acknowledged(Responder(ANNA))),
    after(Arrived(Responder(ANNA)), pass_s=900),
    after(StoodDown(FIA, Outcome.REAL, "")),
    after(Acknowledged(FIA), StoodDown(FIA, Outcome.REAL, "")),
)


def events_for(case: Case) -> list[Event]:
    """Every kind of event as it could really come: by each actor, of each timer that is armed, and stale."""
    by = Responder(ANNA)
    newest = [(one.id, one.person_id) for one in case.notices if one.person_id is not None][-1:]
    armed = [case.due(timer) for timer in case.armed.values()]
    handed = [one.id for one in case.notices if isinstance(one, ForwardNotice)][-1:]
    return [
        *armed,
        StepDue(-1, ROSTER),
        MediumDue(ANNA, -1, ROSTER),
        AcknowledgementLapsed(-1, ROSTER),
        *(DeliveryFailed(notice, who, ROSTER) for notice, who in [*newest, (NoticeId(INCIDENT), ANNA)]),
        *(DeliveryDelayed(notice, who, ROSTER) for notice, who in [*newest, (NoticeId(INCIDENT), ANNA)]),
        *(ForwardTaken(notice, "nord", "primary") for notice in [*handed, NoticeId(INCIDENT)]),
        *(ForwardTaken(notice, "nord", "jour", by_telephone=True) for notice in handed),
        *(ForwardFailed(notice, "nord", lasting, ROSTER) for notice in handed for lasting in (False, True)),
        ForwardFailed(NoticeId(INCIDENT), "syd", True, ROSTER),
        alarm(case.incident.chain, ROSTER, AlarmKind.FALL, signal=2),
        alarm(case.incident.chain, ROSTER, AlarmKind.PANIC, signal=3),
        Acknowledged(FIA),
        Acknowledged(by),
        Declined(by, ROSTER),
        Declined(Responder(BO), ROSTER),
        OnTheWay(by),
        Arrived(by),
        NoteAdded(FIA, "note"),
        EscalatedNow(FIA, ROSTER),
        JumpedTo(FIA, 0, ROSTER),
        PeopleAdded(FIA, (person(ANNA), person(BO)), ROSTER),
        PutOnHold(FIA, seconds(60)),
        SosCall(FIA, SosMoment.DIALLED, ""),
        StepRecorded(FIA, FALLEN, FALLEN.steps[0], StepRecord(StepOutcome.DONE)),
        MessageSent(FIA, MessageTo.RESPONDERS, "Porten är öppen", ROSTER),
        HandedOver(FIA, GUN),
        PutBack(FIA, ROSTER),
        OwnerLeft(GUN, ROSTER),
        OwnerLeft(None, ROSTER),
        OwnerIdle(-1, ROSTER),
        MergedInto(FIA, OTHER),
        Absorbed(FIA, OTHER, AlarmKind.PANIC),
        WearerSafe(Wearer(DAG), "check_in"),
        StoodDown(FIA, Outcome.FALSE, ""),
    ]


def test_every_event_in_every_state_does_what_the_table_says_and_the_table_says_nothing_else() -> None:
    seen: dict[tuple[State, type[Event]], set[State]] = {}
    tried: set[tuple[State, type[Event]]] = set()
    for make in SITUATIONS:
        for event in events_for(make()):
            case = make()
            pair = (case.incident.state, type(event))
            tried.add(pair)
            if pair in TRANSITIONS and not refused_for_its_own_reason(case, event):
                before = case.incident
                after_it = case.happens(event).incident
                if after_it is not before or not isinstance(event, LATE):
                    seen.setdefault(pair, set()).add(after_it.state)
            else:
                check_absent(case.incident, event)
    assert seen == TRANSITIONS
    assert tried == {(state, kind) for state in State for kind in EVENTS}


def refused_for_its_own_reason(case: Case, event: Event) -> bool:
    """True for a command that only an owner's incident takes, where responders have it and no owner; and for words to
    responders where nobody was told yet."""
    ownerless = case.state == "acknowledged" and case.incident.owner is None
    if isinstance(event, MessageSent):
        return not case.states
    return ownerless and isinstance(event, HandedOver | PutBack)


def check_absent(incident: Incident, event: Event) -> None:
    """A pair that the table does not have is refused by name, stale, or our own bug."""
    if isinstance(event, LATE) or (isinstance(event, WearerSafe) and incident.state is State.STOOD_DOWN):
        decision = decide(incident, event, START + seconds(1000))
        assert decision == Decision(incident)
        assert decision.incident is incident
    elif isinstance(event, AlarmRaised):
        with pytest.raises(ValueError, match="opens a new one"):
            decide(incident, event, START)
    else:
        with pytest.raises(Refused) as refused:
            decide(incident, event, START)
        ended = incident.state is State.STOOD_DOWN
        assert refused.value.reason == ("stood_down" if ended else REASONS[type(event)])


def test_a_decision_leaves_the_incident_it_was_given_as_it_was() -> None:
    case = fresh()
    before, copy = case.incident, fresh().incident
    decide(before, StepDue(before.step_fence or 0, ROSTER), START)
    assert before == copy


def test_an_unchanged_incident_is_the_very_one_that_came_in() -> None:
    case = Case(chain(step(person(ANNA))), ROSTER)
    assert decide(case.incident, StepDue(-1, ROSTER), START).incident is case.incident
