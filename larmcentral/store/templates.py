"""Committees' own words on disk: read by whoever sends, written by those who answer for the work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.ids import uuid7
from larmcentral.domain.roles import Scope
from larmcentral.domain.templates import KeptTemplate, Template, TemplateKey
from larmcentral.domain.views_templates import TemplateRow
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

SQL: Final = load("templates")
LOG: Final = structlog.get_logger("larmcentral.store.templates")

TEMPLATE_LIMIT: Final = 5000
"""Seven media, eighteen kinds, silent or not, two languages, and several committees."""


class TemplateShelf:
    """ports.TemplateShelf on PostgreSQL."""

    def __init__(self, service: Pool) -> None:
        self._service = service

    async def all(self) -> Sequence[KeptTemplate]:
        """Return every template; see ports.TemplateShelf. One that only a newer version can read is left out."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(SQL["all"])
        kept = []
        for row in rows:
            try:
                kept.append(_kept(row))
            except ValueError:
                LOG.warning("template_unreadable", template=str(row["id"]))
        return kept


class Templates:
    """Templates of a scope's committees, in the web's role."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def rows(self, scope: Scope) -> tuple[TemplateRow, ...]:
        """Return all, in order of committee, medium and kind."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(SQL["rows"], scope.organisation_id, list(scope.committees), TEMPLATE_LIMIT)
        return tuple(TemplateRow(**dict(row)) for row in rows)

    async def save(
        self, scope: Scope, committee_id: CommitteeId, template: Template, *, version: int, by: UserId, now: datetime
    ) -> int:
        """Keep words in the place of the version that they were made from, 0 for none, and return the new one.

        Raises Collision where another version stands by now, and NotFound for a committee out of sight.
        """
        if committee_id not in scope.committees:
            raise NotFound(f"committee {committee_id}")
        key, where = template.key, (scope.organisation_id, committee_id)
        about = (key.medium.value, None if key.kind is None else key.kind.value, key.silent, key.language)
        words = (template.title, template.body)
        async with looking(self._web, scope) as connection:
            if version == 0:
                new_id = _template_id(committee_id, key, now)
                made = await connection.fetchval(SQL["begin"], *where, new_id, *about, *words, now, by)
            else:
                made = await connection.fetchval(SQL["move_on"], *where, *about, *words, now, by, version)
        if made is None:
            raise Collision("another version stands")
        return int(made)

    async def remove(self, scope: Scope, template_id: UUID) -> None:
        """Go back to our own words. Raises NotFound."""
        async with looking(self._web, scope) as connection:
            found = await connection.fetchval(SQL["remove"], scope.organisation_id, list(scope.committees), template_id)
        if found is None:
            raise NotFound(f"template {template_id}")


def _kept(row: Any) -> KeptTemplate:
    key = TemplateKey(
        medium=Medium(row["medium"]),
        kind=None if row["kind"] is None else AlarmKind(row["kind"]),
        silent=row["silent"],
        language=row["language"],
    )
    return KeptTemplate(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        id=row["id"],
        template=Template(key=key, title=row["title"], body=row["body"]),
        version=row["version"],
        made_at=row["made_at"],
    )


def _template_id(committee_id: CommitteeId, key: TemplateKey, now: datetime) -> UUID:
    """Name a template after whose and for what it is, so that two who write the first one at once write one."""
    kind = "" if key.kind is None else key.kind.value
    said = f"{committee_id} {key.medium.value} {kind} {key.silent} {key.language}"
    return uuid7(now, hashlib.sha256(said.encode()).digest()[:10])
