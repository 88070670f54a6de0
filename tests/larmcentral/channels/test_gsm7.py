"""One text message: 160 septets or 70 UTF-16 units."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from larmcentral.channels.gsm7 import (
    BASIC,
    EXTENDED,
    GSM7_LIMIT,
    UCS2_LIMIT,
    is_gsm7,
    one_message,
    septets,
    utf16_units,
)


def test_the_alphabet_has_its_size() -> None:
    """TS 23.038: 128 places, less the escape; the extension adds ten."""
    assert (len(BASIC), len(EXTENDED)) == (127, 10)


@pytest.mark.parametrize(("text", "weight"), [("", 0), ("ÅÄÖåäö", 6), ("€", 2), ("[a]", 5), ("\u00e9\u00e8", 2)])
def test_weights_in_septets(text: str, weight: int) -> None:
    assert is_gsm7(text)
    assert septets(text) == weight


@pytest.mark.parametrize("text", ["…", "–", "ł", "👍", "`", "ç"])
def test_signs_that_need_ucs2(text: str) -> None:
    assert not is_gsm7(text)


def test_what_fits_is_left_alone() -> None:
    assert one_message("å" * 160) == "å" * 160
    assert one_message("ł" * 70) == "ł" * 70
    assert one_message("€" * 80) == "€" * 80


def test_what_does_not_fit_ends_with_an_ellipsis() -> None:
    assert one_message("å" * 161) == "å" * 157 + "..."
    assert one_message("ł" * 71) == "ł" * 69 + "…"
    assert one_message("€" * 81) == "€" * 78 + "..."


def test_an_emoji_is_never_halved() -> None:
    assert one_message("a" + "👍" * 40) == "a" + "👍" * 34 + "…"


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(max_size=300))
def test_one_message_is_one_message(text: str) -> None:
    short = one_message(text)

    assert septets(short) <= GSM7_LIMIT if is_gsm7(short) else utf16_units(short) <= UCS2_LIMIT
