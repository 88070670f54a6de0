"""The words of a notice, by kind, purpose, language and channel."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.facts import language
from larmcentral.channels.gsm7 import GSM7_LIMIT, fits_one_message, is_gsm7, septets
from larmcentral.channels.words import pager, push, sms
from larmcentral.channels.words_english import ENGLISH
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.notice import NoticeText
from tests.larmcentral.channels.support import text

ZONE = ZoneInfo("Europe/Stockholm")
SWEDISH_TITLES = {
    AlarmKind.PANIC: "Nödlarm",
    AlarmKind.DURESS: "Tvångslarm",
    AlarmKind.HOLD_UP: "Överfallslarm",
    AlarmKind.MEDICAL: "Sjukdomslarm",
    AlarmKind.MAN_DOWN: "Person ligger ner",
    AlarmKind.FALL: "Fallarm",
    AlarmKind.NO_MOTION: "Ingen rörelse",
    AlarmKind.UNSPECIFIED_ALARM: "Larm",
    AlarmKind.GROUP_ALARM: "Bråklarm",
    AlarmKind.MISSED_CHECK_IN: "Utebliven incheckning",
    AlarmKind.OVERDUE: "Besök över tiden",
    AlarmKind.LOST_CONTACT: "Förlorad kontakt",
    AlarmKind.SILENT_DEVICE: "Larmenhet hörs inte",
    AlarmKind.LOW_BATTERY: "Lågt batteri",
    AlarmKind.POWER_OFF: "Larmenhet avstängd",
    AlarmKind.REMOVED: "Larmenhet avtagen",
    AlarmKind.TAMPER: "Sabotage mot larmenhet",
    AlarmKind.DEVICE_FAULT: "Fel på larmenhet",
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
        assert set(words.news) == set(About) - {About.ALARM, About.POINT_GONE}


@pytest.mark.parametrize(
    ("code", "expected"), [("sv", SWEDISH), ("en", ENGLISH), ("EN-gb", ENGLISH), ("", SWEDISH), ("fi", SWEDISH)]
)
def test_nobody_is_left_without_a_language(code: str, expected: object) -> None:
    assert language(code) is expected


def test_a_push_in_full() -> None:
    words = push(text(silent=True, lateness_s=7500.0), Purpose.DRILL, ZONE)

    assert words.title == "ÖVNING: TYST LARM: Nödlarm"
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
    assert sms(text(), ZONE) == "NÖDLARM. Anna K, Storgatan 5, kl. 14:02."


def test_an_alarm_asks_for_an_answer_where_one_would_reach_us() -> None:
    assert sms(text(), ZONE, may_answer=True) == ("NÖDLARM. Anna K, Storgatan 5, kl. 14:02. Svara JA eller NEJ.")
    english = sms(text(language="en"), ZONE, may_answer=True)
    assert english == "PANIC ALARM. Anna K, Storgatan 5, at 14:02. Reply YES or NO."


def test_the_question_is_left_out_before_anything_else_is_cut() -> None:
    # 160 signs without the question, then one more.
    room = GSM7_LIMIT - len("NÖDLARM. Anna K, , kl. 14:02. Svara JA eller NEJ.")
    assert sms(text(place="x" * room), ZONE, may_answer=True).endswith("kl. 14:02. Svara JA eller NEJ.")
    assert sms(text(place="x" * (room + 1)), ZONE, may_answer=True).endswith(f"{'x' * (room + 1)}, kl. 14:02.")


def test_a_silent_text_message_says_so_first() -> None:
    assert sms(text(silent=True, place=None), ZONE, may_answer=True) == (
        "TYST LARM: Nödlarm. Anna K, kl. 14:02. Ring inte upp den som larmar. Närma dig dolt. Svara JA eller NEJ."
    )


def test_an_ordinary_text_message_stays_in_the_cheap_alphabet() -> None:
    for kind in AlarmKind:
        for code in ("sv", "en"):
            message = sms(text(kind=kind, silent=True, language=code, lateness_s=1000.0), ZONE, may_answer=True)
            assert is_gsm7(message)
            assert septets(message) <= GSM7_LIMIT


def test_a_long_place_is_cut_and_what_stands_behind_it_stays() -> None:
    message = sms(text(place="Kvarteret " * 40, lateness_s=600.0), ZONE)

    assert message.startswith("NÖDLARM. Anna K, Kvarteret")
    assert message.endswith("..., kl. 14:02, 10 min gammalt när det kom.")
    assert septets(message) <= GSM7_LIMIT


@pytest.mark.parametrize("code", ["sv", "en"])
def test_a_silent_text_message_never_loses_its_advice(code: str) -> None:
    for kind in AlarmKind:
        for name in ("Anna K", "Wacława Łęska-Müller " * 9, "نور الهدى"):
            told = text(kind=kind, silent=True, language=code, subject=name, place=name, lateness_s=7100.0)
            message = sms(told, ZONE, may_answer=True)
            assert language(code).silent_advice in message
            assert fits_one_message(message)


def test_a_foreign_letter_becomes_its_neighbour_where_it_would_cost_half_the_room() -> None:
    assert sms(text(subject="Łukasz", place="Kungsgatan 12"), ZONE) == ("NÖDLARM. Łukasz, Kungsgatan 12, kl. 14:02.")
    assert sms(text(subject="Łukasz", place="Kungsgatan 12, Hemtjänsten Norra", lateness_s=60.0), ZONE) == (
        "NÖDLARM. Lukasz, Kungsgatan 12, Hemtjänsten Norra, kl. 14:02, 1 min gammalt när det kom."
    )


def test_a_pager_shows_what_matters_most_first() -> None:
    assert pager(text(), ZONE, 80) == "NÖDLARM Anna K Storgatan 5 14:02"
    assert pager(text(), ZONE, 24) == "NÖDLARM Anna K Storgata."
    assert pager(text(silent=True), ZONE, 80) == "TYST, RING EJ Nödlarm Anna K Storgatan 5 14:02"
    assert (
        pager(text(about=About.OVER, silent=True), ZONE, 80) == "TYST LARM: Larmet är avslutat. Anna K, larm kl. 14:02."
    )


@pytest.mark.parametrize("code", ["sv", "en"])
def test_the_smallest_display_has_room_for_silence_and_its_advice(code: str) -> None:
    for kind in AlarmKind:
        shown = pager(text(kind=kind, silent=True, language=code), ZONE, 16)
        assert shown.startswith(language(code).silent_short)
        assert len(shown) <= 16


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


DUE = datetime(2026, 11, 22, 14, 5, 30, tzinfo=UTC)
SAID = {
    About.GOING: ("Någon är på väg", "En kollega är på väg till Anna K. Du behövs kanske ändå."),
    About.RELEASED: ("Du behöver inte komma", "Tillräckligt många är på väg till Anna K."),
    About.OVER: ("Larmet är avslutat", "Anna K, larm kl. 15:05."),
    About.TAKEN: ("Ditt larm är mottaget", "En människa har tagit emot ditt larm."),
    About.OWNER_IDLE: (
        "Larm utan åtgärd",
        "Larmet om Anna K kl. 15:05 togs av en operatör som inte har gjort något sedan dess.",
    ),
    About.CHECK_IN_DUE: ("Checka in", "Din incheckning är kl. 15:05."),
    About.END_DUE: ("Avsluta eller förläng", "Ditt pass är satt att sluta kl. 15:05."),
    About.WELFARE: ("Är allt väl?", "Svara i appen senast kl. 15:05."),
    About.COMPANION: ("Din kollega har inte hört av sig", "Anna K. Larm har gått."),
    About.PRE_ALARM: ("Larm på väg ut", "Larmet går kl. 15:05:30 om du inte avbryter det."),
    About.RETURN_DUE: ("Lämna tillbaka larmenheten", "Den skulle vara tillbaka kl. 15:05."),
    About.NOT_RETURNED: ("Larmenhet inte återlämnad", "Anna K: den skulle vara tillbaka 2026-11-22 kl. 15:05."),
    About.HANDOVER_OPEN: (
        "Skiftbyte inte signerat",
        "Listan skulle vara signerad av båda kl. 15:05. Öppna ärenden: 3.",
    ),
    About.MESSAGE: ("Larmcentralen meddelar", "Anna K: Porten är öppen."),
}
WORDS = ("words", "Porten är öppen.")


@pytest.mark.parametrize("about", sorted(SAID, key=lambda about: about.value))
def test_all_news_in_full(about: About) -> None:
    told = text(kind=None, about=about, due_at=DUE, detail=(("cases", "3"), WORDS))
    title, body = SAID[about]

    words = push(told, Purpose.REAL, ZONE)

    assert (words.title, words.body) == (title, body)
    assert sms(told, ZONE) == f"{title}{'' if title.endswith('?') else '.'} {body}"
    assert push(told, Purpose.DRILL, ZONE).title == f"ÖVNING: {title}"


@pytest.mark.parametrize("code", ["sv", "en"])
def test_all_news_stays_in_one_cheap_text_message(code: str) -> None:
    for about in SAID:
        message = sms(text(about=about, language=code, silent=True, due_at=DUE, detail=(("cases", "12"), WORDS)), ZONE)
        assert is_gsm7(message)
        assert septets(message) < GSM7_LIMIT
        assert "{" not in message
        assert "?." not in message


@pytest.mark.parametrize("code", ["sv", "en"])
def test_news_of_a_silent_alarm_says_so_to_colleagues_and_never_to_the_worker(code: str) -> None:
    for about in SAID:
        title = push(text(about=about, language=code, silent=True, due_at=DUE), Purpose.REAL, ZONE).title
        to_colleagues = about in {About.GOING, About.RELEASED, About.OVER, About.OWNER_IDLE, About.MESSAGE}
        assert title.startswith(language(code).silent) is to_colleagues


def test_a_name_with_braces_is_a_name() -> None:
    told = text(about=About.RELEASED, subject="{time} {nobody}")
    assert push(told, Purpose.REAL, ZONE).body == "Tillräckligt många är på väg till {time} {nobody}."


def message(words: str, **more: str) -> NoticeText:
    return text(about=About.MESSAGE, detail=(*more.items(), ("words", words)))


def test_the_wearer_reads_the_words_alone_and_those_who_go_there_whom_they_are_about() -> None:
    assert push(message("Vi kommer.", to="wearer"), Purpose.REAL, ZONE).body == "Vi kommer."
    assert push(message("Två är på väg.", to="responder"), Purpose.REAL, ZONE).body == "Anna K: Två är på väg."


def test_words_with_braces_or_that_turn_the_line_are_written_as_they_are_on_one_line() -> None:
    odd = message("{time}\u202e och\nkod {4711}", to="wearer")
    assert push(odd, Purpose.REAL, ZONE).body == "{time} och kod {4711}"
    assert sms(odd, ZONE) == "Larmcentralen meddelar. {time} och kod {4711}"


def test_a_text_message_carries_the_beginning_of_long_words_and_a_push_all_of_them() -> None:
    long = message("Gå runt till baksidan. " * 13, to="responder")
    assert len(push(long, Purpose.REAL, ZONE).body) > 290
    cut = sms(long, ZONE)
    assert cut.startswith("Larmcentralen meddelar. Anna K: Gå runt")
    assert cut.endswith("...")
    assert fits_one_message(cut)


def test_a_sign_that_no_text_message_has_does_not_halve_the_room() -> None:
    said = sms(message("Čapek står vid grinden – gå inte in " * 3, to="wearer"), ZONE)
    assert is_gsm7(said)
    assert "Capek" in said


def test_a_small_display_shows_the_words_before_who_sent_them() -> None:
    assert pager(message("Porten är öppen", to="responder"), ZONE, 80).startswith("Larmcentralen meddelar. Anna K")
    assert pager(message("Porten är öppen", to="responder"), ZONE, 24) == "Anna K: Porten är öppen"
