"""One token, made anew in time and never in a hurry."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from devices.peers.credentials import Credentials
from larmcentral.channels.apns_token import ProviderToken
from tests.fakes.settable_clock import MIDDAY, SettableClock


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def token(credentials: Credentials, clock: SettableClock) -> ProviderToken:
    return ProviderToken(key_pem=credentials.apns_key_pem, key_id="KEY", team_id="TEAM", clock=clock)


def test_it_is_es256_and_names_key_and_team(token: ProviderToken, credentials: Credentials) -> None:
    scheme, _, text = token.get_header().partition(" ")
    key = load_pem_private_key(credentials.apns_key_pem.encode(), None).public_key()

    claims = jwt.decode(text, key, algorithms=["ES256"], options={"verify_iat": False})  # type: ignore[arg-type]
    assert scheme == "bearer"
    assert claims == {"iss": "TEAM", "iat": int(MIDDAY.timestamp())}
    assert jwt.get_unverified_header(text) == {"alg": "ES256", "kid": "KEY", "typ": "JWT"}


def test_it_is_kept_for_forty_minutes(token: ProviderToken, clock: SettableClock) -> None:
    first = token.get_header()
    clock.pass_by(timedelta(minutes=39, seconds=59))
    assert token.get_header() == first
    clock.pass_by(timedelta(seconds=1))
    assert token.get_header() != first


def test_a_wall_clock_set_back_makes_a_new_one(token: ProviderToken, clock: SettableClock) -> None:
    first = token.get_header()
    clock.step(timedelta(seconds=-30))
    assert token.get_header() == first
    clock.step(timedelta(hours=-1))
    assert token.get_header() != first


def test_an_expired_one_is_replaced_once_however_many_answers_say_so(token: ProviderToken) -> None:
    first = token.get_header()
    token.expired(first)
    second = token.get_header()
    token.expired(first)
    token.expired(second)

    assert second != first
    assert token.get_header() == second


def test_two_minutes_later_it_may_be_replaced_again(token: ProviderToken, clock: SettableClock) -> None:
    token.expired(token.get_header())
    second = token.get_header()
    clock.pass_by(timedelta(minutes=2))
    token.expired(second)

    assert token.get_header() != second


@pytest.mark.parametrize("key", ["", "not a key"])
def test_a_key_that_is_none_is_refused_at_once(key: str, clock: SettableClock) -> None:
    with pytest.raises(ValueError, match=r"(?i)key|pem|load"):
        ProviderToken(key_pem=key, key_id="KEY", team_id="TEAM", clock=clock)


def test_a_key_of_another_kind_is_refused_with_words(credentials: Credentials, clock: SettableClock) -> None:
    with pytest.raises(ValueError, match="P-256"):
        ProviderToken(key_pem=credentials.google_key_pem, key_id="KEY", team_id="TEAM", clock=clock)
