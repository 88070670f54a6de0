"""A contracted alarm receiving centre: told once, by no drill, and told of the end."""

from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.draft import Draft
from escalation.effects import About, Entry, EntryKind, SystemFault
from escalation.events import (
    Acknowledged,
    EscalatedNow,
    ForwardFailed,
    ForwardTaken,
    JumpedTo,
    OnTheWay,
    PeopleAdded,
    Responder,
    System,
)
from escalation.ids import NoticeId
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    DESK,
    FIA,
    NORD,
    SYD,
    Case,
    alarm,
    chain,
    person,
    phones,
    step,
)
from tests.escalation.centres import alone, detail, lost, took

STRANGE = NoticeId(UUID(int=0xA3))


# Handing over


def test_a_step_that_names_a_centre_hands_the_case_over_and_waits() -> None:
    case = alone()
    assert (case.rung, case.timers) == (["centre nord"], {"next_step": 60})
    assert case.told == [EntryKind.OPENED, EntryKind.STEP_BEGUN]
    assert detail(case, EntryKind.NOTICE_FILED) == [
        {"notice": str(case.handed(NORD)), "channel": "receiver", "receiver": "nord", "step": "0"}
    ]
    assert case.stands(NORD) == "filed"
    assert case.every_fault == []


def test_people_the_desk_and_two_centres_may_share_a_step() -> None:
    case = Case([step(person(ANNA), NORD, DESK, SYD, NORD)], phones(ANNA))
    assert case.rung == ["anna fcm", "desk", "centre nord", "centre syd"]


def test_a_centre_in_a_step_in_turn_is_told_with_the_first() -> None:
    case = Case([step(person(ANNA), person(BO), NORD, turn=20)], phones(ANNA, BO))
    assert case.rung == ["anna fcm", "centre nord"]
    case.passes(20)
    assert case.rung == ["bo fcm"]


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
def test_what_is_not_real_is_held_back_and_says_so(purpose: Purpose) -> None:
    case = Case([step(person(ANNA), DESK, NORD, SYD)], phones(ANNA), purpose=purpose)
    assert not [one for one in case.rung if one.startswith("centre")]
    (held,) = detail(case, EntryKind.HELD_BACK)
    assert (held["receivers"], held["why"]) == ("nord syd", purpose.value)
    assert case.incident.forwards == ()


def test_a_drill_passes_a_step_of_a_centre_alone_over_without_a_fault() -> None:
    case = Case([step(NORD, media=()), step(DESK)], Roster(), purpose=Purpose.DRILL)
    assert case.rung == ["desk"]
    assert [one["why"] for one in detail(case, EntryKind.STEP_PASSED_OVER)] == ["held_back"]
    assert case.every_fault == []


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
def test_even_a_mistaken_rule_cannot_hand_a_drill_over(purpose: Purpose) -> None:
    draft = Draft(Case([step(DESK)], Roster(), purpose=purpose).incident, alone().now)
    with pytest.raises(AssertionError):
        draft.tell_centre("nord", 1, About.ALARM)


def test_a_second_round_does_not_hand_over_what_is_handed_over() -> None:
    case = alone()
    case.happens(took(case))
    case.passes(60 + 60 + 60)
    assert (case.incident.round, case.timers) == (2, {"next_step": 60})
    assert "centre nord" not in case.rung
    assert detail(case, EntryKind.RECEIVER_KNOWS) == [{"receiver": "nord", "step": "0", "stands": "taken"}]


def test_a_repeat_and_a_jump_do_not_either() -> None:
    case = Case([step(NORD, media=(), wait=60, repeats=1), step(DESK)], Roster())
    case.passes(60)
    assert case.told == [EntryKind.STEP_REPEATED, EntryKind.RECEIVER_KNOWS]
    assert (case.rung, case.timers) == ([], {"next_step": 60})
    case.happens(JumpedTo(FIA, 0, case.roster))
    assert case.rung == []
    assert EntryKind.RECEIVER_KNOWS in case.told


def test_a_centre_that_refused_is_told_again_in_the_next_round() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(lost(case, lasting=True))
    assert case.stands(NORD) == "failed"
    case.passes(60 + 60)
    assert "centre nord" in case.rung
    assert (case.stands(NORD), case.incident.forwards[0].attempt) == ("filed", 2)


def test_one_that_is_still_being_tried_is_not() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(lost(case))
    case.passes(60 + 60)
    assert detail(case, EntryKind.RECEIVER_KNOWS) == [{"receiver": "nord", "step": "0", "stands": "unreached"}]


def test_a_graver_kind_is_told_anew_and_a_lesser_one_is_not() -> None:
    whole = chain(step(NORD, DESK, media=()), number=2)
    case = Case(whole, Roster(), kind=AlarmKind.FALL)
    first = case.handed(NORD)
    case.happens(took(case))
    case.happens(alarm(whole, case.roster, AlarmKind.OVERDUE, signal=2))
    assert "centre nord" not in case.rung
    case.happens(alarm(whole, case.roster, AlarmKind.PANIC, signal=3))
    assert "centre nord" in case.rung
    assert case.handed(NORD) != first
    (forward,) = case.incident.forwards
    assert (forward.kind, forward.state.value, forward.took, forward.attempt) == (AlarmKind.PANIC, "filed", True, 2)


def test_an_operator_may_add_a_centre_and_needs_nobody_else_for_it() -> None:
    case = Case([step(DESK)], Roster())
    case.happens(PeopleAdded(FIA, (NORD,), case.roster))
    assert case.rung == ["centre nord"]
    drill = Case([step(DESK)], Roster(), purpose=Purpose.DRILL)
    with pytest.raises(Refused, match="nobody_to_reach"):
        drill.happens(PeopleAdded(FIA, (NORD,), drill.roster))


def test_a_step_begun_in_hand_tells_its_centre_too() -> None:
    case = Case([step(DESK), step(NORD, media=())], Roster())
    case.happens(Acknowledged(FIA))
    case.happens(EscalatedNow(FIA, case.roster))
    assert (case.rung, case.state) == (["centre nord"], "acknowledged")


# Taken


def test_a_centres_answer_is_written_down_and_acknowledges_nothing() -> None:
    case = alone()
    case.happens(took(case))
    assert case.last.entries == (
        Entry(EntryKind.RECEIVER_TOOK, case.now, System(), (("receiver", "nord"), ("path", "primary"))),
    )
    assert (case.last.effects, case.state, case.stands(NORD)) == ((), "open", "taken")
    assert case.timers == {"next_step": 60}


def test_a_centre_that_has_us_in_its_test_state_is_a_fault_and_the_desk_hears_of_it() -> None:
    case = alone()
    case.happens(took(case, in_test=True))
    assert detail(case, EntryKind.RECEIVER_TOOK)[0]["in_test"] == "true"
    assert (case.faults, case.rung) == ([(SystemFault.RECEIVER_IN_TEST, None)], ["desk"])


def test_a_centre_that_had_us_in_its_test_state_is_told_again_in_the_next_round() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(took(case, in_test=True))
    assert (case.stands(NORD), case.incident.forwards[0].may_be_known) == ("in_test", True)
    case.passes(60 + 60)
    assert "centre nord" in case.rung
    case.happens(took(case))
    assert (case.stands(NORD), case.incident.forwards[0].attempt) == ("taken", 2)
    case.passes(60 + 60)
    assert "centre nord" not in case.rung


def test_an_answer_that_comes_twice_is_one_answer() -> None:
    case = alone()
    case.happens(took(case, in_test=True))
    before = case.incident
    assert case.happens(took(case, in_test=True)).incident is before
    assert (case.last.effects, case.last.entries) == ((), ())


def test_a_late_answer_to_the_first_notice_counts_once_beside_the_second() -> None:
    whole = chain(step(NORD, DESK, media=()), number=2)
    case = Case(whole, Roster(), kind=AlarmKind.FALL)
    late = ForwardTaken(case.handed(NORD), "nord", "secondary")
    case.happens(alarm(whole, case.roster, AlarmKind.PANIC, signal=3))
    case.happens(late)
    assert case.told == [EntryKind.RECEIVER_TOOK]
    assert (case.stands(NORD), case.incident.forwards[0].took) == ("filed", True)
    case.happens(late)
    assert case.told == []


def test_answers_and_failures_of_a_centre_that_was_never_told_change_nothing() -> None:
    case = alone()
    for event in (ForwardTaken(STRANGE, "syd", "primary"), ForwardFailed(STRANGE, "syd", True, case.roster)):
        before = case.incident
        assert case.happens(event).incident is before


# Unreached


def test_a_centre_that_nobody_reaches_is_an_alarm_in_itself_and_the_next_step_begins_at_once() -> None:
    case = Case([step(NORD, media=(), wait=60), step(person(ANNA), wait=60)], phones(ANNA))
    case.passes(6)
    case.happens(lost(case))
    assert detail(case, EntryKind.RECEIVER_UNREACHED) == [{"receiver": "nord", "lasting": "false"}]
    assert case.faults == [(SystemFault.RECEIVER_UNREACHABLE, None)]
    assert (case.rung, case.timers) == (["desk", "anna fcm"], {"next_step": 60})
    assert case.stands(NORD) == "unreached"


def test_it_does_not_cut_short_the_wait_for_those_who_may_still_answer() -> None:
    case = Case([step(person(ANNA), NORD, wait=60), step(person(BO))], phones(ANNA, BO))
    case.happens(lost(case))
    assert (case.rung, case.timers) == (["desk"], {"next_step": 60})


def test_a_centre_that_has_the_case_may_ring_so_its_step_is_waited_out() -> None:
    case = Case([step(person(ANNA), wait=20), step(NORD, media=(), wait=60), step(person(BO))], phones(ANNA, BO))
    case.passes(20)
    case.happens(took(case))
    assert case.timers == {"next_step": 60}
    case.passes(59)
    assert case.rung == []


def test_it_is_said_once_however_often_it_is_tried() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(lost(case))
    for again in (lost(case), lost(case, lasting=True), lost(case, lasting=True)):
        case.happens(again)
        assert (case.last.effects, case.last.entries) == ((), ())
    assert case.stands(NORD) == "failed"


def test_a_refusal_for_good_at_the_first_try_is_said_as_well() -> None:
    case = alone()
    case.happens(lost(case, lasting=True))
    assert detail(case, EntryKind.RECEIVER_UNREACHED) == [{"receiver": "nord", "lasting": "true"}]
    assert case.faults == [(SystemFault.RECEIVER_UNREACHABLE, None)]


def test_a_centre_that_answers_at_last_has_the_case() -> None:
    case = alone()
    case.happens(lost(case))
    case.happens(took(case))
    assert (case.told, case.stands(NORD)) == ([EntryKind.RECEIVER_TOOK], "taken")
    case.happens(lost(case))
    assert (case.told, case.stands(NORD)) == ([], "taken")


def test_dead_centres_cannot_drive_the_chain_in_circles() -> None:
    case = Case([step(NORD, media=()), step(SYD, media=())], Roster())
    case.happens(lost(case, lasting=True))
    assert case.rung == ["desk", "centre syd"]
    case.happens(ForwardFailed(case.handed(SYD), "syd", True, case.roster))
    assert (case.incident.used_up, case.timers) == (True, {"next_step": 60})


# Taken in hand


def test_an_operator_who_takes_it_stops_what_has_no_answer_and_it_is_handed_over_again_if_he_does_nothing() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(Acknowledged(FIA))
    assert (case.withdrawn, case.stands(NORD)) == ([None], "withdrawn")
    case.passes(120)
    assert case.state == "open"
    assert "centre nord" in case.rung
    assert case.stands(NORD) == "filed"


def test_what_an_operator_stopped_goes_out_at_once_when_it_comes_loose_wherever_the_chain_is() -> None:
    case = Case([step(person(ANNA), wait=30), step(NORD, media=(), wait=60), step(DESK, wait=600)], phones(ANNA))
    case.passes(30)
    first = case.handed(NORD)
    case.happens(Acknowledged(FIA))
    assert case.stands(NORD) == "withdrawn"
    case.passes(120)
    assert (case.state, case.stands(NORD)) == ("open", "filed")
    assert case.rung.count("centre nord") == 1
    assert case.handed(NORD) != first


def test_what_the_centre_took_before_it_came_loose_is_not_told_again() -> None:
    case = Case([step(NORD, media=(), wait=60), step(DESK, wait=600)], Roster())
    case.happens(took(case))
    case.happens(Acknowledged(FIA))
    case.passes(120)
    assert (case.state, case.stands(NORD)) == ("open", "taken")
    assert "centre nord" not in case.rung


def test_a_graver_alarm_takes_up_what_an_operator_stopped_wherever_its_chain_begins() -> None:
    whole = chain(step(DESK, wait=600), step(NORD, media=()), number=2)
    case = Case(whole, Roster(), kind=AlarmKind.FALL)
    case.passes(600)
    case.happens(Acknowledged(FIA))
    case.happens(alarm(whole, case.roster, AlarmKind.PANIC, signal=3))
    assert case.rung == ["desk", "centre nord"]
    assert case.incident.forwards[0].kind is AlarmKind.PANIC


def test_what_the_centre_took_meanwhile_counts() -> None:
    case = Case([step(NORD, DESK, media=(), wait=60)], Roster())
    case.happens(Acknowledged(FIA))
    case.happens(took(case))
    assert (case.told, case.stands(NORD), case.state) == ([EntryKind.RECEIVER_TOOK], "taken", "acknowledged")
    case.passes(120)
    assert "centre nord" not in case.rung


def test_one_that_goes_there_does_not_stop_the_centre() -> None:
    case = Case([step(person(ANNA), NORD)], phones(ANNA))
    case.happens(OnTheWay(Responder(ANNA)))
    assert (case.withdrawn, case.stands(NORD)) == ([{"anna"}], "filed")
