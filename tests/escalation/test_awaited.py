from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation.awaited import Awaited, Reminder, next_look, remind, reminders_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFSETS = tuple(timedelta(minutes=number) for number in (5, -2, 0, 2))
GRACE = timedelta(minutes=10)
DUE = NOON + HOUR


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_reminders_come_in_order_however_they_were_written_down() -> None:
    assert reminders_of(Awaited(DUE, NOON), OFFSETS, GRACE) == (
        DUE - minutes(2),
        DUE,
        DUE + minutes(2),
        DUE + minutes(5),
    )


def test_a_reminder_before_the_wait_began_is_not_given() -> None:
    awaited = Awaited(NOON + minutes(2), NOON)
    assert reminders_of(awaited, OFFSETS, GRACE) == (NOON + minutes(2), NOON + minutes(4), NOON + minutes(7))


def test_a_reminder_at_the_alarm_or_after_it_is_not_given() -> None:
    assert reminders_of(Awaited(DUE, NOON), (minutes(10), minutes(11), minutes(9)), GRACE) == (DUE + minutes(9),)


def test_the_next_look_is_the_next_reminder_and_then_the_alarm() -> None:
    looks = [next_look(Awaited(DUE, NOON, reminded), OFFSETS, GRACE) for reminded in range(5)]
    assert looks == [DUE + minutes(number) for number in (-2, 0, 2, 5, 10)]


def test_one_that_is_reminded_waits_for_the_next() -> None:
    awaited = Awaited(DUE, NOON)
    assert remind(awaited, OFFSETS, GRACE, DUE - minutes(2.01)) is None
    first = remind(awaited, OFFSETS, GRACE, DUE - minutes(2))
    assert first == Reminder(Awaited(DUE, NOON, 1), last=False)
    assert remind(Awaited(DUE, NOON, 1), OFFSETS, GRACE, DUE - minutes(2)) is None


def test_of_those_overtaken_only_the_newest_is_given() -> None:
    assert remind(Awaited(DUE, NOON), OFFSETS, GRACE, DUE + minutes(3)) == Reminder(Awaited(DUE, NOON, 3), last=False)
    assert remind(Awaited(DUE, NOON, 3), OFFSETS, GRACE, DUE + minutes(9)) == Reminder(Awaited(DUE, NOON, 4), last=True)


@given(
    st.lists(st.integers(-120, 30), max_size=6),
    st.lists(st.integers(0, 5000), max_size=20),
)
def test_whoever_looks_as_often_as_he_likes_reminds_no_more_than_agreed_and_looks_ahead(
    offsets: list[int], looks: list[int]
) -> None:
    agreed = tuple(timedelta(minutes=number) for number in offsets)
    awaited, given_ = Awaited(DUE, NOON), 0
    for second in sorted(looks):
        now = NOON + timedelta(seconds=second)
        reminder = remind(awaited, agreed, GRACE, now)
        if reminder:
            awaited, given_ = reminder.awaited, given_ + 1
        assert remind(awaited, agreed, GRACE, now) is None
        assert next_look(awaited, agreed, GRACE) > now or now >= DUE + GRACE
    assert given_ <= len(reminders_of(awaited, agreed, GRACE))
