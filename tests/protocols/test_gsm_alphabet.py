"""The GSM alphabet, octet by octet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.channels.gsm7 import BASIC, EXTENDED
from protocols.gsm_alphabet import decode_gsm7, decode_ucs2, encode_gsm7, encode_ucs2


def test_swedish_letters_the_euro_and_the_rest_by_hand() -> None:
    assert encode_gsm7("@åäöÅÄÖéÜ§¿à €[]\n") == bytes.fromhex(
        "00 0f 7b 7c 0e 5b 5c 05 5e 5f 60 7f 20 1b65 1b3c 1b3e 0a"
    )


@given(text=st.text(st.sampled_from(sorted(BASIC | EXTENDED))))
def test_what_the_lengths_are_counted_in_is_what_goes_out(text: str) -> None:
    octets = encode_gsm7(text)

    assert decode_gsm7(octets) == text
    assert len(octets) == len(text) + sum(sign in EXTENDED for sign in text)


@pytest.mark.parametrize("text", ["Ł", "日", "\x1b", "\0", "😀"])
def test_a_sign_without_a_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="GSM"):
        encode_gsm7(text)


@given(octets=st.binary())
def test_any_octets_can_be_read(octets: bytes) -> None:
    assert len(decode_gsm7(octets)) <= len(octets)
    decode_ucs2(octets)


def test_an_emoji_is_a_pair() -> None:
    assert encode_ucs2("Ł😀") == bytes.fromhex("0141 d83d de00")
    assert decode_ucs2(bytes.fromhex("0141 d83d de00")) == "Ł😀"
    assert decode_gsm7(b"\x1b\x41\xff") == "A\ufffd"
