"""What a voice reads out: short sentences, times and ages in words, nothing abbreviated. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from escalation.effects import About
from larmcentral.channels.facts import (
    OF_AN_ALARM,
    age_aloud,
    aloud,
    clock_aloud,
    is_late,
    language,
    message_of,
    spoken,
    subject_of,
)
from larmcentral.channels.filling import Measure, fill
from larmcentral.channels.language import Language
from larmcentral.domain.notice import NoticeText
from larmcentral.domain.templates import Piece, Placeholder

VOICE: Final = Measure(400, len, "")
"""Half a minute of speech; who is called out of sleep keeps no more of it. What is cut is not pointed out aloud."""


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """What a voice reads: the message, and the question that a key answers ("" where nothing is asked).

    language: "sv" or "en".
    """

    message: str
    question: str
    language: str


def speech(text: NoticeText, zone: ZoneInfo) -> SpokenWords:
    """Return a message read in the order in which a responder needs it; of a silent alarm, the advice before all."""
    words = language(text.language)
    if text.about is not About.ALARM:
        return SpokenWords(message=_news(text, words, zone), question="", language=words.code)
    facts, own, late = spoken(text, words, zone), words.spoken, is_late(text)
    pieces: list[Piece] = [f"{own.silent} {facts.advice} "] if text.silent else []
    pieces += [f"{facts.kind}. ", *_around(own.subject, Placeholder.SUBJECT)]
    if facts.place:
        pieces += [" ", *_around(own.place, Placeholder.PLACE)]
    if late is None:
        pieces.append(f" {own.time.format(time=facts.time)}")
    else:
        pieces.append(f" {own.late_time.format(time=facts.time, age=age_aloud(late, words))}")
    said = fill(pieces, facts.values(words), VOICE)
    assert said is not None, "our own words fit into a call, says a test"
    return SpokenWords(message=said, question=own.question, language=words.code)


def _around(sentence: str, placeholder: Placeholder) -> tuple[Piece, ...]:
    before, _, after = sentence.partition(f"{{{placeholder.value}}}")
    return (before, placeholder, after)


def _news(text: NoticeText, words: Language, zone: ZoneInfo) -> str:
    if text.about is About.POINT_GONE:
        return _sentences(words.gone_title, words.gone_advice)
    own, news = words.spoken, words.news[text.about]
    at = (text.due_at or text.opened_at).astimezone(zone)
    clock = clock_aloud(at, words, zone)
    values = {
        "subject": aloud(subject_of(text), words),
        "time": clock,
        "second": own.second.format(time=clock, second=at.second),
        "day": own.date.format(day=at.day, month=own.months[at.month - 1]),
        "cases": dict(text.detail).get("cases", "?"),
        "words": aloud(message_of(text), words),
    }
    title, body = (_in_full(one, words).format_map(values) for one in (news.title, news.body))
    if text.silent and text.about in OF_AN_ALARM:
        title = f"{own.silent} {title}"
    return _sentences(title, body)


def _in_full(sentence: str, words: Language) -> str:
    """Our own sentence without abbreviations, before any name stands in it."""
    return " ".join(words.spoken.aloud.get(word, word) for word in sentence.split(" "))


def _sentences(*parts: str) -> str:
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts)
