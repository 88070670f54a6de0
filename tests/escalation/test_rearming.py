from escalation.chain import Roster
from escalation.decide import decide
from escalation.effects import ArmTimer, DropTimer, TimerKind
from escalation.events import Acknowledged, AcknowledgementLapsed, Outcome, StepDue, StoodDown
from escalation.incident import Decision
from escalation.invariants import invariants
from escalation.rearming import rearmed
from tests.escalation.cast import DESK, FIA, START, Case, seconds, step


def case_in_hand() -> Case:
    case = Case([step(DESK)], Roster())
    case.happens(Acknowledged(FIA))
    return case


def test_an_open_incident_that_nothing_would_wake_is_woken_at_once() -> None:
    case = Case([step(DESK)], Roster())
    now = START + seconds(500)
    decision = rearmed(case.incident, now)
    timer = ArmTimer(TimerKind.NEXT_STEP, now, 2)
    assert decision.effects == (timer,)
    assert invariants(decision.incident, [timer]) == []
    assert decide(decision.incident, StepDue(2, Roster()), now).incident.used_up


def test_an_incident_in_hand_that_nothing_would_wake_lapses_at_once() -> None:
    case = case_in_hand()
    now = START + seconds(500)
    decision = rearmed(case.incident, now)
    timer = ArmTimer(TimerKind.LAPSE, now, 4)
    assert decision.effects == (timer, DropTimer(TimerKind.OWNER_IDLE))
    assert invariants(decision.incident, [timer]) == []
    assert decide(decision.incident, AcknowledgementLapsed(4, Roster()), now).incident.owner is None


def test_what_was_stood_down_is_left_in_peace() -> None:
    case = case_in_hand()
    case.happens(StoodDown(FIA, Outcome.FALSE, ""))
    assert rearmed(case.incident, START) == Decision(case.incident)
