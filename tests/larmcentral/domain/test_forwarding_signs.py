"""Signs that arrive, and what stands for the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.domain.forwarding_signs import any_sign, ascii_only, cp1252, latin1, signs_of


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Åsa Öberg, Älvvägen 3", "Åsa Öberg, Älvvägen 3"),
        ("dörr – “röd” … 5 €", 'dörr - "röd" ... 5 EUR'),
        ("Łódź, Žižkov, Nguyễn", "Lódz, Zizkov, Nguyen"),
        ("hjälp\r\nnu\rdå", "hjälp\nnu\ndå"),
        ("tab\there\u200b \u00a0x", "tab here  x"),
        ("日本 😀", "?? ?"),
        ("Åsa, soft\u00adhyphen", "Åsa, softhyphen"),
    ],
)
def test_in_latin_1(text: str, written: str) -> None:
    assert latin1(text) == (written, written != text)


@pytest.mark.parametrize(
    ("text", "written"),
    [("Åsa Öberg", "Asa Oberg"), ("Smørrebrød 20 °", "Smorrebrod 20  grader"), ("naïve façade", "naive facade")],
)
def test_in_ascii(text: str, written: str) -> None:
    assert ascii_only(text) == (written, True)


def test_where_more_signs_arrive_more_stay() -> None:
    assert cp1252("5 € – “x” Ł") == ("5 € – “x” L", True)
    assert any_sign("Łódź 日本") == ("Łódź 日本", False)


@given(
    st.text(), st.sampled_from([("ascii", "ascii"), ("latin1", "latin-1"), ("cp1252", "cp1252"), ("utf-8", "utf-8")])
)
def test_whatever_is_written_can_be_sent_in_its_signs_and_stays_as_it_is(text: str, signs: tuple[str, str]) -> None:
    write = signs_of(signs[0])
    written, _ = write(text)
    written.encode(signs[1])
    assert all(sign == "\n" or sign.isprintable() for sign in written)
    assert write(written) == (written, False)
