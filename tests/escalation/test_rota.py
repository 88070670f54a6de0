"""Who is on call."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache

import msgspec
import pytest
from hypothesis import given

from escalation.ids import PersonId
from escalation.rota import Layer, OnHolidays, Rota, on_call
from tests.escalation.rotas import (
    ANNA,
    BACK,
    BO,
    CIA,
    DAG,
    FORWARD,
    STOCKHOLM,
    is_holiday,
    local,
    moments,
    override,
    rota,
    rotas,
    weekly,
)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def who(whole: Rota, at: datetime) -> tuple[PersonId, ...]:
    return on_call(whole, at, is_holiday)


def daily(*persons: PersonId, hand_over: time) -> Layer:
    return Layer(name="day", persons=persons, starts_on=date(2026, 1, 1), hand_over=hand_over, length_days=1)


def test_the_week_changes_hands_on_monday_at_eight() -> None:
    whole = rota(weekly(ANNA, BO, CIA))

    assert who(whole, local(2026, 1, 12, 7, 59)) == (ANNA,)
    assert who(whole, local(2026, 1, 12, 8)) == (BO,)
    assert who(whole, local(2026, 1, 19, 8)) == (CIA,)
    assert who(whole, local(2026, 1, 26, 8)) == (ANNA,)


def test_nobody_is_on_call_before_the_layer_starts() -> None:
    whole = rota(weekly(ANNA))

    assert who(whole, local(2026, 1, 5, 7, 59)) == ()
    assert who(whole, local(2026, 1, 5, 8)) == (ANNA,)


def test_layers_come_in_their_order_and_nobody_twice() -> None:
    whole = rota(weekly(ANNA, BO), weekly(BO), weekly(CIA))

    assert who(whole, local(2026, 1, 6)) == (ANNA, BO, CIA)
    assert who(whole, local(2026, 1, 13)) == (BO, CIA)


def test_a_layer_that_names_nobody_is_left_out() -> None:
    assert who(rota(weekly(), weekly(ANNA)), local(2026, 1, 6)) == (ANNA,)
    assert who(rota(), local(2026, 1, 6)) == ()


def test_a_weekday_rota_has_nobody_on_saturday_at_two() -> None:
    whole = rota(replace(weekly(ANNA), weekdays=frozenset(range(5))))

    assert who(whole, local(2026, 1, 9, 23, 59)) == (ANNA,)
    assert who(whole, local(2026, 1, 10)) == ()
    assert who(whole, local(2026, 1, 10, 2)) == ()
    assert who(whole, local(2026, 1, 12)) == (ANNA,)


def test_hours_include_their_first_minute_and_not_their_last() -> None:
    whole = rota(replace(weekly(ANNA), hours=(time(7), time(16))))

    assert who(whole, local(2026, 1, 6, 6, 59)) == ()
    assert who(whole, local(2026, 1, 6, 7)) == (ANNA,)
    assert who(whole, local(2026, 1, 6, 15, 59)) == (ANNA,)
    assert who(whole, local(2026, 1, 6, 16)) == ()


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    fridays = rota(replace(weekly(ANNA), hours=(time(22), time(6)), weekdays=frozenset({4})))

    assert who(fridays, local(2026, 1, 9, 5)) == ()
    assert who(fridays, local(2026, 1, 9, 22)) == (ANNA,)
    assert who(fridays, local(2026, 1, 10, 5, 59)) == (ANNA,)
    assert who(fridays, local(2026, 1, 10, 6)) == ()
    assert who(fridays, local(2026, 1, 10, 22)) == ()


def test_hours_from_eight_to_eight_are_a_whole_day_and_night() -> None:
    fridays = rota(replace(weekly(ANNA), hours=(time(8), time(8)), weekdays=frozenset({4})))

    assert [who(fridays, local(2026, 1, day, 8) - MINUTE) for day in (9, 10, 11)] == [(), (ANNA,), ()]
    assert [who(fridays, local(2026, 1, day, 8)) for day in (9, 10)] == [(ANNA,), ()]


@pytest.mark.parametrize(
    ("rule", "on_red_day", "on_plain_day"),
    [
        (OnHolidays.ALWAYS, (ANNA,), (ANNA,)),
        (OnHolidays.ONLY_HOLIDAYS, (ANNA,), ()),
        (OnHolidays.NOT_HOLIDAYS, (), (ANNA,)),
    ],
)
def test_a_layer_may_be_for_holidays_only_or_for_ordinary_days_only(
    rule: OnHolidays, on_red_day: tuple[PersonId, ...], on_plain_day: tuple[PersonId, ...]
) -> None:
    whole = rota(replace(weekly(ANNA), holidays=rule))

    assert who(whole, local(2026, 4, 3, 12)) == on_red_day
    assert who(whole, local(2026, 4, 2, 23, 59)) == on_plain_day
    assert who(whole, local(2026, 4, 4)) == on_plain_day


def test_an_override_replaces_whoever_its_layer_names() -> None:
    begins, ends = local(2026, 1, 6, 12), local(2026, 1, 6, 18)
    whole = rota(weekly(ANNA), weekly(BO), overrides=(override(CIA, begins, ends, layer=0),))

    assert who(whole, begins - SECOND) == (ANNA, BO)
    assert who(whole, begins) == (CIA, BO)
    assert who(whole, ends - SECOND) == (CIA, BO)
    assert who(whole, ends) == (ANNA, BO)


def test_an_override_of_no_layer_in_particular_stands_for_all() -> None:
    begins = local(2026, 1, 6, 12)
    whole = rota(weekly(ANNA), weekly(BO), overrides=(override(CIA, begins, begins + MINUTE, layer=None),))

    assert who(whole, begins) == (CIA,)


def test_an_override_fills_a_gap() -> None:
    saturday = local(2026, 1, 10)
    whole = rota(replace(weekly(ANNA), weekdays=frozenset(range(5))))
    filled = replace(whole, overrides=(override(BO, saturday, saturday + timedelta(days=2)),))

    assert who(whole, saturday) == ()
    assert who(filled, saturday) == (BO,)


def test_the_later_of_two_overrides_counts() -> None:
    begins = local(2026, 1, 6)
    both = (override(BO, begins, begins + MINUTE), override(CIA, begins, begins + MINUTE, layer=None))

    assert who(rota(weekly(ANNA), overrides=both), begins) == (CIA,)
    assert who(rota(weekly(ANNA), overrides=both[::-1]), begins) == (BO,)


def test_a_hand_over_at_an_hour_that_does_not_exist_comes_right_after_the_jump() -> None:
    whole = rota(daily(ANNA, BO, hand_over=time(2, 30)))
    before, after = who(whole, FORWARD - SECOND), who(whole, FORWARD)

    assert {before, after} == {(ANNA,), (BO,)}
    assert who(whole, FORWARD + timedelta(hours=23)) == after
    assert who(whole, FORWARD + timedelta(hours=23, minutes=30)) == before


def test_a_hand_over_at_an_hour_that_comes_twice_comes_the_first_time() -> None:
    whole = rota(daily(ANNA, BO, hand_over=time(2, 30)))
    first = BACK - timedelta(minutes=30)
    before, after = who(whole, first - SECOND), who(whole, first)

    assert {before, after} == {(ANNA,), (BO,)}
    assert who(whole, BACK) == after
    assert who(whole, BACK + timedelta(minutes=30)) == after


def test_a_night_is_an_hour_longer_when_clocks_go_back() -> None:
    whole = rota(replace(weekly(ANNA), hours=(time(22), time(6))))
    begins, ends = local(2026, 10, 24, 22), local(2026, 10, 25, 6)

    assert ends - begins == timedelta(hours=9)
    assert all(who(whole, begins + number * timedelta(hours=1)) == (ANNA,) for number in range(9))
    assert who(whole, ends) == ()


def test_the_moment_may_be_told_by_any_clock() -> None:
    whole = rota(daily(ANNA, BO, hand_over=time(2, 30)))

    assert who(whole, BACK.astimezone(STOCKHOLM)) == who(whole, BACK)
    assert who(whole, FORWARD.astimezone(STOCKHOLM)) == who(whole, FORWARD)


def test_a_rota_elsewhere_follows_its_own_clocks() -> None:
    helsinki = replace(rota(weekly(ANNA, BO)), zone="Europe/Helsinki")

    assert who(helsinki, local(2026, 1, 12, 6, 59)) == (ANNA,)
    assert who(helsinki, local(2026, 1, 12, 7)) == (BO,)


def test_a_day_that_begins_twice_begins_the_first_time() -> None:
    """In St. John's, clocks went from 00:01 back to 23:01 on the night to 7 November 2010."""
    layer = Layer(name="day", persons=(ANNA, BO), starts_on=date(2010, 11, 6), hand_over=time(0), length_days=1)
    whole = replace(rota(layer, replace(layer, weekdays=frozenset({6}))), zone="America/St_Johns")
    midnight = datetime(2010, 11, 7, 2, 30, tzinfo=BACK.tzinfo)

    assert who(whole, midnight - SECOND) == (ANNA,)
    assert [on_call(whole, midnight + number * MINUTE, is_holiday) for number in range(0, 90, 5)] == [(BO,)] * 18
    assert on_call(replace(whole, layers=whole.layers[1:]), midnight + 30 * MINUTE, is_holiday) == (BO,)


def test_a_length_of_nothing_still_gives_an_answer() -> None:
    assert who(rota(replace(weekly(ANNA), length_days=0)), local(2026, 1, 6)) == (ANNA,)


@given(rotas())
def test_a_rota_survives_being_stored(whole: Rota) -> None:
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Rota) == whole


@given(rotas(), moments())
def test_it_agrees_with_a_calendar_that_is_counted_through_from_the_start(whole: Rota, at: datetime) -> None:
    named = [_by_counting(whole, index, at) for index in range(len(whole.layers))]

    assert who(whole, at) == tuple(dict.fromkeys(one for one in named if one is not None))


def _by_counting(whole: Rota, index: int, at: datetime) -> PersonId | None:
    for one in whole.overrides:
        if one.layer in {None, index} and one.from_at <= at < one.until_at:
            return one.person_id
    layer = whole.layers[index]
    today, day = at.astimezone(STOCKHOLM).date(), timedelta(days=1)
    if layer.hours or layer.weekdays or layer.holidays is not OnHolidays.ALWAYS:
        from_hour, to_hour = layer.hours or (time(), time())
        for number in (-2, -1, 0, 1):
            begins_on = today + number * day
            red = is_holiday(begins_on)
            applies = (not layer.weekdays or begins_on.weekday() in layer.weekdays) and (
                layer.holidays is OnHolidays.ALWAYS or red == (layer.holidays is OnHolidays.ONLY_HOLIDAYS)
            )
            ends_on = begins_on if to_hour > from_hour else begins_on + day
            if applies and _first(begins_on, from_hour) <= at < _first(ends_on, to_hour):
                break
        else:
            return None
    holder, hand_over = None, layer.starts_on
    people = list(layer.persons)
    while people and _first(hand_over, layer.hand_over) <= at:
        holder = people.pop(0)
        people.append(holder)
        hand_over += layer.length_days * day
    return holder


@cache
def _first(day: date, wall: time) -> datetime:
    """The first minute at which clocks in Stockholm show at least this, found by looking at them minute by minute."""
    shown = datetime.combine(day, wall)
    moment = shown.replace(tzinfo=BACK.tzinfo) - timedelta(hours=3)
    while moment.astimezone(STOCKHOLM).replace(tzinfo=None) < shown:
        moment += MINUTE
    return moment


def test_dag_may_be_in_every_layer_and_is_called_once() -> None:
    assert who(rota(weekly(DAG), weekly(DAG), weekly(DAG)), local(2026, 1, 6)) == (DAG,)
