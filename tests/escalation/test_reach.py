from typing import get_args
from uuid import UUID

from escalation.chain import BuildingTarget, Channel, NearestTarget, OnCallTarget, ReceiverTarget, Roster, Target
from escalation.ids import RotaId
from escalation.purpose import Purpose
from escalation.reach import contacts_of, may_use, reach_of, targets_of, ways_of, word_of
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAY_TEAM,
    DESK,
    MANAGERS,
    PUSH,
    SMS,
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
