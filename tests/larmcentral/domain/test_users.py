"""The pause between tried log-ins."""

from __future__ import annotations

from datetime import timedelta

from larmcentral.domain.users import AttemptLimit, Tries, keys_of
from tests.builders import NOON

LIMIT = AttemptLimit(free=3, first=timedelta(seconds=1), longest=timedelta(seconds=10), memory=timedelta(minutes=15))


def waits(number: int) -> list[float]:
    """The pause behind each of so many failures in a row."""
    tries, pauses = Tries(0, NOON), []
    for _ in range(number):
        tries = tries.counted(LIMIT, NOON)
        pauses.append(tries.wait(NOON).total_seconds())
    return pauses


def test_the_first_tries_are_free_and_the_pause_then_doubles_up_to_its_limit() -> None:
    assert waits(9) == [0, 0, 1, 2, 4, 8, 10, 10, 10]


def test_a_million_failures_are_counted_like_any_other() -> None:
    assert Tries(1_000_000, NOON).counted(LIMIT, NOON).wait(NOON) == LIMIT.longest


def test_a_pause_ends() -> None:
    tries = Tries(2, NOON).counted(LIMIT, NOON)
    assert tries.wait(NOON + timedelta(seconds=0.5)) == timedelta(seconds=0.5)
    assert tries.wait(NOON + timedelta(seconds=1)) == timedelta()


def test_after_a_quiet_while_the_count_begins_anew() -> None:
    later = NOON + LIMIT.memory + timedelta(seconds=1)
    assert Tries(50, NOON).counted(LIMIT, later) == Tries(1, later)


def test_a_log_in_is_counted_under_its_address_first_and_then_its_login() -> None:
    assert list(keys_of("anna", "192.0.2.7")) == ["address:192.0.2.7", "login:anna"]
