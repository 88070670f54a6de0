"""Facts as they are read and as they are read out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from larmcentral.channels.facts import age_aloud, aloud, language, spoken, written
from larmcentral.channels.words_english import ENGLISH
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.templates import Placeholder
from tests.larmcentral.channels.support import text

ZONE = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Storgatan 5, 3 tr", "Storgatan 5, 3 trappor"),
        ("Ek, c/o Lund, lgh 1102", "Ek, hos Lund, lägenhet 1102"),
        ("okänd enhet watch/8660000001", "okänd enhet watch 8 6 6 0 0 0 0 0 0 1"),
        ("Avd. 7", "avdelning 7"),
        ("Trolle", "Trolle"),
    ],
)
def test_names_are_read_out_in_full(name: str, said: str) -> None:
    assert aloud(name, SWEDISH) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (60.0, "en minut"),
        (125.0, "2 minuter"),
        (7199.0, "119 minuter"),
        (7200.0, "2 timmar"),
        (172_799.0, "47 timmar"),
        (172_800.0, "2 dygn"),
    ],
)
def test_an_age_is_said_in_words(seconds: float, said: str) -> None:
    assert age_aloud(seconds, SWEDISH) == said


def test_an_age_is_said_in_english_too() -> None:
    assert [age_aloud(s, ENGLISH) for s in (60.0, 600.0, 7200.0, 172_800.0)] == [
        "one minute",
        "10 minutes",
        "2 hours",
        "2 days",
    ]


def test_a_place_that_is_not_known_is_said_so_in_templates() -> None:
    for code, said in (("sv", "okänd plats"), ("en", "place not known")):
        words = language(code)
        assert written(text(place=None), words, ZONE).values(words)[Placeholder.PLACE] == said


def test_every_placeholder_has_a_value() -> None:
    for told in (written, spoken):
        values = told(text(silent=True, lateness_s=600.0), SWEDISH, ZONE).values(SWEDISH)
        assert set(values) == set(Placeholder)
        assert all(values.values())
