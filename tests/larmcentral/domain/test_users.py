"""The pause between tried log-ins."""

from __future__ import annotations

from datetime import timedelta

import pytest

from larmcentral.domain.users import LOGIN_LIMIT, AttemptLimit, Tries, keys_of
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


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_whoever_has_a_network_of_addresses_has_one_count(address: str, network: str) -> None:
    assert next(iter(keys_of("anna", address))) == f"address:{network}"


def test_a_known_browser_is_counted_alone_and_nothing_else_with_it() -> None:
    assert list(keys_of("anna", "192.0.2.7", "0a1b")) == ["login:anna 0a1b"]


def test_whoever_guesses_at_a_login_day_and_night_from_everywhere_gets_one_guess_a_minute() -> None:
    """He asks every second, from an address that is new each time; counted is what reaches the password."""
    tries, guesses, now = Tries(0, NOON), [], NOON
    while now < NOON + timedelta(hours=6):
        if not tries.wait(now):
            guesses.append(now)
            tries = tries.counted(LOGIN_LIMIT, now)
        now += timedelta(seconds=1)
    first_hour = sum(at < NOON + timedelta(hours=1) for at in guesses)
    assert first_hour <= 72
    assert len(guesses) - first_hour <= 5 * 60


def test_whoever_waits_until_he_is_forgotten_guesses_still_less() -> None:
    a_round = LOGIN_LIMIT.free + 1
    assert a_round * (timedelta(hours=1) / LOGIN_LIMIT.memory) <= 60
