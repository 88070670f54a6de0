"""Whom a chain would tell, held against the dry run; and when that may change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import Circumstances, Condition, EscalationChain, OnCallTarget, Roster
from escalation.dry_run import DryRunTooLong, dry_run
from escalation.ids import PersonId, RotaId
from escalation.rota import Layer, Rota, on_call
from escalation.whom import turning_points, whom
from tests.escalation.arbitrary import WEARER, chains, conditions, rosters
from tests.escalation.cast import ANNA, BO, CIA, DESK, NORD, START, chain, person, phones, step
from tests.escalation.rotas import STOCKHOLM, is_holiday, local, rota, weekly

BEHIND = phones(ANNA, BO, CIA)


@settings(max_examples=150)
@given(chains, rosters, st.none() | chains, st.sampled_from([None, WEARER]), st.booleans())
def test_it_is_whom_the_dry_run_tells(
    drawn: EscalationChain, behind: Roster, graver: EscalationChain | None, subject: PersonId | None, silent: bool
) -> None:
    asked = {"kind": AlarmKind.GROUP_ALARM, "silent": silent, "subject": subject, "graver": graver}
    try:
        calls = dry_run(drawn, lambda _: behind, begins_at=START, **asked)
    except DryRunTooLong:
        assume(False)
    rung = dict.fromkeys(call.person_id for call in calls if call.person_id is not None)
    assert whom(drawn, behind, **asked) == tuple(rung)


def test_the_desk_and_centres_are_nobody() -> None:
    assert whom(chain(step(DESK), step(NORD, media=())), BEHIND, kind=AlarmKind.PANIC, silent=False) == ()


def test_the_answer_turns_with_shifts_and_with_the_hours_of_conditions() -> None:
    on_duty = OnCallTarget(RotaId(rota().id))
    by_night = Condition(hours=(time(22), time(6)))
    whole = chain(step(on_duty), step(person(ANNA), when=by_night), step(person(BO), when=Condition(holiday=True)))
    monday = local(2026, 3, 2, 0, 30)
    found = turning_points(
        whole, {on_duty.rota_id: rota(weekly(ANNA, BO))}, monday, monday + timedelta(days=1), STOCKHOLM, is_holiday
    )
    assert found == (
        monday,
        local(2026, 3, 2, 6),
        local(2026, 3, 2, 8),
        local(2026, 3, 2, 22),
        local(2026, 3, 3, 0),
    )


def test_a_chain_in_which_nothing_turns_has_one_answer() -> None:
    assert turning_points(chain(step(person(ANNA))), {}, START, START + timedelta(days=3), STOCKHOLM, is_holiday) == (
        START,
    )


@settings(max_examples=60)
@given(st.lists(conditions, max_size=3), st.integers(0, 70), st.integers(0, 59))
def test_between_two_turns_the_answer_stands(whens: list[Condition], hours: int, minutes: int) -> None:
    """At any minute it is that of the last turn before."""
    duty = rota(
        Layer(name="natt", persons=(ANNA, BO), starts_on=date(2026, 1, 1), length_days=1, hours=(time(20), time(7)))
    )
    on_duty = OnCallTarget(duty.id)
    whole = chain(*(step(person(CIA), when=when) for when in whens), step(on_duty))
    from_at = local(2026, 3, 27, 12)
    turns = turning_points(whole, {duty.id: duty}, from_at, from_at + timedelta(hours=72), STOCKHOLM, is_holiday)
    at = from_at + timedelta(hours=hours, minutes=minutes)
    last = max(turn for turn in turns if turn <= at)
    assert answer(whole, duty, at) == answer(whole, duty, last)


def answer(whole: EscalationChain, duty: Rota, at: datetime) -> tuple[PersonId, ...]:
    wall = at.astimezone(STOCKHOLM).replace(tzinfo=None)
    behind = {person(one): points for one in (CIA,) for points in [BEHIND.contacts[person(one)]]}
    behind[OnCallTarget(duty.id)] = tuple(  # type: ignore[index]  # any target may stand there
        point for one in on_call(duty, at, is_holiday) for point in BEHIND.contacts[person(one)]
    )
    roster = Roster(behind, Circumstances(local=wall, holiday=is_holiday(wall.date())))
    return whom(whole, roster, kind=AlarmKind.PANIC, silent=False)
