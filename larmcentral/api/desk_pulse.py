"""An operator whose feed is open is at his desk: said again and again, apart from the feed so that it never waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final

import structlog

from escalation.ids import UserId
from larmcentral.api.commands_house import DeskCommands
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.ports import Clock

PULSE_S: Final = 20.0
"""A third of the time after which an operator of whom nothing was heard counts as gone."""

LOG = structlog.get_logger("larmcentral.api.desk_pulse")


class DeskPulse:
    """One a process. start() and stop() may be called twice and in any order.

    operators: whose feeds are open just now.
    """

    def __init__(self, desk: DeskCommands, operators: Callable[[], Collection[UserId]], clock: Clock) -> None:
        self._desk = desk
        self._operators = operators
        self._clock = clock
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
        for user_id in sorted(self._operators()):
            try:
                await self._desk.seen(user_id)
            except (StoreUnavailable, Collision) as error:
                LOG.info("desk_pulse_missed", user=str(user_id), error=type(error).__name__)
            except Exception as error:  # a bug in one beat must not let all operators count as gone
                LOG.exception("desk_pulse_failed", user=str(user_id), error=type(error).__name__)

    async def _go_on(self) -> None:
        while True:
            await self._clock.sleep(PULSE_S)
            await self.beat()
