"""What an emulated wearable remembers when nobody takes it."""

from __future__ import annotations

from datetime import timedelta

from devices.memory import MAX_ALARMS, Kept, Memory
from devices.talk import Note, What
from tests.devices.support import NOW


def kept(minute: int, what: What = What.POSITION, *, stored: bool = False) -> Kept:
    """Return one note of this minute."""
    at = NOW + timedelta(minutes=minute)
    note = Note(whats=frozenset({what}), at=at, lat=57.93, lon=12.09, fix=True, battery_pct=81, stored=stored)
    return Kept(str(minute), note, 0.0)


def names(entries: tuple[Kept, ...]) -> list[str]:
    """Return which notes these are."""
    return [entry.name for entry in entries]


def test_the_oldest_position_makes_room_and_an_alarm_never() -> None:
    memory = Memory(max_notes=3)
    for minute, what in enumerate([What.PRESS, What.POSITION, What.POSITION, What.PRESS, What.PRESS, What.PRESS]):
        memory.keep(kept(minute, what))

    assert names(memory.next(10)) == ["0", "3", "4", "5"]


def test_a_position_finds_no_room_among_alarms_alone() -> None:
    memory = Memory(max_notes=1)
    alarm, position = kept(0, What.PRESS), kept(1)
    memory.keep(alarm)
    memory.keep(position)

    assert memory.next(10) == (alarm,)
    assert position.settled.is_set()


def test_endless_presses_make_room_for_themselves_and_the_last_of_a_kind_stays() -> None:
    memory = Memory(max_notes=10)
    fall, first = kept(0, What.FALL), kept(1, What.PRESS)
    memory.keep(fall)
    memory.keep(first)
    for minute in range(2, 2000):
        memory.keep(kept(minute, What.PRESS))

    assert len(memory) == MAX_ALARMS
    assert memory.next(1) == (fall,)
    assert first.settled.is_set()
    assert memory.next(MAX_ALARMS)[-1].name == "1999"


def test_stored_and_live_notes_never_share_a_frame() -> None:
    memory = Memory()
    for minute, stored in enumerate([True, True, False, False]):
        memory.keep(kept(minute, stored=stored))
    first = memory.next(10)
    assert names(first) == ["0", "1"]
    memory.forget(first)
    assert names(memory.next(10)) == ["2", "3"]


def test_newest_first_takes_the_last_ones_and_tells_them_oldest_first() -> None:
    memory = Memory(newest_first=True)
    for minute in range(5):
        memory.keep(kept(minute))

    assert names(memory.next(2)) == ["3", "4"]


def test_whoever_waits_is_told_when_nobody_tries_any_more_and_the_note_stays() -> None:
    memory = Memory()
    waiting = kept(0, What.PRESS)
    memory.keep(waiting)
    memory.mark_stored()
    memory.nobody_tries()

    assert waiting.settled.is_set()
    assert waiting.note.stored
    assert len(memory) == 1
