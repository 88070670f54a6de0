"""Digest, against the examples of the standards that define it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from protocols.sip.digest import MAX_USES, NONCE_LIFE, Nonces, Proof, answer, challenges, credentials, judge
from protocols.sip.messages import Request

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)


def test_the_example_of_rfc_2617() -> None:
    shown = {
        "username": "Mufasa", "realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "uri": "/dir/index.html", "qop": "auth", "nc": "00000001", "cnonce": "0a4f113b",
    }  # fmt: skip
    assert answer("GET", shown, b"Circle Of Life") == "6629fae49393a05397450978507c4ef1"


def test_the_example_of_rfc_7616_with_sha_256() -> None:
    shown = {
        "username": "Mufasa", "realm": "http-auth@example.org", "uri": "/dir/index.html", "algorithm": "SHA-256",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "nc": "00000001", "qop": "auth",
        "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    }  # fmt: skip
    expected = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert answer("GET", shown, b"Circle of Life") == expected


def proof(nonces: Nonces, now: datetime, password: bytes = b"p", **changes: str) -> Proof:
    shown = {
        "username": "678", "realm": "larmcentral", "nonce": nonces.new(NOW), "uri": "sip:a", "qop": "auth",
        "nc": "00000001", "cnonce": "c", **changes,
    }  # fmt: skip
    shown = {name: value for name, value in shown.items() if value}
    pairs = ", ".join(f'{name}="{value}"' for name, value in shown.items())
    response = answer("MESSAGE", shown, password) if shown.get("algorithm", "MD5") in ("MD5", "SHA-256") else "x"
    line = f'Digest {pairs}, response="{response}"'
    request = Request("MESSAGE", "sip:a", (("authorization", "Basic YTpi"), ("authorization", line)))
    found = credentials(request)
    assert found is not None
    return judge(request, found, b"p", nonces, now)


def test_a_right_password_is_proof_once_for_each_count() -> None:
    nonces = Nonces(bytes)
    assert proof(nonces, NOW) is Proof.GIVEN
    assert proof(nonces, NOW) is Proof.STALE, "played back"
    assert proof(nonces, NOW, nc="00000002") is Proof.GIVEN
    assert proof(nonces, NOW, nc="00000003", algorithm="SHA-256") is Proof.GIVEN
    assert proof(nonces, NOW, qop="") is Proof.STALE, "a number that was counted on is not taken without a count"


def test_without_a_count_each_number_is_good_once() -> None:
    """Units of RFC 2069 keep no count: what was heard on the wire once could be said again for five minutes."""
    nonces = Nonces(bytes)
    assert proof(nonces, NOW, qop="") is Proof.GIVEN
    assert proof(nonces, NOW, qop="") is Proof.STALE, "played back; the unit itself is asked again"


def test_units_that_are_asked_in_the_same_moment_are_not_given_the_same_number() -> None:
    nonces = Nonces(os.urandom)
    assert len({nonces.new(NOW) for _ in range(100)}) == 100


def test_a_wrong_password_an_old_nonce_and_one_of_nobody() -> None:
    nonces = Nonces(bytes)
    assert proof(nonces, NOW, password=b"q") is Proof.WRONG
    assert proof(nonces, NOW, nc="zz") is Proof.WRONG
    assert proof(nonces, NOW + NONCE_LIFE + timedelta(seconds=1)) is Proof.STALE
    assert proof(nonces, NOW - timedelta(minutes=5)) is Proof.STALE
    assert proof(nonces, NOW, nonce="of-another-house") is Proof.STALE
    assert proof(nonces, NOW, nonce=nonces.new(NOW)[:24] + "-" + "0" * 32) is Proof.STALE
    assert proof(nonces, NOW, algorithm="MD5-sess") is Proof.NONE
    assert proof(Nonces(lambda count: b"k" * count), NOW, nonce=nonces.new(NOW)) is Proof.STALE, "before the restart"


def test_basic_and_other_realms_are_nothing_to_look_at() -> None:
    lines = ("Basic YTpi", 'Digest username="a", realm="elsewhere"', 'Digest realm="larmcentral"')
    for line in lines:
        assert credentials(Request("MESSAGE", "sip:a", (("authorization", line),))) is None


def test_the_memory_of_uses_is_bounded() -> None:
    nonces = Nonces(bytes)
    for number in range(MAX_USES + 10):
        nonces.is_fresh(nonces.new(NOW + timedelta(milliseconds=number)), 1, NOW)
    assert len(nonces._used) == MAX_USES
    at = NOW + timedelta(milliseconds=9)
    assert not nonces.is_fresh(nonces.new(at), 1, NOW), "its use was forgotten, so it is not good any more"
    assert nonces.is_fresh(nonces.new(NOW + timedelta(seconds=30)), 1, NOW)


def test_both_algorithms_are_offered_and_md5_first() -> None:
    lines = [value for _, value in challenges("n", stale=True)]
    assert ["algorithm=MD5" in lines[0], "algorithm=SHA-256" in lines[1]] == [True, True]
    assert all(line.endswith('qop="auth", stale=true') for line in lines)
