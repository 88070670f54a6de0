"""What a voice reads out."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from larmcentral.channels.facts import OF_AN_ALARM, language
from larmcentral.channels.words_spoken import VOICE, speech
from tests.larmcentral.channels.support import text

ZONE = ZoneInfo("Europe/Stockholm")
DUE = datetime(2026, 11, 22, 14, 5, 30, tzinfo=UTC)
REST = [about for about in About if about is not About.ALARM]


def test_an_alarm_is_said_in_the_order_in_which_it_is_needed() -> None:
    said = speech(text(), ZONE)
    assert said.message == "Nödlarm. Det gäller Anna K. Platsen är Storgatan 5. Larmet kom klockan 14.02."
    assert said.question == "Tryck 1 för att ta larmet, 2 om du inte kan."
    assert said.language == "sv"


def test_of_a_silent_alarm_the_advice_comes_before_all() -> None:
    said = speech(text(silent=True, lateness_s=7500.0), ZONE).message
    assert said == (
        "Tyst larm. Ring inte upp den som larmar. Närma dig dolt. Nödlarm. Det gäller Anna K."
        " Platsen är Storgatan 5. Larmet kom klockan 14.02 och var då 2 timmar gammalt."
    )


def test_an_alarm_in_english_without_a_place() -> None:
    said = speech(text(kind=AlarmKind.FALL, language="en", place=None), ZONE)
    assert said.message == "Fall alarm. It is about Anna K. The alarm came at 14:02."
    assert said.question == "Press 1 to take the alarm, 2 if you cannot."
    assert said.language == "en"


def test_news_asks_for_no_key_and_abbreviates_nothing() -> None:
    over = speech(text(about=About.OVER, due_at=DUE), ZONE)
    assert over.message == "Larmet är avslutat. Anna K, larm klockan 15.05."
    assert over.question == ""
    pre = speech(text(kind=None, about=About.PRE_ALARM, due_at=DUE), ZONE)
    assert pre.message == "Larm på väg ut. Larmet går klockan 15.05 och 30 sekunder om du inte avbryter det."
    late = speech(text(kind=None, about=About.NOT_RETURNED, due_at=DUE), ZONE)
    assert late.message.endswith("den skulle vara tillbaka den 22 november klockan 15.05.")
    assert speech(text(kind=None, about=About.WELFARE, due_at=DUE), ZONE).message == (
        "Är allt väl? Svara i appen senast klockan 15.05."
    )


@pytest.mark.parametrize("code", ["sv", "en"])
def test_news_of_a_silent_alarm_says_so_to_colleagues(code: str) -> None:
    for about in REST:
        said = speech(text(about=about, language=code, silent=True, due_at=DUE), ZONE).message
        assert said.startswith(language(code).spoken.silent) is (about in OF_AN_ALARM)


@pytest.mark.parametrize("code", ["sv", "en"])
def test_nothing_read_out_holds_an_abbreviation_or_an_open_place(code: str) -> None:
    for about in About:
        for kind in AlarmKind:
            told = text(about=about, kind=kind, language=code, due_at=DUE, lateness_s=600.0, silent=True)
            said = speech(told, ZONE).message
            assert "kl." not in said
            assert " min " not in said
            assert "{" not in said
            assert said.endswith((".", "?"))


def test_half_a_minute_is_the_most_that_is_read_out_and_the_time_stays() -> None:
    said = speech(text(subject="Anna " * 40, place="Norr " * 80, silent=True), ZONE).message
    assert len(said) <= VOICE.limit
    assert said.endswith("Larmet kom klockan 14.02.")


def test_words_of_the_desk_are_read_out_with_whom_they_are_about() -> None:
    told = text(about=About.MESSAGE, silent=True, detail=(("to", "responder"), ("words", "Gå in från 3 tr")))
    said = speech(told, ZONE)
    assert said.message == "Tyst larm. Larmcentralen meddelar. Anna K: Gå in från 3 trappor."
    assert said.question == ""
