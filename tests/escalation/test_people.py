import pytest

from escalation.chain import Roster
from escalation.effects import (
    ArmTimer,
    DropTimer,
    Entry,
    EntryKind,
    SystemFault,
    TellWearer,
    TimerKind,
    WithdrawNotices,
)
from escalation.events import (
    Acknowledged,
    Arrived,
    Declined,
    EscalatedNow,
    NoteAdded,
    OnTheWay,
    Operator,
    Responder,
    System,
)
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DESK,
    EVA,
    FIA,
    GUN,
    PUSH,
    SMS,
    START,
    Case,
    person,
    phones,
    seconds,
    step,
)

# Operators


def test_an_operator_takes_it_and_nobody_is_told_any_further() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True), step(person(BO))], phones(ANNA, BO))
    case.passes(3)
    case.happens(Acknowledged(FIA))
    assert case.last.effects == (
        WithdrawNotices(None),
        DropTimer(TimerKind.NEXT_STEP),
        TellWearer(silent=False),
        DropTimer(TimerKind.NEXT_MEDIUM),
        ArmTimer(TimerKind.LAPSE, START + seconds(3 + 120), 3),
        ArmTimer(TimerKind.OWNER_IDLE, START + seconds(3 + 60), 4),
    )
    assert case.last.entries == (
        Entry(EntryKind.ACKNOWLEDGED, START + seconds(3), FIA, (("state", "acknowledged"),)),
        Entry(EntryKind.WEARER_TOLD, START + seconds(3), System()),
    )
    assert (case.state, case.incident.owner) == ("acknowledged", FIA)
    assert case.incident.acknowledged_at == START + seconds(3)
    assert case.states == {"anna": "notified"}


def test_the_second_operator_is_told_that_it_is_taken_and_the_first_may_say_it_again() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(Acknowledged(FIA))
    with pytest.raises(Refused) as refused:
        case.happens(Acknowledged(GUN))
    assert refused.value.reason == "taken"
    before = case.incident
    case.passes(10)
    assert case.happens(Acknowledged(FIA)).incident is before
    assert case.last.effects == ()
    assert case.last.entries == ()


def test_an_operator_at_another_desk_of_his_own_is_still_himself() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(Acknowledged(FIA))
    before = case.incident
    assert case.happens(Acknowledged(Operator(FIA.user_id, ANNA))).incident is before


def test_an_operator_becomes_the_owner_of_what_responders_hold() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(60)
    case.happens(Acknowledged(FIA))
    assert case.incident.owner == FIA
    assert case.last.entries == (Entry(EntryKind.ACKNOWLEDGED, START + seconds(60), FIA),)
    assert case.timers == {"lapse": 120, "owner_idle": 60}


def test_an_owner_does_not_shorten_the_rest_that_a_responder_on_his_way_has_earned() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(Acknowledged(FIA))
    assert case.timers == {"lapse": 900, "owner_idle": 60}


# Responders


def test_the_one_who_is_needed_says_yes_and_the_others_are_released() -> None:
    whole = [step(person(ANNA), person(BO), person(CIA), media=(PUSH, SMS), in_turn=True), step(DESK)]
    case = Case(whole, phones(ANNA, BO, CIA))
    case.happens(Declined(Responder(CIA), case.roster))
    case.happens(Acknowledged(Responder(BO)))
    assert case.last.effects == (
        DropTimer(TimerKind.NEXT_MEDIUM, BO),
        DropTimer(TimerKind.NEXT_MEDIUM),
        WithdrawNotices(frozenset({ANNA, BO})),
        DropTimer(TimerKind.NEXT_STEP),
        TellWearer(silent=False),
        ArmTimer(TimerKind.LAPSE, START + seconds(120), 5),
    )
    assert case.last.entries == (
        Entry(
            EntryKind.ACKNOWLEDGED,
            START,
            Responder(BO),
            (("engaged", "1"), ("needed", "1"), ("state", "acknowledged")),
        ),
        Entry(EntryKind.RELEASED, START, System(), (("person", str(ANNA)),)),
        Entry(EntryKind.WEARER_TOLD, START, System()),
    )
    assert case.states == {"anna": "released", "bo": "acknowledged", "cia": "declined"}


def test_while_more_are_needed_the_chain_goes_on_and_only_he_is_left_in_peace() -> None:
    whole = [step(person(ANNA), person(BO), media=(PUSH, SMS), in_turn=True, needed=2)]
    case = Case(whole, phones(ANNA, BO))
    case.happens(Acknowledged(Responder(ANNA)))
    assert case.state == "open"
    assert case.withdrawn == [{"anna"}]
    assert case.timers == {"next_medium bo": 20, "next_step": 30}
    case.happens(OnTheWay(Responder(BO)))
    assert case.state == "acknowledged"
    assert case.timers == {"lapse": 900}


def test_a_repeat_or_a_lesser_yes_changes_nothing() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2)], phones(ANNA, BO))
    case.happens(OnTheWay(Responder(ANNA)))
    before = case.incident
    for repeat in (Acknowledged(Responder(ANNA)), OnTheWay(Responder(ANNA))):
        assert case.happens(repeat).incident is before
        assert case.last.entries == ()
    case.happens(Arrived(Responder(ANNA)))
    before = case.incident
    for lesser in (Acknowledged(Responder(ANNA)), OnTheWay(Responder(ANNA)), Arrived(Responder(ANNA))):
        assert case.happens(lesser).incident is before


def test_a_colleague_whom_nobody_told_may_volunteer() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(OnTheWay(Responder(EVA)))
    assert case.states == {"anna": "released", "eva": "going"}
    assert case.state == "acknowledged"


def test_who_was_released_or_said_no_may_still_come() -> None:
    case = Case([step(person(ANNA), person(BO))], phones(ANNA, BO))
    case.happens(Acknowledged(Responder(ANNA)))
    case.happens(OnTheWay(Responder(BO)))
    assert case.states == {"anna": "acknowledged", "bo": "going"}
    case.happens(Declined(Responder(BO), case.roster))
    case.happens(Arrived(Responder(BO)))
    assert case.states == {"anna": "acknowledged", "bo": "on_site"}


def test_going_and_arriving_earn_a_longer_rest_than_a_mere_yes() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(Acknowledged(Responder(ANNA)))
    assert case.timers == {"lapse": 120}
    case.passes(100)
    case.happens(OnTheWay(Responder(ANNA)))
    assert case.timers == {"lapse": 900}
    case.passes(300)
    case.happens(Arrived(Responder(ANNA)))
    assert case.timers == {"lapse": 900}
    case.passes(300)
    case.happens(Acknowledged(Responder(EVA)))
    assert case.timers == {"lapse": 600}


def test_a_later_step_that_wants_fewer_does_not_make_too_few_of_the_first_enough() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2), step(person(CIA))], phones(ANNA, BO, CIA))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(30)
    case.happens(OnTheWay(Responder(ANNA)))
    assert case.state == "open"
    case.happens(Acknowledged(Responder(CIA)))
    assert case.state == "acknowledged"
    assert case.states == {"anna": "going", "bo": "released", "cia": "acknowledged"}


def test_a_later_step_that_wants_more_counts_for_everybody() -> None:
    case = Case([step(person(ANNA)), step(person(BO), needed=2)], phones(ANNA, BO))
    case.passes(30)
    case.happens(Acknowledged(Responder(ANNA)))
    assert case.state == "open"
    case.happens(Acknowledged(Responder(BO)))
    assert case.state == "acknowledged"


def test_a_yes_in_an_owners_incident_counts_against_what_the_new_step_wants() -> None:
    case = Case([step(person(ANNA)), step(person(BO), person(CIA), needed=2)], phones(ANNA, BO, CIA))
    case.happens(Acknowledged(FIA))
    case.happens(EscalatedNow(FIA, case.roster))
    case.happens(OnTheWay(Responder(BO)))
    assert case.withdrawn == [{"bo"}]
    assert case.states == {"anna": "notified", "bo": "going", "cia": "notified"}
    case.happens(OnTheWay(Responder(CIA)))
    assert case.states == {"anna": "released", "bo": "going", "cia": "going"}
    assert case.state == "acknowledged"


@pytest.mark.parametrize("yes", [Acknowledged, OnTheWay, Arrived])
def test_the_wearers_phone_cannot_stop_the_help(yes: type[Acknowledged | OnTheWay | Arrived]) -> None:
    case = Case([step(person(ANNA))], phones(ANNA), subject=DAG)
    with pytest.raises(Refused) as refused:
        case.happens(yes(Responder(DAG)))
    assert refused.value.reason == "own_alarm"
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(Declined(Responder(DAG), case.roster))
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(NoteAdded(Responder(DAG), "all is well"))


def test_people_answer_a_drill_as_they_would_the_real_thing() -> None:
    case = Case([step(person(ANNA), person(BO))], phones(ANNA, BO), purpose=Purpose.DRILL)
    case.happens(OnTheWay(Responder(EVA)))
    assert case.states == {"anna": "released", "bo": "released", "eva": "going"}


# Saying no


def test_when_everybody_told_has_said_no_the_next_step_begins_at_once() -> None:
    case = Case([step(person(ANNA), person(BO)), step(person(CIA), wait=45)], phones(ANNA, BO, CIA))
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.last.effects == (WithdrawNotices(frozenset({ANNA})),)
    case.happens(Declined(Responder(BO), case.roster))
    assert case.rung == ["cia fcm"]
    assert case.timers == {"next_step": 45}


def test_a_no_does_not_hurry_past_somebody_who_still_rings_but_past_a_desk_beside_him() -> None:
    case = Case([step(person(ANNA)), step(person(BO), DESK), step(person(CIA))], phones(ANNA, BO, CIA))
    case.passes(30)
    case.happens(Declined(Responder(BO), case.roster))
    assert case.rung == []
    assert case.timers == {"next_step": 30}
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.rung == ["cia fcm"]


def test_a_desk_that_was_told_alone_is_waited_for() -> None:
    case = Case([step(person(ANNA)), step(DESK), step(person(CIA))], phones(ANNA, CIA))
    case.passes(30)
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.rung == []
    assert case.timers == {"next_step": 30}


def test_when_the_last_has_said_no_the_chain_is_used_up_at_once_and_no_further_no_hurries_it() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.faults == [(SystemFault.CHAIN_USED_UP, None)]
    assert case.timers == {"next_step": 60}
    case.passes(10)
    case.happens(Declined(Responder(EVA), case.roster))
    assert case.faults == []
    assert case.timers == {"next_step": 50}


def test_a_step_that_wants_nobody_still_needs_somebody_to_hold_it() -> None:
    case = Case([step(person(ANNA), needed=0), step(DESK)], phones(ANNA))
    case.happens(OnTheWay(Responder(ANNA)))
    assert case.state == "acknowledged"
    case.happens(Declined(Responder(ANNA), case.roster))
    assert (case.state, case.rung) == ("open", ["desk"])


def test_a_repeated_no_changes_nothing() -> None:
    case = Case([step(person(ANNA), person(BO))], phones(ANNA, BO))
    case.happens(Declined(Responder(ANNA), case.roster))
    before = case.incident
    assert case.happens(Declined(Responder(ANNA), case.roster)).incident is before


def test_too_few_who_cannot_be_more_are_not_waited_for() -> None:
    case = Case([step(person(ANNA), person(BO), needed=2), step(person(CIA))], phones(ANNA, BO, CIA))
    case.happens(Acknowledged(Responder(ANNA)))
    case.happens(Declined(Responder(BO), case.roster))
    assert case.rung == ["cia fcm"]


def test_when_the_one_who_had_it_gives_up_it_opens_again_and_the_chain_goes_on_at_once() -> None:
    case = Case([step(person(ANNA), person(BO)), step(person(CIA), wait=45)], phones(ANNA, BO, CIA))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(50)
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.state == "open"
    assert case.rung == ["desk", "cia fcm", "bo fcm"]
    assert case.states == {"anna": "declined", "bo": "notified", "cia": "notified"}
    assert case.timers == {"next_step": 45}


def test_when_the_last_steps_responder_gives_up_the_next_round_begins_at_once() -> None:
    case = Case([step(person(ANNA), person(BO))], phones(ANNA, BO))
    case.happens(Acknowledged(Responder(ANNA)))
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.faults == [(SystemFault.CHAIN_USED_UP, None)]
    assert case.rung == ["desk", "anna fcm", "bo fcm"]
    assert (case.incident.round, case.timers) == (2, {"next_step": 30})


def test_giving_up_leaves_it_in_hand_while_enough_others_or_an_owner_have_it() -> None:
    case = Case([step(person(ANNA), person(BO))], phones(ANNA, BO))
    case.happens(Acknowledged(Responder(ANNA)))
    case.happens(Acknowledged(Responder(BO)))
    case.passes(60)
    case.happens(Declined(Responder(ANNA), case.roster))
    assert case.state == "acknowledged"
    assert case.timers == {"lapse": 60}
    case.happens(Acknowledged(FIA))
    case.happens(Declined(Responder(BO), case.roster))
    assert case.state == "acknowledged"
