"""Committees' words in memory: ports.TemplateShelf, and what the API reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from escalation.ids import CommitteeId, UserId
from larmcentral.domain.errors import Collision, NotFound, StoreUnavailable
from larmcentral.domain.roles import Scope
from larmcentral.domain.templates import KeptTemplate, Template
from larmcentral.domain.views_templates import TemplateRow


class MemoryTemplates:
    """All of them. `available` False is a dead database; readings: how often all were read. names: of users."""

    def __init__(self, names: dict[UserId, str] | None = None) -> None:
        self.kept: dict[UUID, KeptTemplate] = {}
        self.available = True
        self.readings = 0
        self._by: dict[UUID, UserId] = {}
        self._names = names or {}

    async def all(self) -> Sequence[KeptTemplate]:
        self.readings += 1
        if not self.available:
            raise StoreUnavailable("the database is away")
        return sorted(self.kept.values(), key=lambda one: (one.organisation_id, one.id))

    async def rows(self, scope: Scope) -> tuple[TemplateRow, ...]:
        found = [one for one in self.kept.values() if one.committee_id in scope.committees]
        return tuple(self._row(one) for one in sorted(found, key=_order))

    async def save(
        self, scope: Scope, committee_id: CommitteeId, template: Template, *, version: int, by: UserId, now: datetime
    ) -> int:
        if committee_id not in scope.committees:
            raise NotFound(f"committee {committee_id}")
        key = template.key
        template_id = uuid5(committee_id, f"{key.medium.value} {key.kind} {key.silent} {key.language}")
        stands = self.kept.get(template_id)
        if (0 if stands is None else stands.version) != version:
            raise Collision("another version stands")
        if stands is None:
            self.kept[template_id] = KeptTemplate(
                organisation_id=scope.organisation_id,
                committee_id=committee_id,
                id=template_id,
                template=template,
                version=1,
                made_at=now,
            )
        else:
            self.kept[template_id] = replace(stands, template=template, version=version + 1, made_at=now)
        self._by[template_id] = by
        return version + 1

    async def remove(self, scope: Scope, template_id: UUID) -> None:
        stands = self.kept.get(template_id)
        if stands is None or stands.committee_id not in scope.committees:
            raise NotFound(f"template {template_id}")
        del self.kept[template_id]

    def _row(self, one: KeptTemplate) -> TemplateRow:
        template, key = one.template, one.template.key
        return TemplateRow(
            id=one.id,
            committee_id=one.committee_id,
            medium=key.medium.value,
            kind=None if key.kind is None else key.kind.value,
            silent=key.silent,
            language=key.language,
            title=template.title,
            body=template.body,
            version=one.version,
            made_at=one.made_at,
            made_by=self._names[self._by[one.id]] if self._by.get(one.id) in self._names else None,
        )


def _order(one: KeptTemplate) -> tuple[object, ...]:
    key = one.template.key
    kind = "" if key.kind is None else key.kind.value
    return (one.committee_id, key.medium.value, kind, key.silent, key.language)
