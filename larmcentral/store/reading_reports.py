"""Reading what managers ask: past incidents by filters, and how fast alarms were taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from escalation.ids import IncidentId
from larmcentral.domain import views_reports as views
from larmcentral.domain.case_number import case_number, number_bytes
from larmcentral.domain.report_ask import IncidentSearch, Span
from larmcentral.domain.response import BARS, DayOfAlarms, response_report
from larmcentral.domain.roles import Scope
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.reading_usage import read_usage

_SQL: Final = load("reading_reports")

PAGE_LIMIT: Final = 200
TOTAL_LIMIT: Final = 10_000
"""Nobody turns so many pages; who finds more asks more narrowly."""
UNIT_LIMIT: Final = 2000
_BY_WHAT_IS_ASKED: Final = "; ".join(
    f"SET LOCAL {setting}"
    for setting in (
        "plan_cache_mode = force_custom_plan",
        "enable_seqscan = on",
        "enable_hashjoin = on",
        "enable_mergejoin = on",
    )
)
_ALL_BUT_TESTS: Final = ("real", "drill")
_MAY_STILL: Final = timedelta(seconds=max(within_s for within_s, _ in BARS))


class Reports:
    """Reports on a scope's committees, read in the web's role: the database holds the walls as well."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def units(self, scope: Scope) -> tuple[views.UnitChoice, ...]:
        """Return the units one can filter by, by name."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["units"], *_where(scope), UNIT_LIMIT)
        return tuple(views.UnitChoice(**dict(row)) for row in rows)

    async def incidents(
        self, scope: Scope, search: IncidentSearch, *, before: IncidentId | None = None, limit: int = PAGE_LIMIT
    ) -> views.IncidentPage:
        """Return a page of what is searched for, newest first. before: the last row of the page before it."""
        asked = (
            *_where(scope),
            list(_ALL_BUT_TESTS) if search.purpose is None else [search.purpose],
            search.span.begins_at,
            search.span.ends_at,
            search.kind,
            search.outcome,
            search.state,
            search.unit_id,
            search.text,
            number_bytes(search.text),
        )
        size = min(limit, PAGE_LIMIT)
        async with self._asked_anew(scope) as connection:
            found = await connection.fetch(_SQL["page"], *asked, size + 1, before)
            total: int = await connection.fetchval(_SQL["total"], *asked, TOTAL_LIMIT)
        rows = tuple(_row_of(row) for row in found[:size])
        return views.IncidentPage(rows=rows, next=rows[-1].id if len(found) > size else None, total=total)

    async def response(
        self, scope: Scope, span: Span, *, unit_id: UUID | None = None, now: datetime
    ) -> views.ResponseReport:
        """Return how fast real alarms that call for a person were taken. One that is younger than the longest bar and
        not yet taken does not count."""
        asked = (*_where(scope), span.begins_at, span.ends_at)
        async with self._asked_anew(scope) as connection:
            days = await connection.fetch(_SQL["response"], *asked, span.zone, now - _MAY_STILL, unit_id)
            kinds = await connection.fetch(_SQL["kinds"], *asked, unit_id)
        # Some ten milliseconds of sorting at 50,000 alarms, which the loop has not to spare.
        return await asyncio.to_thread(
            response_report,
            span,
            [_day_of(row) for row in days],
            [views.KindOfAlarm(**dict(row)) for row in kinds],
        )

    async def usage(self, scope: Scope, span: Span, *, now: datetime) -> views.UsageReport:
        """Return how units use their protection, and who raises most alarms that were none."""
        async with self._asked_anew(scope) as connection:
            return await read_usage(connection, scope, span, now)

    @asynccontextmanager
    async def _asked_anew(self, scope: Scope) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection that plans each question by what is asked in it.

        The pool's one plan for all is right for the short questions of a working house. A report's span may hold a
        day or three years: measured, the plan for all took 14 s over what takes 0.05 s.
        """
        async with looking(self._web, scope) as connection:
            await connection.execute(_BY_WHAT_IS_ASKED)
            yield connection


def _where(scope: Scope) -> tuple[object, ...]:
    return scope.organisation_id, list(scope.committees)


def _row_of(row: asyncpg.Record) -> views.IncidentRow:
    return views.IncidentRow(number=case_number(IncidentId(row["id"])), **dict(row))


def _day_of(row: asyncpg.Record) -> DayOfAlarms:
    return DayOfAlarms(row["day"], row["alarms"], row["accepted_s"] or (), row["shown_s"] or ())
