"""Characters stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from larmcentral.channels.cutting import clusters, cut, plain, utf8_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Åsa", ["Å", "s", "a"]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("👩‍👩‍👧a", ["👩‍👩‍👧", "a"]),
        ("👍🏽!", ["👍🏽", "!"]),
        ("🇸🇪🇫🇮", ["🇸🇪", "🇫🇮"]),
        ("☎️1", ["☎️", "1"]),
    ],
)
def test_what_a_reader_sees_as_one_character_is_one(text: str, expected: list[str]) -> None:
    assert list(clusters(text)) == expected


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=60), st.integers(3, 50))
def test_a_cut_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = cut(text, limit, utf8_bytes, "…")

    assert utf8_bytes(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=60))
def test_clusters_lose_nothing(text: str) -> None:
    assert "".join(clusters(text)) == text


def test_a_family_is_not_torn_apart() -> None:
    assert cut("Bo 👩‍👩‍👧", 12, utf8_bytes, "…") == "Bo…"


def test_control_signs_and_turned_directions_become_spaces() -> None:
    assert plain(" Anna\r\n\x00K\u202etxt\u2028 ") == "Anna K txt"


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=60))
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
