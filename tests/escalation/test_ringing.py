from dataclasses import replace

from escalation.chain import Channel, Roster
from escalation.draft import Draft
from escalation.effects import EntryKind
from escalation.events import Declined, DeliveryDelayed, OnTheWay, Responder
from escalation.ringing import delayed, failed, may_be_asked, ring_again, somebody_may_answer
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DESK,
    NORD,
    PUSH,
    SMS,
    VOICE,
    Case,
    person,
    phones,
    point,
    push,
    roster,
    sms,
    step,
)

DEAD_APP = point(ANNA, Channel.FCM, dead=True)
ALL_THREE = (PUSH, SMS, VOICE)


def passed_over(case: Case) -> list[dict[str, str]]:
    return [dict(one.detail) for one in case.last.entries if one.kind is EntryKind.WAY_PASSED_OVER]


def anna(*ranks: int, dead: tuple[Channel, ...] = ()) -> Roster:
    """Her app, her text messages and her telephone, in an order of her own."""
    channels = (Channel.FCM, Channel.SMS, Channel.VOICE)
    points = [point(ANNA, one, rank=rank, dead=one in dead) for one, rank in zip(channels, ranks, strict=True)]
    return roster((person(ANNA), points))


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


def test_a_centre_alone_may_answer_and_beside_people_who_cannot_it_holds_nothing_up() -> None:
    alone = Case([step(NORD, media=())], phones(ANNA))
    assert somebody_may_answer(Draft(alone.incident, alone.now))
    beside = Case([step(person(ANNA), NORD)], phones(ANNA))
    draft = Draft(beside.incident, beside.now)
    draft.hush()
    assert not somebody_may_answer(draft)


# Dead ways


def test_a_dead_way_is_passed_over_and_the_timeline_says_so_once() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS), in_turn=True)], roster((person(ANNA), [DEAD_APP, sms(ANNA)])))
    assert case.rung == ["anna sms"]
    assert passed_over(case) == [{"person": str(ANNA), "channels": "fcm", "step": "0"}]
    assert case.timers == {"next_step": 30}


def test_everything_at_once_leaves_it_out_too() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS))], roster((person(ANNA), [DEAD_APP, sms(ANNA)])))
    assert case.rung == ["anna sms"]
    assert len(passed_over(case)) == 1


def test_who_has_nothing_else_is_rung_by_it_and_nothing_is_passed_over() -> None:
    case = Case([step(person(ANNA), media=(PUSH, SMS))], roster((person(ANNA), [DEAD_APP])))
    assert (case.rung, passed_over(case)) == (["anna fcm"], [])


def test_each_decision_that_rings_somebody_says_what_it_spared_him() -> None:
    behind = roster((person(ANNA), [DEAD_APP, sms(ANNA)]), (person(BO), [push(BO)]))
    case = Case([step(person(ANNA), media=(PUSH, SMS)), step(person(BO))], behind)
    case.passes(30)
    assert case.rung == ["bo fcm", "anna sms"]
    assert [one["person"] for one in passed_over(case)] == [str(ANNA)]


def test_a_turn_says_it_too() -> None:
    bos = [point(BO, Channel.FCM, dead=True), sms(BO)]
    case = Case(
        [step(person(ANNA), person(BO), media=(PUSH, SMS), turn=20)],
        roster((person(ANNA), [push(ANNA)]), (person(BO), bos)),
    )
    case.passes(20)
    assert (case.rung, [one["person"] for one in passed_over(case)]) == (["bo sms"], [str(BO)])


def test_a_way_that_comes_back_to_life_is_tried_though_it_lies_before_the_one_in_use() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True, wait=30), step(DESK, wait=60)]
    case = Case(whole, roster((person(ANNA), [DEAD_APP, sms(ANNA)])))
    case.roster = phones(ANNA)
    case.passes(30)
    assert case.rung == ["desk", "anna sms"]
    case.passes(20)
    assert case.rung == ["anna fcm"]
    assert case.of(ANNA).tried == (1, 0)


def test_a_medium_that_dies_while_it_rings_gives_way_when_he_is_rung_again() -> None:
    whole = [step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=50, wait=30), step(DESK)]
    case = Case(whole, phones(ANNA))
    case.roster = roster((person(ANNA), [DEAD_APP, sms(ANNA)]))
    case.passes(30)
    assert case.rung == ["desk", "anna sms"]


# His own order


def test_media_follow_one_another_in_the_persons_own_order() -> None:
    whole = [step(person(ANNA), media=ALL_THREE, in_turn=True, medium_wait=10, wait=60)]
    case = Case(whole, anna(1, 2, 0))
    rung = [case.rung]
    for _ in range(2):
        case.passes(10)
        rung.append(case.rung)
    assert rung == [["anna voice"], ["anna fcm"], ["anna sms"]]
    assert case.timers == {"next_step": 40}
    assert (case.of(ANNA).medium, case.of(ANNA).tried) == (1, (2, 0, 1))


def test_the_authors_order_holds_where_the_step_says_so() -> None:
    whole = [step(person(ANNA), media=ALL_THREE, in_turn=True, medium_wait=10, wait=60, own_order=False)]
    case = Case(whole, anna(1, 2, 0))
    rung = [case.rung]
    for _ in range(2):
        case.passes(10)
        rung.append(case.rung)
    assert rung == [["anna fcm"], ["anna sms"], ["anna voice"]]


def test_ringing_again_stays_on_the_medium_in_use_and_goes_on_from_there() -> None:
    whole = [step(person(ANNA), media=ALL_THREE, in_turn=True, medium_wait=40, wait=30), step(DESK, wait=60)]
    case = Case(whole, anna(1, 2, 0))
    case.passes(30)
    assert case.rung == ["desk", "anna voice"]
    assert case.timers == {"next_medium anna": 10, "next_step": 60}
    case.passes(10)
    assert case.rung == ["anna fcm"]


def test_an_order_that_changes_on_the_way_skips_and_repeats_nothing() -> None:
    whole = [step(person(ANNA), media=ALL_THREE, in_turn=True, medium_wait=10, wait=60)]
    case = Case(whole, anna(0, 1, 2))
    case.roster = anna(2, 1, 0)
    case.passes(10)
    assert case.rung == ["anna voice"]
    case.passes(10)
    assert case.rung == ["anna sms"]
    case.passes(10)
    assert case.timers == {"next_step": 30}


def test_an_incident_of_an_older_version_goes_on_from_the_medium_it_kept() -> None:
    whole = [step(person(ANNA), media=ALL_THREE, in_turn=True, medium_wait=10, wait=60)]
    case = Case(whole, anna(0, 0, 0))
    case.passes(10)
    old = replace(case.of(ANNA), tried=())
    case.incident = replace(case.incident, responders=(old,))
    case.passes(10)
    assert case.rung == ["anna voice"]
    assert case.of(ANNA).used == {0, 1, 2}


# Waiting notices


def test_a_notice_that_waits_may_still_be_answered() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    draft = Draft(case.incident, case.now)
    (notice,) = case.of(ANNA).ringing
    delayed(draft, ANNA, notice)
    assert (draft.responders[ANNA].ringing, draft.responders[ANNA].waiting) == ((), (notice,))
    assert somebody_may_answer(draft)
    failed(draft, ANNA, notice)
    assert draft.responders[ANNA].waiting == ()
    assert not somebody_may_answer(draft)


def test_ringing_again_takes_the_place_of_what_waited() -> None:
    case = Case([step(person(ANNA), wait=30), step(DESK)], phones(ANNA))
    case.happens(DeliveryDelayed(case.notice(ANNA), ANNA, case.roster))
    draft = Draft(case.incident, case.now)
    ring_again(draft, case.roster)
    assert draft.responders[ANNA].waiting == ()
    assert len(draft.responders[ANNA].ringing) == 1
