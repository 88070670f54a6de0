"""How the ways out are doing, on disk: as processes say it to each other, and as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from escalation.chain import Channel
from larmcentral.domain.roles import Scope
from larmcentral.domain.way_board import Waiting, WayFacts
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_minute import WayMinute
from larmcentral.domain.way_report import FRESH, WayReport, WaySaid
from larmcentral.store.access import looking
from larmcentral.store.columns import columns
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.work import database_time

SQL: Final = load("ways")

SWEPT_AFTER: Final = timedelta(minutes=5)
"""Long after its last word has stopped to count; until then somebody may want to read what it said."""
HOUR: Final = timedelta(hours=1)


class Ways:
    """ports.WayStore, in the service's role."""

    def __init__(self, service: Pool) -> None:
        self._service = service

    async def report(self, process: UUID, reports: Sequence[WayReport]) -> Sequence[WaySaid]:
        """See ports.WayStore."""
        async with self._service.connection() as connection:
            now = await database_time(connection)
            if reports:
                await connection.execute(SQL["report"], process, now, *columns([_row(report) for report in reports]))
            await connection.execute(SQL["sweep"], now - SWEPT_AFTER)
            return _said(await connection.fetch(SQL["others"], process, now - FRESH), now)

    async def leave(self, process: UUID) -> None:
        """See ports.WayStore."""
        async with self._service.connection() as connection:
            await connection.execute(SQL["leave"], process)

    async def add_minutes(self, minutes: Sequence[WayMinute]) -> None:
        """See ports.WayStore."""
        if not minutes:
            return
        rows = [
            (
                *(one.provider, one.minute, one.channel.value),
                *(one.sent, one.delivered, one.retried, one.refused, one.gone, one.total_ms, one.worst_ms),
                "{" + ",".join(map(str, one.buckets)) + "}",
            )
            for one in minutes
        ]
        async with self._service.connection() as connection:
            await connection.execute(SQL["add_minutes"], *columns(rows))


class WayDesk:
    """ports.WayDesk, in the web's role."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def facts(self, scope: Scope) -> WayFacts:
        """See ports.WayDesk."""
        async with looking(self._web, scope) as connection:
            now = await database_time(connection)
            said = _said(await connection.fetch(SQL["said"], now - FRESH), now)
            minutes = await connection.fetch(SQL["minutes"], now - HOUR)
            waiting = await connection.fetch(SQL["waiting"], scope.organisation_id)
        return WayFacts(
            now=now,
            said=said,
            minutes=[_minute(row) for row in minutes],
            waiting=[Waiting(**{**row, "channel": Channel(row["channel"])}) for row in waiting],
        )


def _row(report: WayReport) -> tuple[object, ...]:
    return (
        report.provider,
        report.channel.value,
        report.receiver,
        report.state.value,
        report.since,
        report.reason,
        report.last_good_at,
        report.last_bad_at,
        report.answered_at,
        report.waiting,
    )


def _said(rows: Iterable[asyncpg.Record], now: datetime) -> list[WaySaid]:
    return [
        WaySaid(
            process=row["process"],
            report=WayReport(
                provider=row["provider"],
                channel=Channel(row["channel"]),
                receiver=row["receiver"],
                state=WayState(row["state"]),
                since=row["since"],
                reason=row["reason"],
                last_good_at=row["last_good_at"],
                last_bad_at=row["last_bad_at"],
                answered_at=row["answered_at"],
                waiting=row["waiting"],
            ),
            age=now - row["reported_at"],
        )
        for row in rows
    ]


def _minute(row: asyncpg.Record) -> WayMinute:
    return WayMinute(**{**row, "channel": Channel(row["channel"]), "buckets": tuple(row["buckets"])})
