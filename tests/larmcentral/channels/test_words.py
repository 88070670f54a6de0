"""The words of a notice, by kind, purpose, language and channel."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.gsm7 import GSM7_LIMIT, is_gsm7, septets
from larmcentral.channels.words import ENGLISH, SWEDISH, language, push, sms
from tests.larmcentral.channels.support import text

ZONE = ZoneInfo("Europe/Stockholm")
SWEDISH_TITLES = {
    AlarmKind.PANIC: "Överfallslarm",
    AlarmKind.DURESS: "Hotlarm",
    AlarmKind.HOLD_UP: "Rånlarm",
    AlarmKind.MEDICAL: "Sjukdomslarm",
    AlarmKind.MAN_DOWN: "Person ligger ner",
    AlarmKind.FALL: "Fallarm",
    AlarmKind.NO_MOTION: "Ingen rörelse",
    AlarmKind.UNSPECIFIED_ALARM: "Larm",
    AlarmKind.MISSED_CHECK_IN: "Utebliven incheckning",
}


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_every_kind_has_its_words(kind: AlarmKind) -> None:
    assert push(text(kind=kind), Purpose.REAL, ZONE).title == SWEDISH_TITLES[kind]
    assert push(text(kind=kind, language="en"), Purpose.REAL, ZONE).title == ENGLISH.kinds[kind]
    assert sms(text(kind=kind), ZONE).startswith(SWEDISH_TITLES[kind].upper() + ". ")


def test_both_languages_have_all_words() -> None:
    for words in (SWEDISH, ENGLISH):
        assert set(words.kinds) == set(AlarmKind)
        assert set(words.marks) == set(Purpose)


@pytest.mark.parametrize(
    ("code", "expected"), [("sv", SWEDISH), ("en", ENGLISH), ("EN-gb", ENGLISH), ("", SWEDISH), ("fi", SWEDISH)]
)
def test_nobody_is_left_without_a_language(code: str, expected: object) -> None:
    assert language(code) is expected


def test_a_push_in_full() -> None:
    words = push(text(silent=True, lateness_s=7500.0), Purpose.DRILL, ZONE)

    assert words.title == "ÖVNING: TYST LARM: Överfallslarm"
    assert words.body == (
        "Anna K – Storgatan 5\nkl. 14:02, 2 h gammalt när det kom\nRing inte upp den som larmar. Närma dig dolt."
    )


def test_a_push_in_english() -> None:
    words = push(text(kind=AlarmKind.FALL, language="en", place=None, lateness_s=600.0), Purpose.TEST, ZONE)

    assert words.title == "TEST: Fall alarm"
    assert words.body == "Anna K\nat 14:02, 10 min old when it came"


@pytest.mark.parametrize(
    ("lateness_s", "said"),
    [(None, ""), (0.0, ""), (59.9, ""), (60.0, "1 min"), (7199.0, "119 min"), (7200.0, "2 h"), (172_800.0, "2 d")],
)
def test_an_old_alarm_says_how_old(lateness_s: float | None, said: str) -> None:
    body = push(text(lateness_s=lateness_s), Purpose.REAL, ZONE).body

    assert ("gammalt" in body) is bool(said)
    assert said in body


def test_a_text_message_in_full() -> None:
    assert sms(text(), ZONE) == "ÖVERFALLSLARM. Anna K, Storgatan 5, kl. 14:02."


def test_a_silent_text_message_says_so_first() -> None:
    assert sms(text(silent=True, place=None), ZONE) == (
        "TYST LARM: Överfallslarm. Anna K, kl. 14:02. Ring inte upp den som larmar. Närma dig dolt."
    )


def test_an_ordinary_text_message_stays_in_the_cheap_alphabet() -> None:
    for kind in AlarmKind:
        for code in ("sv", "en"):
            message = sms(text(kind=kind, silent=True, language=code, lateness_s=1000.0), ZONE)
            assert is_gsm7(message)
            assert septets(message) <= GSM7_LIMIT


def test_a_long_place_costs_the_end_and_not_the_beginning() -> None:
    message = sms(text(place="Kvarteret " * 40), ZONE)

    assert message.startswith("ÖVERFALLSLARM. Anna K, Kvarteret")
    assert message.endswith("...")
    assert septets(message) <= GSM7_LIMIT


def test_a_name_cannot_forge_a_second_line() -> None:
    assert "\n" not in sms(text(subject="Anna\nLARM AVBLÅST"), ZONE)
    assert push(text(subject="Anna\nLARM AVBLÅST"), Purpose.REAL, ZONE).body.count("\n") == 1


def test_news_of_a_lost_app_names_no_alarm_and_fits_one_text_message() -> None:
    for code in ("sv", "en"):
        told = text(language=code, about=About.POINT_GONE, silent=True)
        words = push(told, Purpose.DRILL, ZONE)
        assert words.title.endswith(language(code).gone_title)
        assert words.body == language(code).gone_advice
        message = sms(told, ZONE)
        assert is_gsm7(message)
        assert septets(message) <= GSM7_LIMIT
        assert language(code).kinds[AlarmKind.PANIC].upper() not in message.upper()
