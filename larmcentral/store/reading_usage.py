"""Counting how units use their protection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from larmcentral.domain.ids import uuid7
from larmcentral.domain.report_ask import Span
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_reports import BadActor, CauseOfAlarms, UnitUse, UsageReport
from larmcentral.store.queries import load

_SQL: Final = load("reading_usage")
_UNITS: Final = load("reading_reports")["units"]

UNIT_LIMIT: Final = 2000
BAD_ACTORS: Final = 10
LOW_BATTERY_PCT: Final = 20
TEST_EVERY: Final = timedelta(days=30)
_COUNTED: Final = (
    *("persons", "trained", "sessions", "worked_alone", "idle"),
    *("devices", "silent", "low_battery", "tests_due", "alarms", "false_alarms"),
)


async def read_usage(connection: asyncpg.Connection, scope: Scope, span: Span, now: datetime) -> UsageReport:
    """Return the report; units by name, and last what belongs to none, where there is such."""
    where = (scope.organisation_id, list(scope.committees))
    within = (span.begins_at, span.ends_at)
    today = now.astimezone(ZoneInfo(span.zone)).date()
    units = await connection.fetch(_UNITS, *where, UNIT_LIMIT)
    counted = (
        await connection.fetch(_SQL["persons"], *where, *within, *map(_least_id, within), today),
        await connection.fetch(_SQL["devices"], *where, now - TEST_EVERY, LOW_BATTERY_PCT),
        await connection.fetch(_SQL["alarms"], *where, *within),
    )
    bad_actors = await connection.fetch(_SQL["bad_actors"], *where, *within, BAD_ACTORS)
    causes = await connection.fetch(_SQL["causes"], *where, *within)
    figures = _by_unit(row for rows in counted for row in rows)
    names: dict[UUID | None, str | None] = {row["id"]: row["name"] for row in units}
    if None in figures:
        names[None] = None
    return UsageReport(
        from_day=span.from_day,
        until_day=span.until_day,
        units=tuple(_use(unit_id, name, figures.get(unit_id, {})) for unit_id, name in names.items()),
        bad_actors=tuple(BadActor(**dict(row)) for row in bad_actors),
        causes=tuple(CauseOfAlarms(**dict(row)) for row in causes),
    )


def _by_unit(rows: Iterable[asyncpg.Record]) -> dict[UUID | None, dict[str, int]]:
    figures: dict[UUID | None, dict[str, int]] = {}
    for row in rows:
        said: dict[str, Any] = dict(row)
        figures.setdefault(said.pop("unit_id"), {}).update(said)
    return figures


def _use(unit_id: UUID | None, unit: str | None, figures: Mapping[str, int]) -> UnitUse:
    return UnitUse(unit_id=unit_id, unit=unit, **{name: figures.get(name, 0) for name in _COUNTED})


def _least_id(at: datetime) -> UUID:
    """The least id that is made from a moment on: a session's id says when it began (RFC 9562)."""
    return uuid7(at, bytes(10))
