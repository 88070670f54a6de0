"""Sealing and opening."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dc09.cipher import seal, unseal, usable
from protocols.errors import ContentError, LocalProtocolError, NotAuthentic
from tests.protocols.dc09.support import KEY, draw

TAIL = b"]_12:00:00,01-02-2026"


@given(data=st.binary(max_size=100).map(lambda raw: raw.replace(b"]", b"").replace(b"[", b"")))
def test_the_pad_is_16_to_31_bytes_and_the_whole_a_row_of_blocks(data: bytes) -> None:
    digits = seal(data + TAIL, KEY, draw)
    assert digits == digits.upper()
    pad_bytes = len(digits) // 2 - len(b"|" + data + TAIL)
    assert 16 <= pad_bytes <= 31
    assert len(digits) % 32 == 0
    assert unseal(digits.lower(), KEY, account=None) == data + TAIL


@given(chance=st.binary(min_size=31, max_size=31))
def test_the_pad_never_holds_a_bar_or_a_bracket(chance: bytes) -> None:
    assert (
        unseal(seal(b"#1234|NPA7" + TAIL, KEY, lambda count: chance[:count]), KEY, account=None) == b"#1234|NPA7" + TAIL
    )


def test_the_same_message_looks_different_from_its_first_byte_on() -> None:
    one = seal(b"#1234|NPA7" + TAIL, KEY, lambda count: b"a" * count)
    two = seal(b"#1234|NPA7" + TAIL, KEY, lambda count: b"b" + b"a" * (count - 1))
    assert all(one[at : at + 32] != two[at : at + 32] for at in range(0, len(one), 32))


def test_a_key_of_no_known_length_cannot_seal_and_opens_nothing() -> None:
    assert not usable(b"short")
    with pytest.raises(LocalProtocolError):
        seal(TAIL, b"short", draw)
    with pytest.raises(NotAuthentic):
        unseal(b"00" * 16, b"short", account="1234")


def test_a_random_source_that_returns_too_little_stops_us() -> None:
    with pytest.raises(AssertionError):
        seal(TAIL, KEY, lambda _: b"a")


@given(digits=st.binary(max_size=80) | st.text("0123456789abcdefABCDEF", max_size=96).map(str.encode))
def test_any_digits_open_or_give_a_remote_error(digits: bytes) -> None:
    with suppress(ContentError, NotAuthentic):
        assert b"]" in unseal(digits, KEY, account=None)
