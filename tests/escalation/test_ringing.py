from escalation.draft import Draft
from escalation.events import Declined, OnTheWay, Responder
from escalation.ringing import failed, may_be_asked, somebody_may_answer
from tests.escalation.cast import ANNA, BO, CIA, DAG, DESK, PUSH, SMS, Case, person, phones, step


def test_who_has_answered_is_not_asked_again_in_the_round() -> None:
    case = Case([step(person(ANNA), person(BO), person(CIA), needed=3)], phones(ANNA, BO, CIA))
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(Declined(Responder(BO), case.roster))
    draft = Draft(case.incident, case.now)
    assert [may_be_asked(draft, one) for one in (ANNA, BO, CIA, DAG)] == [False, False, True, True]
    draft.round += 1
    assert [may_be_asked(draft, one) for one in (ANNA, BO, CIA, DAG)] == [False, True, True, True]


def test_ringing_again_leaves_those_alone_who_have_their_turn_yet_to_come() -> None:
    first = step(person(BO), wait=30)
    case = Case([first, step(person(ANNA), person(BO), turn=20)], phones(ANNA, BO))
    case.passes(30)
    assert case.rung == ["anna fcm"]
    assert case.incident.queue == (BO,)
    case.passes(20)
    assert case.rung == ["bo fcm"]


def test_a_dead_phone_is_struck_from_what_rings() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS))], phones(ANNA))
    first, second = case.of(ANNA).ringing
    draft = Draft(case.incident, case.now)
    failed(draft, ANNA, first)
    assert draft.responders[ANNA].ringing == (second,)


def test_somebody_may_answer_while_a_phone_rings_or_the_desk_alone_was_told() -> None:
    case = Case([step(person(ANNA)), step(DESK)], phones(ANNA))
    draft = Draft(case.incident, case.now)
    assert somebody_may_answer(draft)
    draft.hush()
    assert not somebody_may_answer(draft)
    case.passes(30)
    draft = Draft(case.incident, case.now)
    draft.hush()
    assert somebody_may_answer(draft)
