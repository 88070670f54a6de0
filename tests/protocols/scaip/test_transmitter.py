"""The unit's side of the wire."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.scaip.messages import Mrq
from protocols.scaip.transmitter import MAX_ASKED, MAX_PROOFS, Again, HeardDown, LocalUnit, Refused

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)


def answer(said: bytes, status: str, *more: bytes) -> bytes:
    """Answer a request as a receiver would, by hand."""
    kept = [
        line for line in said.split(b"\r\n") if line.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")
    ]
    return b"\r\n".join((b"SIP/2.0 " + status.encode(), *kept, *more, b"Content-Length: 0", b"", b""))


def test_a_unit_takes_the_first_challenge_that_it_can_meet_and_counts_its_uses() -> None:
    device = LocalUnit("678", draw=os.urandom, password=b"p")
    said = device.tell(Mrq(ref="1", cid="678", dty="3"))
    asks = (
        b'WWW-Authenticate: Basic realm="x"',
        b'WWW-Authenticate: Digest realm="x", nonce="n", algorithm=SHA-512-256, qop="auth"',
        b'WWW-Authenticate: Digest realm="x", nonce="n", algorithm=SHA-256, qop="auth"',
    )
    (again,) = device.receive(answer(said, "401 Unauthorized", *asks), NOW)
    assert b"algorithm=SHA-256, qop=auth, nc=00000001" in again.data  # type: ignore[union-attr]
    assert b"nc=00000002" in device.tell(Mrq(ref="2", cid="678", dty="3"))


def test_without_a_password_or_a_challenge_it_knows_a_unit_is_refused() -> None:
    for password in (None, b"p"):
        device = LocalUnit("678", draw=os.urandom, password=password)
        said = device.tell(Mrq(ref="1", cid="678", dty="3"))
        (refused,) = device.receive(answer(said, "401 Unauthorized", b'WWW-Authenticate: Basic realm="x"'), NOW)
        assert isinstance(refused, Refused)
        assert (refused.status, refused.ref) == (401, "1")


def test_old_requests_are_forgotten_and_provisional_answers_are_nothing() -> None:
    device = LocalUnit("678", draw=os.urandom)
    first = device.tell(Mrq(ref="1", cid="678", dty="3"))
    assert device.receive(answer(first, "100 Trying"), NOW) == []
    for number in range(MAX_ASKED):
        device.tell(Mrq(ref=str(number), cid="678", dty="3"))
    assert device.receive(answer(first, "200 OK"), NOW) == []


@settings(max_examples=100)
@given(st.binary(max_size=80))
def test_whatever_a_receiver_says_a_unit_bears_it(noise: bytes) -> None:
    device = LocalUnit("678", draw=os.urandom, password=b"p")
    said = device.register()
    device.receive(
        answer(said, "401 x", b"WWW-Authenticate: Digest " + noise.replace(b"\r", b"").replace(b"\n", b"")), NOW
    )
    device.connected()
    device.receive(b"MESSAGE sip:a SIP/2.0\r\nl: %d\r\n\r\n" % len(noise) + noise, NOW)
    device.receive(noise, NOW)


def test_a_unit_that_is_asked_again_and_again_gives_up() -> None:
    device = LocalUnit("678", draw=os.urandom, password=b"p")
    said = device.register()
    heard: list[HeardDown] = []
    for _ in range(MAX_PROOFS + 1):
        asks = b'WWW-Authenticate: Digest realm="x", nonce="n", qop="auth", stale=true'
        heard += device.receive(answer(said, "401 Unauthorized", asks), NOW)
    assert [type(each) for each in heard] == [Again] * MAX_PROOFS + [Refused]
