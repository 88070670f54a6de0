from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import (
    BuildingTarget,
    Channel,
    Condition,
    EscalationChain,
    NearestTarget,
    OnCallTarget,
    ReceiverTarget,
    Roster,
    Step,
)
from escalation.complaints import Complaint, ComplaintKind, complaints
from escalation.ids import RotaId
from tests.escalation.cast import (
    ANNA,
    BO,
    CONSOLE,
    DAY_TEAM,
    DESK,
    MANAGERS,
    NORD,
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


ROTA = OnCallTarget(RotaId(UUID(int=41)))


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
        (
            step(person(ANNA), turn=0.5),
            Complaint(ComplaintKind.TURN_WAIT_TOO_SHORT, 0, (("seconds", "0.5"), ("least", "1"))),
        ),
        (
            step(person(ANNA), turn=601),
            Complaint(ComplaintKind.TURN_WAIT_TOO_LONG, 0, (("seconds", "601"), ("most", "600"))),
        ),
        (
            step(person(ANNA), repeats=-1),
            Complaint(ComplaintKind.REPEATS_OUT_OF_RANGE, 0, (("number", "-1"), ("least", "0"), ("most", "10"))),
        ),
        (
            step(person(ANNA), repeats=11),
            Complaint(ComplaintKind.REPEATS_OUT_OF_RANGE, 0, (("number", "11"), ("least", "0"), ("most", "10"))),
        ),
        (
            step(person(ANNA), NearestTarget(51, 2000)),
            Complaint(ComplaintKind.NEAREST_COUNT_OUT_OF_RANGE, 0, (("number", "51"), ("least", "1"), ("most", "50"))),
        ),
        (
            step(person(ANNA), NearestTarget(3, 49)),
            Complaint(
                ComplaintKind.NEAREST_WITHIN_OUT_OF_RANGE, 0, (("number", "49"), ("least", "50"), ("most", "100000"))
            ),
        ),
        (
            step(person(ANNA), when=Condition(hours=(time(8), time(8)))),
            Complaint(ComplaintKind.HOURS_EMPTY, 0, (("at", "08:00"),)),
        ),
        (
            step(person(ANNA), when=Condition(weekdays=frozenset({0, 7}))),
            Complaint(ComplaintKind.NO_SUCH_WEEKDAY, 0, (("weekday", "7"),)),
        ),
        (
            step(person(ANNA), ROTA),
            Complaint(ComplaintKind.ROTA_EMPTY, 0, (("rota", str(ROTA.rota_id)),)),
        ),
        (step(person(ANNA), MANAGERS), Complaint(ComplaintKind.NO_MANAGERS, 0)),
        (
            step(person(ANNA), ReceiverTarget("syd")),
            Complaint(ComplaintKind.NO_SUCH_RECEIVER, 0, (("receiver", "syd"),)),
        ),
        (step(person(ANNA), needed=0), Complaint(ComplaintKind.TOO_FEW_NEEDED, 0, (("needed", "0"),))),
        (
            step(person(ANNA), person(BO), needed=3),
            Complaint(ComplaintKind.MORE_NEEDED_THAN_REACHED, 0, (("needed", "3"), ("reached", "2"))),
        ),
    ],
)
def test_a_step_that_cannot_work_is_named_with_its_place(first: Step, expected: Complaint) -> None:
    assert complaints(with_first(first), EVERYBODY, receivers=frozenset({"nord"})) == (expected,)


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
        ("idle_after", seconds(9), ComplaintKind.IDLE_AFTER_TOO_SHORT),
        ("idle_after", seconds(901), ComplaintKind.IDLE_AFTER_TOO_LONG),
    ],
)
def test_a_lapse_or_pause_that_cannot_be_meant_is_named(field: str, wait: timedelta, kind: ComplaintKind) -> None:
    changed: dict[str, timedelta] = {field: wait}
    said = complaints(replace(GOOD, **changed), EVERYBODY)  # type: ignore[arg-type]  # a field by its name
    assert kind in [one.kind for one in said]
    assert all(one.step is None and dict(one.fields)["seconds"] == f"{wait.total_seconds():g}" for one in said[:1])


def test_a_rota_with_people_in_it_managers_and_a_known_receiver_may_be_named() -> None:
    first = step(ROTA, MANAGERS, ReceiverTarget("nord"))
    people = roster((ROTA, [push(ANNA)]), (MANAGERS, [push(BO)]))
    assert complaints(with_first(first), people, receivers=frozenset({"nord"})) == ()


def test_a_receiver_needs_neither_media_nor_people() -> None:
    first = step(ReceiverTarget("nord"), media=())
    assert complaints(with_first(first), Roster(), receivers=frozenset({"nord"})) == ()


def test_behind_a_centre_a_human_must_come_should_nobody_reach_it() -> None:
    known = frozenset({"nord"})
    alone = step(NORD, media=())
    last = Complaint(ComplaintKind.NOBODY_AFTER_RECEIVER, 1, (("receiver", "nord"),))
    assert complaints(chain(step(DESK), alone), EVERYBODY, receivers=known) == (last,)
    for human in (step(DESK, media=()), step(person(ANNA))):
        assert complaints(chain(step(DESK), alone, human), EVERYBODY, receivers=known) == ()
    assert complaints(chain(step(DESK), step(NORD, DESK, media=())), EVERYBODY, receivers=known) == ()


@pytest.mark.parametrize("target", [NearestTarget(3, 2000), BuildingTarget()])
def test_who_is_near_or_in_the_building_is_known_only_in_the_hour_of_the_alarm(
    target: NearestTarget | BuildingTarget,
) -> None:
    whole = chain(step(target, needed=2), step(DAY_TEAM, needed=3), step(DESK))
    assert complaints(whole, Roster()) == ()


def test_those_before_the_step_that_looks_around_are_still_counted() -> None:
    whole = chain(step(person(ANNA), needed=2), step(BuildingTarget()), step(DESK))
    assert [one.kind for one in complaints(whole, EVERYBODY)] == [ComplaintKind.MORE_NEEDED_THAN_REACHED]


def test_a_chain_that_sounds_at_the_desk_only_at_times_may_not_go_live() -> None:
    night = Condition(hours=(time(22), time(6)))
    whole = chain(step(person(ANNA)), step(DESK, when=night))
    assert complaints(whole, EVERYBODY) == (Complaint(ComplaintKind.NO_DESK_ALWAYS),)
    assert complaints(chain(*whole.steps, step(DESK)), EVERYBODY) == ()


def test_a_chain_upgrades_to_a_kind_that_calls_for_a_person() -> None:
    assert complaints(replace(GOOD, upgrade_to=AlarmKind.PANIC), EVERYBODY) == ()
    assert complaints(replace(GOOD, upgrade_to=AlarmKind.TAMPER), EVERYBODY) == (
        Complaint(ComplaintKind.UPGRADE_NOT_GRAVER, None, (("kind", "tamper"),)),
    )
