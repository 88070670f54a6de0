from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Circumstances, Condition, Risk
from escalation.conditions import holds
from escalation.ids import UnitId

ALWAYS_OFFICE = frozenset(range(5))
NORD, SYD = (UnitId(UUID(int=number)) for number in (61, 62))


def at(hour: int, minute: int = 0, *, day: int = 2, holiday: bool = False, risk: Risk = Risk.NONE) -> Circumstances:
    """2 March 2026 is a Monday."""
    local = datetime.combine(date(2026, 3, day), time(hour, minute))
    return Circumstances(local=local, holiday=holiday, unit_id=NORD, risk=risk)


def so(condition: Condition, circumstances: Circumstances | None) -> bool:
    return holds(condition, circumstances, AlarmKind.PANIC, False)


def test_what_is_not_said_always_holds() -> None:
    assert so(Condition(), at(3))
    assert so(Condition(), None)


def test_the_kind_and_the_silence_are_the_incidents_own() -> None:
    violent = Condition(kinds=frozenset({AlarmKind.PANIC, AlarmKind.HOLD_UP}))
    assert holds(violent, None, AlarmKind.HOLD_UP, True)
    assert not holds(violent, None, AlarmKind.FALL, True)
    assert holds(Condition(silent=True), None, AlarmKind.FALL, True)
    assert not holds(Condition(silent=True), None, AlarmKind.FALL, False)
    assert not holds(Condition(silent=False), None, AlarmKind.FALL, True)


@pytest.mark.parametrize(
    ("begin", "end", "within", "without"),
    [
        (time(8), time(17), [at(8), at(16, 59)], [at(7, 59), at(17), at(2)]),
        (time(22), time(6), [at(22), at(23, 59), at(0), at(5, 59)], [at(6), at(12), at(21, 59)]),
        (time(8), time(8), [at(8), at(7, 59), at(20)], []),
    ],
)
def test_hours_hold_from_the_first_to_before_the_last_over_midnight_too(
    begin: time, end: time, within: list[Circumstances], without: list[Circumstances]
) -> None:
    hours = Condition(hours=(begin, end))
    assert [one for one in within if not so(hours, one)] == []
    assert [one for one in without if so(hours, one)] == []


def test_a_weekday_is_that_of_the_moment() -> None:
    office = Condition(weekdays=ALWAYS_OFFICE)
    assert so(office, at(2, day=2))
    assert not so(office, at(2, day=7))


def test_a_holiday_is_asked_for_or_ruled_out() -> None:
    assert so(Condition(holiday=True), at(2, holiday=True))
    assert not so(Condition(holiday=True), at(2))
    assert not so(Condition(holiday=False), at(2, holiday=True))


def test_the_unit_is_one_of_those_named() -> None:
    assert so(Condition(units=frozenset({NORD, SYD})), at(2))
    assert not so(Condition(units=frozenset({SYD})), at(2))


def test_the_place_is_at_least_as_dangerous_as_the_step_wants() -> None:
    assert so(Condition(risk=Risk.RAISED), at(2, risk=Risk.EVIDENT))
    assert so(Condition(risk=Risk.RAISED), at(2, risk=Risk.RAISED))
    assert not so(Condition(risk=Risk.RAISED), at(2))


def test_everything_that_is_said_must_hold() -> None:
    both = Condition(weekdays=ALWAYS_OFFICE, hours=(time(8), time(17)))
    assert so(both, at(9))
    assert not so(both, at(9, day=7))
    assert not so(both, at(20))


def test_circumstances_nobody_knows_let_the_phone_ring_but_the_kind_still_counts() -> None:
    strict = Condition(
        hours=(time(8), time(17)),
        weekdays=frozenset({6}),
        holiday=True,
        units=frozenset({SYD}),
        risk=Risk.EVIDENT,
    )
    assert so(strict, None)
    assert not so(Condition(kinds=frozenset({AlarmKind.FALL})), None)


def test_hours_that_name_a_zone_are_read_as_the_houses_own_and_stop_nobody() -> None:
    night = Condition(hours=(time(22, tzinfo=UTC), time(6)))
    assert so(night, at(23))
    assert not so(night, at(12))
