"""Managers' reports: past incidents by filters, response times against the bars, the fleet and its use."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from starlette.responses import Response

from escalation.ids import IncidentId
from larmcentral.api import shapes_reports
from larmcentral.api.answers import answer
from larmcentral.api.asks_reports import Reports
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.api.shapes import IncidentState, Kind, OutcomeWord, Purpose
from larmcentral.domain.report_ask import IncidentSearch, Span, rolling_year
from larmcentral.ports import Calendar, Clock

ASKED: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 422, 503)


def report_routes(reports: Reports, calendar: Calendar, clock: Clock) -> APIRouter:
    """Everything under /api/reports. Days are those of the organisation's zone; by default the last twelve months."""
    router = APIRouter(prefix="/api/reports", tags=["reports"])

    def span_of(from_day: date | None, until_day: date | None) -> Span:
        until = until_day or clock.now().astimezone(ZoneInfo(calendar.zone)).date()
        try:
            return Span(from_day=from_day or rolling_year(until), until_day=until, zone=calendar.zone)
        except ValueError as error:
            raise Refusal(422, "invalid", fields={"until_day": "span"}) from error

    @router.get("/incidents", response_model=shapes_reports.IncidentPage, responses=ASKED)
    async def incidents(
        viewer: Asking,
        from_day: date | None = None,
        until_day: date | None = None,
        kind: Kind | None = None,
        purpose: Purpose | None = None,
        outcome: OutcomeWord | None = None,
        state: IncidentState | None = None,
        unit_id: UUID | None = None,
        text: Annotated[str, Query(max_length=100)] = "",
        before: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Response:
        """Past and present incidents, newest first, a page at a time.

        text: a part of person's, place's or device's name, or the incident's number. before: last row of the page
        before. Tests come only where purpose asks for them.
        """
        search = IncidentSearch(
            span=span_of(from_day, until_day),
            kind=kind,
            purpose=purpose,
            outcome=outcome,
            state=state,
            unit_id=unit_id,
            text=text.strip(),
        )
        behind = None if before is None else IncidentId(before)
        return answer(await reports.incidents(viewer.scope(), search, before=behind, limit=limit))

    @router.get("/units", response_model=list[shapes_reports.UnitChoice], responses=documented(401, 403, 503))
    async def units(viewer: Asking) -> Response:
        """What one can filter by."""
        return answer(await reports.units(viewer.scope()))

    @router.get("/response", response_model=shapes_reports.ResponseReport, responses=ASKED)
    async def response(
        viewer: Asking, from_day: date | None = None, until_day: date | None = None, unit_id: UUID | None = None
    ) -> Response:
        """How fast real alarms that call for a person were shown and accepted, held against BS 8484's bars."""
        span = span_of(from_day, until_day)
        return answer(await reports.response(viewer.scope(), span, unit_id=unit_id, now=clock.now()))

    @router.get("/usage", response_model=shapes_reports.UsageReport, responses=ASKED)
    async def usage(viewer: Asking, from_day: date | None = None, until_day: date | None = None) -> Response:
        """How units use their protection, and the ten that raise most alarms that were none."""
        return answer(await reports.usage(viewer.scope(), span_of(from_day, until_day), now=clock.now()))

    return router
