"""Words on a pager's display."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.espa444_text import CharacterSet, decode_text, encode_text


@pytest.mark.parametrize(
    ("text", "latin1", "swedish7"),
    [
        ("ÖVERFALL Åsa, rum 5", "ÖVERFALL Åsa, rum 5".encode("latin-1"), b"\\VERFALL ]sa, rum 5"),
        ("åäö ÅÄÖ", "åäö ÅÄÖ".encode("latin-1"), b"}{| ][\\"),
        ("José [3] {x} a|b", "José [3] {x} a|b".encode("latin-1"), b"Jose (3) (x) a/b"),
        ("Łódź – “nu”…", '?ódz - "nu"...'.encode("latin-1"), b'?odz - "nu"...'),
        ("A\u030a", "Å".encode("latin-1"), b"]"),
        ("a\x03\x1eb\u202ec\x85d", b"abcd", b"abcd"),
        ("日5€", b"?5EUR", b"?5EUR"),
    ],
)
def test_each_sign_finds_its_byte_or_the_nearest(text: str, latin1: bytes, swedish7: bytes) -> None:
    assert encode_text(text, CharacterSet.LATIN1) == latin1
    assert encode_text(text, CharacterSet.SWEDISH7) == swedish7


def test_the_exchange_shows_what_was_meant() -> None:
    assert decode_text(b"\\VERFALL ]sa", CharacterSet.SWEDISH7) == "ÖVERFALL Åsa"
    assert decode_text("Åsa".encode("latin-1"), CharacterSet.LATIN1) == "Åsa"


@given(text=st.text())
def test_no_control_sign_ever_comes_out(text: str) -> None:
    latin1, swedish7 = (encode_text(text, characters) for characters in CharacterSet)

    assert not any(byte < 0x20 or 0x7F <= byte < 0xA0 for byte in latin1)
    assert not any(byte < 0x20 or byte > 0x7E for byte in swedish7)
