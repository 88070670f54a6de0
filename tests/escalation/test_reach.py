from typing import get_args
from uuid import UUID

from escalation.chain import BuildingTarget, Channel, NearestTarget, OnCallTarget, ReceiverTarget, Roster, Target
from escalation.ids import RotaId
from escalation.purpose import Purpose
from escalation.reach import (
    contacts_of,
    living,
    may_use,
    passed_over,
    reach_of,
    receivers_of,
    rung_by,
    targets_of,
    ways_of,
    word_of,
)
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAY_TEAM,
    DESK,
    MANAGERS,
    NORD,
    PUSH,
    SMS,
    SYD,
    VOICE,
    chain,
    person,
    phones,
    point,
    push,
    roster,
    sms,
    step,
)


def test_the_targets_of_a_chain_are_those_of_all_its_steps_but_for_the_desk() -> None:
    whole = chain(step(person(ANNA), DAY_TEAM), step(DESK), step(person(ANNA), person(BO)))
    assert targets_of(whole) == {person(ANNA), person(BO), DAY_TEAM}


def test_a_step_reaches_each_person_once_with_the_points_on_its_media() -> None:
    everybody = roster((person(ANNA), [push(ANNA), sms(ANNA)]), (DAY_TEAM, [push(BO), push(ANNA), sms(CIA)]))
    reach = reach_of(step(person(ANNA), DAY_TEAM), everybody, Purpose.REAL, None)
    assert reach.contacts == {ANNA: (push(ANNA),), BO: (push(BO),)}
    assert (reach.desk, reach.held_back) == (False, 0)


def test_a_drill_leaves_out_what_is_outward_and_what_is_external_and_counts_it_once() -> None:
    guard = point(BO, Channel.FCM, external=True)
    everybody = roster((person(ANNA), [push(ANNA), sms(ANNA)]), (DAY_TEAM, [guard, sms(ANNA)]))
    whole = step(person(ANNA), DAY_TEAM, media=(PUSH, SMS))
    reach = reach_of(whole, everybody, Purpose.DRILL, None)
    assert reach.contacts == {ANNA: (push(ANNA),)}
    assert reach.held_back == 2
    assert contacts_of([ANNA, BO], everybody, Purpose.DRILL) == {ANNA: [push(ANNA)], BO: []}


def test_a_test_reaches_the_desk_alone() -> None:
    reach = reach_of(step(person(ANNA)), phones(ANNA), Purpose.TEST, None)
    assert (reach.contacts, reach.desk, reach.held_back) == ({}, True, 1)


def test_ways_follow_the_authors_order_and_skip_what_the_person_lacks() -> None:
    both = [push(ANNA), sms(ANNA)]
    assert ways_of(step(media=(SMS, PUSH), in_turn=True), both) == ((0, (sms(ANNA),)), (1, (push(ANNA),)))
    assert ways_of(step(media=(SMS, PUSH), in_turn=True), [push(ANNA)]) == ((1, (push(ANNA),)),)
    assert ways_of(step(media=(SMS, PUSH)), both) == ((0, (sms(ANNA), push(ANNA))),)
    assert ways_of(step(media=(PUSH, PUSH), in_turn=True), both) == ((0, (push(ANNA),)),)
    assert ways_of(step(media=(PUSH,)), []) == ()


def test_a_person_is_tried_in_his_own_order_within_what_the_step_allows() -> None:
    his = [
        point(ANNA, Channel.VOICE, rank=0),
        point(ANNA, Channel.SMS, rank=1),
        point(ANNA, Channel.FCM, rank=2),
        point(ANNA, Channel.SMS, 1, rank=3),
    ]
    voice, first_text, app, second_text = his
    media = (PUSH, SMS, VOICE)
    assert ways_of(step(media=media, in_turn=True), his) == (
        (2, (voice,)),
        (1, (first_text, second_text)),
        (0, (app,)),
    )
    assert ways_of(step(media=media, in_turn=True, own_order=False), his) == (
        (0, (app,)),
        (1, (first_text, second_text)),
        (2, (voice,)),
    )
    assert ways_of(step(media=(PUSH, SMS), in_turn=True), his) == ((1, (first_text, second_text)), (0, (app,)))
    assert ways_of(step(media=media), his) == ((0, (voice, first_text, second_text, app)),)


def test_the_steps_order_decides_where_he_has_none() -> None:
    his = [point(ANNA, Channel.SMS, rank=1), point(ANNA, Channel.FCM, rank=1), point(ANNA, Channel.VOICE)]
    assert [medium for medium, _ in ways_of(step(media=(PUSH, SMS, VOICE), in_turn=True), his)] == [2, 0, 1]


def test_a_dead_way_is_left_out_where_the_person_has_another_among_the_steps_media() -> None:
    dead, text = point(ANNA, Channel.FCM, dead=True), sms(ANNA)
    for in_turn in (True, False):
        both = step(media=(PUSH, SMS), in_turn=in_turn)
        assert [points for _, points in ways_of(both, [dead, text])] == [(text,)]
        assert passed_over(both, [dead, text]) == (Channel.FCM,)
    assert ways_of(step(media=(PUSH,), in_turn=True), [dead, text]) == ((0, (dead,)),)
    assert passed_over(step(media=(PUSH,)), [dead, text]) == ()


def test_whose_every_way_is_dead_is_tried_all_the_same() -> None:
    dead = [point(ANNA, Channel.FCM, dead=True), point(ANNA, Channel.SMS, dead=True)]
    both = step(media=(PUSH, SMS), in_turn=True)
    assert [medium for medium, _ in ways_of(both, dead)] == [0, 1]
    assert passed_over(both, dead) == ()
    assert living(dead) == dead


def test_a_dead_way_does_not_lend_its_medium_a_place_in_the_order() -> None:
    his = [
        point(ANNA, Channel.APNS, rank=0, dead=True),
        point(ANNA, Channel.SMS, rank=1),
        point(ANNA, Channel.FCM, rank=2),
    ]
    assert [medium for medium, _ in ways_of(step(media=(PUSH, SMS), in_turn=True), his)] == [1, 0]


def test_where_a_person_was_rung_is_told_by_the_media_that_were_used() -> None:
    both = [push(ANNA), sms(ANNA), point(ANNA, Channel.VOICE)]
    assert rung_by(step(media=(PUSH, SMS), in_turn=True), {1}, both) == [sms(ANNA)]
    assert rung_by(step(media=(PUSH, SMS)), {0}, both) == [push(ANNA), sms(ANNA)]
    dead = point(ANNA, Channel.SMS, dead=True)
    assert rung_by(step(media=(PUSH, SMS)), {0}, [push(ANNA), dead]) == [push(ANNA)]
    assert rung_by(step(media=(PUSH, SMS), in_turn=True), {1}, [push(ANNA), dead]) == [dead]


def test_a_step_names_each_centre_once_and_only_what_is_real_may_tell_it() -> None:
    whole = step(NORD, SYD, NORD, person(ANNA))
    assert receivers_of(whole) == ("nord", "syd")
    real = reach_of(whole, Roster(), Purpose.REAL, None)
    assert (real.receivers, real.receivers_held_back, real.anything_held_back) == (("nord", "syd"), (), False)
    for purpose in (Purpose.DRILL, Purpose.TEST):
        other = reach_of(whole, Roster(), purpose, None)
        assert (other.receivers, other.receivers_held_back, other.anything_held_back) == ((), ("nord", "syd"), True)


def test_a_centre_is_nobodys_contact_point() -> None:
    strange = roster((person(ANNA), [point(ANNA, Channel.RECEIVER)]))
    assert reach_of(step(person(ANNA)), strange, Purpose.REAL, None).contacts == {}
    assert contacts_of([ANNA], strange, Purpose.REAL) == {ANNA: []}


def test_a_persons_points_are_found_behind_any_target() -> None:
    everybody = roster((person(ANNA), [push(ANNA)]), (DAY_TEAM, [sms(ANNA), push(ANNA), push(BO)]))
    assert contacts_of([ANNA, CIA], everybody, Purpose.REAL) == {ANNA: [push(ANNA), sms(ANNA)], CIA: []}
    assert contacts_of([], Roster(), Purpose.REAL) == {}


def test_every_target_has_a_word_for_the_timeline() -> None:
    words: dict[Target, str] = {
        person(ANNA): f"person:{ANNA}",
        DAY_TEAM: f"team:{DAY_TEAM.team_id}",
        OnCallTarget(RotaId(UUID(int=41))): f"oncall:{UUID(int=41)}",
        NearestTarget(3, 2000): "nearest:3/2000",
        BuildingTarget(): "building",
        MANAGERS: "manager",
        ReceiverTarget("nord"): "receiver:nord",
        DESK: "desk",
    }
    assert {target: word_of(target) for target in words} == words
    assert {type(target) for target in words} == set(get_args(Target))


def test_what_an_incident_may_use_to_tell_a_person_depends_on_what_it_was_born_as() -> None:
    points = [push(ANNA), sms(ANNA), point(ANNA, Channel.FCM, external=True), point(ANNA, Channel.CONSOLE)]
    assert [[may_use(one, purpose) for one in points] for purpose in (Purpose.REAL, Purpose.DRILL, Purpose.TEST)] == [
        [True, True, True, False],
        [True, False, False, False],
        [False, False, False, False],
    ]
