"""How long a template may be, and what becomes of it when a notice goes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from larmcentral.channels.template_words import (
    BODIES,
    PLACE_SAMPLE,
    SUBJECT_SAMPLE,
    TITLES,
    complaints,
    filled,
    measure_of,
    samples,
)
from larmcentral.channels.words_english import ENGLISH
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.templates import TEMPLATE_MEDIA, TITLED, Placeholder, Template, TemplateKey


def template(
    body: str, *, medium: Medium = Medium.SMS, silent: bool = False, kind: AlarmKind | None = None, title: str = "t"
) -> Template:
    return Template(key=TemplateKey(medium, kind, silent, "sv"), title=title if medium in TITLED else None, body=body)


def said_against(one: Template) -> list[tuple[str, str, str]]:
    return [(c.fault.value, c.part, " ".join(value for _, value in c.fields)) for c in complaints(one, SWEDISH)]


def test_names_count_as_twenty_and_thirty_signs() -> None:
    assert (len(SUBJECT_SAMPLE), len(PLACE_SAMPLE)) == (20, 30)


def test_a_text_message_may_have_160_signs_with_its_placeholders_at_their_samples() -> None:
    room = 160 - 20 - 30
    assert said_against(template("{subject}{place}" + "x" * room)) == []
    assert said_against(template("{subject}{place}" + "x" * (room + 1))) == [("too_long", "body", "161 160 septets")]
    assert said_against(template("{subject}{place}" + "€" * (room // 2))) == []
    assert said_against(template("{subject}{place}" + "€" * (room // 2) + "x")) == [
        ("too_long", "body", "161 160 septets")
    ]


def test_one_foreign_sign_leaves_seventy() -> None:
    assert said_against(template("{subject}{place}" + "ł" * 20)) == []
    assert said_against(template("{subject}{place}" + "ł" * 21)) == [("too_long", "body", "71 70 utf16")]
    assert said_against(template("{subject}{place}" + "🚨" * 11)) == [("too_long", "body", "72 70 utf16")]


def test_a_template_for_all_kinds_counts_with_the_longest_word() -> None:
    longest = max(len(word) for word in SWEDISH.kinds.values())
    assert said_against(template("{kind}" + "x" * (160 - longest))) == []
    assert said_against(template("{kind}" + "x" * (161 - longest))) != []
    short = len(SWEDISH.kinds[AlarmKind.FALL])
    assert said_against(template("{kind}" + "x" * (160 - short), kind=AlarmKind.FALL)) == []


@pytest.mark.parametrize("medium", sorted(set(TEMPLATE_MEDIA) - {Medium.SMS}, key=lambda one: one.value))
def test_every_other_medium_has_its_own_limit(medium: Medium) -> None:
    most = BODIES[medium].limit
    assert said_against(template("x" * most, medium=medium)) == []
    [(fault, part, fields)] = said_against(template("x" * (most + 1), medium=medium))
    assert (fault, part, fields.split()[:2]) == ("too_long", "body", [str(most + 1), str(most)])
    if medium in TITLES:
        long = template("x", medium=medium, title="x" * (TITLES[medium].limit + 1))
        assert [(fault, part) for fault, part, _ in said_against(long)] == [("too_long", "title")]


def test_grammar_comes_before_length() -> None:
    assert [fault for fault, _, _ in said_against(template("{who}" + "x" * 500))] == ["unknown_placeholder"]


@pytest.mark.parametrize("medium", TEMPLATE_MEDIA)
@pytest.mark.parametrize("words", [SWEDISH, ENGLISH])
def test_the_usual_template_for_a_silent_alarm_can_be_saved(medium: Medium, words: object) -> None:
    body = "{advice} {subject}" if medium is Medium.PAGER else "{kind} {subject}, {place} kl. {time} {advice}"
    assert said_against(template(body, medium=medium, silent=True)) == []


def test_every_placeholder_has_a_sample() -> None:
    for medium in TEMPLATE_MEDIA:
        for words in (SWEDISH, ENGLISH):
            sample = samples(TemplateKey(medium, None, True, words.code), words)
            assert set(sample) == set(Placeholder)
            assert all(sample.values())


BODIES_TRIED = st.lists(
    st.sampled_from(["{kind}", "{subject}", "{place}", "{time}", "{lateness}", "Kom!", " ", ", ", "Łarm", "x" * 30]),
    min_size=1,
    max_size=8,
).map("".join)
NAMES = st.text(alphabet=st.characters(whitelist_categories=("L", "N", "P")), min_size=1, max_size=120)


@given(BODIES_TRIED, NAMES, NAMES, st.sampled_from(TEMPLATE_MEDIA))
def test_what_was_saved_can_be_sent_whatever_the_names_are(body: str, subject: str, place: str, medium: Medium) -> None:
    one = template(body, medium=medium)
    if complaints(one, SWEDISH):
        return
    values = {**samples(one.key, SWEDISH), Placeholder.SUBJECT: subject, Placeholder.PLACE: place}
    done = filled(one, values)
    assert done is not None
    measure = measure_of(Template(key=one.key, title=None, body=done.body.replace("{", "").replace("}", "")), values)
    assert measure.weigh(done.body) <= measure.limit
    for own in ("Kom!", "Łarm", "x" * 30):
        assert done.body.count(own) >= body.count(own)


def test_a_pager_of_another_size_has_another_limit() -> None:
    one = template("Kom till {subject}", medium=Medium.PAGER)
    values = {**samples(one.key, SWEDISH), Placeholder.SUBJECT: "Anna-Karin Lindqvist"}
    assert getattr(filled(one, values, limit=16), "body", None) == "Kom till Anna-K."
    assert filled(one, values, limit=9) is None
