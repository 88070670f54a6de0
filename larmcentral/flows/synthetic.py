"""The synthetic panic: pressed every minute through a real socket, to know that the whole road stands.

It is a test by its device, so it makes no noise and no chain leads out of it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final, Protocol

import structlog

from escalation.events import Outcome, System
from escalation.ids import CommitteeId, IncidentId, OrganisationId
from escalation.incident import Refused
from escalation.purpose import Purpose
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop

log = structlog.get_logger(__name__)

FAULT: Final = "synthetic_panic_lost"
DEADLINE_S: Final = 10.0
"""The promise is one second; ten times that is not slow but broken."""


class Presser(Protocol):
    """A device of our own, at the far end of a real socket."""

    async def press(self) -> None:
        """Press and return when the receiver has acked. Raises OSError or TimeoutError."""
        ...


class Synthetic:
    """Presses, waits for the notice, measures, stands down; a press that is lost is a system alarm."""

    def __init__(
        self,
        means: Means,
        presser: Presser,
        escalate: Escalate,
        home: tuple[OrganisationId, CommitteeId],
        interval: timedelta,
    ) -> None:
        self._store, self._clock, self._measures = means.store, means.clock, means.measures
        self._presser, self._escalate, self._home = presser, escalate, home
        self._interval_s = interval.total_seconds()
        self._noticed: asyncio.Future[IncidentId] | None = None
        self._last_whole_s = means.clock.monotonic()
        self._standing = False
        self._loop = Loop("synthetic panic", self._turn, means.clock)

    def start(self) -> None:
        """Begin to press."""
        self._loop.start()

    async def stop(self) -> None:
        """Press no more."""
        await self._loop.stop()

    def on_sent(self, notice: OutgoingNotice) -> None:
        """The outbox tells what went out; only a test's notice is ours."""
        if notice.purpose is not Purpose.TEST or notice.incident_id is None:
            return
        if self._noticed is not None and not self._noticed.done():
            self._noticed.set_result(notice.incident_id)

    async def _turn(self) -> None:
        await self._clock.sleep(self._interval_s)
        seconds = await self.press()
        self._measures.synthetic_panic_age(self._clock.monotonic() - self._last_whole_s)
        if seconds is None:
            log.error("synthetic_panic_lost")
            self._standing = True
            await self._store.raise_fault(*self._home, FAULT)
        elif self._standing:
            await self._store.clear_fault(*self._home, FAULT)
            self._standing = False

    async def press(self) -> float | None:
        """Press once; return the seconds from press to notice, or None if it did not come through."""
        self._noticed = asyncio.get_running_loop().create_future()
        began_s = self._clock.monotonic()
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._presser.press()
                incident_id = await self._noticed
        except (OSError, TimeoutError) as error:
            log.warning("synthetic_press_failed", why=type(error).__name__)
            return None
        seconds = self._clock.monotonic() - began_s
        self._last_whole_s = self._clock.monotonic()
        self._measures.synthetic_panic(seconds)
        try:
            await self._escalate.stand_down(incident_id, System(), Outcome.TEST, "", None)
        except (Refused, NotFound):
            log.warning("synthetic_stand_down_refused", incident_id=str(incident_id))
        return seconds
