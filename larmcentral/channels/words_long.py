"""What a notice says where there is room: a mail, a card in a chat. Fact by fact, each on its line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from escalation.effects import About
from larmcentral.channels.cutting import cut
from larmcentral.channels.facts import Facts, language, written
from larmcentral.channels.language import Language
from larmcentral.channels.words import news
from larmcentral.domain.notice import NoticeText

SUBJECT_SIGNS: Final = 150
"""More than any list of mails shows."""


@dataclass(frozen=True, slots=True)
class MailWords:
    """subject: one line. body: plain text, lines divided by LF."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ChatWords:
    """A title and lines, for a card in a chat or a JSON body."""

    title: str
    lines: tuple[str, ...]


def mail(text: NoticeText, zone: ZoneInfo) -> MailWords:
    """Return a mail whose subject tells what a responder needs before he opens it; it links to nothing."""
    words = language(text.language)
    if text.about is not About.ALARM:
        title, body = news(text, words, zone)
        return MailWords(subject=_one_line(title), body=f"{body}\n\n{words.written.sent_by}")
    facts = written(text, words, zone)
    head = f"{words.silent}: {facts.kind}" if text.silent else facts.kind.upper()
    where = ", ".join(part for part in (facts.subject, facts.place) if part)
    lines = [
        facts.kind,
        *_silence(facts, words),
        "",
        *_facts(text, facts, words, zone),
        "",
        words.written.how_to_answer,
    ]
    return MailWords(subject=_one_line(f"{head} – {where}"), body="\n".join(lines))


def chat(text: NoticeText, zone: ZoneInfo) -> ChatWords:
    """Return a card."""
    words = language(text.language)
    if text.about is not About.ALARM:
        title, body = news(text, words, zone)
        return ChatWords(title=_one_line(title), lines=(body,))
    facts = written(text, words, zone)
    title = f"{words.silent}: {facts.kind}" if text.silent else facts.kind
    advice = (facts.advice,) if facts.advice else ()
    return ChatWords(title=title, lines=(*advice, *_facts(text, facts, words, zone)))


def _silence(facts: Facts, words: Language) -> tuple[str, ...]:
    return (f"{words.silent}. {facts.advice}",) if facts.advice else ()


def _facts(text: NoticeText, facts: Facts, words: Language, zone: ZoneInfo) -> tuple[str, ...]:
    named, at = words.written, text.opened_at.astimezone(zone)
    day = f"{at.day} {words.spoken.months[at.month - 1]} {at.year}"
    lines = [
        f"{named.who}: {facts.subject}",
        f"{named.where}: {facts.place or named.no_place}",
        f"{named.when}: {words.at} {facts.time}, {day}",
    ]
    if facts.lateness:
        lines.append(f"{named.age}: {facts.lateness}")
    return tuple(lines)


def _one_line(title: str) -> str:
    return cut(title, SUBJECT_SIGNS, len, "…")
