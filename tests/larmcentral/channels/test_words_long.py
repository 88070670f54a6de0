"""Mail and cards."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from escalation.effects import About
from larmcentral.channels.facts import OF_AN_ALARM, language
from larmcentral.channels.words_long import SUBJECT_SIGNS, chat, mail
from tests.larmcentral.channels.support import text

ZONE = ZoneInfo("Europe/Stockholm")
DUE = datetime(2026, 11, 22, 14, 5, 30, tzinfo=UTC)


def test_a_mail_in_full() -> None:
    said = mail(text(lateness_s=600.0), ZONE)
    assert said.subject == "NÖDLARM – Anna K, Storgatan 5"
    assert said.body == (
        "Nödlarm\n\nVem: Anna K\nVar: Storgatan 5\nNär: kl. 14:02, 22 november 2026\n"
        "Ålder: 10 min gammalt när det kom\n\n"
        "Svara i appen eller ring larmcentralen. Svar på det här brevet läses inte."
    )


def test_a_mail_about_a_silent_alarm_says_so_in_its_subject_and_first_of_all() -> None:
    said = mail(text(silent=True, language="en", place=None), ZONE)
    assert said.subject == "SILENT ALARM: Panic alarm – Anna K"
    assert said.body.split("\n")[1] == "SILENT ALARM. Do not call back. Approach unseen."
    assert "Where: place not known" in said.body


def test_a_card_has_the_facts_line_by_line() -> None:
    card = chat(text(silent=True), ZONE)
    assert card.title == "TYST LARM: Nödlarm"
    assert card.lines == (
        "Ring inte upp den som larmar. Närma dig dolt.",
        "Vem: Anna K",
        "Var: Storgatan 5",
        "När: kl. 14:02, 22 november 2026",
    )
    assert chat(text(), ZONE).lines[0] == "Vem: Anna K"


@pytest.mark.parametrize("code", ["sv", "en"])
def test_news_is_told_and_of_a_silent_alarm_to_colleagues_as_such(code: str) -> None:
    for about in About:
        if about is About.ALARM:
            continue
        told = text(about=about, language=code, silent=True, due_at=DUE)
        letter, card = mail(told, ZONE), chat(told, ZONE)
        assert letter.subject == card.title
        assert letter.subject.startswith(language(code).silent) is (about in OF_AN_ALARM)
        assert letter.body.startswith(card.lines[0])
        assert letter.body.endswith(language(code).written.sent_by)


def test_no_subject_is_longer_than_a_list_of_mails_shows_and_none_has_two_lines() -> None:
    said = mail(text(subject="Anna\r\nBcc: alla@exempel.se " * 20, place="Norr " * 60), ZONE)
    assert len(said.subject) <= SUBJECT_SIGNS
    assert "\n" not in said.subject
    assert "\r" not in said.body
    assert "://" not in said.body
