"""What a notice says, in Swedish or English. Pure: the same notice gives the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.cutting import cut, plain, utf8_bytes
from larmcentral.channels.gsm7 import one_message
from larmcentral.domain.notice import NoticeText

SUBJECT_BYTES = 200  # with the place's 400 well inside the 4096 bytes that Apple and Google take
PLACE_BYTES = 400
LATE_AFTER_S = 60  # a younger alarm is simply "now" to a person who runs


@dataclass(frozen=True, slots=True)
class PushWords:
    """A title that can be read at a glance and a body of one to three lines."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Language:
    """All fixed words of one language."""

    kinds: Mapping[AlarmKind, str]
    marks: Mapping[Purpose, str]
    silent: str
    silent_advice: str
    at: str
    late: str
    gone_title: str
    gone_advice: str


SWEDISH: Final = Language(
    kinds={
        AlarmKind.PANIC: "Överfallslarm",
        AlarmKind.DURESS: "Hotlarm",
        AlarmKind.HOLD_UP: "Rånlarm",
        AlarmKind.MEDICAL: "Sjukdomslarm",
        AlarmKind.MAN_DOWN: "Person ligger ner",
        AlarmKind.FALL: "Fallarm",
        AlarmKind.NO_MOTION: "Ingen rörelse",
        AlarmKind.UNSPECIFIED_ALARM: "Larm",
        AlarmKind.MISSED_CHECK_IN: "Utebliven incheckning",
    },
    marks={Purpose.REAL: "", Purpose.TEST: "PROV", Purpose.DRILL: "ÖVNING"},
    silent="TYST LARM",
    silent_advice="Ring inte upp den som larmar. Närma dig dolt.",
    at="kl.",
    late="{age} gammalt när det kom",
    gone_title="Larm når inte din app",
    gone_advice="En av dina telefoner tar inte längre emot larm i appen. Öppna appen och logga in igen.",
)
ENGLISH: Final = Language(
    kinds={
        AlarmKind.PANIC: "Panic alarm",
        AlarmKind.DURESS: "Duress alarm",
        AlarmKind.HOLD_UP: "Hold-up alarm",
        AlarmKind.MEDICAL: "Medical alarm",
        AlarmKind.MAN_DOWN: "Person down",
        AlarmKind.FALL: "Fall alarm",
        AlarmKind.NO_MOTION: "No movement",
        AlarmKind.UNSPECIFIED_ALARM: "Alarm",
        AlarmKind.MISSED_CHECK_IN: "Missed check-in",
    },
    marks={Purpose.REAL: "", Purpose.TEST: "TEST", Purpose.DRILL: "DRILL"},
    silent="SILENT ALARM",
    silent_advice="Do not call back. Approach unseen.",
    at="at",
    late="{age} old when it came",
    gone_title="Alarms do not reach your app",
    gone_advice="One of your phones no longer takes alarms in the app. Open the app and log in again.",
)


def language(code: str) -> Language:
    """Return the words of "sv" or "en"; anything else reads Swedish, for nobody may be left without words."""
    return ENGLISH if code.lower().split("-")[0] == "en" else SWEDISH


def push(text: NoticeText, purpose: Purpose, zone: ZoneInfo) -> PushWords:
    """Return title and body for a phone's screen or the desk, both bounded."""
    words = language(text.language)
    if text.about is About.POINT_GONE:
        title = ": ".join(part for part in (words.marks[purpose], words.gone_title) if part)
        return PushWords(title=title, body=words.gone_advice)
    first = [words.marks[purpose], words.silent if text.silent else "", words.kinds[text.kind]]
    lines = [" – ".join(part for part in (_subject(text), _place(text)) if part), _when(text, words, zone)]
    if text.silent:
        lines.append(words.silent_advice)
    return PushWords(title=": ".join(part for part in first if part), body="\n".join(lines))


def sms(text: NoticeText, zone: ZoneInfo) -> str:
    """Return one text message. What a responder must know first stands first, for the end may be cut."""
    words = language(text.language)
    if text.about is About.POINT_GONE:
        return one_message(f"{words.gone_title}. {words.gone_advice}")
    head = f"{words.silent}: {words.kinds[text.kind]}" if text.silent else words.kinds[text.kind].upper()
    parts = [f"{head}.", ", ".join(part for part in (_subject(text), _place(text)) if part) + ","]
    parts.append(_when(text, words, zone) + ".")
    if text.silent:
        parts.append(words.silent_advice)
    return one_message(" ".join(parts))


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
