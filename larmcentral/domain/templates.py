"""A committee's own words for its alarms: what a template is, how it is read, and why one may not be used. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from escalation.ids import CommitteeId, OrganisationId


class Placeholder(Enum):
    """What a template may leave open, written {so}; filled in when a notice goes out.

    LATENESS is empty for an alarm that came at once. ADVICE is what a responder to a silent alarm must know.
    """

    KIND = "kind"
    SUBJECT = "subject"
    PLACE = "place"
    TIME = "time"
    LATENESS = "lateness"
    ADVICE = "advice"


TEMPLATE_MEDIA: Final = (
    Medium.PUSH,
    Medium.SMS,
    Medium.VOICE,
    Medium.MAIL,
    Medium.TEAMS,
    Medium.WEBHOOK,
    Medium.PAGER,
)
"""All but the consoles: an operator's screen says the same in every committee."""

TITLED: Final = frozenset({Medium.PUSH, Medium.MAIL, Medium.TEAMS, Medium.WEBHOOK})
"""They have a title apart from the body; on the others all is one text."""

ONE_LINE: Final = frozenset({Medium.SMS, Medium.VOICE, Medium.PAGER})

Piece = str | Placeholder
"""A template's own words, or what is filled in."""


@dataclass(frozen=True, slots=True)
class TemplateKey:
    """Which notices of a committee a template is for. kind None: of every kind that has none of its own."""

    medium: Medium
    kind: AlarmKind | None
    silent: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A committee's words. title: None where the medium has none. language: "sv" or "en"."""

    key: TemplateKey
    title: str | None
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTemplate:
    """A template as it stands on disk. version: 1 for the first, one more with each change."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    id: UUID
    template: Template
    version: int
    made_at: datetime


class TemplateFault(Enum):
    """What is wrong. The fields that the words may use are beside each."""

    EMPTY = "empty"
    TITLE_MISSING = "title_missing"
    NO_TITLE_HERE = "no_title_here"  # the medium has one text only
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"  # name
    STRAY_BRACE = "stray_brace"  # a { or } that belongs to no placeholder
    CONTROL_SIGN = "control_sign"  # code: U+000A is a new line, which this part cannot carry
    ADVICE_MISSING = "advice_missing"  # a silent alarm's words tell not to ring
    ADVICE_NOT_SILENT = "advice_not_silent"  # there is none for an alarm that is not silent
    TOO_LONG = "too_long"  # counted, most, unit: with the placeholders at their sample lengths


@dataclass(frozen=True, slots=True)
class TemplateComplaint:
    """One reason why a template may not be saved. part: "title" or "body". fields: plain pairs for the words."""

    fault: TemplateFault
    part: str
    fields: tuple[tuple[str, str], ...] = ()


_PLACEHOLDERS: Final = {one.value: one for one in Placeholder}
_NAMED: Final = re.compile(r"\{([^{}]*)\}")


def pieces(text: str) -> tuple[Piece, ...]:
    """Read a template. Raises ValueError for one that complaints() finds fault with."""
    read: list[Piece] = []
    done = 0
    for found in _NAMED.finditer(text):
        read.append(text[done : found.start()])
        if found[1] not in _PLACEHOLDERS:
            raise ValueError("an unknown placeholder")
        read.append(_PLACEHOLDERS[found[1]])
        done = found.end()
    read.append(text[done:])
    if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in read):
        raise ValueError("a stray brace")
    return tuple(piece for piece in read if piece != "")


def grammar_complaints(template: Template) -> tuple[TemplateComplaint, ...]:
    """Say what is wrong with a template however short it is; empty if nothing. Its length is weighed elsewhere."""
    return (*_of_title(template), *_of_part("body", template.body, template.key), *_of_advice(template))


def _of_title(template: Template) -> Iterator[TemplateComplaint]:
    titled = template.key.medium in TITLED
    if titled and template.title is None:
        yield TemplateComplaint(TemplateFault.TITLE_MISSING, "title")
    elif not titled and template.title is not None:
        yield TemplateComplaint(TemplateFault.NO_TITLE_HERE, "title")
    elif template.title is not None:
        yield from _of_part("title", template.title, template.key)


def _of_part(part: str, text: str, key: TemplateKey) -> Iterator[TemplateComplaint]:
    if not text.strip():
        yield TemplateComplaint(TemplateFault.EMPTY, part)
    for name in dict.fromkeys(_NAMED.findall(text)):
        if name not in _PLACEHOLDERS:
            yield TemplateComplaint(TemplateFault.UNKNOWN_PLACEHOLDER, part, (("name", name[:40]),))
    rest = _NAMED.sub("", text)
    if "{" in rest or "}" in rest:
        yield TemplateComplaint(TemplateFault.STRAY_BRACE, part)
    lines = part == "body" and key.medium not in ONE_LINE
    for sign in dict.fromkeys(text):
        if unicodedata.category(sign) in _CONTROL and not (lines and sign == "\n"):
            yield TemplateComplaint(TemplateFault.CONTROL_SIGN, part, (("code", f"U+{ord(sign):04X}"),))


def _of_advice(template: Template) -> Iterator[TemplateComplaint]:
    written = f"{template.title or ''} {template.body}"
    has_advice = f"{{{Placeholder.ADVICE.value}}}" in written
    if template.key.silent and not has_advice:
        yield TemplateComplaint(TemplateFault.ADVICE_MISSING, "body")
    if not template.key.silent and has_advice:
        yield TemplateComplaint(TemplateFault.ADVICE_NOT_SILENT, "body")


_CONTROL: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Also what turns the reading direction or cannot be seen: nobody meant it, and some gateways refuse it."""
