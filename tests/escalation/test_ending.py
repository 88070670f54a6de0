from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.effects import DropTimer, Entry, EntryKind, TimerKind, WithdrawNotices
from escalation.events import (
    Absorbed,
    Acknowledged,
    Declined,
    MergedInto,
    OnTheWay,
    Outcome,
    Responder,
    StoodDown,
    System,
    Wearer,
    WearerSafe,
)
from escalation.ids import IncidentId, PersonId
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DESK,
    FIA,
    INCIDENT,
    PUSH,
    SMS,
    START,
    Case,
    alarm,
    person,
    phones,
    seconds,
    step,
)

OTHER = IncidentId(UUID(int=0xA2))


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
    assert case.last.effects == (
        WithdrawNotices(None),
        DropTimer(TimerKind.LAPSE),
        DropTimer(TimerKind.OWNER_IDLE),
    )


def test_nobodys_turn_comes_after_the_end() -> None:
    case = Case([step(person(ANNA), person(BO), turn=20)], phones(ANNA, BO))
    assert [str(one) for one in case.incident.queue] == [str(BO)]
    ended = case.happens(StoodDown(FIA, Outcome.FALSE, "")).incident
    assert (ended.queue, case.timers) == ((), {})


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


def test_the_wearers_own_word_is_no_stand_down() -> None:
    case = Case([step(DESK)], Roster(), subject=DAG)
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(StoodDown(Wearer(DAG), Outcome.FALSE, ""))


# The wearer is safe


def missed() -> Case:
    whole = [step(person(ANNA), person(BO), person(CIA), needed=2), step(DESK)]
    return Case(whole, phones(ANNA, BO, CIA), kind=AlarmKind.MISSED_CHECK_IN, subject=DAG)


def test_a_sign_of_life_ends_what_silence_had_raised_and_all_who_were_called_hear_it() -> None:
    case = missed()
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(Declined(Responder(BO), case.roster))
    case.passes(8)
    case.happens(WearerSafe(Wearer(DAG), "check_in", case.roster))
    assert (case.state, case.incident.outcome, case.armed) == ("stood_down", Outcome.FALSE, {})
    assert [one for one in case.last.entries if one.kind is not EntryKind.NOTICE_FILED] == [
        Entry(EntryKind.WEARER_SAFE, case.now, Wearer(DAG), (("how", "check_in"),)),
        Entry(
            EntryKind.STOOD_DOWN,
            case.now,
            Wearer(DAG),
            (("outcome", "false"), ("note", "check_in"), ("state", "stood_down")),
        ),
    ]
    assert case.withdrawn == [None]
    assert case.news == ["anna fcm over", "cia fcm over"]


def test_one_alarm_that_was_no_silence_leaves_the_end_to_the_desk() -> None:
    case = missed()
    case.happens(alarm(case.incident.chain, case.roster, AlarmKind.FALL, signal=2))
    case.happens(alarm(case.incident.chain, case.roster, AlarmKind.OVERDUE, signal=3))
    case.happens(WearerSafe(Wearer(DAG), "pin", case.roster))
    assert case.state == "open"
    assert case.told == [EntryKind.WEARER_SAFE]
    assert case.last.effects == ()


def test_silence_upon_silence_is_still_ended_by_a_sign_of_life() -> None:
    case = missed()
    case.happens(alarm(case.incident.chain, case.roster, AlarmKind.LOST_CONTACT, signal=2))
    case.happens(Acknowledged(FIA))
    case.happens(WearerSafe(Wearer(DAG), "contact", case.roster))
    assert case.state == "stood_down"


def test_a_panic_is_not_called_off_by_the_wearers_phone() -> None:
    case = Case([step(DESK)], Roster(), subject=DAG)
    case.happens(WearerSafe(Wearer(DAG), "pin", case.roster))
    assert case.state == "open"


@pytest.mark.parametrize("subject", [DAG, None])
def test_nobody_is_safe_on_anothers_behalf(subject: PersonId | None) -> None:
    case = Case([step(DESK)], Roster(), kind=AlarmKind.OVERDUE, subject=subject)
    with pytest.raises(Refused, match="not_the_wearer"):
        case.happens(WearerSafe(Wearer(ANNA), "check_in"))


def test_a_sign_of_life_after_the_end_changes_nothing() -> None:
    case = missed()
    case.happens(StoodDown(FIA, Outcome.FALSE, ""))
    before = case.incident
    assert case.happens(WearerSafe(Wearer(DAG), "check_in")).incident is before
    assert case.last.entries == ()


@pytest.mark.parametrize(("purpose", "outcome"), [(Purpose.DRILL, Outcome.DRILL), (Purpose.TEST, Outcome.TEST)])
def test_a_drill_that_the_wearer_ends_stays_a_drill(purpose: Purpose, outcome: Outcome) -> None:
    case = Case([step(DESK)], Roster(), kind=AlarmKind.OVERDUE, subject=DAG, purpose=purpose)
    case.happens(WearerSafe(Wearer(DAG), "check_in"))
    assert case.incident.outcome is outcome


# Merging


def test_an_incident_that_is_the_same_matter_ends_in_the_other_and_its_people_stay_listed() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA))
    case.happens(MergedInto(FIA, OTHER))
    assert (case.state, case.incident.merged_into, case.incident.outcome) == ("stood_down", OTHER, Outcome.OTHER)
    detail = (("outcome", "other"), ("note", ""), ("merged_into", str(OTHER)), ("state", "stood_down"))
    assert case.last.entries == (Entry(EntryKind.STOOD_DOWN, START, FIA, detail),)
    assert case.withdrawn == [None]
    assert case.armed == {}
    assert case.states == {"anna": "notified"}


def test_an_incident_is_merged_with_another_only() -> None:
    case = Case([step(DESK)], Roster())
    with pytest.raises(Refused, match="same_incident"):
        case.happens(MergedInto(FIA, INCIDENT))
    with pytest.raises(Refused, match="same_incident"):
        case.happens(Absorbed(FIA, INCIDENT, AlarmKind.PANIC))
    case.happens(StoodDown(FIA, Outcome.REAL, ""))
    with pytest.raises(Refused, match="stood_down"):
        case.happens(MergedInto(FIA, OTHER))
