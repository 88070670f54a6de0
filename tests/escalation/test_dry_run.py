"""Who would be called, by what and when."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation import dry_run as module
from escalation.alarm import AlarmKind
from escalation.chain import (
    Channel,
    Circumstances,
    Condition,
    EscalationChain,
    Medium,
    OnCallTarget,
    Roster,
    Step,
    Target,
)
from escalation.dry_run import Call, CallKind, DryRunTooLong, dry_run, dry_run_by_rosters
from escalation.effects import EntryKind
from escalation.ids import PersonId
from escalation.rota import on_call
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    CONSOLE,
    DAG,
    DESK,
    EVA,
    NAMES,
    NORD,
    PUSH,
    SMS,
    START,
    Case,
    chain,
    person,
    phones,
    point,
    push,
    roster,
    sms,
    step,
)
from tests.escalation.rotas import is_holiday, local, rota, weekly

ALL = phones(ANNA, BO, CIA, DAG)


def rehearse(
    *steps: Step,
    behind: Roster = ALL,
    kind: AlarmKind = AlarmKind.PANIC,
    silent: bool = False,
    subject: PersonId | None = None,
) -> list[str]:
    calls = dry_run(chain(*steps), lambda _: behind, kind=kind, silent=silent, begins_at=START, subject=subject)
    return [line(call) for call in calls]


def line(call: Call) -> str:
    """In a few words: "30 step 1 bo fcm"."""
    words = [f"{call.after_s:g}"]
    if call.step is not None:
        words.append(f"step {call.step}")
    if call.kind is CallKind.PERSON:
        assert call.channel is not None
        words += [NAMES[call.person_id], call.channel.value]
    elif call.kind is CallKind.RECEIVER:
        assert call.receiver is not None
        words += ["centre", call.receiver]
    else:
        words.append(call.kind.value)
    return " ".join([*words, call.why]).strip()


def test_everybody_is_called_in_his_time_and_earlier_ones_ring_on() -> None:
    assert rehearse(step(person(ANNA), wait=30), step(person(BO), wait=40), step(DESK, wait=60)) == [
        "0 step 0 anna fcm",
        "30 step 1 bo fcm",
        "30 step 0 anna fcm",
        "70 step 2 desk",
        "70 step 0 anna fcm",
        "70 step 1 bo fcm",
        "130 used_up",
        "130 step 2 desk",
    ]


def test_media_one_after_another_are_told_as_they_come() -> None:
    assert rehearse(step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=20, wait=60)) == [
        "0 step 0 anna fcm",
        "20 step 0 anna sms",
        "60 used_up",
        "60 step 0 desk",
    ]


def test_a_person_is_shown_in_his_own_order() -> None:
    hers = [point(ANNA, Channel.SMS, rank=0), point(ANNA, Channel.FCM, rank=1)]
    whole = step(person(ANNA), media=(PUSH, SMS), in_turn=True, medium_wait=20, wait=60)
    assert rehearse(whole, behind=roster((person(ANNA), hers)))[:2] == ["0 step 0 anna sms", "20 step 0 anna fcm"]


def test_a_centre_is_shown_with_the_second_it_would_be_told() -> None:
    calls = rehearse(step(person(ANNA), wait=30), step(NORD, media=(), wait=60, repeats=1), step(DESK, wait=30))
    assert calls == [
        "0 step 0 anna fcm",
        "30 step 1 centre nord",
        "30 step 0 anna fcm",
        "90 step 0 anna fcm",
        "150 step 2 desk",
        "150 step 0 anna fcm",
        "180 used_up",
        "180 step 2 desk",
    ]


def test_persons_in_turn_come_one_after_another() -> None:
    assert rehearse(step(person(ANNA), person(BO), turn=15, wait=30)) == [
        "0 step 0 anna fcm",
        "15 step 0 bo fcm",
        "45 used_up",
        "45 step 0 desk",
    ]


def test_a_step_that_is_repeated_calls_again() -> None:
    assert rehearse(step(person(ANNA), wait=30, repeats=1)) == [
        "0 step 0 anna fcm",
        "30 step 0 anna fcm",
        "60 used_up",
        "60 step 0 desk",
    ]


def test_a_step_with_nobody_behind_it_is_passed_over_and_says_so() -> None:
    assert rehearse(step(person(EVA), wait=30), step(DESK, wait=30)) == [
        "0 step 0 passed_over nobody_to_reach",
        "0 step 1 desk",
        "30 used_up",
        "30 step 1 desk",
    ]


def test_a_step_whose_condition_does_not_hold_says_so() -> None:
    falls = Condition(kinds=frozenset({AlarmKind.FALL}))
    steps = step(person(ANNA), wait=30, when=falls), step(DESK, wait=30)

    assert rehearse(*steps)[:2] == ["0 step 0 passed_over condition", "0 step 1 desk"]
    assert rehearse(*steps, kind=AlarmKind.FALL)[:2] == ["0 step 0 anna fcm", "30 step 1 desk"]


def test_a_silent_alarm_is_held_against_what_is_for_silent_ones() -> None:
    covert = step(person(ANNA), wait=30, when=Condition(silent=True)), step(DESK, wait=30)

    assert rehearse(*covert)[0] == "0 step 0 passed_over condition"
    assert rehearse(*covert, silent=True)[0] == "0 step 0 anna fcm"


def test_whoever_raised_it_is_not_called() -> None:
    assert rehearse(step(person(ANNA), person(BO), wait=30), subject=ANNA)[0] == "0 step 0 bo fcm"


def test_without_steps_the_desk_alone_is_called() -> None:
    assert rehearse() == ["0 no_chain", "0 step 0 desk"]


def test_a_group_alarm_goes_over_to_the_graver_chain() -> None:
    group = chain(step(person(ANNA), wait=45), upgrade_to=AlarmKind.PANIC)
    graver = chain(step(person(BO), DESK, wait=60), number=2)
    calls = dry_run(group, lambda _: ALL, kind=AlarmKind.GROUP_ALARM, silent=False, begins_at=START, graver=graver)

    assert [line(call) for call in calls] == [
        "0 step 0 anna fcm",
        "45 upgraded panic",
        "45 step 0 bo fcm",
        "45 step 0 desk",
        "45 step 0 anna fcm",
        "105 used_up",
        "105 step 0 desk",
    ]


def test_a_group_alarm_without_a_graver_chain_says_so_and_goes_on() -> None:
    group = chain(step(person(ANNA), wait=45), step(DESK, wait=30), upgrade_to=AlarmKind.PANIC)
    calls = dry_run(group, lambda _: ALL, kind=AlarmKind.GROUP_ALARM, silent=False, begins_at=START)

    assert [line(call) for call in calls][1:4] == ["45 upgraded panic", "45 no_chain", "45 step 0 desk"]
    assert calls[-2].kind is CallKind.USED_UP


def test_a_call_names_the_point_the_channel_and_the_medium() -> None:
    calls = dry_run(
        chain(step(person(ANNA), media=(PUSH, SMS))),
        lambda _: ALL,
        kind=AlarmKind.PANIC,
        silent=False,
        begins_at=START,
    )

    assert [(call.point_id, call.channel, call.medium) for call in calls[:2]] == [
        (push(ANNA).point_id, Channel.FCM, Medium.PUSH),
        (sms(ANNA).point_id, Channel.SMS, Medium.SMS),
    ]
    assert [call.medium for call in calls[2:]] == [None, Medium.CONSOLE]


def test_each_step_meets_whoever_is_on_call_when_it_begins() -> None:
    week = rota(weekly(ANNA, BO))
    target = OnCallTarget(week.id)
    asked: list[datetime] = []

    def roster_at(at: datetime) -> Roster:
        asked.append(at)
        return roster(*((target, (push(one),)) for one in on_call(week, at, is_holiday)))

    begins_at = local(2026, 1, 12, 7, 59)
    calls = dry_run(
        chain(step(target, wait=60), step(target, wait=30)),
        roster_at,
        kind=AlarmKind.FALL,
        silent=False,
        begins_at=begins_at,
    )

    assert [line(call) for call in calls][:2] == ["0 step 0 anna fcm", "60 step 1 bo fcm"]
    assert asked == [begins_at + timedelta(seconds=passed) for passed in (0, 60, 90)]


def test_rosters_may_be_waited_for() -> None:
    run = dry_run_by_rosters(chain(step(person(ANNA), wait=30)), kind=AlarmKind.PANIC, silent=False, begins_at=START)
    asked = [next(run), run.send(ALL)]
    with pytest.raises(StopIteration) as end:
        run.send(ALL)

    assert asked == [START, START + timedelta(seconds=30)]
    assert [line(call) for call in end.value.value] == ["0 step 0 anna fcm", "30 used_up", "30 step 0 desk"]


def test_a_chain_that_would_wait_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITS", 5)

    assert len(rehearse(step(DESK, repeats=3))) == 6
    with pytest.raises(DryRunTooLong, match="more than 5 waits"):
        rehearse(step(DESK, repeats=4))


def steps() -> st.SearchStrategy[Step]:
    targets: list[Target] = [*(person(one) for one in (ANNA, BO, CIA, DAG, EVA)), DESK, NORD]
    conditions = st.sampled_from(
        [
            Condition(),
            Condition(silent=True),
            Condition(kinds=frozenset({AlarmKind.FALL})),
            Condition(hours=(time(22), time(2, 1))),
        ]
    )
    return st.builds(
        step,
        st.sampled_from(targets),
        st.sampled_from(targets),
        media=st.sampled_from([(PUSH,), (SMS,), (PUSH, SMS), (SMS, PUSH, CONSOLE)]),
        wait=st.integers(0, 90),
        in_turn=st.booleans(),
        medium_wait=st.integers(0, 40),
        turn=st.none() | st.integers(1, 30),
        repeats=st.integers(0, 2),
        when=conditions,
    )


@given(st.lists(steps(), max_size=5), st.sampled_from([None, ANNA]), st.booleans())
def test_it_is_what_the_alarm_itself_does_when_nobody_answers(
    drawn: list[Step], subject: PersonId | None, silent: bool
) -> None:
    behind = Roster(ALL.contacts, Circumstances(local=START.replace(tzinfo=None), holiday=False))
    whole: EscalationChain = chain(*drawn)
    case = Case(whole, behind, subject=subject, silent=silent)
    while whole.steps and not case.incident.used_up:
        case.passes(1)

    told = [entry for entry in case.entries if entry.kind is EntryKind.NOTICE_FILED]
    passed_over = [e for e in case.entries if e.kind in {EntryKind.STEP_PASSED_OVER, EntryKind.ROSTER_FAULT}]
    calls = dry_run(whole, lambda _: behind, kind=AlarmKind.PANIC, silent=silent, begins_at=START, subject=subject)
    rung = [call for call in calls if call.kind in {CallKind.PERSON, CallKind.DESK, CallKind.RECEIVER}]

    assert [
        (call.after_s, call.step, None if call.person_id is None else str(call.person_id), call.channel)
        for call in rung
    ] == [
        (
            (entry.at - START).total_seconds(),
            int(dict(entry.detail)["step"]),
            dict(entry.detail).get("person"),
            Channel(dict(entry.detail)["channel"]),
        )
        for entry in told
    ]
    assert [call.point_id for call in rung] == [notice.point_id for notice in case.notices]
    assert [call.after_s for call in calls if call.kind in {CallKind.PASSED_OVER, CallKind.NO_CHAIN}] == [
        (entry.at - START).total_seconds() for entry in passed_over
    ]
    assert any(call.kind is CallKind.USED_UP for call in calls) == case.incident.used_up
