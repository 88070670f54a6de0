"""How notices read with made-up names in them."""

from __future__ import annotations

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from larmcentral.channels.template_samples import LANGUAGES, TemplateSamples
from larmcentral.domain.templates import TEMPLATE_MEDIA, TITLED, Placeholder, Template, TemplateKey

SAMPLES = TemplateSamples()


@pytest.mark.parametrize("kind", AlarmKind)
def test_our_own_words_for_every_kind_fit_every_medium(kind: AlarmKind) -> None:
    own = SAMPLES.own(kind)
    assert {(one.medium, one.silent, one.language) for one in own} == {
        (medium.value, silent, code) for medium in TEMPLATE_MEDIA for silent in (False, True) for code in LANGUAGES
    }
    for one in own:
        assert one.rendered.counted <= one.rendered.most, one
        assert (one.rendered.title is not None) is (Medium(one.medium) in TITLED)
        assert (one.rendered.title_counted or 0) <= (one.rendered.title_most or 0)


def test_a_template_is_shown_uncut_so_that_its_author_sees_what_is_too_much() -> None:
    key = TemplateKey(Medium.SMS, None, False, "sv")
    rendered = SAMPLES.rendered(Template(key=key, title=None, body="{place}" * 9))
    assert rendered is not None
    assert (rendered.counted, rendered.most) == (270, 160)
    assert SAMPLES.rendered(Template(key=key, title=None, body="{place")) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_placeholder_is_explained_by_what_it_counts_as(code: str) -> None:
    shown = {one.name: one.sample for one in SAMPLES.placeholders(AlarmKind.FALL, code)}
    assert set(shown) == {one.value for one in Placeholder}
    assert shown["kind"] == {"sv": "Fallarm", "en": "Fall alarm"}[code]
    assert len(shown["subject"]) == 20
    assert len(shown["place"]) == 30
