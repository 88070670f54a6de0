"""What a notice tells, fact by fact, in the words of its reader's language. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.effects import About
from larmcentral.channels.cutting import cut, plain, utf8_bytes
from larmcentral.channels.language import Language
from larmcentral.channels.words_english import ENGLISH
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.notice import TO_WEARER, NoticeText
from larmcentral.domain.templates import Placeholder

SUBJECT_BYTES: Final = 200  # with the place's 400 well inside the 4096 bytes that Apple and Google take
PLACE_BYTES: Final = 400
LATE_AFTER_S: Final = 60  # a younger alarm is simply "now" to a person who runs
HOURS_AFTER_MIN: Final = 120
DAYS_AFTER_MIN: Final = 48 * 60

OF_AN_ALARM: Final = frozenset({About.GOING, About.RELEASED, About.OVER, About.OWNER_IDLE, About.MESSAGE})
"""News to colleagues about an alarm; of a silent one they say so each time."""

_LONG_NUMBER: Final = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True)
class Facts:
    """kind: its word. place: "" where none is known. time: "14:02". lateness: "" for an alarm that came at once.

    advice: "" for an alarm that is not silent.
    """

    kind: str
    subject: str
    place: str
    time: str
    lateness: str
    advice: str

    def values(self, words: Language) -> Mapping[Placeholder, str]:
        """What templates are filled with. A place that is not known is said so: an empty one would look forgotten."""
        return {
            Placeholder.KIND: self.kind,
            Placeholder.SUBJECT: self.subject,
            Placeholder.PLACE: self.place or words.written.no_place,
            Placeholder.TIME: self.time,
            Placeholder.LATENESS: self.lateness,
            Placeholder.ADVICE: self.advice,
        }


def language(code: str) -> Language:
    """Return the words of "sv" or "en"; anything else reads Swedish, for nobody may be left without words."""
    return ENGLISH if code.lower().split("-")[0] == "en" else SWEDISH


def written(text: NoticeText, words: Language, zone: ZoneInfo) -> Facts:
    """Return what is read with the eyes."""
    late = is_late(text)
    return Facts(
        kind=kind_of(text, words),
        subject=subject_of(text),
        place=place_of(text),
        time=f"{text.opened_at.astimezone(zone):%H:%M}",
        lateness=words.late.format(age=_age(late)) if late is not None else "",
        advice=words.silent_advice if text.silent else "",
    )


def spoken(text: NoticeText, words: Language, zone: ZoneInfo) -> Facts:
    """Return what is read out: abbreviations in full, long numbers digit by digit."""
    late = is_late(text)
    return Facts(
        kind=kind_of(text, words),
        subject=aloud(subject_of(text), words),
        place=aloud(place_of(text), words),
        time=clock_aloud(text.opened_at, words, zone),
        lateness="" if late is None else words.spoken.late.format(age=age_aloud(late, words)),
        advice=words.silent_advice if text.silent else "",
    )


def kind_of(text: NoticeText, words: Language) -> str:
    """Return the alarm's kind in words."""
    return words.kinds[text.kind or AlarmKind.UNSPECIFIED_ALARM]


def subject_of(text: NoticeText) -> str:
    """Return whom it is about, on one line and bounded."""
    return cut(plain(text.subject), SUBJECT_BYTES, utf8_bytes, "…")


def place_of(text: NoticeText) -> str:
    """Return where, on one line and bounded; "" where that is not known."""
    return cut(plain(text.place), PLACE_BYTES, utf8_bytes, "…") if text.place else ""


def message_of(text: NoticeText) -> str:
    """Return an operator's own words on one line, with whom they are about before them for those who go there."""
    said = dict(text.detail)
    words = plain(said.get("words", ""))
    return words if said.get("to") == TO_WEARER else f"{subject_of(text)}: {words}"


def is_late(text: NoticeText) -> float | None:
    """Return the alarm's age in seconds when it came, or None if it came at once."""
    return text.lateness_s if text.lateness_s is not None and text.lateness_s >= LATE_AFTER_S else None


def clock_aloud(at: datetime, words: Language, zone: ZoneInfo) -> str:
    """Return a time of day as a voice reads it well."""
    return at.astimezone(zone).strftime(words.spoken.clock)


def aloud(name: str, words: Language) -> str:
    """Return a name or place as a voice reads it well: 3 tr is three stairs up, and a serial number is its digits."""
    said = " ".join(_full(word, words.spoken.aloud) for word in name.split())
    return _LONG_NUMBER.sub(lambda number: " ".join(number[0]), said)


def age_aloud(seconds: float, words: Language) -> str:
    """Return an age in words."""
    minutes, spoken = int(seconds // 60), words.spoken
    if minutes == 1:
        return spoken.one_minute
    if minutes < HOURS_AFTER_MIN:
        return spoken.minutes.format(count=minutes)
    if minutes < DAYS_AFTER_MIN:
        return spoken.hours.format(count=minutes // 60)
    return spoken.days.format(count=minutes // (24 * 60))


def _full(word: str, table: Mapping[str, str]) -> str:
    ending = "," if word.endswith(",") else ""
    bare = word.removesuffix(",")
    return table.get(bare.lower(), bare.replace("/", " ")) + ending


def _age(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < HOURS_AFTER_MIN:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < DAYS_AFTER_MIN else f"{minutes // (24 * 60)} d"
