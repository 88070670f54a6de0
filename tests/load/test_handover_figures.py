"""Each time counts from where it is said to count from, and a run that measured something else is found out."""

from __future__ import annotations

import dataclasses
from uuid import UUID

from load.centres import DC09, PROTOCOLS, SOS_ACCESS, Recorded
from load.generator import Pressed
from load.handover_figures import (
    Case,
    Handed,
    Scene,
    Try,
    facts,
    fail_over,
    matched,
    measured,
    scene_of,
    taken_twice,
)
from load.profile import Profile

PROFILE = Profile(
    name="plain",
    words="",
    devices=100,
    alarms_per_s=10,
    warm_up_s=0.2,
    run_s=0.5,
    stand_down_after_s=0,
    roles=("all",),
    centres=True,
    fail_over=8,
    silent=3,
)
FIRST = UUID(int=1)


def a_case(scene: Scene = Scene.RUN, *, number: str = "0000-0001", incident_id: UUID = FIRST) -> Case:
    press = Pressed(0, "8660010000", "aa", 10.0, 10.002, 10.01, 1)
    return Case(press=press, scene=scene, incident_id=incident_id, number=number, step_s=10.005)


def handed(case: Case, *tries: Try, receiver: str = SOS_ACCESS, at_s: float = 10.02) -> Handed:
    recorded = (Recorded(receiver, case.number, at_s, took=True),)
    return Handed(case=case, receiver=receiver, tries=tries, line_s=10.1, recorded=recorded)


TOOK = Try("primary", 10.006, 10.025, took=True)
LOST = Try("primary", 10.006, 15.006, took=False)
THEN = Try("secondary", 15.006, 15.016, took=True)


def test_a_press_is_counted_under_the_scene_of_its_number() -> None:
    assert PROFILE.complaints() == []
    assert [scene_of(PROFILE, number) for number in range(18)] == [
        *[Scene.WARM_UP] * 2,
        *[Scene.RUN] * 5,
        *[Scene.UNAWARE] * 2,
        *[Scene.AWARE] * 6,
        *[Scene.SILENT] * 3,
    ]


def test_answer_counts_from_the_step_record_from_the_intended_press() -> None:
    one = handed(a_case(), TOOK)

    found = {each.figure.what: each for each in measured([one], [one.case], PROFILE)}

    assert {what: round(each.figure.max_ms, 3) for what, each in found.items()} == {
        "SOS Access: step to the centre's answer": 20.0,
        "SOS Access: intended press to the centre's record": 20.0,
        "SOS Access: step to its line on the timeline": 95.0,
    }
    assert [each.verdict.what for each in found.values() if each.verdict is not None] == [
        "p99, SOS Access: step to the centre's answer"
    ]


def test_fail_over_counts_from_the_first_try_to_the_answer_of_the_one_that_took_it() -> None:
    one = handed(a_case(Scene.UNAWARE), LOST, THEN, receiver=DC09)

    (found,) = measured([one], [one.case], PROFILE)

    assert found.figure.what == "DC-09: fail-over, nobody knew yet"
    assert found.verdict is not None
    assert (round(found.verdict.found), found.verdict.wanted) == (5010, 6000.0)
    assert fail_over(handed(a_case())) is None


def test_a_case_that_no_receiver_took_has_no_time_and_is_missed_among_the_facts() -> None:
    lost = Handed(a_case(), SOS_ACCESS, (LOST,), None, ())

    assert measured([lost], [lost.case], PROFILE) == []
    assert _broken(lost) == {"SOS Access: cases taken", "SOS Access: of them in the centre's record"}


def test_a_case_that_only_the_server_calls_taken_is_missed_in_the_centres_record() -> None:
    silent = Recorded(SOS_ACCESS, "0000-0001", 10.02, took=False)
    unseen = dataclasses.replace(handed(a_case(), TOOK), recorded=(silent,))

    assert _broken(unseen) == {"SOS Access: of them in the centre's record"}


def test_a_fail_over_that_a_heartbeat_found_out_first_is_not_the_one_to_measure() -> None:
    early = handed(a_case(Scene.UNAWARE), dataclasses.replace(THEN, at_s=10.006, ended_s=10.016))
    late = handed(a_case(Scene.AWARE), LOST, THEN)

    assert _broken(early) == {"unaware cases that met the silent primary first"}
    assert _broken(late) == {"cases after them that met it first"}


def test_a_silence_that_nobody_at_the_desk_hears_of_is_a_broken_fact() -> None:
    case = dataclasses.replace(a_case(Scene.SILENT), raised_s=20.1)
    on_disk_only = handed(case, LOST, THEN)

    assert _broken(on_disk_only) == {"of these faults at the desk"}
    assert _broken(handed(dataclasses.replace(case, drawn_s=20.2), LOST, THEN)) == set()
    assert "other cases that became a fault" in _broken(handed(dataclasses.replace(case, scene=Scene.RUN), TOOK))


def test_tries_lines_and_records_are_matched_by_incident_centre_and_number() -> None:
    second = UUID(int=2)
    cases = [a_case(), a_case(number="0000-0002", incident_id=second)]
    mine, others = Recorded(DC09, "0000-0002", 10.0, took=True), Recorded(SOS_ACCESS, "0000-0001", 10.0, took=True)

    found = matched(cases, {(second, DC09): [TOOK]}, {(FIRST, SOS_ACCESS): 10.5}, [mine, others, mine])

    assert [(one.case.number, one.receiver) for one in found] == [
        (number, receiver) for number in ("0000-0001", "0000-0002") for receiver in PROTOCOLS
    ]
    assert [one.tries for one in found] == [(), (), (), (TOOK,)]
    assert [one.line_s for one in found] == [10.5, None, None, None]
    assert [len(one.recorded) for one in found] == [1, 0, 0, 2]
    assert taken_twice(found) == 1


def _broken(one: Handed) -> set[str]:
    """What does not hold of one case at one centre; the other centre has it, so that only this one matters."""
    other = DC09 if one.receiver == SOS_ACCESS else SOS_ACCESS
    tries = one.tries if one.case.scene is Scene.UNAWARE or one.case.scene is Scene.AWARE else (TOOK,)
    beside = handed(one.case, *tries, receiver=other)
    return {check.what for check in facts([one, beside], [one.case], PROFILE) if not check.holds}
