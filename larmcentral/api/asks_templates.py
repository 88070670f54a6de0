"""What the API asks about words: those that committees wrote, and how they would read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.ids import CommitteeId, UserId
from larmcentral.domain.roles import Scope
from larmcentral.domain.templates import Template, TemplateComplaint
from larmcentral.domain.views_templates import OwnWords, PlaceholderView, RenderedWords, TemplateRow


class Templates(Protocol):
    """Templates of a scope's committees. All raise NotFound for what is elsewhere."""

    async def rows(self, scope: Scope) -> tuple[TemplateRow, ...]:
        """Return all, in order of committee, medium and kind."""
        ...

    async def save(
        self, scope: Scope, committee_id: CommitteeId, template: Template, *, version: int, by: UserId, now: datetime
    ) -> int:
        """Keep words in the place of this version, 0 for none; return the new one. Raises Collision."""
        ...

    async def remove(self, scope: Scope, template_id: UUID) -> None:
        """Go back to our own words."""
        ...


class TemplateSamples(Protocol):
    """How words read; larmcentral.channels.template_samples is the real one."""

    def complaints(self, template: Template) -> Sequence[TemplateComplaint]:
        """Say why a template may not be saved."""
        ...

    def rendered(self, template: Template) -> RenderedWords | None:
        """Return a template with its samples filled in; None if it cannot be read at all."""
        ...

    def own(self, kind: AlarmKind) -> Sequence[OwnWords]:
        """Return our own words for a kind of alarm, on each medium, silent and not, in each language."""
        ...

    def placeholders(self, kind: AlarmKind | None, language: str) -> Sequence[PlaceholderView]:
        """Return what may be left open, with what it counts as."""
        ...
