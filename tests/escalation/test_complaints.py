from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.chain import Channel, EscalationChain, Roster, Step
from escalation.complaints import Complaint, ComplaintKind, complaints
from tests.escalation.cast import (
    ANNA,
    BO,
    CONSOLE,
    DAY_TEAM,
    DESK,
    PUSH,
    SMS,
    chain,
    person,
    phones,
    point,
    push,
    roster,
    seconds,
    step,
)

GOOD = chain(step(person(ANNA), media=(PUSH, SMS), in_turn=True), step(person(BO)), step(DESK, media=()))
EVERYBODY = phones(ANNA, BO)


def with_first(first: Step) -> EscalationChain:
    return chain(first, step(DESK, media=(CONSOLE,)))


def test_a_good_chain_has_nothing_against_it() -> None:
    assert complaints(GOOD, EVERYBODY) == ()


def test_a_chain_needs_steps() -> None:
    assert complaints(chain(), EVERYBODY) == (Complaint(ComplaintKind.NO_STEPS),)


def test_a_chain_of_one_desk_step_may_go_live() -> None:
    assert complaints(chain(step(DESK, media=())), Roster()) == ()


def test_a_chain_that_never_sounds_at_the_desk_may_not() -> None:
    assert complaints(chain(step(person(ANNA))), EVERYBODY) == (Complaint(ComplaintKind.NO_DESK),)


def test_a_chain_nobody_can_keep_in_his_head_may_not() -> None:
    assert complaints(chain(*[step(DESK)] * 21), EVERYBODY) == (
        Complaint(ComplaintKind.TOO_MANY_STEPS, None, (("steps", "21"), ("most", "20"))),
    )


def test_a_chain_whose_people_have_no_contact_points_may_not() -> None:
    assert complaints(with_first(step(DAY_TEAM)), Roster()) == (
        Complaint(ComplaintKind.NOBODY_AT_ALL),
        Complaint(ComplaintKind.MORE_NEEDED_THAN_REACHED, 0, (("needed", "1"), ("reached", "0"))),
    )


def test_a_team_that_is_empty_just_now_is_no_complaint_where_others_are_asked_before_it() -> None:
    assert complaints(chain(step(person(ANNA)), step(DAY_TEAM), step(DESK)), EVERYBODY) == ()


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (step(media=(PUSH,)), Complaint(ComplaintKind.NO_TARGETS, 0)),
        (step(person(ANNA), person(ANNA)), Complaint(ComplaintKind.TARGET_TWICE, 0)),
        (step(person(ANNA), media=(PUSH, PUSH)), Complaint(ComplaintKind.MEDIUM_TWICE, 0, (("medium", "push"),))),
        (
            step(person(ANNA), wait=0.5),
            Complaint(ComplaintKind.WAIT_TOO_SHORT, 0, (("seconds", "0.5"), ("least", "1"))),
        ),
        (
            step(person(ANNA), wait=3601),
            Complaint(ComplaintKind.WAIT_TOO_LONG, 0, (("seconds", "3601"), ("most", "3600"))),
        ),
        (
            step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=0),
            Complaint(ComplaintKind.MEDIUM_WAIT_TOO_SHORT, 0, (("seconds", "0"), ("least", "1"))),
        ),
        (
            step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=301),
            Complaint(ComplaintKind.MEDIUM_WAIT_TOO_LONG, 0, (("seconds", "301"), ("most", "300"))),
        ),
        (step(person(ANNA), needed=0), Complaint(ComplaintKind.TOO_FEW_NEEDED, 0, (("needed", "0"),))),
        (
            step(person(ANNA), person(BO), needed=3),
            Complaint(ComplaintKind.MORE_NEEDED_THAN_REACHED, 0, (("needed", "3"), ("reached", "2"))),
        ),
    ],
)
def test_a_step_that_cannot_work_is_named_with_its_place(first: Step, expected: Complaint) -> None:
    assert complaints(with_first(first), EVERYBODY) == (expected,)


def test_a_step_without_media_reaches_nobody() -> None:
    kinds = [one.kind for one in complaints(chain(step(person(ANNA)), step(person(BO), DESK, media=())), EVERYBODY)]
    assert kinds == [ComplaintKind.NO_MEDIA, ComplaintKind.PERSON_WITHOUT_CONTACT]


def test_a_person_without_a_contact_point_on_the_steps_media_is_named() -> None:
    own_console = roster((person(ANNA), [push(ANNA)]), (person(BO), [point(BO, Channel.CONSOLE)]))
    assert complaints(chain(step(person(ANNA), person(BO), media=(PUSH, CONSOLE))), own_console) == (
        Complaint(ComplaintKind.PERSON_WITHOUT_CONTACT, 0, (("person", str(BO)),)),
    )


def test_those_of_earlier_steps_count_since_they_keep_ringing() -> None:
    assert complaints(chain(step(person(ANNA)), step(person(BO), DESK, needed=2)), EVERYBODY) == ()


@pytest.mark.parametrize(
    ("field", "wait", "kind"),
    [
        ("acknowledge_lapse", seconds(9), ComplaintKind.ACKNOWLEDGE_LAPSE_TOO_SHORT),
        ("acknowledge_lapse", seconds(901), ComplaintKind.ACKNOWLEDGE_LAPSE_TOO_LONG),
        ("attention_lapse", seconds(119), ComplaintKind.ATTENTION_LAPSE_TOO_SHORT),
        ("attention_lapse", timedelta(hours=5), ComplaintKind.ATTENTION_LAPSE_TOO_LONG),
        ("loop_wait", seconds(0), ComplaintKind.LOOP_WAIT_TOO_SHORT),
        ("loop_wait", seconds(601), ComplaintKind.LOOP_WAIT_TOO_LONG),
    ],
)
def test_a_lapse_or_pause_that_cannot_be_meant_is_named(field: str, wait: timedelta, kind: ComplaintKind) -> None:
    changed: dict[str, timedelta] = {field: wait}
    said = complaints(replace(GOOD, **changed), EVERYBODY)  # type: ignore[arg-type]  # a field by its name
    assert kind in [one.kind for one in said]
    assert all(one.step is None and dict(one.fields)["seconds"] == f"{wait.total_seconds():g}" for one in said[:1])
