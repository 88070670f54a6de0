"""Figures of each provider, gathered as tries end; somebody writes them down every few moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from larmcentral.domain.notice import Delivery
from larmcentral.domain.way_minute import WayMinute, together, with_try
from larmcentral.flows.ways_out import WayOut, WaysOut
from larmcentral.ports import Clock, Measures

KEPT: Final = 2_000
"""Minutes of providers that wait while the database is away: hours of a house with a dozen. Then the oldest go."""


class WayFigures:
    """What ended since it was last taken."""

    def __init__(self, ways: WaysOut, clock: Clock, measures: Measures) -> None:
        self._clock, self._measures = clock, measures
        self._gathered: dict[tuple[str, datetime], WayMinute] = {}
        ways.listen(self._ended)

    def take(self) -> Sequence[WayMinute]:
        """Return what was gathered, and begin anew."""
        taken = list(self._gathered.values())
        self._gathered.clear()
        return taken

    def give_back(self, minutes: Sequence[WayMinute]) -> None:
        """Keep what could not be written down for the next time."""
        for minute in minutes:
            key = (minute.provider, minute.minute)
            meanwhile = self._gathered.get(key)
            self._gathered[key] = minute if meanwhile is None else together(minute, meanwhile)
        for key in sorted(self._gathered, key=lambda key: key[1])[: max(len(self._gathered) - KEPT, 0)]:
            del self._gathered[key]

    def _ended(self, way: WayOut, delivery: Delivery, seconds: float) -> None:
        minute = self._clock.now().replace(second=0, microsecond=0)
        key = (way.provider, minute)
        before = self._gathered.get(key)
        if before is None:
            before = WayMinute(provider=way.provider, channel=way.channel, minute=minute)
        self._gathered[key] = with_try(before, delivery.state, seconds)
        self._measures.way_took(way.provider, seconds)
