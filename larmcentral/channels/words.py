"""What a notice says, in Swedish or English. Pure: the same notice gives the same words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.cutting import cut, plain, utf8_bytes
from larmcentral.channels.gsm7 import fits_one_message, one_message
from larmcentral.channels.language import Language
from larmcentral.channels.words_english import ENGLISH
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.notice import NoticeText

SUBJECT_BYTES = 200  # with the place's 400 well inside the 4096 bytes that Apple and Google take
PLACE_BYTES = 400
LATE_AFTER_S = 60  # a younger alarm is simply "now" to a person who runs

_OF_AN_ALARM: Final = frozenset({About.GOING, About.RELEASED, About.OVER, About.OWNER_IDLE})
"""News to colleagues about an alarm; of a silent one they say so each time."""


@dataclass(frozen=True, slots=True)
class PushWords:
    """A title that can be read at a glance and a body of one to three lines."""

    title: str
    body: str


def language(code: str) -> Language:
    """Return the words of "sv" or "en"; anything else reads Swedish, for nobody may be left without words."""
    return ENGLISH if code.lower().split("-")[0] == "en" else SWEDISH


def push(text: NoticeText, purpose: Purpose, zone: ZoneInfo) -> PushWords:
    """Return title and body for a phone's screen or the desk, both bounded."""
    words = language(text.language)
    if text.about is not About.ALARM:
        title, body = _news(text, words, zone)
        return PushWords(title=": ".join(part for part in (words.marks[purpose], title) if part), body=body)
    first = [words.marks[purpose], words.silent if text.silent else "", _kind(text, words)]
    lines = [" – ".join(part for part in (_subject(text), _place(text)) if part), _when(text, words, zone)]
    if text.silent:
        lines.append(words.silent_advice)
    return PushWords(title=": ".join(part for part in first if part), body="\n".join(lines))


def sms(text: NoticeText, zone: ZoneInfo, *, may_answer: bool = False) -> str:
    """Return one text message. What a responder must know first stands first, for the end may be cut.

    may_answer: whether a reply would reach us; then an alarm asks for one, where there is room for the question.
    """
    words = language(text.language)
    if text.about is not About.ALARM:
        title, body = _news(text, words, zone)
        return one_message(f"{title}{'' if title.endswith('?') else '.'} {body}")
    kind = _kind(text, words)
    head = f"{words.silent}: {kind}" if text.silent else kind.upper()
    parts = [f"{head}.", ", ".join(part for part in (_subject(text), _place(text)) if part) + ","]
    parts.append(_when(text, words, zone) + ".")
    if text.silent:
        parts.append(words.silent_advice)
    asked = " ".join((*parts, words.answer))
    return asked if may_answer and fits_one_message(asked) else one_message(" ".join(parts))


def _news(text: NoticeText, words: Language, zone: ZoneInfo) -> tuple[str, str]:
    """Title and body of what is told beside alarms."""
    if text.about is About.POINT_GONE:
        return words.gone_title, words.gone_advice
    news = words.news[text.about]
    at = (text.due_at or text.opened_at).astimezone(zone)
    said = {
        "subject": _subject(text),
        "time": f"{at:%H:%M}",
        "second": f"{at:%H:%M:%S}",
        "day": f"{at:%Y-%m-%d}",
        "cases": dict(text.detail).get("cases", "?"),
    }
    title = news.title.format_map(said)
    if text.silent and text.about in _OF_AN_ALARM:
        title = f"{words.silent}: {title}"
    return title, news.body.format_map(said)


def _kind(text: NoticeText, words: Language) -> str:
    return words.kinds[text.kind or AlarmKind.UNSPECIFIED_ALARM]


def _subject(text: NoticeText) -> str:
    return cut(plain(text.subject), SUBJECT_BYTES, utf8_bytes, "…")


def _place(text: NoticeText) -> str:
    return cut(plain(text.place), PLACE_BYTES, utf8_bytes, "…") if text.place else ""


def _when(text: NoticeText, words: Language, zone: ZoneInfo) -> str:
    when = f"{words.at} {text.opened_at.astimezone(zone):%H:%M}"
    if text.lateness_s is None or text.lateness_s < LATE_AFTER_S:
        return when
    return f"{when}, {words.late.format(age=_age(text.lateness_s))}"


def _age(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"
