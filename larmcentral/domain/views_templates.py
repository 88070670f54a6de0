"""What is shown of words: how a notice reads, what a committee wrote itself, and how much room there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedWords:
    """How a notice would read. counted, most: of the body with all placeholders at their samples, in unit.

    unit: "septets" (160 of a text message), "utf16" (70 of one with a foreign sign), "bytes" or "signs". title and
    its counts: None where the medium has none.
    """

    title: str | None
    body: str
    counted: int
    most: int
    unit: str
    title_counted: int | None
    title_most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """How we say it where a committee has no words of its own."""

    medium: str
    silent: bool
    language: str
    rendered: RenderedWords


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """A committee's template. kind None: of every kind that has none of its own. version: grows with each change."""

    id: UUID
    committee_id: UUID
    medium: str
    kind: str | None
    silent: bool
    language: str
    title: str | None
    body: str
    version: int
    made_at: datetime
    made_by: str | None
    rendered: RenderedWords | None = None
    """How it would read; None until somebody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateComplaintView:
    """Why a template may not be saved. part: "title" or "body". fields: plain pairs for the words."""

    fault: str
    part: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePreview:
    """What a draft would come to. rendered: None where it cannot be read at all."""

    complaints: tuple[TemplateComplaintView, ...]
    rendered: RenderedWords | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceholderView:
    """What a template may leave open, and what it counts as."""

    name: str
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateShelfView:
    """All about the words of some committees. placeholders: with the samples of the kind that was asked for."""

    placeholders: tuple[PlaceholderView, ...]
    own: tuple[OwnWords, ...]
    kept: tuple[TemplateRow, ...]
