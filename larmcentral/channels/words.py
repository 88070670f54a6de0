"""What a notice says where little room is: a phone's screen, a text message, a pager. Pure.

Our own words, in Swedish or English; wording.py puts a committee's templates before them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.cutting import cut
from larmcentral.channels.facts import OF_AN_ALARM, Facts, language, message_of, subject_of, written
from larmcentral.channels.filling import fill_message
from larmcentral.channels.gsm7 import fits_one_message, one_message
from larmcentral.channels.gsm7_nearest import NO_SIGN, nearest
from larmcentral.channels.language import Language
from larmcentral.domain.notice import NoticeText
from larmcentral.domain.templates import Piece, Placeholder

PAGER_ELLIPSIS: Final = "."


@dataclass(frozen=True, slots=True)
class PushWords:
    """A title that can be read at a glance and a body of one to three lines."""

    title: str
    body: str


def push(text: NoticeText, purpose: Purpose, zone: ZoneInfo) -> PushWords:
    """Return title and body for a phone's screen or the desk, both bounded."""
    words = language(text.language)
    if text.about is not About.ALARM:
        title, body = news(text, words, zone)
        return PushWords(title=marked(title, purpose, words), body=body)
    facts = written(text, words, zone)
    first = f"{words.silent}: {facts.kind}" if text.silent else facts.kind
    lines = [" – ".join(part for part in (facts.subject, facts.place) if part), when(facts, words)]
    return PushWords(
        title=marked(first, purpose, words), body="\n".join(line for line in (*lines, facts.advice) if line)
    )


def marked(title: str, purpose: Purpose, words: Language) -> str:
    """Return the title with DRILL or TEST before it, where it is one."""
    return ": ".join(part for part in (words.marks[purpose], title) if part)


def sms(text: NoticeText, zone: ZoneInfo, *, may_answer: bool = False) -> str:
    """Return one text message. Where names are long they are cut, and what a responder must know stays.

    may_answer: whether a reply would reach us; then an alarm asks for one, where there is room for the question.
    """
    words = language(text.language)
    if text.about is not About.ALARM:
        return _news_message(*news(text, words, zone))
    facts = written(text, words, zone)
    head = f"{words.silent}: {facts.kind}" if text.silent else facts.kind.upper()
    pieces: list[Piece] = [f"{head}. ", Placeholder.SUBJECT]
    if facts.place:
        pieces += [", ", Placeholder.PLACE]
    pieces.append(f", {when(facts, words)}.")
    if facts.advice:
        pieces.append(f" {facts.advice}")
    said = fill_message(pieces, facts.values(words))
    assert said is not None, "our own words fit into one message, says a test"
    asked = f"{said} {words.answer}"
    cut_short = facts.subject not in said or facts.place not in said
    return asked if may_answer and not cut_short and fits_one_message(asked) else said


def pager(text: NoticeText, zone: ZoneInfo, limit: int) -> str:
    """Return at most limit signs for a handset's display, what matters most first: the end may be cut.

    limit: 16 or more.
    """
    words = language(text.language)
    if text.about is not About.ALARM:
        said = _sentences(*news(text, words, zone))
        if text.about is About.MESSAGE and len(said) > limit:
            said = message_of(text)
        return cut(said, limit, len, PAGER_ELLIPSIS)
    facts = written(text, words, zone)
    first = (words.silent_short, facts.kind) if text.silent else (facts.kind.upper(),)
    said = " ".join(part for part in (*first, facts.subject, facts.place, facts.time) if part)
    return cut(said, limit, len, PAGER_ELLIPSIS)


def _sentences(title: str, body: str) -> str:
    return f"{title}{'' if title.endswith('?') else '.'} {body}"


def _news_message(title: str, body: str) -> str:
    """One text message. Signs that would halve its room are written with the nearest ones, where that loses nothing."""
    said = _sentences(title, body)
    near = said if fits_one_message(said) else nearest(said)
    return one_message(said if near.count(NO_SIGN) > said.count(NO_SIGN) else near)


def when(facts: Facts, words: Language) -> str:
    """Return the time of the alarm, and how old it was if it did not come at once."""
    return ", ".join(part for part in (f"{words.at} {facts.time}", facts.lateness) if part)


def news(text: NoticeText, words: Language, zone: ZoneInfo) -> tuple[str, str]:
    """Return title and body of what is told beside alarms."""
    if text.about is About.POINT_GONE:
        return words.gone_title, words.gone_advice
    said = words.news[text.about]
    at = (text.due_at or text.opened_at).astimezone(zone)
    values = {
        "subject": subject_of(text),
        "time": f"{at:%H:%M}",
        "second": f"{at:%H:%M:%S}",
        "day": f"{at:%Y-%m-%d}",
        "cases": dict(text.detail).get("cases", "?"),
        "words": message_of(text),
    }
    title = said.title.format_map(values)
    if text.silent and text.about in OF_AN_ALARM:
        title = f"{words.silent}: {title}"
    return title, said.body.format_map(values)
