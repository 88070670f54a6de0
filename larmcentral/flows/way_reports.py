"""What processes tell each other of their ways out, so that a chain passes over what is dead and nothing else.

One process alone may have lost its own line to a provider. A channel counts as dead when every process that has
reported lately finds it so; a process that sends nothing listens, and knows it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from escalation.chain import Channel
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_report import FRESH, WaySaid, dead_channels, dead_providers
from larmcentral.flows.running import Loop
from larmcentral.flows.way_faults import WayFaults
from larmcentral.flows.way_figures import WayFigures
from larmcentral.flows.ways_out import WaysOut
from larmcentral.ports import Clock, Measures
from larmcentral.ports.ways import WayStore

log = structlog.get_logger(__name__)

EVERY_S: Final = 2.0
"""How old another's word is at the most when we hear it; a step waits ten times as long."""


class WayReports:
    """Says how this process finds its ways out, hears the others, and writes figures down."""

    def __init__(self, store: WayStore, process: UUID, clock: Clock) -> None:
        """process: one incarnation of a process."""
        self._store, self._process, self._clock = store, process, clock
        self._ways: WaysOut | None = None
        self._figures: WayFigures | None = None
        self._measures: Measures | None = None
        self._faults: WayFaults | None = None
        self._others: Sequence[WaySaid] = ()
        self._heard_s = clock.monotonic()
        self._loop = Loop("way reports", self._turn, clock)

    def sends_with(self, ways: WaysOut, measures: Measures, faults: WayFaults) -> None:
        """Say that this process sends, and by which ways; of one that does not, nothing is reported."""
        self._ways, self._measures, self._faults = ways, measures, faults
        self._figures = WayFigures(ways, self._clock, measures)

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    async def stop(self) -> None:
        """Say no more. The others need not wait until our last word is too old."""
        await self._loop.stop()
        try:
            await self._write_figures()
            if self._ways is not None:
                await self._store.leave(self._process)
        except StoreUnavailable:
            log.warning("way_states_not_taken_back")

    def dead(self) -> frozenset[Channel]:
        """Return the channels that carry nothing, in the eyes of all who send."""
        own = self._ways is not None and any(self._ways.is_dead(way.provider) for way in self._ways.ways)
        if not own and not any(one.report.state is WayState.DEAD for one in self._others):
            return frozenset()  # nearly always, and it is asked with every step of every incident
        return dead_channels(self._said())

    def dead_providers(self) -> frozenset[str]:
        """Return the providers that carry nothing, in the eyes of all who send."""
        return dead_providers(self._said())

    def dead_elsewhere(self) -> frozenset[str]:
        """Return the providers that some other process finds dead; we had better look ourselves."""
        said = [one for one in self._said() if one.process != self._process and one.age <= FRESH]
        return frozenset(one.report.provider for one in said if one.report.state is WayState.DEAD)

    async def look(self) -> None:
        """Say and hear once. Raises StoreUnavailable; what was heard counts until it is too old."""
        own = [] if self._ways is None else self._ways.states()
        if self._measures is not None:
            for report in own:
                self._measures.way_state(report.provider, report.state)
        self._others = await self._store.report(self._process, own)
        self._heard_s = self._clock.monotonic()
        await self._write_figures()
        if self._faults is not None:
            await self._faults.look(self.dead_providers())

    async def _turn(self) -> None:
        try:
            await self.look()
        finally:
            await self._clock.sleep(EVERY_S)

    async def _write_figures(self) -> None:
        minutes = [] if self._figures is None else self._figures.take()
        if self._figures is None or not minutes:
            return
        try:
            await self._store.add_minutes(minutes)
        except BaseException:
            self._figures.give_back(minutes)
            raise

    def _said(self) -> list[WaySaid]:
        """What we find now, and what the others said, with its age as of now."""
        since = timedelta(seconds=self._clock.monotonic() - self._heard_s)
        own = [] if self._ways is None else self._ways.states()
        return [
            *(WaySaid(self._process, report, timedelta()) for report in own),
            *(replace(one, age=one.age + since) for one in self._others),
        ]
