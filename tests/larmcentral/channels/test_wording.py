"""The words of every way out: ours, and a committee's own before them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from escalation.effects import About
from escalation.ids import CommitteeId
from escalation.purpose import Purpose
from larmcentral.channels.facts import language
from larmcentral.channels.gsm7 import fits_one_message
from larmcentral.channels.template_words import BODIES, TITLES
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import NoticeText
from larmcentral.domain.templates import TITLED, Template, TemplateKey
from tests.larmcentral.channels.support import some_id, text

ZONE = "Europe/Stockholm"
CARE = CommitteeId(some_id("care"))
OURS = Wording(ZONE)

NAMES = st.text(max_size=300)
TEXTS = st.builds(
    lambda kind, about, silent, subject, place, late, code: text(
        kind=kind, about=about, silent=silent, subject=subject, place=place, lateness_s=late, language=code
    ),
    st.sampled_from(AlarmKind),
    st.sampled_from(About),
    st.booleans(),
    NAMES,
    st.none() | NAMES,
    st.none() | st.floats(min_value=0, max_value=1e7),
    st.sampled_from(["sv", "en", "fi"]),
)

EACH: dict[Medium, Callable[[Wording, NoticeText], tuple[str, ...]]] = {
    Medium.PUSH: lambda wording, told: _push(wording, told),
    Medium.SMS: lambda wording, told: ("", wording.sms(told)),
    Medium.VOICE: lambda wording, told: ("", wording.spoken(told).message),
    Medium.MAIL: lambda wording, told: (wording.mail(told).subject, wording.mail(told).body),
    Medium.TEAMS: lambda wording, told: (wording.chat(told).title, "\n".join(wording.chat(told).lines)),
    Medium.WEBHOOK: lambda wording, told: (
        wording.chat(told, Medium.WEBHOOK).title,
        "\n".join(wording.chat(told, Medium.WEBHOOK).lines),
    ),
    Medium.PAGER: lambda wording, told: ("", wording.pager(told, 80)),
}


def _push(wording: Wording, told: NoticeText) -> tuple[str, str]:
    words = wording.push(told, Purpose.REAL)
    return words.title, words.body


def said(wording: Wording, medium: Medium, told: NoticeText) -> str:
    return "\n".join(EACH[medium](wording, told))


def templates(*kept: Template) -> Wording:
    """A house where the care committee has these."""
    held = {template.key: template for template in kept}

    def find(committee_id: CommitteeId, key: TemplateKey) -> Template | None:
        if committee_id != CARE:
            return None
        return held.get(key) or held.get(TemplateKey(key.medium, None, key.silent, key.language))

    return Wording(ZONE, find)


def template(
    medium: Medium, body: str, *, kind: AlarmKind | None = None, silent: bool = False, code: str = "sv"
) -> Template:
    title = "Vår {kind}" if medium in TITLED else None
    return Template(key=TemplateKey(medium, kind, silent, code), title=title, body=body)


@given(TEXTS)
def test_no_medium_is_ever_without_words_or_beyond_its_limits(told: NoticeText) -> None:
    for medium in EACH:
        title, body = EACH[medium](OURS, told)
        assert body.strip(), medium
        assert bool(title.strip()) is (medium in TITLED)
        if medium in TITLES and medium is not Medium.PUSH:
            assert TITLES[medium].weigh(title) <= TITLES[medium].limit
        for sign in title + body.replace("\n", ""):
            assert unicodedata.category(sign) not in {"Cc", "Zl", "Zp"}, medium
    assert fits_one_message(OURS.sms(told))
    assert len(OURS.pager(told, 80)) <= 80
    assert len(OURS.spoken(told).message) <= BODIES[Medium.VOICE].limit or told.about is not About.ALARM
    push = OURS.push(told, Purpose.DRILL)
    assert len((push.title + push.body).encode()) < 1500


@given(TEXTS)
def test_a_silent_alarm_carries_its_advice_on_each_medium(told: NoticeText) -> None:
    if told.about is not About.ALARM or not told.silent:
        return
    words = language(told.language)
    for medium in EACH:
        expected = words.silent_short if medium is Medium.PAGER else words.silent_advice
        assert expected in said(OURS, medium, told), medium


@pytest.mark.parametrize("code", ["sv", "en"])
@pytest.mark.parametrize("about", [About.GOING, About.RELEASED, About.OVER])
def test_what_follows_a_silent_alarm_says_on_each_medium_that_it_was_silent(code: str, about: About) -> None:
    words = language(code)
    for medium in EACH:
        spoken = said(OURS, medium, text(about=about, silent=True, language=code)).lstrip()
        assert spoken.startswith((words.silent, words.spoken.silent)), medium
        open_one = said(OURS, medium, text(about=about, silent=False, language=code))
        assert words.silent not in open_one
        assert words.spoken.silent not in open_one


@pytest.mark.parametrize("medium", EACH)
def test_a_committees_own_words_are_used_for_its_alarms_and_for_nobody_elses(medium: Medium) -> None:
    own = templates(template(medium, "Spring till {subject}, {place}!"))
    assert "Spring till Anna K, Storgatan 5!" in said(own, medium, text(committee_id=CARE))
    assert said(own, medium, text(committee_id=CommitteeId(some_id("social")))) == said(OURS, medium, text())
    assert said(own, medium, text()) == said(OURS, medium, text())
    english = text(committee_id=CARE, language="en")
    assert said(own, medium, english) == said(OURS, medium, english)
    silent = text(committee_id=CARE, silent=True)
    assert said(own, medium, silent) == said(OURS, medium, silent)


@pytest.mark.parametrize("medium", EACH)
def test_templates_are_for_alarms_and_news_stays_ours(medium: Medium) -> None:
    own = templates(template(medium, "Spring!"))
    for about in About:
        told = text(about=about, committee_id=CARE)
        assert (said(own, medium, told) == said(OURS, medium, told)) is (about is not About.ALARM)


def test_a_drill_is_marked_whosever_words_they_are() -> None:
    own = templates(template(Medium.PUSH, "{subject}"))
    words = own.push(text(committee_id=CARE), Purpose.DRILL)
    assert (words.title, words.body) == ("ÖVNING: Vår Nödlarm", "Anna K")


@pytest.mark.parametrize("medium", EACH)
@pytest.mark.parametrize("body", ["x" * 5000, "{nonsense}", "{subject", ""])
def test_a_template_that_cannot_be_used_gives_way_to_our_words(medium: Medium, body: str) -> None:
    own = templates(template(medium, body))
    assert said(own, medium, text(committee_id=CARE)) == said(OURS, medium, text())


def test_names_are_cut_before_a_templates_own_words() -> None:
    own = templates(template(Medium.SMS, "Kom! {subject}, {place}. Bär väst. Svara JA."))
    message = own.sms(text(committee_id=CARE, subject="Anna " * 20, place="Norr " * 40))
    assert message.startswith("Kom! Anna")
    assert message.endswith("Bär väst. Svara JA.")
    assert fits_one_message(message)


def test_a_small_pager_falls_back_to_what_fits_it() -> None:
    own = templates(template(Medium.PAGER, "Hemtjänsten behöver hjälp: {subject}"))
    assert own.pager(text(committee_id=CARE), 80) == "Hemtjänsten behöver hjälp: Anna K"
    assert own.pager(text(committee_id=CARE), 16) == OURS.pager(text(), 16)


def test_a_voice_reads_a_template_and_asks_our_question() -> None:
    own = templates(template(Medium.VOICE, "{kind} klockan {time}. {subject}. {lateness}"))
    words = own.spoken(text(committee_id=CARE, subject="Anna K, 3 tr", lateness_s=120.0))
    assert words.message == "Nödlarm klockan 14.02. Anna K, 3 trappor. 2 minuter gammalt när det kom"
    assert words.question == OURS.spoken(text()).question
