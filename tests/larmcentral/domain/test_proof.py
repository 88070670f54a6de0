"""Proof of a contact point: nothing on disk gives it away, and nobody guesses it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.ids import ContactPointId
from larmcentral.domain.contact import ProofBy
from larmcentral.domain.proof import CODE_LASTS, KEY_LASTS, TRIES, new_proof, point_of_key, wait_for
from tests.world import an_id

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
POINT = ContactPointId(an_id("point"))
SECRET = b"s" * 32
PROOF = new_proof(POINT, ProofBy.CODE, bytes(range(16)), NOW)


def test_code_and_key_are_of_the_point_the_nonce_and_the_secret() -> None:
    assert PROOF.code(SECRET) == "046494"
    assert PROOF.key(SECRET) == "EirSdoglX7KXeNa3yOLp9OatZfeO1JMEsCnRGxjice-_I1wUqxaB9w"
    others = (
        (replace(PROOF, point_id=ContactPointId(an_id("other"))), SECRET),
        (replace(PROOF, nonce=bytes(16)), SECRET),
        (PROOF, b"t" * 32),
    )
    for other, secret in others:
        assert not PROOF.is_code(other.code(secret), SECRET)
        assert not PROOF.is_key(other.key(secret), SECRET)


def test_a_code_may_be_typed_with_spaces_and_is_no_key() -> None:
    code = PROOF.code(SECRET)
    assert PROOF.is_code(f" {code[:3]} {code[3:]} ", SECRET)
    assert not PROOF.is_key(code, SECRET)
    assert not PROOF.is_code("", SECRET)
    assert not PROOF.is_code("åäö", SECRET)


@given(st.binary(min_size=16, max_size=16))
def test_a_code_has_six_digits_and_a_key_names_its_point(nonce: bytes) -> None:
    proof = new_proof(POINT, ProofBy.PUSH, nonce, NOW)
    assert len(proof.code(SECRET)) == 6
    assert proof.code(SECRET).isdecimal()
    assert (len(proof.key(SECRET)), point_of_key(proof.key(SECRET), SECRET)) == (54, POINT)
    assert proof.is_key(proof.key(SECRET), SECRET)


@given(st.text(max_size=60))
def test_any_text_names_no_point(said: str) -> None:
    assert point_of_key(said, SECRET) is None


def test_a_key_that_the_house_never_made_names_no_point() -> None:
    """Or any stranger could make the database look for a point, as often as he likes."""
    key = PROOF.key(SECRET)
    assert point_of_key(key, b"t" * 32) is None
    forged = base64.urlsafe_b64encode(POINT.bytes + bytes(24)).rstrip(b"=").decode()
    assert (len(forged), point_of_key(forged, SECRET), point_of_key(key, SECRET)) == (54, None, POINT)


def test_a_code_lasts_ten_minutes_and_five_wrong_ones_and_a_key_a_day() -> None:
    assert PROOF.stands(NOW + CODE_LASTS - timedelta(seconds=1))
    assert not PROOF.stands(NOW + CODE_LASTS)
    assert replace(PROOF, tries=TRIES - 1).stands(NOW)
    assert not replace(PROOF, tries=TRIES).stands(NOW)
    linked = new_proof(POINT, ProofBy.LINK, bytes(16), NOW)
    assert linked.stands(NOW + CODE_LASTS)
    assert not linked.stands(NOW + KEY_LASTS)


def test_a_nonce_of_another_length_is_our_fault() -> None:
    with pytest.raises(ValueError, match="nonce"):
        new_proof(POINT, ProofBy.CODE, b"short", NOW)


def test_neither_nonce_nor_address_is_shown_by_accident() -> None:
    assert "nonce" not in repr(PROOF)


def test_one_waits_until_the_oldest_that_counts_is_old_enough() -> None:
    within = timedelta(minutes=10)
    asked = [NOW - timedelta(minutes=minutes) for minutes in (9, 5, 1)]
    assert wait_for(asked[:2], 3, within, NOW) == timedelta()
    assert wait_for(asked, 3, within, NOW) == timedelta(minutes=1)
    assert wait_for(asked, 3, within, NOW + timedelta(minutes=1)) == timedelta()
    assert wait_for([*asked, NOW], 3, within, NOW) == timedelta(minutes=5)
