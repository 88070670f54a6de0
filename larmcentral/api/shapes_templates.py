"""What crosses HTTP about words: how notices read, and what a committee wants said instead."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import Kind, Shape

TemplateMedium = Literal["push", "sms", "voice", "mail", "teams", "webhook", "pager"]
TemplateLanguage = Literal["sv", "en"]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class RenderedWords(Shape):
    """How a notice would read. counted, most: of the body with all placeholders at their samples, in unit.

    A text message has 160 septets, or 70 utf16 where a sign is not in the cheap alphabet.
    """

    title: str | None
    body: str
    counted: int
    most: int
    unit: Literal["septets", "utf16", "bytes", "signs"]
    title_counted: int | None
    title_most: int | None


class OwnWords(Shape):
    """How we say it where a committee has no words of its own."""

    medium: TemplateMedium
    silent: bool
    language: TemplateLanguage
    rendered: RenderedWords


class TemplateRow(Shape):
    """A committee's template. kind null: of every kind that has none of its own. made_by: null once he is gone."""

    id: UUID
    committee_id: UUID
    medium: TemplateMedium
    kind: Kind | None
    silent: bool
    language: TemplateLanguage
    title: str | None
    body: str
    version: int
    made_at: datetime
    made_by: str | None
    rendered: RenderedWords | None = None


class TemplateComplaintView(Shape):
    """Why a template may not be saved: empty, title_missing, no_title_here, unknown_placeholder (name), stray_brace,
    control_sign (code), advice_missing, advice_not_silent, too_long (counted, most, unit)."""

    fault: str
    part: Literal["title", "body"]
    fields: dict[str, str]


class TemplatePreview(Shape):
    """POST /api/templates/preview. rendered: null where the draft cannot be read at all."""

    complaints: list[TemplateComplaintView]
    rendered: RenderedWords | None


class PlaceholderView(Shape):
    """What a template may leave open, written {so}, and what it counts as. A longer name is cut when it goes out."""

    name: str
    sample: str


class TemplateShelfView(Shape):
    """GET /api/templates. own: our words for the kind that was asked for. kept: the committees' own, of all kinds."""

    placeholders: list[PlaceholderView]
    own: list[OwnWords]
    kept: list[TemplateRow]


class TemplateWords(Shape):
    """POST /api/templates/preview. title: for push, mail, teams and webhook; null elsewhere."""

    medium: TemplateMedium
    kind: Kind | None = None
    silent: bool = False
    language: TemplateLanguage = "sv"
    title: Title | None = None
    body: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class TemplateDraft(Shape):
    """PUT /api/templates. version: the one it was made from, 0 where the committee has none for these notices yet."""

    committee_id: UUID
    version: Annotated[int, Field(ge=0)] = 0
    medium: TemplateMedium
    kind: Kind | None = None
    silent: bool = False
    language: TemplateLanguage = "sv"
    title: Title | None = None
    body: Body


class TemplateSaved(Shape):
    """The version that stands now."""

    version: int
