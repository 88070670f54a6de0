"""Both languages say everything that can stand in a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from string import Formatter
from typing import Any

import pytest

from escalation.alarm import AlarmKind
from escalation.closing import FORMS, ORDER
from escalation.effects import EntryKind
from escalation.events import Outcome
from escalation.incident import ResponderState, State
from escalation.purpose import Purpose
from larmcentral.domain.outbox import NoticeState
from larmcentral.reports.words import Language
from larmcentral.reports.words_english import ENGLISH
from larmcentral.reports.words_swedish import SWEDISH

BOTH = pytest.mark.parametrize("words", [SWEDISH, ENGLISH], ids=["sv", "en"])


@BOTH
def test_every_kind_of_line_has_words(words: Language) -> None:
    assert words.entries.keys() == {kind.value for kind in EntryKind}


@BOTH
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("kinds", AlarmKind),
        ("purposes", Purpose),
        ("states", State),
        ("outcomes", Outcome),
        ("responders", ResponderState),
        ("notices", NoticeState),
    ],
)
def test_every_state_and_kind_has_words(words: Language, name: str, kinds: type[Enum]) -> None:
    assert set(getattr(words, name)) == set(kinds)


@BOTH
def test_every_question_on_closing_and_every_choice_has_words(words: Language) -> None:
    assert list(words.closing) == list(ORDER)
    choices = {choice for form in FORMS for field in form.fields for choice in field.choices}
    assert choices - words.values.keys() == set()


@BOTH
def test_nothing_is_left_unsaid(words: Language) -> None:
    assert [name for name, said in _texts(words) if not said.strip()] == []


def test_both_languages_have_the_same_keys_and_the_same_fields_to_fill_in() -> None:
    swedish, english = dict(_texts(SWEDISH)), dict(_texts(ENGLISH))
    values = {name for name in swedish if name.startswith("values.")}
    assert swedish.keys() - values == english.keys() - {name for name in english if name.startswith("values.")}
    assert {name: _fields(swedish[name]) for name in swedish.keys() & english.keys()} == {
        name: _fields(english[name]) for name in swedish.keys() & english.keys()
    }


def _texts(part: Any, at: str = "") -> list[tuple[str, str]]:
    """Every text of a part with its place in it."""
    if isinstance(part, str):
        return [(at, part)]
    if isinstance(part, Mapping):
        inner = [(str(getattr(key, "value", key)), value) for key, value in part.items()]
    elif isinstance(part, tuple):
        inner = [(str(place), value) for place, value in enumerate(part)]
    else:
        assert is_dataclass(part)
        inner = [(one.name, getattr(part, one.name)) for one in fields(part)]
    return [text for name, value in inner for text in _texts(value, f"{at}.{name}".lstrip("."))]


def _fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)}
