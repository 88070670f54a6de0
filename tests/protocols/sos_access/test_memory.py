"""What a receiver remembers is bounded, and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from protocols.signal import AccountId
from protocols.sos_access.memory import Memory

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
LEVEL = timedelta(seconds=120)


def test_only_so_much_is_remembered_and_the_oldest_is_forgotten_first() -> None:
    memory = Memory(most=2)
    for name in ("1", "2", "1", "3"):
        memory.take(name, NOW)
    assert [memory.has(name, NOW) for name in ("1", "2", "3")] == [True, False, True]
    for device in ("1", "2", "3"):
        memory.pings_too_often(AccountId(device), LEVEL, NOW)
    assert [memory.pings_too_often(AccountId(device), LEVEL, NOW) for device in ("3", "1")] == [True, False]


def test_turns_are_counted_for_a_window_and_for_so_many_transmitters() -> None:
    memory, one = Memory(most=1), AccountId("1")
    assert memory.turn(one, restores=False, now=NOW) == 0
    memory.turned(one, 0, restores=False, now=NOW)
    assert memory.turn(one, restores=False, now=NOW) == 0
    assert memory.turn(one, restores=True, now=NOW + timedelta(seconds=60)) == 1
    assert memory.turn(one, restores=True, now=NOW + timedelta(seconds=61)) == 0
    memory.turned(AccountId("2"), 0, restores=False, now=NOW)
    assert memory.turn(one, restores=True, now=NOW) == 0


def test_a_clock_that_was_set_back_silences_nobody() -> None:
    memory = Memory()
    assert not memory.pings_too_often(AccountId("1"), LEVEL, NOW)
    assert not memory.pings_too_often(AccountId("1"), LEVEL, NOW - timedelta(hours=1))
