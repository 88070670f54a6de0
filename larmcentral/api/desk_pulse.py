"""An operator whose feed is open is at his desk: seated when it opens, seen again and again, apart from the feed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from typing import Final

import structlog

from escalation.ids import UserId
from larmcentral.api.commands_house import DeskCommands
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.roles import Viewer
from larmcentral.ports import Clock

PULSE_S: Final = 20.0
"""A third of the time after which an operator of whom nothing was heard counts as gone."""
LOOK_S: Final = 1.0
"""How soon whoever opens his feed has his seat."""
BEATS: Final = round(PULSE_S / LOOK_S)

LOG = structlog.get_logger("larmcentral.api.desk_pulse")


class DeskPulse:
    """One a process. start() and stop() may be called twice and in any order.

    operators: whose feeds are open just now. Whoever leaves the desk by his own word stays away until he opens his feed
    anew, or sits down.
    """

    def __init__(self, desk: DeskCommands, operators: Callable[[], Collection[Viewer]], clock: Clock) -> None:
        self._desk = desk
        self._operators = operators
        self._clock = clock
        self._seated: frozenset[UserId] = frozenset()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to say it."""
        if self._task is None:
            self._task = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Say it no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def beat(self) -> None:
        """Say once of each that he is there. One of the house's loops: what fails is tried again at the next beat."""
        there = self._operators()
        self._seated &= frozenset(viewer.user_id for viewer in there)
        for viewer in there:
            try:
                if viewer.user_id in self._seated:
                    await self._desk.seen(viewer.user_id)
                else:
                    await self._desk.sit_down(place_of(viewer, self._clock.now()))
                    self._seated |= {viewer.user_id}
            except (StoreUnavailable, Collision) as error:
                LOG.info("desk_pulse_missed", user=str(viewer.user_id), error=type(error).__name__)
            except Exception as error:  # a bug in one beat must not let all operators count as gone
                LOG.exception("desk_pulse_failed", user=str(viewer.user_id), error=type(error).__name__)

    async def _go_on(self) -> None:
        beats = 0
        while True:
            await self._clock.sleep(LOOK_S)
            beats += 1
            if beats % BEATS == 0 or any(viewer.user_id not in self._seated for viewer in self._operators()):
                await self.beat()


def place_of(viewer: Viewer, now: datetime) -> AtDesk:
    """Return an operator's place at the desk, for all his committees."""
    return AtDesk(
        organisation_id=viewer.organisation_id,
        committees=viewer.sight,
        operator=viewer.operator,
        name=viewer.name,
        since=now,
        seen_at=now,
    )
