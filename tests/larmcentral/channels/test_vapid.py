"""Who we are to push services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurve, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from larmcentral.channels.vapid import MOST_KEPT, RENEW_AFTER, VALID_FOR, VapidKey
from tests.fakes.settable_clock import SettableClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SUBJECT = "mailto:larm@example.se"


def pem(curve: EllipticCurve) -> str:
    key = generate_private_key(curve)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOON)


@pytest.fixture
def key(clock: SettableClock) -> VapidKey:
    return VapidKey(key_pem=pem(SECP256R1()), subject=SUBJECT, clock=clock)


def claims(header: str) -> dict[str, object]:
    token = header.removeprefix("vapid t=").partition(",")[0]
    read: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return read


def test_the_header_names_the_service_the_time_and_us(key: VapidKey) -> None:
    header = key.header("https://push.example")

    assert claims(header) == {
        "aud": "https://push.example",
        "exp": int((NOON + VALID_FOR).timestamp()),
        "sub": SUBJECT,
    }
    assert header.endswith(f", k={key.public_key}")
    assert len(key.public_key) == 87


def test_it_is_kept_for_hours_and_made_anew_in_time(key: VapidKey, clock: SettableClock) -> None:
    first = key.header("https://push.example")
    clock.pass_by(RENEW_AFTER - timedelta(seconds=1))
    assert key.header("https://push.example") == first
    assert key.header("https://other.example") != first
    clock.pass_by(timedelta(seconds=1))
    assert claims(key.header("https://push.example"))["exp"] == int((NOON + RENEW_AFTER + VALID_FOR).timestamp())


def test_a_clock_that_was_set_back_makes_it_anew(key: VapidKey, clock: SettableClock) -> None:
    first = key.header("https://push.example")
    clock.step(timedelta(hours=-1))

    assert key.header("https://push.example") != first


def test_browsers_that_name_ever_new_hosts_do_not_fill_the_memory(key: VapidKey) -> None:
    for number in range(MOST_KEPT + 10):
        key.header(f"https://push{number}.example")

    assert len(key._kept) == MOST_KEPT


def test_a_key_or_subject_that_no_service_takes_is_refused(clock: SettableClock) -> None:
    rsa = generate_rsa(public_exponent=65537, key_size=2048)
    rsa_pem = rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for wrong in (pem(SECP384R1()), rsa_pem):
        with pytest.raises(ValueError, match="P-256"):
            VapidKey(key_pem=wrong, subject=SUBJECT, clock=clock)
    with pytest.raises(ValueError, match="subject"):
        VapidKey(key_pem=pem(SECP256R1()), subject="larm@example.se", clock=clock)
