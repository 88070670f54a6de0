"""How notices read with made-up names in them: for whoever writes templates, before anybody is told by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from escalation.purpose import Purpose
from larmcentral.channels import template_words
from larmcentral.channels.facts import language
from larmcentral.channels.filling import GSM7, UCS2, Measure
from larmcentral.channels.gsm7 import is_gsm7
from larmcentral.channels.template_words import (
    BODIES,
    PAGER_SIGNS,
    PLACE_SAMPLE,
    SUBJECT_SAMPLE,
    TITLES,
    measure_of,
    samples,
    unit_of,
    whole,
)
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import NoticeText
from larmcentral.domain.templates import (
    TEMPLATE_MEDIA,
    Placeholder,
    Template,
    TemplateComplaint,
    TemplateKey,
    pieces,
)
from larmcentral.domain.views_templates import OwnWords, PlaceholderView, RenderedWords

SAMPLE_AT: Final = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
LANGUAGES: Final = ("sv", "en")


class TemplateSamples:
    """Renders ours and theirs. The times are made up too, and so is the zone."""

    def __init__(self) -> None:
        self._wording = Wording("UTC")

    def complaints(self, template: Template) -> Sequence[TemplateComplaint]:
        """Say why a template may not be saved; empty if it may."""
        return template_words.complaints(template, language(template.key.language))

    def rendered(self, template: Template) -> RenderedWords | None:
        """Return a template with its samples filled in, uncut; None if it cannot be read at all."""
        sample = samples(template.key, language(template.key.language))
        try:
            title, body = whole(pieces(template.title or ""), sample), whole(pieces(template.body), sample)
            measure = measure_of(template, sample)
        except ValueError:
            return None
        return _rendered(template.key.medium, title if template.title is not None else None, body, measure)

    def own(self, kind: AlarmKind) -> Sequence[OwnWords]:
        """Return our own words for a kind of alarm, on each medium, silent and not, in each language."""
        return [
            self._own(TemplateKey(medium, kind, silent, code))
            for medium in TEMPLATE_MEDIA
            for silent in (False, True)
            for code in LANGUAGES
        ]

    def placeholders(self, kind: AlarmKind | None, language_: str) -> Sequence[PlaceholderView]:
        """Return what may be left open, with what it counts as in writing; of a silent alarm, for the advice's sake."""
        sample = samples(TemplateKey(Medium.PUSH, kind, True, language_), language(language_))
        return [PlaceholderView(name=one.value, sample=sample[one]) for one in Placeholder]

    def _own(self, key: TemplateKey) -> OwnWords:
        text = NoticeText(
            kind=key.kind,
            silent=key.silent,
            subject=SUBJECT_SAMPLE,
            opened_at=SAMPLE_AT,
            place=PLACE_SAMPLE,
            language=key.language,
        )
        title: str | None = None
        measure = BODIES.get(key.medium)
        match key.medium:
            case Medium.PUSH:
                push = self._wording.push(text, Purpose.REAL)
                title, body = push.title, push.body
            case Medium.SMS:
                body = self._wording.sms(text)
            case Medium.VOICE:
                spoken = self._wording.spoken(text)
                body = spoken.message
            case Medium.MAIL:
                mail = self._wording.mail(text)
                title, body = mail.subject, mail.body
            case Medium.TEAMS | Medium.WEBHOOK:
                card = self._wording.chat(text, key.medium)
                title, body = card.title, "\n".join(card.lines)
            case Medium.PAGER:
                body = self._wording.pager(text, PAGER_SIGNS)
            case Medium.CONSOLE:
                raise ValueError("the consoles have no templates")
        if measure is None:
            measure = GSM7 if is_gsm7(body) else UCS2
        return OwnWords(
            medium=key.medium.value,
            silent=key.silent,
            language=key.language,
            rendered=_rendered(key.medium, title, body, measure),
        )


def _rendered(medium: Medium, title: str | None, body: str, measure: Measure) -> RenderedWords:
    of_title = TITLES.get(medium) if title is not None else None
    return RenderedWords(
        title=title,
        body=body,
        counted=measure.weigh(body),
        most=measure.limit,
        unit=unit_of(measure),
        title_counted=None if of_title is None or title is None else of_title.weigh(title),
        title_most=None if of_title is None else of_title.limit,
    )
