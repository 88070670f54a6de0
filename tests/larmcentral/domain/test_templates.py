"""What a template is, and why one may not be used."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.chain import Medium
from larmcentral.domain.templates import (
    TEMPLATE_MEDIA,
    TITLED,
    Placeholder,
    Template,
    TemplateFault,
    TemplateKey,
    grammar_complaints,
    pieces,
)


def template(body: str, *, title: str | None = None, medium: Medium = Medium.SMS, silent: bool = False) -> Template:
    return Template(key=TemplateKey(medium, None, silent, "sv"), title=title, body=body)


def faults(one: Template) -> list[tuple[str, str, dict[str, str]]]:
    return [(c.part, c.fault.value, dict(c.fields)) for c in grammar_complaints(one)]


def test_a_template_is_words_and_what_is_filled_in() -> None:
    assert pieces("Spring till {subject}!") == ("Spring till ", Placeholder.SUBJECT, "!")
    assert pieces("{kind}{time}") == (Placeholder.KIND, Placeholder.TIME)
    assert pieces("") == ()


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", ("body", "empty", {})),
        (" \u00a0 ", ("body", "empty", {})),
        ("{who}", ("body", "unknown_placeholder", {"name": "who"})),
        ("{SUBJECT}", ("body", "unknown_placeholder", {"name": "SUBJECT"})),
        ("{}", ("body", "unknown_placeholder", {"name": ""})),
        ("{subject", ("body", "stray_brace", {})),
        ("subject}", ("body", "stray_brace", {})),
        ("{{subject}}", ("body", "stray_brace", {})),
        ("one\ntwo", ("body", "control_sign", {"code": "U+000A"})),
        ("one\u202etwo", ("body", "control_sign", {"code": "U+202E"})),
        ("one\u200btwo", ("body", "control_sign", {"code": "U+200B"})),
        ("ring inte {advice}", ("body", "advice_not_silent", {})),
    ],
)
def test_what_is_wrong_is_named(body: str, complaint: Any) -> None:
    assert faults(template(body)) == [complaint]


def test_an_unknown_placeholder_is_named_once_and_a_long_one_in_short() -> None:
    assert faults(template("{a} {a} {" + "b" * 99 + "}")) == [
        ("body", "unknown_placeholder", {"name": "a"}),
        ("body", "unknown_placeholder", {"name": "b" * 40}),
    ]


@pytest.mark.parametrize("medium", TEMPLATE_MEDIA)
def test_a_medium_has_a_title_or_has_none(medium: Medium) -> None:
    titled, bare = template("b", title="t", medium=medium), template("b", medium=medium)
    if medium in TITLED:
        assert faults(titled) == []
        assert faults(bare) == [("title", "title_missing", {})]
        assert faults(template("b", title="one\ntwo", medium=medium)) == [("title", "control_sign", {"code": "U+000A"})]
        assert faults(template("one\ntwo", title="t", medium=medium)) == []
    else:
        assert faults(bare) == []
        assert faults(titled) == [("title", "no_title_here", {})]


@pytest.mark.parametrize("medium", TEMPLATE_MEDIA)
def test_a_silent_alarms_words_hold_the_advice(medium: Medium) -> None:
    title = "t" if medium in TITLED else None
    assert faults(template("kom", title=title, medium=medium, silent=True)) == [("body", "advice_missing", {})]
    assert faults(template("{advice} kom", title=title, medium=medium, silent=True)) == []


def test_the_consoles_have_no_templates() -> None:
    assert set(Medium) - set(TEMPLATE_MEDIA) == {Medium.CONSOLE}


@given(st.text(alphabet="ab{} \nkindsubjectadvice", max_size=60))
def test_what_nobody_complains_about_can_be_read(body: str) -> None:
    grammar = {TemplateFault.UNKNOWN_PLACEHOLDER, TemplateFault.STRAY_BRACE}
    unreadable = any(c.fault in grammar for c in grammar_complaints(template(body)))
    if unreadable:
        with pytest.raises(ValueError, match=r"placeholder|brace"):
            pieces(body)
    else:
        rebuilt = "".join(p if isinstance(p, str) else f"{{{p.value}}}" for p in pieces(body))
        assert rebuilt == body
