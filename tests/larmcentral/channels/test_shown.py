"""What came back may be shown: no numbers, no secrets, no length."""

from __future__ import annotations

import pytest

from larmcentral.channels.shown import MAX_SIGNS, masked, shown


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Invalid to number +46701740601", "Invalid to number …"),
        ("to 070-174 06 01 or (08) 555 01 20", "to … or (…"),
        ('{"sid": "CA0123456789abcdef0123456789abcdef"}', '{"sid": "…"}'),
        ("token eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwcyJ9.x-y_z", "token …"),
        ("https://larm.example/api/voice/46elks/abcdefgh/start", "…"),
        ("status 429, try later", "status 429, try later"),
        ("line one\r\nline\ttwo\x00", "line one line two"),
        ("", ""),
    ],
)
def test_numbers_and_secrets_are_left_out(said: str, left: str) -> None:
    assert masked(said) == left


def test_it_is_short_and_says_the_status_first() -> None:
    told = shown(503, "så mycket ord ".encode() * 1000)

    assert told.startswith("503 så mycket ord")
    assert (len(told), told[-1]) == (MAX_SIGNS, "…")
    assert shown(200, b"\xff\xfe") == "200 \ufffd\ufffd"
