"""The rota laid out in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.rota import Layer, Rota, on_call
from escalation.rota_shifts import LONGEST_RANGE, Gap, RangeTooLong, Shift, gaps, shifts, upcoming_gap, whole_shifts
from tests.escalation.rotas import (
    ANNA,
    BACK,
    BO,
    CIA,
    FORWARD,
    is_holiday,
    local,
    moments,
    override,
    rota,
    rotas,
    weekly,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DAYS_OF_WORK = frozenset(range(5))


def test_a_fortnight_of_weeks_is_cut_off_at_both_ends() -> None:
    whole = rota(weekly(ANNA, BO))

    assert shifts(whole, local(2026, 1, 7), local(2026, 1, 21), is_holiday) == [
        Shift(person_id=ANNA, layer=0, from_at=local(2026, 1, 7), until_at=local(2026, 1, 12, 8)),
        Shift(person_id=BO, layer=0, from_at=local(2026, 1, 12, 8), until_at=local(2026, 1, 19, 8)),
        Shift(person_id=ANNA, layer=0, from_at=local(2026, 1, 19, 8), until_at=local(2026, 1, 21)),
    ]


def test_whole_shifts_are_not_cut_off() -> None:
    whole = rota(weekly(ANNA, BO))

    assert whole_shifts(whole, local(2026, 1, 13), local(2026, 1, 13, 1), is_holiday) == [
        Shift(person_id=BO, layer=0, from_at=local(2026, 1, 12, 8), until_at=local(2026, 1, 19, 8))
    ]


def test_whole_days_of_one_person_are_one_shift() -> None:
    whole = rota(replace(weekly(ANNA), weekdays=DAYS_OF_WORK))

    assert shifts(whole, local(2026, 1, 10), local(2026, 1, 20), is_holiday) == [
        Shift(person_id=ANNA, layer=0, from_at=local(2026, 1, 12), until_at=local(2026, 1, 17)),
        Shift(person_id=ANNA, layer=0, from_at=local(2026, 1, 19), until_at=local(2026, 1, 20)),
    ]


@pytest.mark.parametrize(
    ("night", "hours"), [((2026, 3, 28), 7), ((2026, 10, 24), 9), ((2026, 6, 1), 8)], ids=["short", "long", "plain"]
)
def test_a_night_shift_is_as_long_as_the_night(night: tuple[int, int, int], hours: int) -> None:
    whole = rota(replace(weekly(ANNA), hours=(time(22), time(6))))
    (found,) = shifts(whole, local(*night, 12), local(*night, 12) + DAY, is_holiday)

    assert found.until_at - found.from_at == hours * HOUR


def test_hand_overs_at_half_past_two_stay_one_a_day_when_clocks_are_moved() -> None:
    layer = Layer(name="d", persons=(ANNA, BO), starts_on=date(2026, 1, 1), hand_over=time(2, 30), length_days=1)
    forward, back = (
        [shift.from_at for shift in shifts(rota(layer), turn - DAY - HOUR, turn + DAY + HOUR, is_holiday)][1:]
        for turn in (FORWARD, BACK)
    )

    assert forward == [local(2026, 3, 28, 2, 30), FORWARD, local(2026, 3, 30, 2, 30)]
    assert back == [local(2026, 10, 24, 2, 30), BACK - timedelta(minutes=30), local(2026, 10, 26, 2, 30)]


def test_an_override_cuts_a_shift_in_three() -> None:
    begins = local(2026, 1, 7)
    whole = rota(weekly(ANNA), overrides=(override(BO, begins, begins + HOUR),))

    assert [
        (shift.person_id, shift.from_at, shift.until_at)
        for shift in shifts(whole, begins - HOUR, begins + 2 * HOUR, is_holiday)
    ] == [
        (ANNA, begins - HOUR, begins),
        (BO, begins, begins + HOUR),
        (ANNA, begins + HOUR, begins + 2 * HOUR),
    ]


def test_nothing_is_between_a_moment_and_itself_or_an_earlier_one() -> None:
    at = local(2026, 1, 7)

    assert shifts(rota(weekly(ANNA)), at, at, is_holiday) == []
    assert shifts(rota(weekly(ANNA)), at, at - DAY, is_holiday) == []
    assert gaps(rota(), at, at - DAY, is_holiday) == []


def test_a_range_has_its_limit() -> None:
    at = local(2026, 1, 7)

    assert shifts(rota(weekly(ANNA)), at, at + LONGEST_RANGE, is_holiday)
    with pytest.raises(RangeTooLong, match="400 at most"):
        shifts(rota(weekly(ANNA)), at, at + LONGEST_RANGE + DAY, is_holiday)


def test_a_weekday_rota_has_a_gap_every_weekend() -> None:
    whole = rota(replace(weekly(ANNA), weekdays=DAYS_OF_WORK))

    assert gaps(whole, local(2026, 1, 7), local(2026, 1, 18), is_holiday) == [
        Gap(from_at=local(2026, 1, 10), until_at=local(2026, 1, 12)),
        Gap(from_at=local(2026, 1, 17), until_at=local(2026, 1, 18)),
    ]


def test_a_second_layer_covers_the_gap_of_the_first() -> None:
    weekends = replace(weekly(BO), weekdays=frozenset({5, 6}))
    whole = rota(replace(weekly(ANNA), weekdays=DAYS_OF_WORK), weekends)

    assert gaps(whole, local(2026, 1, 7), local(2026, 6, 1), is_holiday) == []


def test_without_layers_all_is_gap() -> None:
    at = local(2026, 1, 7)

    assert gaps(rota(), at, at + DAY, is_holiday) == [Gap(from_at=at, until_at=at + DAY)]


def test_a_gap_is_warned_of_three_days_ahead_and_not_before() -> None:
    whole = rota(replace(weekly(ANNA), weekdays=DAYS_OF_WORK))
    gap = Gap(from_at=local(2026, 1, 10), until_at=local(2026, 1, 12))
    ahead = gap.from_at - timedelta(hours=72)

    assert upcoming_gap(whole, ahead, is_holiday) is None
    assert upcoming_gap(whole, ahead + timedelta(seconds=1), is_holiday) == gap


def test_a_gap_that_runs_begins_now() -> None:
    whole = rota(replace(weekly(ANNA), weekdays=DAYS_OF_WORK))
    now = local(2026, 1, 11)

    assert upcoming_gap(whole, now, is_holiday) == Gap(from_at=now, until_at=local(2026, 1, 12))


def test_a_gap_without_end_is_told_as_far_as_was_looked() -> None:
    now = local(2026, 1, 11)

    assert upcoming_gap(rota(), now, is_holiday, HOUR) == Gap(from_at=now, until_at=now + 2 * HOUR)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[datetime, datetime]:
    begins = draw(moments())
    return begins, begins + draw(st.integers(1, 20 * 24 * 60)) * timedelta(minutes=1)


@given(rotas(), ranges())
def test_shifts_of_a_layer_lie_in_the_range_and_never_overlap_nor_touch_for_one_person(
    whole: Rota, asked: tuple[datetime, datetime]
) -> None:
    found = shifts(whole, *asked, is_holiday)

    assert all(asked[0] <= shift.from_at < shift.until_at <= asked[1] for shift in found)
    for layer in range(len(whole.layers)):
        for before, after in pairwise(shift for shift in found if shift.layer == layer):
            assert before.until_at <= after.from_at
            assert before.until_at < after.from_at or before.person_id != after.person_id


@given(rotas(), ranges(), st.data())
def test_who_is_on_call_is_whose_shift_it_is(
    whole: Rota, asked: tuple[datetime, datetime], data: st.DataObject
) -> None:
    found = shifts(whole, *asked, is_holiday)
    edges = [edge for shift in found for edge in (shift.from_at, shift.until_at - timedelta(seconds=1))]
    minutes = int((asked[1] - asked[0]).total_seconds() // 60)
    drawn = asked[0] + data.draw(st.integers(0, minutes - 1)) * timedelta(minutes=1)

    for at in (drawn, *edges[:10]):
        by_shifts = [shift.person_id for shift in sorted(found, key=lambda one: one.layer) if _runs(shift, at)]
        assert on_call(whole, at, is_holiday) == tuple(dict.fromkeys(by_shifts))


@given(rotas(), ranges())
def test_gaps_are_exactly_when_no_shift_is(whole: Rota, asked: tuple[datetime, datetime]) -> None:
    found, empty = shifts(whole, *asked, is_holiday), gaps(whole, *asked, is_holiday)
    everything: list[Shift | Gap] = [*found, *empty]
    edges = sorted({*asked, *(edge for one in everything for edge in (one.from_at, one.until_at))})

    for begins in edges[:-1]:
        assert any(_runs(shift, begins) for shift in found) != any(_runs(gap, begins) for gap in empty)
    assert all(before.until_at < after.from_at for before, after in pairwise(empty))


@settings(max_examples=40)  # a month more on either side of each range
@given(rotas(), ranges())
def test_what_is_whole_holds_what_is_cut_off(whole: Rota, asked: tuple[datetime, datetime]) -> None:
    cut_off = [
        replace(shift, from_at=max(shift.from_at, asked[0]), until_at=min(shift.until_at, asked[1]))
        for shift in whole_shifts(whole, *asked, is_holiday)
    ]

    assert sorted(cut_off, key=lambda one: (one.from_at, one.layer)) == shifts(whole, *asked, is_holiday)


def _runs(one: Shift | Gap, at: datetime) -> bool:
    return one.from_at <= at < one.until_at


def test_cia_stands_in_where_two_layers_are_empty() -> None:
    at = local(2026, 1, 10)
    weekdays = replace(weekly(ANNA), weekdays=DAYS_OF_WORK)
    whole = rota(weekdays, weekdays, overrides=(override(CIA, at, at + HOUR, layer=None),))

    assert [(shift.layer, shift.person_id) for shift in shifts(whole, at, at + DAY, is_holiday)] == [(0, CIA), (1, CIA)]
    assert gaps(whole, at, at + DAY, is_holiday) == [Gap(from_at=at + HOUR, until_at=at + DAY)]
