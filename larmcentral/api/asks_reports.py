"""What the API asks for managers: reports, one case whole."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.ids import IncidentId
from larmcentral.domain.case_file import CaseFile
from larmcentral.domain.report_ask import IncidentSearch, Span
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views_reports import IncidentPage, ResponseReport, UnitChoice, UsageReport


class Reports(Protocol):
    """Reports on a scope's committees."""

    async def units(self, scope: Scope) -> tuple[UnitChoice, ...]:
        """Return the units one can filter by, by name."""
        ...

    async def incidents(
        self, scope: Scope, search: IncidentSearch, *, before: IncidentId | None = None, limit: int = 200
    ) -> IncidentPage:
        """Return a page of what is searched for, newest first. before: the last row of the page before it."""
        ...

    async def response(self, scope: Scope, span: Span, *, unit_id: UUID | None = None, now: datetime) -> ResponseReport:
        """Return how fast real alarms that call for a person were taken."""
        ...

    async def usage(self, scope: Scope, span: Span, *, now: datetime) -> UsageReport:
        """Return how units use their protection, and who raises most alarms that were none."""
        ...


class CaseFiles(Protocol):
    """Incidents as they leave the house."""

    async def case_file(self, scope: Scope, incident_id: IncidentId, *, by: Viewer, now: datetime) -> CaseFile:
        """Return everything about one incident, and write down that it was taken out. Raises NotFound."""
        ...
