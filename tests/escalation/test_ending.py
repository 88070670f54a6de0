import pytest

from escalation.chain import Roster
from escalation.effects import DropTimer, Entry, EntryKind, TimerKind, WithdrawNotices
from escalation.events import Acknowledged, Outcome, Responder, StoodDown, System
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import ANNA, DAG, DESK, FIA, PUSH, SMS, START, Case, person, phones, seconds, step


def test_a_person_stands_it_down_and_nothing_is_waited_for_any_more() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True)], phones(ANNA))
    case.passes(7)
    case.happens(StoodDown(FIA, Outcome.FALSE, "sat on it"))
    assert case.last.effects == (
        WithdrawNotices(None),
        DropTimer(TimerKind.NEXT_STEP),
        DropTimer(TimerKind.NEXT_MEDIUM),
    )
    assert case.last.entries == (
        Entry(
            EntryKind.STOOD_DOWN,
            START + seconds(7),
            FIA,
            (("outcome", "false"), ("note", "sat on it"), ("state", "stood_down")),
        ),
    )
    assert case.state == "stood_down"
    assert (case.incident.stood_down_at, case.incident.outcome) == (START + seconds(7), Outcome.FALSE)
    assert case.armed == {}


def test_an_incident_in_hand_waits_for_no_lapse_once_it_is_stood_down() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(Acknowledged(FIA))
    case.happens(StoodDown(Responder(ANNA), Outcome.REAL, ""))
    assert case.last.effects == (WithdrawNotices(None), DropTimer(TimerKind.LAPSE))


def test_the_server_ends_no_real_incident_by_itself() -> None:
    case = Case([step(DESK)], Roster())
    with pytest.raises(Refused) as refused:
        case.happens(StoodDown(System(), Outcome.OTHER, ""))
    assert refused.value.reason == "only_a_person"


@pytest.mark.parametrize("purpose", [Purpose.TEST, Purpose.DRILL])
def test_the_server_may_end_a_test_and_a_drill(purpose: Purpose) -> None:
    case = Case([step(DESK)], Roster(), purpose=purpose)
    case.happens(StoodDown(System(), Outcome.TEST, ""))
    assert case.state == "stood_down"


def test_the_wearers_phone_does_not_stand_it_down() -> None:
    case = Case([step(DESK)], Roster(), subject=DAG)
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(StoodDown(Responder(DAG), Outcome.FALSE, ""))


@pytest.mark.parametrize(
    ("purpose", "allowed"),
    [
        (Purpose.REAL, {Outcome.REAL, Outcome.FALSE, Outcome.TEST, Outcome.OTHER}),
        (Purpose.DRILL, {Outcome.DRILL, Outcome.TEST, Outcome.OTHER}),
        (Purpose.TEST, set(Outcome)),
    ],
)
@pytest.mark.parametrize("outcome", Outcome)
def test_the_verdict_fits_what_the_incident_was_born_as(
    purpose: Purpose, allowed: set[Outcome], outcome: Outcome
) -> None:
    case = Case([step(DESK)], Roster(), purpose=purpose)
    if outcome in allowed:
        case.happens(StoodDown(FIA, outcome, ""))
        assert case.incident.outcome is outcome
    else:
        with pytest.raises(Refused, match=f"outcome_of_{purpose.value}"):
            case.happens(StoodDown(FIA, outcome, ""))
