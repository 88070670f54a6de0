"""How the ways out are doing, in memory: ports.WayStore and ports.WayDesk with the same promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.roles import Scope
from larmcentral.domain.way_board import Waiting, WayFacts
from larmcentral.domain.way_minute import WayMinute, together
from larmcentral.domain.way_report import FRESH, WayReport, WaySaid
from larmcentral.ports import Clock

SWEPT_AFTER = timedelta(minutes=5)


class MemoryWays:
    """Both sides in one. `available` False is a dead database. waiting: what facts() finds."""

    def __init__(self, clock: Clock) -> None:
        self.available = True
        self.waiting: list[Waiting] = []
        self.minutes: dict[tuple[datetime, str], WayMinute] = {}
        self.rows: dict[tuple[str, UUID], tuple[WayReport, datetime]] = {}
        self._clock = clock

    async def report(self, process: UUID, reports: Sequence[WayReport]) -> Sequence[WaySaid]:
        self._check()
        now = self._clock.now()
        self.rows |= {(report.provider, process): (report, now) for report in reports}
        self.rows = {key: row for key, row in self.rows.items() if row[1] >= now - SWEPT_AFTER}
        return [one for one in self._said() if one.process != process]

    async def leave(self, process: UUID) -> None:
        self._check()
        self.rows = {key: row for key, row in self.rows.items() if key[1] != process}

    async def add_minutes(self, minutes: Sequence[WayMinute]) -> None:
        self._check()
        for minute in minutes:
            key = (minute.minute, minute.provider)
            before = self.minutes.get(key)
            self.minutes[key] = minute if before is None else together(before, minute)

    async def facts(self, scope: Scope) -> WayFacts:
        self._check()
        now = self._clock.now()
        lately = [one for (minute, _), one in sorted(self.minutes.items()) if minute >= now - timedelta(hours=1)]
        return WayFacts(now=now, said=self._said(), minutes=lately, waiting=list(self.waiting))

    def _said(self) -> list[WaySaid]:
        now = self._clock.now()
        return [
            WaySaid(process, replace(report), now - at)
            for (_, process), (report, at) in sorted(self.rows.items())
            if now - at <= FRESH
        ]

    def _check(self) -> None:
        if not self.available:
            raise StoreUnavailable("switched off")
